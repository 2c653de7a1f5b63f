"""People: one account per e-mail address, no user name."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MemberManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **fields
        )

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Member(AbstractBaseUser, PermissionsMixin):
    """A person of the network; moderators and editors are members of groups."""

    email = models.EmailField(_("Adresse e-mail"), unique=True)
    display_name = models.CharField(_("Nom affiché"), max_length=80, blank=True)
    is_staff = models.BooleanField(_("Équipe"), default=False)
    is_active = models.BooleanField(_("Actif"), default=True)
    date_joined = models.DateTimeField(_("Inscription"), default=timezone.now)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("membre")
        verbose_name_plural = _("membres")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_member_per_email")]

    def __str__(self):
        return self.get_full_name()

    def get_full_name(self):
        return self.display_name or _("Membre du réseau")

    get_short_name = get_full_name

"""What each installation says of itself: who publishes it, who hosts it, where to write."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from commons.pages.fields import EmailModelField


@register_setting(icon="home")
class SiteDetails(BaseSiteSetting):
    """Shown at the foot of every page."""

    public = True  # see commons/cache_invalidation.py

    publisher = models.CharField(_("Éditeur du site"), max_length=200, blank=True)
    host = models.CharField(
        _("Hébergeur"), max_length=200, blank=True, help_text=_("Nom, ville et téléphone.")
    )
    contact_email = EmailModelField(
        _("Adresse de contact"),
        blank=True,
        help_text=_("Vide : l’adresse d’envoi des e-mails du site."),
    )
    source_url = models.URLField(
        _("Adresse du code source"),
        blank=True,
        help_text=_("La licence demande d’offrir le code de la version en service."),
    )
    charter = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Charte"),
        help_text=_("La page que lit qui crée un compte."),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("coordonnées du site")

    @property
    def contact(self) -> str:
        """Where to write: the chosen address, or the one that the site's mail comes from."""
        return self.contact_email or settings.DEFAULT_FROM_EMAIL

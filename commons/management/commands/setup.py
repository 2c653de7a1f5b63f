"""Open a first real site: classification, home, sections, plain pages, one administrator."""

import getpass
import os

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from commons.demo import fill_trunk, load_trunk
from commons.demo_agenda import plant_agenda
from commons.members.accounts import open_account
from commons.members.models import Member
from commons.members.permissions import ADMINISTRATOR
from commons.taxonomy.reference import load_reference
from search.synonyms import load_acronyms


class Command(BaseCommand):
    help = (
        "Open a first real site: the classification, a home page, the sections, the plain pages "
        "to complete, and one administrator. Safe to run again. The password is asked for, or "
        "read from ADMIN_PASSWORD."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help="the administrator's e-mail address")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, undo it"
        )

    def handle(self, *args, email, dry_run, **options):
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"« {email} » n’est pas une adresse e-mail.") from error
        password = None
        if not Member.objects.filter(email__iexact=email).exists():
            password = os.environ.get("ADMIN_PASSWORD") or getpass.getpass("Mot de passe : ")
        with transaction.atomic():
            home, _ = load_trunk()
            plant_agenda(home)
            terms = load_reference(settings.BASE_DIR / "fixtures" / "reference")
            load_acronyms(settings.BASE_DIR / "fixtures" / "acronyms.toml")
            pages = {page.slug: page for page in home.get_children().specific()}
            fill_trunk(pages, kinds=["plain"])
            member = open_account(email, password=password, groups=[ADMINISTRATOR])
            Member.objects.filter(pk=member.pk).update(is_staff=True, is_superuser=True)
            count = home.get_children().count()
            transaction.set_rollback(dry_run)
        self.stdout.write(f"{terms} termes, {count} pages sous l’accueil, {email} administre.")

"""Close the demo accounts: what they wrote stays, nobody signs in with them any more."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from commons.demo_people import ACCOUNTS


class Command(BaseCommand):
    help = "Close the accounts whose password the documentation prints. Their pages stay."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say which")

    @transaction.atomic
    def handle(self, *args, dry_run, **options):
        accounts = get_user_model().objects.filter(email__in=ACCOUNTS, is_active=True)
        for member in accounts.select_for_update():
            self.stdout.write(member.email)
            if not dry_run:
                member.set_unusable_password()
                member.is_active = False
                member.save(update_fields=["password", "is_active"])

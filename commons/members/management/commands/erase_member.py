"""`manage.py erase_member EMAIL`: erase a person who asked for it."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commons.members.erasure import erase
from commons.members.models import Member
from commons.refused import Refused


class Command(BaseCommand):
    help = (
        "Erase the account of EMAIL and everything that points at it, for ever. Pages stay; "
        "the name leaves them unless --keep-credit. --dry-run only says what would go."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--keep-credit", action="store_true", help="leave the name on pages")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args, email, keep_credit, dry_run, **options):
        member = Member.objects.filter(email__iexact=email).first()
        if member is None:
            raise CommandError(f"No account at {email}.")
        try:
            with transaction.atomic():
                done = erase(member, keep_credit=keep_credit)
                transaction.set_rollback(dry_run)
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused
        for name, count in sorted(done.items()):
            self.stdout.write(f"{count:6} {name}")
        self.stdout.write(f"{email}: {'would be erased' if dry_run else 'erased'}.")

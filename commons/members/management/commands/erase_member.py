"""`manage.py erase_member EMAIL`: erase a person who asked for it."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commons.members.delivery import send_unstored
from commons.members.erasure import erase, erase_address
from commons.members.models import Member
from commons.pages.text import clean_email
from commons.refused import Refused


class Command(BaseCommand):
    help = (
        "Erase for ever the account of EMAIL and everything that points at it, and what was sent "
        "or signed up from EMAIL without an account. Published pages stay; the name leaves them "
        "unless --keep-credit. Registrations are cancelled. --dry-run only says what would go."
    )

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--keep-credit", action="store_true", help="leave the name on pages")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args, email, keep_credit, dry_run, **options):
        email = clean_email(email)
        try:
            with transaction.atomic():
                done = self._erase(email, keep_credit=keep_credit)
                transaction.set_rollback(dry_run)
        except Refused as refused:
            raise CommandError(str(refused.message)) from refused
        for name, count in sorted(done.items()):
            self.stdout.write(f"{count:6} {name}")
        self.stdout.write(f"{email}: {'would be erased' if dry_run else 'erased'}.")

    def _erase(self, email: str, *, keep_credit: bool) -> Counter:
        member = Member.objects.filter(email__iexact=email).first()
        done = Counter()
        if member is not None:
            done = erase(member, keep_credit=keep_credit, send_farewell=send_unstored)
        # Whoever runs this vouches for the address, whether the account had confirmed it or not.
        done += erase_address(email)
        if member is None and not done:
            raise CommandError(f"No account at {email}, and nothing sent from it.")
        return done

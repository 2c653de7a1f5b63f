"""`manage.py purge`: delete what the privacy page says is not kept."""

from django.core.management.base import BaseCommand

from commons.agenda.retention import KEPT
from commons.members.retention import UNCONFIRMED_KEPT
from commons.scheduled_jobs import past_its_time


class Command(BaseCommand):
    help = (
        f"Delete accounts not confirmed after {UNCONFIRMED_KEPT.days} days, mail sent more than a "
        f"week ago, expired log-ins, and who signed up for what ended {KEPT.days} days ago. "
        "--dry-run only counts."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args, dry_run, **options):
        for name, count in past_its_time(dry_run=dry_run).items():
            self.stdout.write(f"{count:6} {name} {'would go' if dry_run else 'deleted'}")

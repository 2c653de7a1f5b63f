"""Run everything that is due: scheduled publishing, mails to retry, what must be forgotten."""

from django.core.management.base import BaseCommand, CommandError

from commons.scheduled_jobs import run_due


class Command(BaseCommand):
    help = (
        "Publish what is scheduled, send the mails that wait, forget what is past its time. "
        "Run it every minute; a second run at the same time does nothing."
    )

    def handle(self, *args, **options):
        failed = []
        for step, says, succeeded in run_due():
            if options["verbosity"]:
                self.stdout.write(f"{step}: {says}")
            if not succeeded:
                failed.append(step)
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The log says why.")

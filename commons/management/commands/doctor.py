"""Say what is wrong with this installation, and how to mend it."""

from django.core.management.base import BaseCommand, CommandError

from commons.health_checks import findings


class Command(BaseCommand):
    help = "Check the whole installation. Each problem comes with its remedy; exit code 1 if any."
    requires_system_checks = ()

    def handle(self, *args, **options):
        ill = 0
        for finding in findings():
            mark = self.style.SUCCESS("ok ") if finding.ok else self.style.ERROR("BAD")
            self.stdout.write(f"{mark} {finding.name}: {finding.says}")
            if not finding.ok:
                ill += 1
                self.stdout.write(f"    mend: {finding.mend}")
        if ill:
            raise CommandError(f"{ill} to mend.")
        self.stdout.write("All is well.")

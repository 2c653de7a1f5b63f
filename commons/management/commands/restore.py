"""`manage.py restore FILE`: a backup put back, ready to be served."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from commons import restore
from commons.archive import ArchiveError


class Command(BaseCommand):
    help = (
        "Put a backup back: database and media, then migrations and static files, so that the "
        "site can be started. The whole archive is read and compared with its hashes before "
        "anything is written; one that is cut short, altered or made by a newer version is "
        "refused. So is a database that is not empty: move the old one aside first, with the "
        "site stopped."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="afterwards, read the media back and ask the site for its first pages",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check the archive, write nothing"
        )

    def handle(self, *args, file, verify, dry_run, **options):
        try:
            archive = restore.check(file)
            about = archive.manifest
            self.stdout.write(f"{file} is whole: {about['site']}, {about['made_at']}.")
            if dry_run:
                return
            for line in restore.restore(archive):
                self.stdout.write(line)
            if verify:
                for line in restore.verify(archive):
                    self.stdout.write(line)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Restored. Start the site, and run_due every minute.")

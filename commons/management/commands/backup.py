"""`manage.py backup FILE`: the whole site in one file, while it is served."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from commons.archive import ArchiveError
from commons.backup import back_up, media_files
from commons.database_dump import row_counts


class Command(BaseCommand):
    help = (
        "Write the database and the media into FILE, a zip with the SHA-256 of each part. The site "
        "may be served meanwhile. An older FILE is replaced only once the new one is whole. It "
        "holds personal data: only its owner may read it, and it belongs on another machine. "
        "SECRET_KEY and the rest of the environment are not in it: keep them apart."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="for instance /backup/commun-$(date +%%F).zip")
        parser.add_argument("--dry-run", action="store_true", help="count, and write nothing")

    def handle(self, *args, file, dry_run, **options):
        if dry_run:
            rows, files = sum(row_counts().values()), sum(1 for _ in media_files())
            self.stdout.write(f"{rows} rows and {files} media files would be written to {file}.")
            return
        try:
            done = back_up(file.absolute())
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{file}: {done['rows']} rows, {done['media']} media files, "
            f"{filesizeformat(done['bytes'])}."
        )

"""Import case studies and external resources from a CSV, workbook or JSON file."""

from argparse import RawDescriptionHelpFormatter
from collections import Counter
from pathlib import Path
from textwrap import fill

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commons.refused import Refused
from commons.resources import importing
from commons.resources.import_columns import COLUMNS
from commons.resources.import_files import Reading, read_records
from commons.resources.models import LibraryPage

STATES = {
    importing.CREATED: "draft created",
    importing.EXISTING: "already there",
    importing.REFUSED: "NOT IMPORTED",
}
FIRST = 3  # records that a dry run shows as they were read
WIDTH = 100
HELP = """\
Import case studies and external resources from FILE as drafts of the library.

FILE is one of:
  CSV       a line names the columns, in French or in English, in any order; lines above it
            (a title, a date, « sep=; ») are passed over. Semicolon, comma, tab or bar: found by
            reading the whole file. A value that is a list separates its parts with |
  workbook  .xlsx, .xls or .ods: the first sheet that names columns
  JSON      a list of records, JSON lines, GeoJSON, GoGoCarto or YesWiki (Bazar)

The encoding is found (UTF-8, UTF-16, Windows, latin-9, Mac, MS-DOS), or else the file is refused
and you name it with --encoding. Always look at --dry-run first.

What a field cannot hold goes into the internal note of the draft: nothing is lost in silence.
A line that was imported before is left alone, so a corrected file can be imported again.
Exits with 1, and one line that says why, when the file cannot be read (nothing is then written)
or when a line was not imported.

Columns:
"""


class Command(BaseCommand):
    help = HELP + fill(", ".join(f"{name} ({more[0]})" for name, more in COLUMNS.items()), WIDTH)

    def create_parser(self, prog_name, subcommand, **kwargs):
        kwargs.setdefault("formatter_class", RawDescriptionHelpFormatter)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--language", default="fr", help="of the texts (default: fr)")
        parser.add_argument(
            "--encoding", default="", metavar="NAME", help="of the file: cp1252, mac_roman, cp850…"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="show how the file is read, its first lines and what would be done; write nothing",
        )

    def handle(self, *args, file, language, encoding, dry_run, **options):
        library = LibraryPage.objects.filter(locale__language_code=language).first()
        if library is None:
            raise CommandError(f"There is no library page in the language « {language} ».")
        try:
            reading = read_records(file, encoding=encoding)
        except Refused as refusal:
            raise CommandError(f"{file}: {refusal}") from refusal
        self.describe(reading, records=FIRST if dry_run else 0)
        report = self.dry_run_report if dry_run else self.report
        counts = report(reading, file.name, library)
        self.stdout.write(
            f"{counts[importing.CREATED]} created, {counts[importing.EXISTING]} already there, "
            f"{counts[importing.REFUSED]} not imported"
            + (" (dry run: nothing was written)." if dry_run else ".")
        )
        if counts[importing.REFUSED]:
            raise CommandError(f"{counts[importing.REFUSED]} lines were not imported: see above.")

    def describe(self, reading: Reading, *, records: int) -> None:
        self.stdout.write(f"read as: {reading.how}; {len(reading.records)} records")
        for warning in reading.warnings:
            self.stdout.write(f"warning: {warning}")
        for record in reading.records[:records]:
            self.stdout.write(f"line {record.line} as read:")
            for name, text in {**record.fields, **record.others}.items():
                self.stdout.write(f"  {name}: {' '.join(text.split())[:WIDTH]}")

    @transaction.atomic
    def dry_run_report(self, reading, source, library):
        counts = self.report(reading, source, library)
        transaction.set_rollback(True)
        return counts

    def report(self, reading, source, library) -> Counter:
        counts: Counter = Counter()
        for outcome in importing.import_all(reading, library=library, source=source):
            counts[outcome.state] += 1
            detail = f" ({outcome.detail})" if outcome.detail else ""
            self.stdout.write(
                f"line {outcome.line}: {STATES[outcome.state]}: {outcome.title}{detail}"
            )
        return counts

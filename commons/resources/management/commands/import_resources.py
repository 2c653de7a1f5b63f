"""Import case studies and external resources from a CSV or JSON file."""

from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commons.refused import Refused
from commons.resources import importing
from commons.resources.models import LibraryPage

STATES = {
    importing.CREATED: "draft created",
    importing.KNOWN: "already there",
    importing.REFUSED: "NOT IMPORTED",
}


class Command(BaseCommand):
    help = (
        "Import case studies and external resources from FILE (.csv or .json) as drafts of the "
        "library. CSV: the first line names the columns (French or English names, any order), "
        "values of a list are separated by | ; UTF-8 or Windows encoding; semicolon, comma or tab. "
        "What a field cannot hold goes into the internal note of the draft. A line that was "
        "imported before is left alone, so a corrected file can be imported again. "
        "Exits with 1 when the file cannot be read or when a line was not imported."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--language", default="fr", help="of the texts (default: fr)")
        parser.add_argument(
            "--dry-run", action="store_true", help="report what would be done, write nothing"
        )

    def handle(self, *args, file, language, dry_run, **options):
        library = LibraryPage.objects.filter(locale__language_code=language).first()
        if library is None:
            raise CommandError(f"There is no library page in the language « {language} ».")
        try:
            counts = self.undone(file, library) if dry_run else self.report(file, library)
        except Refused as refusal:
            raise CommandError(f"{file}: {refusal}") from refusal
        self.stdout.write(
            f"{counts[importing.CREATED]} created, {counts[importing.KNOWN]} already there, "
            f"{counts[importing.REFUSED]} not imported"
            + (" (dry run: nothing was written)." if dry_run else ".")
        )
        if counts[importing.REFUSED]:
            raise CommandError(f"{counts[importing.REFUSED]} lines were not imported: see above.")

    @transaction.atomic
    def undone(self, file, library):
        counts = self.report(file, library)
        transaction.set_rollback(True)
        return counts

    def report(self, file, library) -> Counter:
        counts: Counter = Counter()
        for outcome in importing.import_file(file, library=library):
            counts[outcome.state] += 1
            detail = f" ({outcome.detail})" if outcome.detail else ""
            self.stdout.write(
                f"line {outcome.line}: {STATES[outcome.state]}: {outcome.title}{detail}"
            )
        return counts

"""Build the search index again, with a progress bar."""

import sys

from django.core.management.base import BaseCommand

from search import admin_index
from search.contract import faults, rebuild
from search.index import published_ids

WIDTH = 40


class Command(BaseCommand):
    help = (
        "Build the search index again from the published pages. The site goes on answering from "
        "the old index, then changes to the new one at once; what is published meanwhile is in "
        "both. Also repairs an index that `doctor` says is missing or damaged, the admin's too. "
        "About 3 ms a page."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say what is wrong and what would be read"
        )

    def handle(self, *args, dry_run, verbosity, **options):
        total = len(published_ids())
        if dry_run:
            for fault in [*faults(), *admin_index.faults()]:
                self.stdout.write(fault)
            self.stdout.write(f"{total} pages to read.")
            return
        done = 0
        for count in rebuild():
            done += count
            if verbosity:
                self._bar(done, total)
        self.stdout.write(f"{total} pages indexed.")
        if admin_index.faults():
            admin_index.rebuild()
            self.stdout.write("The admin's own search was made again.")

    def _bar(self, done: int, total: int) -> None:
        if not sys.stdout.isatty():
            return
        filled = "█" * (WIDTH * done // total)
        self.stdout.write(f"\r{filled:<{WIDTH}} {done}/{total}", ending="")
        if done == total:
            self.stdout.write("")

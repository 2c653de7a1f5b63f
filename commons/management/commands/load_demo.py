"""Load the demo: reference data, a whole site in French and English, and the demo accounts."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.signal_handlers import disable_reference_index_auto_update

from commons.demo import fill_trunk, load_english, load_resources, load_trunk
from commons.demo_agenda import load_agenda, load_recordings
from commons.demo_contributions import load_demo_contributions
from commons.demo_people import open_demo_accounts
from commons.taxonomy.reference import load_reference
from search.synonyms import load_acronyms


class Command(BaseCommand):
    help = (
        "Load the reference data and the demo content. Safe to run again: what exists stays "
        "as it is. With DEMO=1, also opens the demo accounts."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, undo it"
        )

    @transaction.atomic
    def handle(self, *args, dry_run, **options):
        # Each row of each page would refresh the index of references: once at the end is enough.
        with disable_reference_index_auto_update():
            self.load()
        call_command("rebuild_references_index", verbosity=0)
        if dry_run:
            transaction.set_rollback(True)

    def load(self):
        home, library = load_trunk()
        terms = load_reference(settings.BASE_DIR / "fixtures" / "reference")
        load_acronyms(settings.BASE_DIR / "fixtures" / "acronyms.toml")
        pages = load_resources(library)
        load_recordings(library, pages)
        load_agenda(home, pages)
        fill_trunk(pages)
        load_english(home, pages)
        if settings.DEMO:
            open_demo_accounts()
            load_demo_contributions()
        self.stdout.write(f"{terms} termes, {library.get_children().count()} ressources.")

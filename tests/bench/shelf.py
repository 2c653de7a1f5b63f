"""Thousands of resources in seconds: treebeard's columns computed here, rows inserted in bulk."""

import random
import uuid

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.db.models.sql import InsertQuery
from django.utils import timezone
from wagtail.models import Page

from commons.pages.formatting import blocks_from_text
from commons.resources.models import Article, LibraryPage
from commons.taxonomy.classification import with_parents
from commons.taxonomy.models import COMMON, Classification, Term
from commons.taxonomy.reference import load_reference
from search.contract import rebuild
from tests import factories

WORDS = [
    *("marché", "paysan", "légumes", "atelier", "tournée", "panier", "coopérative", "commune"),
    *("cantine", "terre", "semence", "livraison", "prix", "contrat", "voisinage", "magasin"),
    *("fromage", "verger", "boutique", "mairie", "collectif", "abattoir", "cueillette", "ferme"),
]
# A vocabulary as large as a real one, for typing errors to be compared to.
SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprstv" for vowel in "aeiou"]
INVENTED = ["".join(random.Random(seed).choices(SYLLABLES, k=4)) for seed in range(30_000)]


def prepare_site() -> None:
    """A migrated site with its library and the reference data."""
    call_command("migrate", verbosity=0)
    factories.site()
    load_reference(settings.BASE_DIR / "fixtures" / "reference")


def fill(library: LibraryPage, total: int, *, indexed: bool = True) -> None:
    """Bring the library to `total` published and classified articles, and index them.

    « circuit » is in 60 % of them, « topinambour » in one of a thousand.
    """
    chance = random.Random(total)
    with transaction.atomic():
        pages = _pages(library, range(library.numchild, total), chance)
        articles = [_article(page, chance) for page in pages]
        _insert(Article, articles)
        _classify(pages, chance)
        Page.objects.filter(pk=library.pk).update(numchild=total)
    if indexed:
        list(rebuild())


def _pages(library: LibraryPage, numbers: range, chance: random.Random) -> list[Page]:
    kind, now = ContentType.objects.get_for_model(Article), timezone.now()
    pages = []
    for number in numbers:
        title = " ".join(chance.sample(WORDS, 4)).capitalize()
        page = Page(
            title=title,
            draft_title=title,
            slug=f"article-{number}",
            path=Page._get_path(library.path, library.depth + 1, number + 1),
            depth=library.depth + 1,
            url_path=f"{library.url_path}article-{number}/",
            content_type=kind,
            locale=library.locale,
            translation_key=uuid.uuid4(),
            first_published_at=now,
            last_published_at=now,
            latest_revision_created_at=now,
        )
        pages.append(page)
    return Page.objects.bulk_create(pages, batch_size=500)


def _article(page: Page, chance: random.Random) -> Article:
    text = "\n\n".join(" ".join(chance.choices(WORDS, k=60)) for _ in range(4))
    text += " " + " ".join(chance.choices(INVENTED, k=10))
    text += " circuit" * (chance.random() < 0.6) + " topinambour" * (chance.random() < 0.001)
    return Article(
        page_ptr_id=page.pk,
        summary=" ".join(chance.choices(WORDS, k=20)),
        credit="L’équipe du Commun",
        body=blocks_from_text(text),
    )


def _insert(model, rows: list) -> None:
    """Insert the child rows of pages whose parent rows exist: `bulk_create` does not do that."""
    fields = model._meta.local_concrete_fields
    for start in range(0, len(rows), 200):
        query = InsertQuery(model)
        query.insert_values(fields, rows[start : start + 200])
        query.get_compiler("default").execute_sql()


def _classify(pages: list[Page], chance: random.Random) -> None:
    terms = {
        vocabulary: list(Term.objects.canonical().filter(vocabulary=vocabulary))
        for vocabulary in COMMON
    }
    parents = {term.pk: with_parents([term]) for rows in terms.values() for term in rows}
    rows = []
    for page in pages:
        chosen = {
            parent.pk
            for vocabulary in COMMON
            for term in chance.sample(terms[vocabulary], min(2, len(terms[vocabulary])))
            for parent in parents[term.pk]
        }
        rows += [Classification(page_id=page.pk, term_id=pk) for pk in chosen]
    Classification.objects.bulk_create(rows, batch_size=2000)

"""Keep the index in step with the pages, in the transaction that changes them."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet

from search import contract
from search.analyzer import stem
from search.config import searchable, searchable_types
from search.degradation import skip_if_damaged
from search.extract import Entry, entry
from search.models import Acronym, Change, Text
from search.synonyms import Synonyms, acronym_term

# Beyond this, a change of many pages (a term renamed) is finished by `run_due`.
AT_ONCE = 200
JOURNAL = 1000  # lines; beyond, it is emptied and every process reads the whole index once


def page_saved(page: Page, update_fields: Iterable[str] | None = None) -> None:
    """Index `page`, which was just saved, if it is published; remove it otherwise.

    With `update_fields`, its other fields may hold a draft: the page is read from the database.
    """
    model = page.specific_class or Page
    if not searchable(model):
        return
    if not page.live:
        contract.delete([page.pk])
        if hasattr(model, "search_dependents"):
            refresh(page.specific.search_dependents())
    elif update_fields is not None or not searchable(type(page)):
        refresh([page.pk])
    else:
        put([page])
        refresh(_dependents([page]))


def refresh(page_ids: Iterable[int]) -> None:
    """Index these pages again, and those that depend on them.

    Of many, the first ones now, and the others by `run_due`.
    """
    page_ids = sorted(page_ids)
    if page_ids:
        if len(page_ids) > AT_ONCE:
            _mark_stale(page_ids[AT_ONCE:])
        pages = reindex(page_ids[:AT_ONCE])
        refresh(_dependents(pages) - set(page_ids))


def _dependents(pages: Iterable[Page]) -> set[int]:
    """The pages whose documents say something of these (see `config`)."""
    dated = [page for page in pages if hasattr(page, "search_dependents")]
    return {page_id for page in dated for page_id in page.search_dependents()}


def refresh_dependents(pages: PageQuerySet) -> None:
    """Who may see `pages` changed: the documents that say something of them are indexed again."""
    types = [model for model in searchable_types() if hasattr(model, "search_dependents")]
    kinds = ContentType.objects.get_for_models(*types).values()
    refresh(pages.filter(content_type__in=list(kinds)).values_list("pk", flat=True))


@skip_if_damaged
def _mark_stale(page_ids: list[int]) -> None:
    for start in range(0, len(page_ids), 500):
        Text.objects.filter(page__in=page_ids[start : start + 500]).update(stale=True)


def refresh_stale(count: int = 1000) -> int:
    """Index up to `count` pages that `refresh` left for later, or whose document has expired.

    Returns how many.
    """
    stale = Text.objects.filter(Q(stale=True) | Q(expires__lte=timezone.now()))
    page_ids = list(stale.values_list("pk", flat=True)[:count])
    for start in range(0, len(page_ids), 100):
        reindex(page_ids[start : start + 100])
    if Change.objects.count() > JOURNAL:
        with transaction.atomic():
            Change.reset()
    return len(page_ids)


@transaction.atomic
def reindex(page_ids: list[int]) -> list[Page]:
    """Index these pages from the database; returns those that are published and searchable."""
    pages = read_pages(page_ids)
    put(pages)
    contract.delete(set(page_ids) - {page.pk for page in pages})
    return pages


def put(pages: list[Page]) -> None:
    """Index these published pages, given in their own types."""
    if pages:
        contract.put(entries(pages))


def read_pages(page_ids: list[int]) -> list[Page]:
    """Those of these pages that are published and searchable, locked and in their own types."""
    # A publication waits for this, or this for it: the later of the two is what stays.
    locked = Page.objects.filter(pk__in=page_ids).order_by("pk").select_for_update(of=("self",))
    list(locked.values_list("pk", flat=True))
    pages = Page.objects.filter(pk__in=page_ids, live=True).specific()
    pages = [page for page in pages if searchable(type(page))]
    by_type: dict[type[Page], list[Page]] = {}
    for page in pages:
        by_type.setdefault(type(page), []).append(page)
    for model, same in by_type.items():
        if model.searched.prefetch and len(same) > 1:
            prefetch_related_objects(same, *model.searched.prefetch)
    return pages


def entries(pages: list[Page]) -> list[Entry]:
    """What the index keeps of these pages. One query, besides what each type reads."""
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    return [entry(page, languages[page.locale_id]) for page in pages]


def published_ids() -> list[int]:
    """Every published page of a type that search reads."""
    ours = Q()
    for model in searchable_types():
        ours |= Q(content_type__app_label=model._meta.app_label) & Q(
            content_type__model=model._meta.model_name
        )
    pages = Page.objects.filter(ours, live=True) if ours else Page.objects.none()
    return list(pages.order_by("pk").values_list("pk", flat=True))


@skip_if_damaged
def refresh_acronyms(acronyms: Iterable[Acronym]) -> None:
    """Index again the pages that say these acronyms, which were saved or deleted."""
    refresh(_pages_saying(acronyms))


@skip_if_damaged
def mark_acronym_stale(acronym: Acronym) -> None:
    """Before `acronym` is saved: leave the pages that say what it was to `run_due`."""
    before = Acronym.objects.filter(pk=acronym.pk)
    Text.objects.filter(page__in=_pages_saying(before)).update(stale=True)


def _pages_saying(acronyms: Iterable[Acronym]) -> set[int]:
    """The pages that may say one of them: by its term, itself, or every word of an expansion."""
    listed = [(acronym.short, acronym.long) for acronym in acronyms]
    if not listed or not Text.objects.exists():
        return set()
    return contract.pages_holding(
        variant
        for language in Locale.objects.values_list("language_code", flat=True)
        for acronym, expansions in Synonyms(listed, language).expansions.items()
        for variant in ((acronym_term(acronym),), (stem(acronym, language),), *expansions)
    )

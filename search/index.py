"""Keep the index in step with the pages, in the transaction that changes them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Replace
from wagtail.models import Locale, Page

from search.analysis import AnalyzedEntry, analyze
from search.analyzer import stem, title_key
from search.backends import store
from search.config import searchable, searchable_types
from search.degradation import skip_if_damaged
from search.extract import Entry
from search.extract import entry as read_entry
from search.models import Acronym, Change, Document, Label, Text, sign
from search.synonyms import Synonyms, acronym_term, synonyms

# Beyond this, a change of many pages (a term renamed) is finished by `run_due`.
AT_ONCE = 200
JOURNAL = 1000  # lines; beyond, it is emptied and every process reads the whole index once
DOCUMENT = ["language", "kind", "path", "title_key", "published", "reviewed", "labels"]
TEXT = ["title", "summary", "headings", "body", "keywords", "stale"]


def page_saved(page: Page, update_fields: Iterable[str] | None = None) -> None:
    """Index `page`, which was just saved, if it is published; remove it otherwise.

    With `update_fields`, its other fields may hold a draft: the page is read from the database.
    """
    if not searchable(page.specific_class or Page):
        return
    if not page.live:
        remove([page.pk])
    elif update_fields is not None or not searchable(type(page)):
        refresh([page.pk])
    else:
        put([page])


def refresh(page_ids: Iterable[int]) -> None:
    """Index these pages again; of many, the first ones now, and the others by `run_due`."""
    page_ids = sorted(page_ids)
    _mark_stale(page_ids[AT_ONCE:])
    reindex(page_ids[:AT_ONCE])


@skip_if_damaged
def _mark_stale(page_ids: list[int]) -> None:
    for start in range(0, len(page_ids), 500):
        Text.objects.filter(page__in=page_ids[start : start + 500]).update(stale=True)


def refresh_stale(count: int = 1000) -> int:
    """Index up to `count` pages that `refresh` left for later; returns how many."""
    page_ids = list(Text.objects.filter(stale=True).values_list("pk", flat=True)[:count])
    for start in range(0, len(page_ids), 100):
        reindex(page_ids[start : start + 100])
    if Change.objects.count() > JOURNAL:
        with transaction.atomic():
            Change.reset()
    return len(page_ids)


@transaction.atomic
def reindex(page_ids: list[int], *, aside: bool = False) -> dict[str, set[str]]:
    """Index these pages from the database and remove those that are not published.

    Returns their vocabulary by language.
    """
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
    vocabulary = put(pages, aside=aside)
    remove(set(page_ids) - {page.pk for page in pages})
    return vocabulary


def put(pages: list[Page], *, aside: bool = False) -> dict[str, set[str]]:
    """Index these published pages, given in their own types; returns their vocabulary by language.

    A damaged index must not keep anybody from publishing; a rebuild `aside` raises the error.
    """
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    entries = [read_entry(page, languages[page.locale_id]) for page in pages]
    if not entries:
        return {}
    return _put_aside(entries) if aside else skip_if_damaged(_put)(entries) or {}


@transaction.atomic
def _put_aside(entries: list[Entry]) -> dict[str, set[str]]:
    return _put(entries, aside=True)


def _put(entries: list[Entry], *, aside: bool = False) -> dict[str, set[str]]:
    signs = _signs({name for entry in entries for name in entry.labels})
    Document.objects.bulk_create(
        [_document(entry, signs) for entry in entries],
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=DOCUMENT,
    )
    Text.objects.bulk_create(
        [
            Text(page_id=e.page_id, **{name: getattr(e, name) for name in TEXT[:-1]})
            for e in entries
        ],
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=TEXT,
    )
    Change.record(entry.page_id for entry in entries)
    lists = {language: synonyms(language) for language in {entry.language for entry in entries}}
    analyzed = [analyze(entry, lists[entry.language]) for entry in entries]
    _write(analyzed, aside=aside)
    vocabulary: dict[str, dict[str, str]] = {}
    for entry in analyzed:
        vocabulary.setdefault(entry.language, {}).update(entry.vocabulary)
    for language, words in vocabulary.items():
        store().add_words(language, words)
    return {language: set(words) for language, words in vocabulary.items()}


@skip_if_damaged
def remove(page_ids: Iterable[int]) -> None:
    """Remove these pages from the index."""
    page_ids = list(page_ids)
    if page_ids:
        Text.objects.filter(page__in=page_ids).delete()
        Document.objects.filter(page__in=page_ids).delete()


@skip_if_damaged
def document_deleted(page_id: int) -> None:
    """Remove the words of a page whose document was deleted, by us or with the page."""
    Change.record([page_id])
    _delete_terms([page_id])
    if store().building():
        store().delete([page_id], aside=True)


_delete_terms = skip_if_damaged(lambda page_ids: store().delete(page_ids))


@skip_if_damaged
def pages_moved() -> None:
    """Update the paths of documents: a move changes those of a page and of its siblings."""
    path = Page.objects.filter(pk=OuterRef("pk")).values("path")
    moved = Document.objects.annotate(new_path=Subquery(path)).exclude(path=F("new_path"))
    if moved.update(path=Subquery(path)):
        Change.record_all()


@skip_if_damaged
def rename_label(old: str, new: str) -> None:
    """Give a label another name; the pages keep it."""
    if old != new and not Label.objects.filter(name=new).exists():
        Label.objects.filter(name=old).update(name=new)
        Change.record_all()


@skip_if_damaged
def remove_label(name: str) -> None:
    """Take a label from every page that has it."""
    for label in Label.objects.filter(name=name):
        labelled = Document.objects.filter(labels__contains=label.sign)
        labelled.update(labels=Replace("labels", Value(label.sign), Value("")))
        Change.record_all()


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
    listed, pages = [(acronym.short, acronym.long) for acronym in acronyms], set()
    if not listed or not Text.objects.exists():
        return pages
    for language in Locale.objects.values_list("language_code", flat=True):
        for acronym, expansions in Synonyms(listed, language).expansions.items():
            for variant in ((acronym_term(acronym),), (stem(acronym, language),), *expansions):
                pages |= set.intersection(*map(_pages_with, variant))
    return pages


def _pages_with(stem: str) -> set[int]:
    return {page for level in store().postings(stem) for page in level}


def count_differences() -> int:
    """How many published pages the index lacks, or holds and should not."""
    ours = {model._meta.label_lower for model in searchable_types()}
    pages = Page.objects.filter(live=True).values_list(
        "pk", "content_type__app_label", "content_type__model"
    )
    expected = {pk for pk, app, model in pages if f"{app}.{model}" in ours}
    return len(expected ^ set(Document.objects.values_list("pk", flat=True)))


def _write(entries: list[AnalyzedEntry], *, aside: bool) -> None:
    """In the index that serves, which may be damaged, and in one that is being built."""
    if not aside:
        skip_if_damaged(store().write)(entries)
    if aside or store().building():
        store().write(entries, aside=True)


def _signs(names: set[str]) -> dict[str, str]:
    """Label -> the character that stands for it, made for those that are new."""
    numbers = dict(Label.objects.filter(name__in=names).values_list("name", "pk"))
    new = sorted(names - numbers.keys())
    if new:
        Label.objects.bulk_create([Label(name=name) for name in new], ignore_conflicts=True)
        numbers = dict(Label.objects.filter(name__in=names).values_list("name", "pk"))
    return {name: sign(number) for name, number in numbers.items()}


def _document(entry: Entry, signs: dict[str, str]) -> Document:
    return Document(
        page_id=entry.page_id,
        language=entry.language,
        kind=entry.kind,
        path=entry.path,
        title_key=title_key(entry.title),
        published=entry.published,
        reviewed=entry.reviewed,
        labels="".join(sorted({signs[name] for name in entry.labels})),
    )

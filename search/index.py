"""Keep the index in step with the pages, in the transaction that changes them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Replace
from wagtail.models import Locale, Page

from search.aloud import aloud
from search.analysis import Prepared, prepare
from search.analyzer import title_key
from search.backends import store
from search.config import searchable, searchable_types
from search.degradation import careful
from search.extract import Entry, entry
from search.models import Change, Document, Label, Text, sign

# Beyond this, a change of many pages (a term renamed) is finished by `run_due`.
AT_ONCE = 200
JOURNAL = 1000  # lines; then every process reads the whole index once more
DOCUMENT = ["language", "kind", "path", "title_key", "published", "reviewed", "labels"]
TEXT = ["title", "summary", "headings", "body", "keywords", "stale"]


def saved(page: Page, update_fields: Iterable[str] | None = None) -> None:
    """`page` was saved: keep it if it is published, forget it otherwise.

    With `update_fields`, what `page` holds besides may be a draft: the database is read again.
    """
    if not searchable(page.specific_class or Page):
        return
    if not page.live:
        forget([page.pk])
    elif update_fields is not None or not searchable(type(page)):
        refresh([page.pk])
    else:
        put([page])


def refresh(page_ids: Iterable[int]) -> None:
    """Read these pages again; when they are many, the first now and `run_due` the others."""
    page_ids = sorted(page_ids)
    _mark(page_ids[AT_ONCE:])
    reread(page_ids[:AT_ONCE])


@careful
def _mark(page_ids: list[int]) -> None:
    for start in range(0, len(page_ids), 500):
        Text.objects.filter(page__in=page_ids[start : start + 500]).update(stale=True)


def refresh_stale(count: int = 1000) -> int:
    """Read again up to `count` pages that `refresh` left for later; returns how many."""
    page_ids = list(Text.objects.filter(stale=True).values_list("pk", flat=True)[:count])
    for start in range(0, len(page_ids), 100):
        reread(page_ids[start : start + 100])
    if Change.objects.count() > JOURNAL:
        with transaction.atomic():
            Change.start_again()
    return len(page_ids)


@transaction.atomic
def reread(page_ids: list[int], *, aside: bool = False) -> dict[str, set[str]]:
    """Read these pages from the database; those that are not to be found are forgotten."""
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
    learned = put(pages, aside=aside)
    forget(set(page_ids) - {page.pk for page in pages}, aside=aside)
    return learned


def put(pages: list[Page], *, aside: bool = False) -> dict[str, set[str]]:
    """Keep these published pages, given in their own types; returns their words by language.

    A damaged index must not keep anybody from publishing; who builds one `aside` must know of it.
    """
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    entries = [entry(page, languages[page.locale_id]) for page in pages]
    if not entries:
        return {}
    return _put_aside(entries) if aside else careful(_put)(entries) or {}


@transaction.atomic
def _put_aside(entries: list[Entry]) -> dict[str, set[str]]:
    return _put(entries, aside=True)


def _put(entries: list[Entry], *, aside: bool = False) -> dict[str, set[str]]:
    signs = _signs({name for found in entries for name in found.labels})
    Document.objects.bulk_create(
        [_document(found, signs) for found in entries],
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
    Change.tell(found.page_id for found in entries)
    lists = {language: aloud(language) for language in {found.language for found in entries}}
    prepared = [prepare(found, lists[found.language]) for found in entries]
    _write(prepared, aside=aside)
    words: dict[str, dict[str, str]] = {}
    for found in prepared:
        words.setdefault(found.language, {}).update(found.known)
    for language, known in words.items():
        store().learn(language, known)
    return {language: set(known) for language, known in words.items()}


@careful
def forget(page_ids: Iterable[int], *, aside: bool = False) -> None:
    """These pages are found no more."""
    page_ids = list(page_ids)
    if page_ids:
        Text.objects.filter(page__in=page_ids).delete()
        Document.objects.filter(page__in=page_ids).delete()


@careful
def forgotten(page_id: int) -> None:
    """The document of this page was deleted, by us or with the page: its words go too."""
    Change.tell([page_id])
    _careful_delete([page_id])
    if store().building():
        store().delete([page_id], aside=True)


_careful_delete = careful(lambda page_ids: store().delete(page_ids))


@careful
def moved() -> None:
    """Pages moved: their places, and those of their siblings, may all be other ones."""
    place = Page.objects.filter(pk=OuterRef("pk")).values("path")
    moved = Document.objects.annotate(place=Subquery(place)).exclude(path=F("place"))
    if moved.update(path=Subquery(place)):
        Change.tell_all()


@careful
def rename_label(old: str, new: str) -> None:
    """A value by which pages are filtered has another name; the pages keep it."""
    if old != new and not Label.objects.filter(name=new).exists():
        Label.objects.filter(name=old).update(name=new)
        Change.tell_all()


@careful
def drop_label(name: str) -> None:
    """A value by which pages were filtered is no more."""
    for label in Label.objects.filter(name=name):
        held = Document.objects.filter(labels__contains=label.sign)
        held.update(labels=Replace("labels", Value(label.sign), Value("")))
        Change.tell_all()


def missing() -> int:
    """How many published pages the index does not know, or knows and should not."""
    ours = {model._meta.label_lower for model in searchable_types()}
    pages = Page.objects.filter(live=True).values_list(
        "pk", "content_type__app_label", "content_type__model"
    )
    expected = {pk for pk, app, model in pages if f"{app}.{model}" in ours}
    return len(expected ^ set(Document.objects.values_list("pk", flat=True)))


def _write(prepared: list[Prepared], *, aside: bool) -> None:
    """In the index that serves, which may be ill, and in one that is being built."""
    if not aside:
        careful(store().write)(prepared)
    if aside or store().building():
        store().write(prepared, aside=True)


def _signs(names: set[str]) -> dict[str, str]:
    """Label -> the character that stands for it, made for those that are new."""
    known = dict(Label.objects.filter(name__in=names).values_list("name", "pk"))
    new = sorted(names - known.keys())
    if new:
        Label.objects.bulk_create([Label(name=name) for name in new], ignore_conflicts=True)
        known = dict(Label.objects.filter(name__in=names).values_list("name", "pk"))
    return {name: sign(number) for name, number in known.items()}


def _document(found: Entry, signs: dict[str, str]) -> Document:
    return Document(
        page_id=found.page_id,
        language=found.language,
        kind=found.kind,
        path=found.path,
        title_key=title_key(found.title),
        published=found.published,
        reviewed=found.reviewed,
        labels="".join(sorted({signs[name] for name in found.labels})),
    )

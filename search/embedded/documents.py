"""Write documents, their texts and their words, in the transaction that changes the pages."""

from collections.abc import Iterable

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Replace
from wagtail.models import Page

from search.analysis import AnalyzedEntry, analyze
from search.analyzer import Variant, title_key
from search.degradation import skip_if_damaged
from search.embedded.backends import store
from search.extract import Entry
from search.models import Change, Document, Label, Text, sign
from search.synonyms import synonyms

DOCUMENT = ("language", "kind", "path", "title_key", "published", "reviewed", "rank", "labels")
TEXT = ("title", "summary", "headings", "body", "keywords", "expires")


@skip_if_damaged
def put(entries: list[Entry]) -> None:
    write(entries)


def write(entries: list[Entry], *, aside: bool = False) -> dict[str, set[str]]:
    """Index these documents, or put their words in an index that is being built `aside`.

    Within a transaction. Returns their vocabulary by language.
    """
    if not entries:
        return {}
    signs = _signs({name for entry in entries for name in entry.labels})
    Document.objects.bulk_create(
        [_document(entry, signs) for entry in entries],
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=DOCUMENT,
    )
    Text.objects.bulk_create(
        [Text(page_id=e.page_id, **{name: getattr(e, name) for name in TEXT}) for e in entries],
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=[*TEXT, "stale"],
    )
    Change.record(entry.page_id for entry in entries)
    lists = {language: synonyms(language) for language in {entry.language for entry in entries}}
    analyzed = [analyze(entry, lists[entry.language]) for entry in entries]
    _write_words(analyzed, aside=aside)
    vocabulary: dict[str, dict[str, str]] = {}
    for entry in analyzed:
        vocabulary.setdefault(entry.language, {}).update(entry.vocabulary)
    for language, words in vocabulary.items():
        store().add_words(language, words)
    return {language: set(words) for language, words in vocabulary.items()}


def _write_words(entries: list[AnalyzedEntry], *, aside: bool) -> None:
    """In the index that serves, which may be damaged, and in one that is being built."""
    if not aside:
        skip_if_damaged(store().write)(entries)
    if aside or store().building():
        store().write(entries, aside=True)


@skip_if_damaged
def delete(page_ids: Iterable[int]) -> None:
    page_ids = list(page_ids)
    if page_ids:
        Text.objects.filter(page__in=page_ids).delete()
        Document.objects.filter(page__in=page_ids).delete()


@skip_if_damaged
def document_deleted(page_id: int) -> None:
    """Remove the words of a page whose document was deleted, by us or with the page."""
    Change.record([page_id])
    skip_if_damaged(store().delete)([page_id])
    if store().building():
        store().delete([page_id], aside=True)


@skip_if_damaged
def update_paths() -> None:
    path = Page.objects.filter(pk=OuterRef("pk")).values("path")
    moved = Document.objects.annotate(new_path=Subquery(path)).exclude(path=F("new_path"))
    if moved.update(path=Subquery(path)):
        Change.record_all()


@skip_if_damaged
def rename_label(old: str, new: str) -> None:
    label = Label.objects.filter(name=old).first()
    if label is None:
        return
    if not new:
        labelled = Document.objects.filter(labels__contains=label.sign)
        labelled.update(labels=Replace("labels", Value(label.sign), Value("")))
    elif Label.objects.filter(name=new).exists():
        return
    else:
        Label.objects.filter(pk=label.pk).update(name=new)
    Change.record_all()


def pages_holding(variants: Iterable[Variant]) -> set[int]:
    """The pages that hold all the stems of one of `variants`, in any language."""
    return set().union(*(set.intersection(*map(_pages_with, variant)) for variant in variants))


def _pages_with(stem: str) -> set[int]:
    return {page for level in store().postings(stem) for page in level}


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
        rank=entry.rank,
        labels="".join(sorted({signs[name] for name in entry.labels})),
    )

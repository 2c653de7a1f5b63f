"""Remove a person from the pages they wrote: credits, names, revisions and translations."""

import json

from django.db import models
from django.db.models import Q
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, Revision
from wagtail.search.index import insert_or_update_object
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    String,
    StringTranslation,
    TranslationSource,
)

from commons.members.privacy import Person
from commons.members.text_removal import (
    TEXTS,
    containing,
    long_names,
    name_pattern,
    redact,
    remove_from,
    spellings,
)
from commons.pages.cache_version import invalidate
from commons.pages.models import ContributedPage, PageAuthor
from search import index

# Where the content of a revision points at a member.
POINTERS = ("owner", "locked_by", "user", "member", "resolved_by", "uploaded_by_user")
# Rows of a page that are the person's own, and leave with them.
COMMENTS = "wagtail_admin_comments"
OWN_ROWS = {"page_authors": "member", COMMENTS: "user", "replies": "user"}


def written_by(person: Person) -> models.QuerySet:
    """The pages that the person owns, signed or proposed, in all their languages."""
    theirs = Q(pk__in=person.rows("contributions.Contribution").values("page"))
    if person.member:
        theirs |= Q(owner=person.member) | Q(page_authors__member=person.member)
    keys = Page.objects.filter(theirs).values("translation_key")
    return Page.objects.filter(translation_key__in=keys)


def remove_from_pages(numbers: list[int], person: Person, *, keep_credit: bool) -> None:
    """Without `keep_credit`, the name leaves every text of these pages; else it stays as text."""
    pages = list(Page.objects.filter(pk__in=numbers).specific())
    for page in pages:
        if not isinstance(page, ContributedPage):
            continue
        authors = PageAuthor.objects.filter(page=page, member=person.member)
        signed = bool(person.member) and authors.exists()
        page.credit = credit_without(page.credit, person, signed=signed, keep=keep_credit)
        type(page).objects.filter(pk=page.pk).update(credit=page.credit)
    for revision in _revisions(person, pages):
        content = content_without(revision.content, person, keep=keep_credit)
        if content != revision.content:
            Revision.objects.filter(pk=revision.pk).update(content=content)
    _remove_from_translations(person, pages, keep=keep_credit)
    if not keep_credit:
        _remove_long_names(person, pages)
    reindex(page.pk for page in pages)


def reindex(numbers) -> None:
    """Refresh the search indexes and the page cache after an update that sent no signal."""
    numbers = list(numbers)
    if not numbers:
        return
    invalidate()
    index.refresh(numbers)
    for page in Page.objects.filter(pk__in=numbers).specific():
        insert_or_update_object(page)  # the admin's own index


def _revisions(person: Person, pages: list[Page]):
    """Those of the pages, and any that points at the member or has a remark that names them."""
    numbers = [str(page.pk) for page in pages]
    own = Revision.page_revisions.filter(object_id__in=numbers)
    yield from own
    parts = spellings(long_names(person.names))
    if person.member:
        parts |= {f'"{name}": {person.member.pk}' for name in POINTERS}
    if parts:
        yield from containing(Revision.objects.exclude(pk__in=own.values("pk")), "content", parts)


def content_without(content: dict, person: Person, *, keep: bool) -> dict:
    """The content of a revision once the person is gone: pointers, own rows, credit."""
    cleaned = _without_pointers(content, person.member.pk) if person.member else dict(content)
    if isinstance(content.get("credit"), str):
        signed = cleaned.get("page_authors") != content.get("page_authors")
        cleaned["credit"] = credit_without(content["credit"], person, signed=signed, keep=keep)
    names = long_names(person.names)
    if names and cleaned.get(COMMENTS):
        cleaned[COMMENTS] = redact(cleaned[COMMENTS], [name_pattern(names)])
    return cleaned


def _without_pointers(value, number: int):
    if isinstance(value, list):
        return [_without_pointers(item, number) for item in value]
    if not isinstance(value, dict):
        return value
    cleaned = {}
    for name, item_value in value.items():
        pointer = OWN_ROWS.get(name)
        if pointer and isinstance(item_value, list):
            item_value = [row for row in item_value if row.get(pointer) != number]  # noqa: PLW2901
        is_pointer = name in POINTERS and item_value == number
        cleaned[name] = None if is_pointer else _without_pointers(item_value, number)
    return cleaned


def credit_without(credit: str, person: Person, *, signed: bool, keep: bool) -> str:
    """`credit` once the person is gone: a name that was shown stays if `keep`, else it leaves."""
    names = [part.strip() for part in credit.split(",") if part.strip()]
    if not person.names or (keep and not signed):
        return credit
    others = [part for part in names if part not in person.names]
    return ", ".join([*others, person.name] if keep else others)[:200]


def _remove_from_translations(person: Person, pages: list[Page], *, keep: bool) -> None:
    """What the translation of a page was made from holds its author and its credit once more."""
    keys = {page.translation_key for page in pages}
    for source in TranslationSource.objects.filter(object__in=keys):
        content = content_without(json.loads(source.content_json), person, keep=keep)
        TranslationSource.objects.filter(pk=source.pk).update(content_json=json.dumps(content))
    for model in (OverridableSegment, SegmentOverride):
        for row in model.objects.filter(context__path="credit", context__object__in=keys):
            credit = json.loads(row.data_json)
            if isinstance(credit, str):
                credit = credit_without(credit, person, signed=False, keep=keep)
                model.objects.filter(pk=row.pk).update(data_json=json.dumps(credit))


def _remove_long_names(person: Person, pages: list[Page]) -> None:
    """A name of several words leaves all the texts of the pages."""
    names = long_names(person.names)
    if not names or not pages:
        return
    pattern = name_pattern(names)
    for rows in _rows_of(pages):
        for field in rows.model._meta.local_concrete_fields:
            if isinstance(field, TEXTS) and not field.choices:
                list(remove_from(rows, field, names, pattern))


def _rows_of(pages: list[Page]):
    """The rows that pages are made of, a query set for each table."""
    numbers = {page.pk for page in pages}
    yield Page.objects.filter(pk__in=numbers)
    yield Revision.page_revisions.filter(object_id__in=map(str, numbers))
    keys = {page.translation_key for page in pages}
    yield TranslationSource.objects.filter(object__in=keys)
    for model in (OverridableSegment, SegmentOverride, StringTranslation):
        yield model.objects.filter(context__object__in=keys)
    yield String.objects.filter(segments__source__object__in=keys)
    models_of_pages = {type(page) for page in pages}
    for model in models_of_pages:
        yield model._base_manager.filter(pk__in=numbers)
    for child in {each for model in models_of_pages for each in get_all_child_relations(model)}:
        yield child.related_model._base_manager.filter(**{f"{child.field.name}__in": numbers})

"""What every contributed page shows around its text: how it is filed, and what is near."""

from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from commons.pages.cache_version import cached
from commons.pages.card_notes import with_card_notes
from commons.pages.covers import with_covers
from commons.pages.page_rows import everything, in_order
from commons.pages.related import related_ids
from commons.pages.visibility import visible
from commons.taxonomy.classification import names_by_slug, terms_of
from commons.taxonomy.models import COMMON, Vocabulary


class Filed(NamedTuple):
    """One vocabulary of a page: its label, and (slug, name) of each of its most precise terms."""

    vocabulary: str
    label: str
    terms: list[tuple[str, str]]


def filed_under(page, vocabularies) -> list[Filed]:
    """How `page` is classified in these vocabularies, in the reader's language."""
    terms = terms_of(page)
    parents = {term.parent_id for term in terms}
    leaves = [term for term in terms if term.pk not in parents and term.vocabulary in vocabularies]
    names = cached(("terms", get_language()), names_by_slug) if leaves else {}
    found = []
    for vocabulary in vocabularies:
        of_it = sorted(
            (term for term in leaves if term.vocabulary == vocabulary),
            key=lambda term: (term.sort_order, term.name),
        )
        if of_it:
            named = [(term.slug, names.get((vocabulary, term.slug), term.name)) for term in of_it]
            found.append(Filed(vocabulary, Vocabulary(vocabulary).label, named))
    return found


def filed(page) -> list[Filed]:
    """How `page` is classified in the common vocabularies, then its tags."""
    tags = [(tag.slug, tag.name) for tag in page.tags.all()]
    last = [Filed("tag", _("Étiquettes"), tags)] if tags else []
    return [*filed_under(page, COMMON), *last]


def chosen_ids(page) -> list[int]:
    """The pages that an editor linked to `page`, in its language. One or two queries."""
    targets = list(
        page.related_links.values_list("target__translation_key", "target", "target__locale")
    )
    found = {key: pk for key, pk, locale in targets if locale == page.locale_id}
    keys = [target[0] for target in targets]
    if len(found) < len(set(keys)):
        same = Page.objects.filter(locale_id=page.locale_id, translation_key__in=keys)
        found = dict(same.values_list("translation_key", "pk"))
    return [found[key] for key in keys if key in found]


def near(page, *, user, count: int = 3) -> list:
    """The pages that an editor chose for `page`, then the nearest ones by terms, with covers."""
    ids = [*chosen_ids(page), *related_ids(page, user=user, count=count * 2)]
    pages = in_order(visible(everything(), user=user), list(dict.fromkeys(ids)))[:count]
    return with_card_notes(with_covers(pages), user=user)

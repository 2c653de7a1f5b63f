"""Classify a page, and name terms in the reader's language."""

from collections.abc import Iterable

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import get_language

from commons.taxonomy.models import Classification, Term


def with_parents(terms: Iterable[Term]) -> list[Term]:
    """The terms and all their ancestors, once each, in canonical form."""
    by_id = {term.pk: term for term in Term.objects.canonical().select_related("parent__parent")}
    all_terms: dict[int, Term] = {}
    for term in terms:
        current = by_id.get(term.pk)
        while current is not None and current.pk not in all_terms:
            all_terms[current.pk] = current
            current = by_id.get(current.parent_id)
    return list(all_terms.values())


def classify(page, terms: Iterable[Term]) -> None:
    """Give the page these terms and their parents instead of its own; nothing is saved."""
    page.classifications = [Classification(term=term) for term in with_parents(terms)]


def terms_of(page) -> list[Term]:
    """The terms of `page`, prefetched, so that later calls cost no query."""
    rows = Classification.objects.select_related("term")
    prefetch_related_objects([page], Prefetch("classifications", queryset=rows))
    return [row.term for row in page.classifications.all()]


def names_by_slug(vocabularies: Iterable[str] | None = None) -> dict[tuple[str, str], str]:
    """(vocabulary, slug) -> name in the active language, or in French. One query."""
    terms = Term.objects.filter(locale__language_code__in={"fr", (get_language() or "fr")[:2]})
    if vocabularies is not None:
        terms = terms.filter(vocabulary__in=list(vocabularies))
    rows = terms.values_list("locale__language_code", "vocabulary", "slug", "name")
    french_first = sorted(rows, key=lambda row: row[0] != "fr")
    return {(vocabulary, slug): name for _, vocabulary, slug, name in french_first}


def names_of(terms: list[Term], locale_id: int) -> list[str]:
    """The names of these terms in this language, or else their own. One query at most."""
    keys = [term.translation_key for term in terms if term.locale_id != locale_id]
    translated = Term.objects.filter(translation_key__in=keys, locale=locale_id)
    names = dict(translated.values_list("translation_key", "name")) if keys else {}
    return [names.get(term.translation_key, term.name) for term in terms]

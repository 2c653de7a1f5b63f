"""Pages near a page: the more precise terms they share, the nearer they are."""

from django.db.models import Case, FloatField, Sum, Value, When
from django.db.models.expressions import RawSQL
from wagtail.models import Page

from commons.pages.listing import in_order
from commons.pages.visibility import visible_pages
from commons.taxonomy.classification import terms_of
from commons.taxonomy.models import Classification, Term, Vocabulary

# What two pages share says more or less about them: a theme much, a language nothing.
WEIGHTS = {
    Vocabulary.THEME: 3.0,
    Vocabulary.CHANNEL: 3.0,
    Vocabulary.NEED: 2.0,
    Vocabulary.TERRITORY: 1.0,
    Vocabulary.STAGE: 1.0,
    Vocabulary.AUDIENCE: 0.5,
}
# So many of the last pages filed under each of its terms are compared with a page: it costs
# the same among a hundred pages and ten thousand, and a term that tells much has few.
COMPARED = 60


def related(page, *, user, count: int = 4) -> list[Page]:
    """Up to `count` visible pages in the language of `page` that share its terms, nearest first.

    They are plain pages with what a card shows (see `listing.listed`).
    """
    return in_order(visible_pages(user), related_ids(page, user=user, count=count))


def related_ids(page, *, user, count: int) -> list[int]:
    """The same, by their ids. A whole country in common says nothing: it does not count."""
    shared = [
        term
        for term in terms_of(page)
        if term.vocabulary in WEIGHTS
        and not (term.vocabulary == Vocabulary.TERRITORY and term.parent_id is None)
    ]
    if not shared:
        return []
    pages = visible_pages(user).filter(pk__in=_last_filed(shared), locale_id=page.locale_id)
    pages = pages.exclude(pk=page.pk)
    nearest = (
        Classification.objects.filter(term__in=shared, page_id__in=pages.values("pk"))
        .values("page_id")
        .annotate(nearness=_worth(shared))
        .order_by("-nearness", "-page_id")
    )
    return [row["page_id"] for row in nearest[:count]]


def _worth(terms: list[Term]) -> Sum:
    """What all those of `terms` that a page has say together."""
    alike = {
        worth: [term.pk for term in terms if WEIGHTS[term.vocabulary] == worth]
        for worth in set(WEIGHTS.values())
    }
    said = (When(term__in=pks, then=Value(worth)) for worth, pks in alike.items() if pks)
    return Sum(Case(*said, output_field=FloatField()))


def _last_filed(terms: list[Term]) -> RawSQL:
    """The last pages filed under each of `terms`.

    In SQL: Django has no slices within a union on SQLite, and needs longer to compile it otherwise.
    """
    last = (
        "SELECT page_id FROM (SELECT page_id FROM taxonomy_classification"
        " WHERE term_id = %s ORDER BY page_id DESC LIMIT %s) AS filed"
    )
    values = [value for term in terms for value in (term.pk, COMPARED)]
    return RawSQL(" UNION ".join([last] * len(terms)), values)  # noqa: S611 - nothing typed is in it

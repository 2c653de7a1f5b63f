"""Pages near a page: the more precise terms they share, the nearer they are."""

from django.db.models import Case, FloatField, Sum, Value, When
from wagtail.models import Page

from commons.pages.listing import in_order
from commons.pages.visibility import visible_pages
from commons.taxonomy.classification import terms_of
from commons.taxonomy.models import Classification, Vocabulary

# What two pages share says more or less about them: a theme much, a language nothing.
WEIGHTS = {
    Vocabulary.THEME: 3.0,
    Vocabulary.CHANNEL: 3.0,
    Vocabulary.NEED: 2.0,
    Vocabulary.TERRITORY: 1.0,
    Vocabulary.STAGE: 1.0,
    Vocabulary.AUDIENCE: 0.5,
}
NEARNESS = Sum(
    Case(
        *(When(term__vocabulary=name, then=Value(worth)) for name, worth in WEIGHTS.items()),
        output_field=FloatField(),
    )
)


def related(page, *, user, count: int = 4) -> list[Page]:
    """Up to `count` visible pages in the language of `page` that share its terms, nearest first.

    They are plain pages with what a card shows (see `listing.listed`).
    """
    return in_order(visible_pages(user), related_ids(page, user=user, count=count))


def related_ids(page, *, user, count: int) -> list[int]:
    """The same, by their ids. A whole country in common says nothing: it does not count."""
    shared = [
        term.pk
        for term in terms_of(page)
        if term.vocabulary in WEIGHTS
        and not (term.vocabulary == Vocabulary.TERRITORY and term.parent_id is None)
    ]
    if not shared:
        return []
    pages = visible_pages(user).filter(locale_id=page.locale_id).exclude(pk=page.pk)
    nearest = (
        Classification.objects.filter(term_id__in=shared, page_id__in=pages.values("pk"))
        .values("page_id")
        .annotate(nearness=NEARNESS)
        .order_by("-nearness", "-page_id")
    )
    return [row["page_id"] for row in nearest[:count]]

"""Pages near a page: the more precise terms they share, the nearer they are."""

from wagtail.models import Page

from commons.pages.page_rows import in_order
from commons.pages.visibility import closed_paths, visible_pages
from commons.taxonomy.classification import terms_of
from commons.taxonomy.models import Vocabulary
from search.contract import Scope, similar

# What two pages share says more or less about them: a theme much, a language nothing.
WEIGHTS = {
    Vocabulary.THEME: 3.0,
    Vocabulary.CHANNEL: 3.0,
    Vocabulary.NEED: 2.0,
    Vocabulary.TERRITORY: 1.0,
    Vocabulary.STAGE: 1.0,
    Vocabulary.AUDIENCE: 0.5,
}


def related(page, *, user, count: int = 4) -> list[Page]:
    """Up to `count` visible pages in the language of `page` that share its terms, nearest first.

    They are plain pages with what a card shows (see `listing.listed`).
    """
    return in_order(visible_pages(user), related_ids(page, user=user, count=count))


def related_ids(page, *, user, count: int) -> list[int]:
    """The same, by their ids. A whole country in common says nothing: it does not count."""
    weights = {
        f"{term.vocabulary}:{term.slug}": WEIGHTS[term.vocabulary]
        for term in terms_of(page)
        if term.vocabulary in WEIGHTS
        and not (term.vocabulary == Vocabulary.TERRITORY and term.parent_id is None)
    }
    scope = Scope(language=page.locale.language_code, closed=closed_paths(user))
    return similar(weights, scope, exclude=page.pk, count=count)

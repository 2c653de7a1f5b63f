"""Pages near a page: the more precise terms they share, the nearer they are."""

from itertools import islice

from wagtail.models import Page

from commons.pages.page_rows import in_order
from commons.pages.visibility import closed_paths, visible_pages
from commons.taxonomy.classification import terms_of
from commons.taxonomy.models import Vocabulary
from search.scope import Scope
from search.snapshot import current_snapshot

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
    snapshot = current_snapshot()
    among = snapshot.in_scope(Scope(language=page.locale.language_code, closed=closed_paths(user)))
    worth = {
        snapshot.signs[label]: WEIGHTS[term.vocabulary]
        for term in terms_of(page)
        if term.vocabulary in WEIGHTS
        and not (term.vocabulary == Vocabulary.TERRITORY and term.parent_id is None)
        and (label := f"{term.vocabulary}:{term.slug}") in snapshot.signs
    }
    compared = {
        position
        for sign in worth
        for position in islice(
            snapshot.descending_positions(snapshot.labels.get(sign, 0) & among), COMPARED
        )
    }
    compared.discard(snapshot.position_of.get(page.pk))

    def nearness(position: int) -> float:
        return sum(worth.get(sign, 0) for sign in snapshot.rows[position].labels)

    nearest = sorted(compared, key=lambda position: (-nearness(position), -position))
    return [snapshot.rows[position].page_id for position in nearest[:count]]

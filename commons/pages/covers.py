"""Cover pictures for a list of pages of any type, in a fixed number of queries."""

from collections.abc import Iterable

from django.db.models import Prefetch, prefetch_related_objects
from wagtail.images import get_image_model
from wagtail.models import Page

# The two widths in which a card shows its picture (see components/card.html).
CARD = ["fill-320x180|format-webp", "fill-640x360|format-webp"]
# Those in which the page itself does, and what it offers to social networks (see resource.html).
PAGE = ["fill-480x300|format-webp", "fill-960x600|format-webp", "fill-1200x630|format-jpeg"]


def with_covers(pages: Iterable[Page]) -> list[Page]:
    """The same listed pages, each with its `cover` and its renditions, or None.

    One query, and two more for covers that were never shown.
    """
    pages = list(pages)
    chosen = {page.image_id for page in pages if page.image_id}
    by_id = _shown_before(chosen) if chosen else {}
    if unseen := chosen - by_id.keys():
        images = get_image_model().objects.filter(pk__in=unseen)
        by_id |= images.prefetch_renditions(*CARD).in_bulk()
    for page in pages:
        page.cover = by_id.get(page.image_id)
    return pages


def _shown_before(chosen: set[int]) -> dict:
    """The pictures of `chosen` that have renditions for cards, with these, by their ids."""
    renditions = get_image_model().get_rendition_model().objects.select_related("image")
    by_id = {}
    for rendition in renditions.filter(image__in=chosen, filter_spec__in=CARD):
        image = by_id.setdefault(rendition.image_id, rendition.image)
        image.prefetched_renditions = [*getattr(image, "prefetched_renditions", []), rendition]
    return by_id


def with_own_cover(page: Page) -> Page:
    """The same page, the renditions of whose cover, if it has one, are known. One query."""
    cover = getattr(page, "cover", None)
    if cover is not None:
        renditions = cover.get_rendition_model().objects.filter(filter_spec__in=PAGE)
        prefetch_related_objects(
            [cover], Prefetch("renditions", queryset=renditions, to_attr="prefetched_renditions")
        )
    return page

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
    """The same listed pages, each with its `cover` and its renditions, or None. Two queries."""
    pages = list(pages)
    chosen = {page.image_id for page in pages if page.image_id}
    images = get_image_model().objects.filter(pk__in=chosen).prefetch_renditions(*CARD)
    by_id = images.in_bulk() if chosen else {}
    for page in pages:
        page.cover = by_id.get(page.image_id)
    return pages


def with_own_cover(page: Page) -> Page:
    """The same page, the renditions of whose cover, if it has one, are known. One query."""
    cover = getattr(page, "cover", None)
    if cover is not None:
        renditions = cover.get_rendition_model().objects.filter(filter_spec__in=PAGE)
        prefetch_related_objects(
            [cover], Prefetch("renditions", queryset=renditions, to_attr="prefetched_renditions")
        )
    return page

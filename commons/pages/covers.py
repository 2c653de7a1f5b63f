"""Cover pictures for a list of pages of any type, in a fixed number of queries."""

from collections.abc import Iterable

from wagtail.images import get_image_model
from wagtail.models import Page

from commons.pages.listing import with_column

# The two widths in which a card shows its picture (see components/card.html).
CARD = ["fill-320x180|format-webp", "fill-640x360|format-webp"]


def with_covers(pages: Iterable[Page]) -> list[Page]:
    """The same pages, each with `cover`: its picture and renditions, or None. Three queries."""
    pages = list(pages)
    chosen = with_column(
        Page.objects.filter(pk__in=[page.pk for page in pages]), "image_id", "cover"
    )
    image_ids = dict(chosen.values_list("pk", "image_id"))
    images = get_image_model().objects.filter(pk__in={pk for pk in image_ids.values() if pk})
    by_id = images.prefetch_renditions(*CARD).in_bulk()
    for page in pages:
        page.cover = by_id.get(image_ids.get(page.pk))
    return pages

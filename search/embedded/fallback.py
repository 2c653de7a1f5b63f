"""Documents read from the pages themselves while the index is damaged: no labels, no reviews."""

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from search.analyzer import title_key
from search.config import searchable_types
from search.embedded.rows import Row

EPOCH = 719163  # 1 January 1970, as date.toordinal() counts


def fallback_rows() -> Iterator[Row]:
    """Every published page that search reads, in the order of the pages' numbers. One query."""
    types = ContentType.objects.get_for_models(*searchable_types()).values()
    pages = (
        Page.objects.filter(live=True, content_type__in=types)
        .order_by("pk")
        .values_list(
            *("pk", "content_type", "locale__language_code", "path", "title", "first_published_at")
        )
    )
    for position, (pk, kind, language, path, title, at) in enumerate(
        pages.iterator(chunk_size=2000)
    ):
        published = int(at.timestamp()) if at else 0
        fresh = published // 86400 + EPOCH
        yield Row(pk, kind, "", fresh, position, language, path, title_key(title), published, 0)

"""Atom feeds (RFC 4287) of any list of pages, which no character in a title can break."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst
from wagtail.models import Page

from commons.pages.text import clean_line, clean_text
from commons.pages.untranslated import written_in

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
A_FEED = 50  # entries


class Feed(Atom1Feed):
    """Says of each entry its language, where it is not that of the feed (`spoken`)."""

    def item_attributes(self, item):
        spoken = {"xml:lang": item["spoken"]} if item["spoken"] else {}
        return {**super().item_attributes(item), **spoken}


def atom(
    pages: Iterable[Page], *, title: str, page_address: str, own_address: str, language: str
) -> str:
    """The feed of `pages`, listed ones (see `listing.in_order`); both addresses are absolute.

    What they have more to say (see `telling.with_card_notes`) comes before their summary.
    """
    feed = Feed(
        title=clean_line(title),
        link=page_address,
        description="",
        language=language,
        feed_url=own_address,
        author_name=settings.WAGTAIL_SITE_NAME,
    )
    for page in pages:
        told = page.told
        changed = [page.last_published_at or page.first_published_at, told and told.changed]
        feed.add_item(
            title=clean_line(told.title if told else page.title),
            link=page.full_url,
            description=clean_text(_summary(page)),
            unique_id=uuid.uuid5(page.translation_key, str(page.locale_id)).urn,
            author_name=clean_line(page.credit or "") or settings.WAGTAIL_SITE_NAME,
            pubdate=page.first_published_at,
            updateddate=max((at for at in changed if at), default=None),
            categories=[str(page.page_type_display_name)],
            spoken=written_in(page),
        )
    return feed.writeString("utf-8")


def _summary(page: Page) -> str:
    """One text: what must be known, when and where, then what the page is about."""
    if page.told is None:
        return page.summary or ""
    date = " · ".join(part for part in (page.told.when, page.told.where) if part)
    said = [text.rstrip(". ") for text in (page.told.standing, capfirst(date)) if text]
    return ". ".join([*said, page.summary or ""])

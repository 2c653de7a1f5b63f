"""Who is to be credited for a contributed page."""

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects

from commons.pages.models import PageAuthor
from commons.pages.text import clean_line


def credited_members(page) -> list[str]:
    """The names of the members who agreed to be credited for it."""
    rows = PageAuthor.objects.select_related("member")
    prefetch_related_objects([page], Prefetch("page_authors", queryset=rows))  # once a page
    names = [clean_line(row.member.get_full_name()) for row in page.page_authors.all()]
    return [name for name in names if name]


def authors(page) -> list[str]:
    """The names to credit: the members who agreed, the plain credit, or the site itself."""
    names = [*credited_members(page), clean_line(str(page.credit or ""))]
    return [name for name in names if name] or [settings.WAGTAIL_SITE_NAME]

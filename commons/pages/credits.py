"""Who is to be credited for a contributed page."""

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects

from commons.pages.models import PageAuthor
from commons.pages.text import clean_line


def authors(page) -> list[str]:
    """The names to credit: the members who agreed, the plain credit, or the site itself."""
    rows = PageAuthor.objects.select_related("member")
    prefetch_related_objects([page], Prefetch("page_authors", queryset=rows))  # once a page
    members = [row.member.get_full_name() for row in page.page_authors.all()]
    names = [clean_line(str(name)) for name in [*members, page.credit] if name]
    return [name for name in names if name] or [settings.WAGTAIL_SITE_NAME]

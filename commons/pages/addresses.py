"""From an address to the page that stands there, for whoever may see it."""

from wagtail.models import Page

from commons.pages.models import HomePage
from commons.pages.visibility import visible_pages


def page_at(path: str, *, language: str, user) -> Page | None:
    """The visible page whose address under the home of `language` is `path`, as its own type."""
    home = HomePage.objects.filter(locale__language_code=language, depth=2).order_by("path").first()
    if home is None:
        return None
    found = visible_pages(user).filter(url_path=f"{home.url_path}{path.strip('/')}/").first()
    return found.specific if found else None

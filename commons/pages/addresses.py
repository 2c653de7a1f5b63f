"""From an address to the page that stands there, for whoever may see it."""

from wagtail.models import Page

from commons.pages.models import HomePage
from commons.pages.visibility import visible_pages


def page_at(path: str, *, language: str, user) -> Page | None:
    """The visible page whose address under the home of `language` is `path`, as its own type."""
    url_path = _url_path(path, language)
    found = visible_pages(user).filter(url_path=url_path).first() if url_path else None
    return found.specific if found else None


def withdrawn_at(path: str, *, language: str) -> bool:
    """Whether a page that everybody could read once stood at `path`, and no longer does."""
    url_path = _url_path(path, language)
    if not url_path:
        return False
    published_once = Page.objects.not_live().filter(first_published_at__isnull=False)
    page = published_once.filter(url_path=url_path).first()
    return page is not None and not page.get_view_restrictions().exists()


def _url_path(path: str, language: str) -> str:
    """`path` under the home of `language`, as Wagtail stores it; empty without such a home."""
    if "\x00" in path:  # PostgreSQL refuses it in a query
        return ""
    home = HomePage.objects.filter(locale__language_code=language, depth=2).order_by("path").first()
    return f"{home.url_path}{path.strip('/')}/" if home else ""

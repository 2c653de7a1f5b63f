"""The one door to pages: who may see what."""

from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

from commons.pages.cache_version import remembered


def visible(pages: PageQuerySet, *, user) -> PageQuerySet:
    """The published pages of `pages` that `user` may read, under every restriction above them.

    A password restriction never opens a list: only the page itself can ask for the password.
    """
    for page in _closed(user):
        pages = pages.not_descendant_of(page, inclusive=True)
    return pages.live()


def closed_paths(user) -> tuple[str, ...]:
    """The places in the tree that `user` may not see: the same rule, for the search index."""
    return tuple(page.path for page in _closed(user))


def _closed(user) -> list[Page]:
    restrictions = remembered("restrictions", _restrictions)
    return [restriction.page for restriction in restrictions if not _passes(user, restriction)]


def _restrictions() -> list[PageViewRestriction]:
    return list(PageViewRestriction.objects.select_related("page").prefetch_related("groups"))


def unguarded(page: Page) -> bool:
    """Whether no restriction stands on `page` or above it: Wagtail need not look for one."""
    return not page.path.startswith(remembered("guarded", _guarded))


def _guarded() -> tuple[str, ...]:
    """The places that restrictions close: an alias has those of its source."""
    pages, found = [restriction.page for restriction in _restrictions()], {}
    while pages:
        found |= {page.pk: page.path for page in pages}
        pages = list(Page.objects.filter(alias_of__in=pages).exclude(pk__in=found))
    return tuple(found.values())


def visible_pages(user) -> PageQuerySet:
    """All pages, of every type, that `user` may read."""
    return visible(Page.objects.all(), user=user)


def _passes(user, restriction: PageViewRestriction) -> bool:
    if not user.is_authenticated or restriction.restriction_type == PageViewRestriction.PASSWORD:
        return False
    if user.is_superuser or restriction.restriction_type == PageViewRestriction.LOGIN:
        return True
    allowed = {group.pk for group in restriction.groups.all()}
    return any(group.pk in allowed for group in user.groups.all())


class VisibleQuerySet(PageQuerySet):
    def visible_to(self, user):
        return visible(self, user=user)

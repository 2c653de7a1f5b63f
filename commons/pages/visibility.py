"""The one door to pages: who may see what."""

from django.db.models import Q
from wagtail.models import Page
from wagtail.query import PageQuerySet

from commons.pages.cache_version import cached
from commons.pages.restrictions import RestrictedPage, met_by


def visible(pages: PageQuerySet, *, user) -> PageQuerySet:
    """The published pages of `pages` that `user` may read, under every restriction above them.

    A password restriction never opens a list: only the page itself can ask for the password.
    """
    met = met_by(user)
    if met is not None:
        pages = pages.filter(Q(restricted=None) | Q(restricted__restriction_set__in=met))
    return pages.live()


def closed_paths(user) -> frozenset[str]:
    """The places in the tree that `user` may not see: the same rule, for the search index."""
    met = met_by(user)
    if met is None:
        return frozenset()
    closed = RestrictedPage.objects.exclude(restriction_set__in=met)
    paths = closed.values_list("page__path", flat=True)
    return cached(("closed paths", *met), lambda: frozenset(paths))


def visible_pages(user) -> PageQuerySet:
    """All pages, of every type, that `user` may read."""
    return visible(Page.objects.all(), user=user)


class VisibleQuerySet(PageQuerySet):
    def visible_to(self, user):
        return visible(self, user=user)

"""What keeps translations honest: never public when their source is not, never French by accident.

The source of a translation is the oldest page with its translation key. These rules only ever hide;
to show a translation again is an editor's own decision, language by language.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.query import PageQuerySet

from commons.pages.cache_version import invalidate
from commons.pages.restrictions import (
    CHUNK,
    Demand,
    RestrictedPage,
    RestrictionSet,
    demand_of,
    follow_restriction,
    is_as_strict,
    store_all,
)

_older = Page.objects.filter(
    translation_key=OuterRef("translation_key"), pk__lt=OuterRef("pk")
).order_by()


def source_of(page: Page) -> Page | None:
    """The page that `page` is a translation of; None for a source."""
    older = Page.objects.filter(translation_key=page.translation_key, pk__lt=page.pk)
    return older.order_by("pk").first()


def offline_translations(source: Page) -> list[Page]:
    """The translations of `source` that are not public: publishing it again does not show them."""
    others = Page.objects.filter(translation_key=source.translation_key, pk__gt=source.pk)
    return list(others.filter(live=False, alias_of=None).select_related("locale"))


@transaction.atomic
def withdraw(pages: PageQuerySet) -> list[Page]:
    """Unpublish those of `pages` that are public; returns them."""
    public = list(pages.filter(live=True).specific())
    for page in public:
        page.unpublish()
    return public


def withdraw_translations(source: Page) -> list[Page]:
    """Unpublish the translations of `source`, in the transaction that hides it; returns them."""
    public = Page.objects.filter(
        translation_key=source.translation_key, pk__gt=source.pk, live=True
    )
    if not public.exists() or source_of(source) is not None:
        return []
    return withdraw(public)


def follow(page: Page) -> None:
    """What saving `page` means for its translations: none is public when the page is not."""
    if not page.live:
        withdraw_translations(page)
    elif page.alias_of_id and page.alias_of.locale_id != page.locale_id:
        # A translation that an editor made a copy of its source again.
        withdraw(Page.objects.filter(pk=page.pk))


def settle(page: Page) -> None:
    """After `page` was published: it stays as hidden as its source, and its children are found."""
    mend_numchild(page)
    withdraw_orphans(Page.objects.filter(translation_key=page.translation_key))


def withdraw_orphans(pages: PageQuerySet | None = None) -> list[Page]:
    """Unpublish public translations whose source is a draft or outside every site; returns them.

    Also closes translations whose source is restricted. Looks at the sources among `pages`, or at
    all of the site, as the check of every night does.
    """
    if pages is None:
        store_all()
    mirror_restrictions(pages)
    pages = Page.objects.filter(depth__gt=1) if pages is None else pages
    hidden = pages.filter(~Exists(_older)).exclude(_within_sites(), live=True)
    others = Page.objects.filter(
        Exists(_older), translation_key__in=hidden.values("translation_key")
    )
    return withdraw(others)


def _within_sites() -> Q:
    """Pages under the home page of a site, in any language."""
    keys = Site.objects.values("root_page__translation_key")
    homes = Page.objects.filter(translation_key__in=keys).values_list("path", flat=True)
    return Q(*(("path__startswith", path) for path in homes), _connector=Q.OR)


@transaction.atomic
def mirror_restrictions(pages: PageQuerySet | None = None) -> None:
    """Close each translation to those to whom its source, one of `pages`, is closed."""
    sources = (
        Page.objects.filter(~Exists(_older)) if pages is None else pages.filter(~Exists(_older))
    )
    closed = RestrictedPage.objects.filter(page__in=sources)
    rows = list(closed.values_list("page__translation_key", "page_id", "restriction_set"))
    for start in range(0, len(rows), CHUNK):
        _mirror({key: (pk, number) for key, pk, number in rows[start : start + CHUNK]})


def _mirror(sources: dict[UUID, tuple[int, int]]) -> None:
    """Close translations of `sources`: by their key, the source and the set that restricts it."""
    sets = {row.pk: row.as_demands() for row in RestrictionSet.objects.all()}
    others = Page.objects.filter(Exists(_older), translation_key__in=list(sources))
    closed_now: list[tuple[str, Demand]] = []
    for page in others.select_related("restricted").order_by("path"):
        source, number = sources[page.translation_key]
        met = {demand for path, demand in closed_now if page.path.startswith(path)}
        if hasattr(page, "restricted"):
            met |= sets[page.restricted.restriction_set_id]
        missing = [d for d in sets[number] if not any(is_as_strict(one, d) for one in met)]
        if missing:
            _close(page, Page.objects.get(pk=source), missing)
            closed_now += [(page.path, demand) for demand in missing]


def mirror_groups(restriction: PageViewRestriction) -> None:
    """Give the groups of `restriction` to its copies on the translations of its page."""
    if not isinstance(restriction, PageViewRestriction):
        return  # changed from the side of the group: the check of the night sees it
    copies = PageViewRestriction.objects.filter(
        restriction_type=PageViewRestriction.GROUPS,
        page__translation_key=restriction.page.translation_key,
        page__pk__gt=restriction.page_id,
    )
    for copy in copies:
        copy.groups.set(restriction.groups.all())


def _close(page: Page, source: Page, demands: Iterable[Demand]) -> None:
    """Put on `page` those restrictions that close `source`, itself or from above, and demand so."""
    for restriction in source.get_view_restrictions():
        if demand_of(restriction) in demands:
            copy = PageViewRestriction(
                page=page,
                restriction_type=restriction.restriction_type,
                password=restriction.password,
            )
            # `bulk_create` sends no signal: a copy does not start the mirroring again.
            PageViewRestriction.objects.bulk_create([copy])
            invalidate()
            copy.groups.set(restriction.groups.all())
            follow_restriction(copy)


def silence_alias(page: Page) -> None:
    """Keep a copy of a page in another language's tree a draft: it is not translated."""
    if page.alias_of_id and page.live and page.alias_of.locale_id != page.locale_id:
        page.live = False


def adopt_locale(child, page: Page) -> None:
    """Give a translatable part of `page` its language: Wagtail's copy of a draft forgets to."""
    child.locale_id = page.locale_id


def mend_numchild(page: Page) -> None:
    """Count the children of `page` again: a revision published late brings back an old count,
    and children of a page that believes it has none answer 404."""
    count = Page.objects.filter(path__startswith=page.path, depth=page.depth + 1).count()
    Page.objects.filter(pk=page.pk).exclude(numchild=count).update(numchild=count)

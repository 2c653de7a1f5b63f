"""What keeps translations honest: never public when their source is not, never French by accident.

The source of a translation is the oldest page with its translation key. These rules only ever hide;
to show a translation again is an editor's own decision, language by language.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.query import PageQuerySet

from commons.pages.cache_version import change

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
    withdraw_orphans(key=page.translation_key)


def withdraw_orphans(*, key=None) -> list[Page]:
    """Unpublish public translations whose source is a draft or outside every site; returns them.

    Also closes translations whose source is restricted. The check of every night looks at all
    pages; with `key`, only at those that share this translation key.
    """
    mirror_restrictions()
    pages = Page.objects.filter(depth__gt=1)
    if key is not None:
        pages = pages.filter(translation_key=key)
    hidden = pages.filter(~Exists(_older)).exclude(_within_sites(), live=True)
    return withdraw(
        pages.filter(Exists(_older), translation_key__in=hidden.values("translation_key"))
    )


def _within_sites() -> Q:
    """Pages under the home page of a site, in any language."""
    keys = Site.objects.values("root_page__translation_key")
    homes = Page.objects.filter(translation_key__in=keys).values_list("path", flat=True)
    return Q(*(("path__startswith", path) for path in homes), _connector=Q.OR)


@transaction.atomic
def mirror_restrictions() -> None:
    """Close each translation to those to whom its source is closed, directly or by a parent."""
    restrictions = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
    restrictions = list(restrictions.order_by("page__path"))
    for restriction in restrictions:
        sources = Page.objects.filter(~Exists(_older), path__startswith=restriction.page.path)
        closed = [other.page.path for other in restrictions if _as_strict(other, restriction)]
        keys = sources.values("translation_key")
        for page in Page.objects.filter(Exists(_older), translation_key__in=keys).order_by("path"):
            if not page.path.startswith(tuple(closed)):
                _close(page, restriction)
                closed.append(page.path)


def _as_strict(one: PageViewRestriction, other: PageViewRestriction) -> bool:
    """Whether nobody passes `one` who would not pass `other`, as far as their kind tells."""
    return (
        one.restriction_type == other.restriction_type
        and one.password == other.password
        and set(one.groups.all()) <= set(other.groups.all())
    )


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


def _close(page: Page, restriction: PageViewRestriction) -> None:
    copy = PageViewRestriction(
        page=page, restriction_type=restriction.restriction_type, password=restriction.password
    )
    # `bulk_create` sends no signal: a copy does not start the mirroring again.
    PageViewRestriction.objects.bulk_create([copy])
    change()
    copy.groups.set(restriction.groups.all())


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

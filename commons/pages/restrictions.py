"""Which pages a restriction closes, stored with each page, so that a list asks with one join.

Wagtail keeps a restriction on the page where somebody set it; it holds for all pages below. The
pages below are written down here when a restriction, a page's place or an alias changes: what a
list costs then does not grow with the restrictions. A page that is open to all has no row.
"""

import hashlib
import json
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

from commons.pages.cache_version import cached, invalidate

# What one restriction demands of a reader: its type, and the groups or a digest of the password.
Demand = tuple[str, ...]
Demands = frozenset[Demand]
CHUNK = 500


class RestrictionSet(models.Model):
    """The restrictions that close a page together: a reader must meet the demands of each."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    demands = models.JSONField(editable=False)  # see `demand_of`

    class Meta:
        app_label = "pages"

    def __str__(self):
        return ", ".join(kind for kind, *_ in self.demands)

    def as_demands(self) -> Demands:
        return frozenset(tuple(demand) for demand in self.demands)


class RestrictedPage(models.Model):
    """A page that restrictions, its own or those of pages above it, close to some readers."""

    # Without a constraint: PostgreSQL would lock the page, which a writer of it may have locked
    # before it waits for the tree.
    page = models.OneToOneField(
        Page,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="restricted",
        db_constraint=False,
    )
    restriction_set = models.ForeignKey(RestrictionSet, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "pages"

    def __str__(self):
        return f"{self.page_id} · {self.restriction_set_id}"


def demand_of(restriction: PageViewRestriction) -> Demand:
    """What `restriction` demands; its groups should be prefetched."""
    kind = restriction.restriction_type
    if kind == PageViewRestriction.PASSWORD:
        return kind, salted_hmac("commons.restrictions", restriction.password).hexdigest()[:16]
    if kind == PageViewRestriction.GROUPS:
        return kind, *(str(pk) for pk in sorted(group.pk for group in restriction.groups.all()))
    return (kind,)


def is_as_strict(one: Demand, other: Demand) -> bool:
    """Whether nobody meets `one` who would not meet `other`, as far as their kind tells."""
    if one[0] != other[0]:
        return False
    return set(one[1:]) <= set(other[1:]) if one[0] == PageViewRestriction.GROUPS else one == other


def meets(user, demands: Iterable[Demand], groups: set[str]) -> bool:
    """Whether `user`, who is in `groups`, meets all of `demands`.

    Nobody meets a password in a list: only the page itself can ask for it.
    """
    for kind, *allowed in demands:
        if kind == PageViewRestriction.PASSWORD:
            return False
        grouped = kind == PageViewRestriction.GROUPS and not user.is_superuser
        if grouped and not groups.intersection(allowed):
            return False
    return True


def met_by(user) -> list[int] | None:
    """The numbers of the restriction sets that `user` meets; None when nothing is restricted."""
    sets = cached("restriction sets", _restriction_sets)
    if not sets or not user.is_authenticated:
        return [] if sets else None
    grouped = any(kind == PageViewRestriction.GROUPS for of in sets.values() for kind, *_ in of)
    groups = {str(group.pk) for group in user.groups.all()} if grouped else set()
    return [pk for pk, demands in sets.items() if meets(user, demands, groups)]


def _restriction_sets() -> dict[int, Demands]:
    return {one.pk: one.as_demands() for one in RestrictionSet.objects.all()}


@transaction.atomic
def follow_place(page: Page) -> None:
    """`page` was created, or stands at another place with all pages below it."""
    _lock_tree()
    _store_below(page)


@transaction.atomic
def follow_restriction(restriction: PageViewRestriction, *, lifted: bool = False) -> None:
    """`restriction` was made, changed or lifted: so were the pages that it closes.

    An alias is closed like the page that it shows, with all pages below the alias.
    """
    # Before the tree, as who creates a page has locked its parent before; translations are closed
    # too. PostgreSQL asks for these rows once more when the restriction is committed.
    key = Page.objects.filter(pk=restriction.page_id).values("translation_key")
    same = Page.objects.select_for_update().filter(translation_key__in=key).order_by("pk")
    pages, seen = [page for page in same if page.pk == restriction.page_id], set()
    _lock_tree()
    while pages:
        for page in pages:
            _store_below(page, lifted=lifted)
        seen |= {page.pk for page in pages}
        pages = list(Page.objects.filter(alias_of__in=pages).exclude(pk__in=seen))


@transaction.atomic
def store_all() -> int:
    """Store again what closes each page of the site; returns for how many that was not true."""
    if not PageViewRestriction.objects.exists() and not RestrictionSet.objects.exists():
        return 0
    _lock_tree()
    changed = sum(_store_below(root) for root in Page.objects.filter(depth=1).order_by("path"))
    RestrictionSet.objects.exclude(pk__in=RestrictedPage.objects.values("restriction_set")).delete()
    return changed


def _lock_tree() -> None:
    """One writer at a time: a page made under a page that is being closed would stay open."""
    roots = Page.objects.select_for_update(no_key=True).filter(depth=1).order_by("path")
    list(roots.values_list("pk"))


def _store_below(top: Page, *, lifted: bool = False) -> int:
    """Store what closes `top`, read again, and each page below; returns how many rows changed.

    When a restriction was `lifted` no page is closed that was open: rows of pages that are being
    deleted together with their restrictions must not come back.
    """
    path = Page.objects.filter(pk=top.pk).values_list("path", flat=True).first()
    if path is None:
        return 0
    above = [path[:length] for length in range(Page.steplen, len(path), Page.steplen)]
    pages = Page.objects.filter(at_or_below(path))
    own = _own_demands(pages | Page.objects.filter(path__in=above))
    demands, wanted = {"": frozenset()}, {}
    for place in above:
        demands[place] = demands[place[: -Page.steplen]] | own.get(place, frozenset())
    for pk, place in pages.order_by("path").values_list("pk", "path").iterator():
        demands[place] = demands[place[: -Page.steplen]] | own.get(place, frozenset())
        if demands[place]:
            wanted[pk] = demands[place]
    return _write(path, wanted, inserting=not lifted)


def at_or_below_page(page: Page) -> PageQuerySet:
    """`page` and its descendants, where they stand now."""
    path = Page.objects.filter(pk=page.pk).values_list("path", flat=True).first()
    return Page.objects.filter(at_or_below(path)) if path else Page.objects.none()


def at_or_below(path: str, field: str = "path") -> Q:
    """The page at `path` and its descendants, by ranges that an index answers."""
    below = path + Page.alphabet[0] * Page.steplen, path + Page.alphabet[-1] * Page.steplen
    return Q((field, path)) | Q((f"{field}__range", below))


def _own_demands(pages: models.QuerySet) -> dict[str, Demands]:
    """What restrictions on these very pages demand, by place; an alias has those of its source."""
    restricted = dict(pages.filter(view_restrictions__isnull=False).values_list("path", "pk"))
    own = _demands_by_place(restricted)
    aliases = dict(pages.exclude(alias_of=None).order_by().values_list("path", "alias_of"))
    while aliases:
        for place, demands in _demands_by_place(aliases).items():
            own[place] = own.get(place, frozenset()) | demands
        sources = Page.objects.filter(pk__in=set(aliases.values())).exclude(alias_of=None)
        next_sources = dict(sources.values_list("pk", "alias_of"))
        aliases = {place: next_sources[pk] for place, pk in aliases.items() if pk in next_sources}
    return own


def _demands_by_place(pages: dict[str, int]) -> dict[str, Demands]:
    """What the restrictions on `pages`, numbers by place, demand; open places are left out."""
    restrictions = PageViewRestriction.objects.prefetch_related("groups")
    by_page: dict[int, set[Demand]] = {}
    numbers = sorted(set(pages.values()))
    for start in range(0, len(numbers), CHUNK):
        for restriction in restrictions.filter(page__in=numbers[start : start + CHUNK]):
            by_page.setdefault(restriction.page_id, set()).add(demand_of(restriction))
    return {place: frozenset(by_page[pk]) for place, pk in pages.items() if pk in by_page}


def _write(path: str, wanted: dict[int, Demands], *, inserting: bool) -> int:
    """Make the rows of the pages at and below `path` say what is `wanted`."""
    sets = {demands: _number(demands) for demands in set(wanted.values())}
    rows = RestrictedPage.objects.filter(at_or_below(path, "page__path"))
    stored = dict(rows.values_list("page_id", "restriction_set_id"))
    gone = [pk for pk in stored if pk not in wanted]
    changed = [
        RestrictedPage(page_id=pk, restriction_set_id=sets[demands])
        for pk, demands in wanted.items()
        if stored.get(pk) != sets[demands] and (inserting or pk in stored)
    ]
    for start in range(0, len(gone), CHUNK):
        RestrictedPage.objects.filter(pk__in=gone[start : start + CHUNK]).delete()
    RestrictedPage.objects.bulk_create(
        changed,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=["restriction_set"],
    )
    if gone or changed:
        invalidate()  # `bulk_create` sends no signal
    return len(gone) + len(changed)


def _number(demands: Demands) -> int:
    """The number of the set that holds exactly these demands."""
    listed = sorted(demands)
    digest = hashlib.sha256(json.dumps(listed).encode()).hexdigest()
    return RestrictionSet.objects.get_or_create(digest=digest, defaults={"demands": listed})[0].pk

"""All that the agenda shows at one address: the list, or a month, and the ways to filter them."""

from django.db.models import Max, Min
from django.http import QueryDict
from django.utils import timezone
from wagtail.models import Page

from commons.network import dates
from commons.network import month as months
from commons.network.selection import FACETS, TERMS, Asked, known_names, read
from commons.pages.listing import nearest
from commons.taxonomy.models import Classification, Term, Vocabulary

OFFERED = ("kind", "format", Vocabulary.THEME.value, Vocabulary.TERRITORY.value)


def browse(agenda: Page, params: QueryDict, *, user) -> dict:
    """What the template of the agenda needs for this address."""
    names = known_names(tags=params.getlist("tag"))
    asked = read(params, names)
    shown = _month if asked.month else _list
    return {
        "asked": asked,
        "filters": _filters(asked, names, user=user),
        "in_use": _in_use(asked, names),
        "wider": _wider(asked, names),
        "here": asked.address(),
        "all_dates": asked.only_filters().address(),
        "this_month": asked.in_month(timezone.localdate().replace(day=1)).address(),
        "canonical_query": asked.address(number=asked.number),
        **shown(agenda, asked, user=user),
    }


def _list(agenda: Page, asked: Asked, *, user) -> dict:
    results = nearest(dates.listed(asked, user=user), asked.number)
    results.object_list = dates.entries(
        list(results.object_list), language=agenda.locale.language_code, user=user
    )
    past = Asked(asked.chosen, past=True).address()
    return {
        "results": results,
        "past": past,
        "query": asked.address().lstrip("?"),
        "canonical_query": asked.address(number=results.number),
    }


def _month(agenda: Page, asked: Asked, *, user) -> dict:
    first, last = months.bounds(asked.month)
    days = months.by_day(dates.during(asked, first, last, user=user), first, last)
    entries = dates.entries(months.shown(days), language=agenda.locale.language_code, user=user)
    # No link leads to months where nothing ever takes place: robots would follow them for ever.
    ends = dates.occurrences(Asked(), user=user).aggregate(Min("starts_at"), Max("ends_at"))
    earliest, latest = ends["starts_at__min"], ends["ends_at__max"]
    before = earliest and earliest < dates.midnight(asked.month)
    after = latest and latest >= dates.midnight(months.following(asked.month))
    return {
        "weeks": months.weeks(asked, days, entries),
        "previous": asked.in_month(months.previous(asked.month)) if before else None,
        "following": asked.in_month(months.following(asked.month)) if after else None,
    }


def _filters(asked: Asked, names: dict, *, user) -> list[dict]:
    """Each filter with the values that some date to come has, and those in use.

    Links from pages filter by more: those filters are shown while they are in use.
    """
    ahead = dates.occurrences(Asked(), user=user).filter(ends_at__gt=timezone.now())
    pages = ahead.order_by().values("session__page_id")
    filed = Classification.objects.filter(page_id__in=pages, term__vocabulary__in=TERMS)
    terms = Term.objects.filter(pk__in=filed.values("term_id"))
    used = {(term.vocabulary, term.slug) for term in terms}
    found = []
    for name, label in FACETS.items():
        chosen = asked.chosen.get(name, [])
        values = [
            {"slug": slug, "name": value, "active": slug in chosen}
            for slug, value in names[name].items()
            if name not in TERMS or (name, slug) in used or slug in chosen
        ]
        if name in TERMS:
            values.sort(key=lambda value: value["name"])
        if values and (name in OFFERED or chosen):
            found.append({"name": name, "label": label, "values": values, "folded": name in TERMS})
    return found


def _in_use(asked: Asked, names: dict) -> list[dict]:
    return [
        {"label": FACETS[name], "name": names[name][value], "address": address}
        for name, values in asked.chosen.items()
        for value in values
        for address in [asked.without(name, value).address()]
    ]


def _wider(asked: Asked, names: dict) -> dict | None:
    """The territory around the one asked for: its name, and the same filters over it."""
    territory = Vocabulary.TERRITORY.value
    chosen = asked.chosen.get(territory, [])
    if len(chosen) != 1:
        return None
    term = Term.objects.canonical().filter(vocabulary=territory, slug=chosen[0])
    parent = term.values_list("parent__slug", flat=True).first()
    if not parent:
        return None
    return {
        "name": names[territory].get(parent, parent),
        "address": asked.instead(territory, parent).address(),
    }

"""All that the agenda shows at one address: the list, or a month, and the ways to filter them."""

import datetime
from dataclasses import replace

from django.db.models import Max, Min
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from commons.network import month_calendar as months
from commons.network import occurrences
from commons.network.filters import FACETS, TERMS, TERRITORY, AgendaFilters, known_names, read
from commons.network.proximity import in_tree, may_widen, parents
from commons.pages.page_rows import nearest
from commons.taxonomy.models import Classification, Term, Vocabulary

OFFERED = ("kind", "format", Vocabulary.THEME.value, TERRITORY)


def browse(agenda: Page, params: QueryDict, *, user) -> dict:
    """What the template of the agenda needs for this address."""
    names = known_names(tags=params.getlist("tag"))
    filters = read(params, names)
    shown = _month if filters.month else _list
    return {
        "filters": filters,
        "facets": _facets(filters, names, user=user),
        "in_use": _in_use(filters, names),
        "wider": _wider(filters, names),
        "nearby": _nearby(filters, names),
        "here": filters.address(),
        "all_dates": filters.only_filters().address(),
        # The month that is read, else the one that the list starts in.
        "as_month": filters.in_month(filters.month or _first_day(filters.since)).address(),
        "canonical_query": filters.address(number=filters.number),
        **shown(agenda, filters, user=user),
    }


def _list(agenda: Page, filters: AgendaFilters, *, user) -> dict:
    results = nearest(occurrences.listed(filters, user=user), filters.number)
    results.object_list = occurrences.entries(
        list(results.object_list), language=agenda.locale.language_code, user=user
    )
    past = replace(filters.only_filters(), past=True).address()
    return {
        "results": results,
        "past": past,
        "query": filters.address().lstrip("?"),
        "canonical_query": filters.address(number=results.number),
    }


def _month(agenda: Page, filters: AgendaFilters, *, user) -> dict:
    first, last = months.bounds(filters.month)
    days = months.by_day(occurrences.during(filters, first, last, user=user), first, last)
    entries = occurrences.entries(
        months.displayed(days), language=agenda.locale.language_code, user=user
    )
    # No link leads to months where nothing ever takes place: robots would follow them for ever.
    ends = occurrences.occurrences(AgendaFilters(), user=user).aggregate(
        Min("first_day"), Max("last_day")
    )
    earliest, latest = ends["first_day__min"], ends["last_day__max"]
    before = earliest and earliest < filters.month
    after = latest and latest >= months.following(filters.month)
    now = _first_day()
    return {
        "weeks": months.weeks(filters, days, entries),
        "today": filters.in_month(now) if filters.month != now else None,
        "previous": filters.in_month(months.previous(filters.month)) if before else None,
        "following": filters.in_month(months.following(filters.month)) if after else None,
    }


def _first_day(day: datetime.date | None = None) -> datetime.date:
    """The first day of the month of `day`, of today unless told."""
    return (day or timezone.localdate()).replace(day=1)


def _facets(filters: AgendaFilters, names: dict, *, user) -> list[dict]:
    """Each filter with the values that some date to come has, and those in use.

    Links from pages filter by more: those filters are shown while they are in use.
    """
    ahead = occurrences.occurrences(AgendaFilters(), user=user).filter(ends_at__gt=timezone.now())
    pages = ahead.order_by().values("session__page_id")
    filed = Classification.objects.filter(page_id__in=pages, term__vocabulary__in=TERMS)
    terms = Term.objects.filter(pk__in=filed.values("term_id"))
    used = {(term.vocabulary, term.slug) for term in terms}
    facets = []
    for name, label in FACETS.items():
        chosen = filters.chosen.get(name, [])
        values = [
            {"slug": slug, "name": value, "active": slug in chosen}
            for slug, value in names[name].items()
            if name not in TERMS or (name, slug) in used or slug in chosen
        ]
        if name in TERMS:
            values.sort(key=lambda value: value["name"])
        if name == TERRITORY:
            values = in_tree(values)
        if values and (name in OFFERED or chosen):
            facets.append(
                {
                    "name": name,
                    "label": label,
                    "values": values,
                    "folded": name in TERMS,
                    # Whether what is near the territory is asked for too; of no other filter.
                    "around": filters.around if name == TERRITORY else None,
                }
            )
    return facets


def _in_use(filters: AgendaFilters, names: dict) -> list[dict]:
    return [
        {"label": _label(filters, name), "name": names[name][value], "address": address}
        for name, values in filters.chosen.items()
        for value in values
        for address in [filters.without(name, value).address()]
    ]


def _label(filters: AgendaFilters, name: str) -> str:
    return _("Près de") if filters.around and name == TERRITORY else FACETS[name]


def _nearby(filters: AgendaFilters, names: dict) -> dict | None:
    """The territory asked for: its name, and the same filters with what is near it."""
    chosen = filters.chosen.get(TERRITORY, [])
    if filters.around or len(chosen) != 1 or not may_widen(chosen):
        return None
    around = replace(filters, around=True, number=1)
    return {"name": names[TERRITORY][chosen[0]], "address": around.address()}


def _wider(filters: AgendaFilters, names: dict) -> dict | None:
    """The territory around the one asked for: its name, and the same filters over it."""
    chosen = filters.chosen.get(TERRITORY, [])
    parent = parents().get(chosen[0]) if len(chosen) == 1 else None
    if not parent:
        return None
    return {
        "name": names[TERRITORY].get(parent, parent),
        "address": filters.instead(TERRITORY, parent).address(),
    }

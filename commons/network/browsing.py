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
    asked = read(params, names)
    shown = _month if asked.month else _list
    return {
        "asked": asked,
        "filters": _filters(asked, names, user=user),
        "in_use": _in_use(asked, names),
        "wider": _wider(asked, names),
        "nearby": _nearby(asked, names),
        "here": asked.address(),
        "all_dates": asked.only_filters().address(),
        # The month that is read, else the one that the list starts in.
        "as_month": asked.in_month(asked.month or _first_day(asked.since)).address(),
        "canonical_query": asked.address(number=asked.number),
        **shown(agenda, asked, user=user),
    }


def _list(agenda: Page, asked: AgendaFilters, *, user) -> dict:
    results = nearest(occurrences.listed(asked, user=user), asked.number)
    results.object_list = occurrences.entries(
        list(results.object_list), language=agenda.locale.language_code, user=user
    )
    past = replace(asked.only_filters(), past=True).address()
    return {
        "results": results,
        "past": past,
        "query": asked.address().lstrip("?"),
        "canonical_query": asked.address(number=results.number),
    }


def _month(agenda: Page, asked: AgendaFilters, *, user) -> dict:
    first, last = months.bounds(asked.month)
    days = months.by_day(occurrences.during(asked, first, last, user=user), first, last)
    entries = occurrences.entries(
        months.displayed(days), language=agenda.locale.language_code, user=user
    )
    # No link leads to months where nothing ever takes place: robots would follow them for ever.
    ends = occurrences.occurrences(AgendaFilters(), user=user).aggregate(
        Min("first_day"), Max("last_day")
    )
    earliest, latest = ends["first_day__min"], ends["last_day__max"]
    before = earliest and earliest < asked.month
    after = latest and latest >= months.following(asked.month)
    now = _first_day()
    return {
        "weeks": months.weeks(asked, days, entries),
        "today": asked.in_month(now) if asked.month != now else None,
        "previous": asked.in_month(months.previous(asked.month)) if before else None,
        "following": asked.in_month(months.following(asked.month)) if after else None,
    }


def _first_day(day: datetime.date | None = None) -> datetime.date:
    """The first day of the month of `day`, of today unless told."""
    return (day or timezone.localdate()).replace(day=1)


def _filters(asked: AgendaFilters, names: dict, *, user) -> list[dict]:
    """Each filter with the values that some date to come has, and those in use.

    Links from pages filter by more: those filters are shown while they are in use.
    """
    ahead = occurrences.occurrences(AgendaFilters(), user=user).filter(ends_at__gt=timezone.now())
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
        if name == TERRITORY:
            values = in_tree(values)
        if values and (name in OFFERED or chosen):
            found.append(
                {
                    "name": name,
                    "label": label,
                    "values": values,
                    "folded": name in TERMS,
                    # Whether what is near the territory is asked for too; of no other filter.
                    "around": asked.around if name == TERRITORY else None,
                }
            )
    return found


def _in_use(asked: AgendaFilters, names: dict) -> list[dict]:
    return [
        {"label": _label(asked, name), "name": names[name][value], "address": address}
        for name, values in asked.chosen.items()
        for value in values
        for address in [asked.without(name, value).address()]
    ]


def _label(asked: AgendaFilters, name: str) -> str:
    return _("Près de") if asked.around and name == TERRITORY else FACETS[name]


def _nearby(asked: AgendaFilters, names: dict) -> dict | None:
    """The territory asked for: its name, and the same filters with what is near it."""
    chosen = asked.chosen.get(TERRITORY, [])
    if asked.around or len(chosen) != 1 or not may_widen(chosen):
        return None
    around = replace(asked, around=True, number=1)
    return {"name": names[TERRITORY][chosen[0]], "address": around.address()}


def _wider(asked: AgendaFilters, names: dict) -> dict | None:
    """The territory around the one asked for: its name, and the same filters over it."""
    chosen = asked.chosen.get(TERRITORY, [])
    parent = parents().get(chosen[0]) if len(chosen) == 1 else None
    if not parent:
        return None
    return {
        "name": names[TERRITORY].get(parent, parent),
        "address": asked.instead(TERRITORY, parent).address(),
    }

"""A month as a calendar: weeks of days, each with what takes place that day."""

import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from commons.agenda.models import Occurrence
from commons.network.filters import AgendaFilters

MOST_A_DAY = 4  # dates shown in one day; a link leads to the others


@dataclass(frozen=True)
class Day:
    date: datetime.date
    inside: bool
    entries: list
    more: int
    address: str  # of the list from that day on, after the agenda's

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()


def bounds(month: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the weeks that hold `month`, from Monday to Sunday."""
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    return weeks[0][0], weeks[-1][-1]


def previous(month: datetime.date) -> datetime.date:
    return (month - datetime.timedelta(days=1)).replace(day=1)


def following(month: datetime.date) -> datetime.date:
    return (month + datetime.timedelta(days=31)).replace(day=1)


def by_day(
    occurrences: Iterable[Occurrence], first: datetime.date, last: datetime.date
) -> dict[datetime.date, list[Occurrence]]:
    """Each date under every day between the two that it touches, on the clock of its place."""
    days = defaultdict(list)
    for occurrence in occurrences:
        end, day = min(occurrence.last_day, last), max(occurrence.first_day, first)
        for step in range((end - day).days + 1):
            days[day + datetime.timedelta(days=step)].append(occurrence)
    return days


def displayed(days: dict[datetime.date, list[Occurrence]]) -> list[Occurrence]:
    """The dates that the calendar writes out, once each."""
    return list(
        {o.pk: o for occurrences in days.values() for o in occurrences[:MOST_A_DAY]}.values()
    )


def weeks(filters: AgendaFilters, days: dict, entries: Iterable) -> list[list[Day]]:
    """The weeks of the month asked for; `entries` are those of `displayed(days)`."""
    month = filters.month
    entries_by_pk = {entry.occurrence.pk: entry for entry in entries}
    rows = []
    for week in calendar.Calendar().monthdatescalendar(month.year, month.month):
        week_days = []
        for date in week:
            occurrences = days.get(date, [])
            day_entries = [
                entries_by_pk[occurrence.pk]
                for occurrence in occurrences[:MOST_A_DAY]
                if occurrence.pk in entries_by_pk
            ]
            more, address = max(0, len(occurrences) - MOST_A_DAY), filters.from_day(date).address()
            week_days.append(Day(date, date.month == month.month, day_entries, more, address))
        rows.append(week_days)
    return rows

"""A night belongs to the evening that it begins: a ball from 21:00 to 01:00 is on one day.

Times are those that the clock of the place shows.
"""

import datetime

DAY = datetime.timedelta(days=1)
A_NIGHT = datetime.timedelta(hours=12)  # at most, whenever it ends
A_LONG_DAY = datetime.timedelta(hours=18)  # at most, from a morning to the small hours
SMALL_HOURS = datetime.time(6)  # until then
INSTANT = datetime.timedelta(microseconds=1)


def is_night(start: datetime.datetime, end: datetime.datetime) -> bool:
    """Whether what ends the day after its start counts for the day of its start."""
    if end.date() - start.date() != DAY:
        return False
    length = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return length <= (A_LONG_DAY if end.time() <= SMALL_HOURS else A_NIGHT)


def last_day(start: datetime.datetime, end: datetime.datetime) -> datetime.date:
    """The last day on which a reader looks for it; what ends at midnight leaves the next alone."""
    if is_night(start, end):
        return start.date()
    return max(start, end - INSTANT).date()


def end_of(
    day: datetime.date, start: datetime.time, end: datetime.time, last: datetime.date | None
) -> datetime.datetime:
    """When it ends, as people type it: an hour before the start, of a night, is the next day's."""
    begins = datetime.datetime.combine(day, start)
    ends = datetime.datetime.combine(last or day, end)
    if ends < begins and ends.date() == day and is_night(begins, ends + DAY):
        return ends + DAY
    return ends

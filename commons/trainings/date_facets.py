"""When trainings take place, as search needs it: labels to filter by, a rank to order by."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.agenda.models import Occurrence, Status
from commons.pages.visibility import visible_pages

# Ranks begin with times to come, in seconds since 1970; then come trainings at any time, by the day
# that they were published or reviewed; then past ones, the last first.
ANY_TIME = 10**12
PAST = 2 * 10**12
# Some changes tell nobody: a recording or a training of a series is closed, or deleted.
LONGEST = datetime.timedelta(hours=1)


class When(models.TextChoices):
    UPCOMING = "upcoming", _("À venir")
    REPLAY = "replay", _("En rediffusion")
    PAST = "past", _("Passées")


class Time(NamedTuple):
    """One time that a training takes place; `planned` unless it is cancelled or put off."""

    start: datetime.datetime
    end: datetime.datetime
    format: str
    planned: bool
    replay: bool


class Dates(NamedTuple):
    """The labels and the rank that follow from the times of a page, true until `expires`."""

    labels: list[str]
    rank: int
    expires: datetime.datetime | None


def dates(keys: Iterable, *, fresh: datetime.date | None) -> Dates:
    """Those of the trainings with these translation keys, together. Two queries at most.

    `fresh` is the day on which the page was published or reviewed, the later of both.
    """
    now, times = timezone.now(), _times(keys)
    coming = min((time.start for time in times if time.planned and time.end > now), default=None)
    last = max((time.end for time in times), default=None)
    when = {When.REPLAY.value} if any(time.replay for time in times) else set()
    if coming:
        when.add(When.UPCOMING.value)
        rank = int(coming.timestamp())
    elif last:
        when |= {When.PAST.value} if last <= now else set()
        rank = PAST - int(last.timestamp())
    else:
        rank = ANY_TIME - (fresh.toordinal() if fresh else 0)
    formats = {time.format for time in times}
    labels = [*(f"when:{value}" for value in when), *(f"format:{value}" for value in formats)]
    ends = (time.end for time in times if time.end > now)
    return Dates(labels, rank, min([*ends, now + LONGEST]) if times else None)


def _times(keys: Iterable) -> list[Time]:
    rows = Occurrence.objects.filter(session__page__translation_key__in=keys).values_list(
        "starts_at", "ends_at", "session__format", "session__status", "session__replay"
    )
    rows = list(rows)
    recordings = {replay for *_, replay in rows if replay}
    anybody = visible_pages(AnonymousUser())
    public = set(
        anybody.filter(pk__in=recordings).values_list("pk", flat=True) if recordings else ()
    )
    return [
        Time(start, end, form, status == Status.PLANNED, replay in public)
        for start, end, form, status, replay in rows
    ]

"""When trainings take place: what their list is filtered and ordered by."""

import datetime
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commons.agenda.models import Occurrence, Status
from commons.pages.cache_version import remembered
from commons.pages.visibility import visible_pages
from commons.trainings.models import SeriesStep, Training
from search.scope import Row
from search.snapshot import Snapshot


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


def times() -> dict[int, list[Time]]:
    """The times of each training and series, by the number of its page in each language.

    Those of a series are those of its trainings that everybody may read. Four queries, asked once
    as long as nothing changes.
    """
    return remembered("training times", _read)


def _read() -> dict[int, list[Time]]:
    anybody = visible_pages(AnonymousUser())
    replays = set(anybody.filter(recorded_sessions__isnull=False).values_list("pk", flat=True))
    by_key = defaultdict(list)
    kind = ContentType.objects.get_for_model(Training)
    rows = Occurrence.objects.filter(session__page__content_type=kind).values_list(
        *("session__page__translation_key", "starts_at", "ends_at", "session__format"),
        *("session__status", "session__replay"),
    )
    for key, start, end, form, status, replay in rows:
        by_key[key].append(Time(start, end, form, status == Status.PLANNED, replay in replays))
    found = defaultdict(list)
    for pk, key in Training.objects.values_list("pk", "translation_key"):
        found[pk] += by_key[key]
    steps = SeriesStep.objects.filter(training__in=Training.objects.visible_to(AnonymousUser()))
    for pk, key in steps.values_list("series", "training__translation_key"):
        found[pk] += by_key[key]
    return dict(found)


def by_format(snapshot: Snapshot) -> dict[str, int]:
    """The trainings with a time of each format."""
    return _sorted(snapshot, lambda own: {time.format for time in own})


def by_moment(snapshot: Snapshot) -> dict[str, int]:
    """The trainings that are to come, that may be seen again, that are past."""
    now = timezone.now()

    def moments(own: list[Time]) -> set[str]:
        said = {When.REPLAY.value} if any(time.replay for time in own) else set()
        if _next(own, now):
            said.add(When.UPCOMING.value)
        elif own and all(time.end <= now for time in own):
            said.add(When.PAST.value)
        return said

    return _sorted(snapshot, moments)


def _sorted(snapshot: Snapshot, values_of: Callable[[list[Time]], set[str]]) -> dict[str, int]:
    pages = defaultdict(list)
    for page_id, own in times().items():
        for value in values_of(own):
            pages[value].append(page_id)
    return {value: snapshot.with_pages(page_ids) for value, page_ids in pages.items()}


def next_first(rows: list[Row]) -> list[Row]:
    """The soonest first, then those at any time, then the past ones from the last."""
    found, now = times(), timezone.now()

    def position(row: Row) -> tuple[int, float]:
        own = found.get(row.page_id, ())
        start = _next(own, now)
        if start:
            return 0, start.timestamp()
        past = [time.end for time in own]
        return (2, -max(past).timestamp()) if past else (1, -row.freshness)

    return sorted(rows, key=position)


def _next(own, now: datetime.datetime) -> datetime.datetime | None:
    """The start of the time that is on or comes next."""
    return min((time.start for time in own if time.planned and time.end > now), default=None)

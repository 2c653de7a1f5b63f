"""Trainings that can be seen again: their recordings in the library, and who speaks in them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Page

from commons.agenda.models import Session
from commons.pages.languages import readable_in
from commons.pages.page_rows import in_order
from commons.pages.visibility import visible_pages
from commons.trainings.models import Series, TrainingPerson


@dataclass(frozen=True)
class Replay:
    """A recording that one may see, of a session that is over."""

    page: Page
    start: datetime.datetime  # of the session, on its own clock
    speakers: list[TrainingPerson]


@dataclass(frozen=True)
class RecordingContext:
    """Who speaks in a recording, and what it belongs to beside its trainings."""

    speakers: list[TrainingPerson]
    series: list[Page]
    guides: list[Page]


def replays_of(trainings: Iterable[Page], *, user) -> list[Replay]:
    """The recordings of these trainings in the reader's language, the last first, once each.

    At most three queries, and one when there is none.
    """
    by_key = {page.translation_key: page for page in trainings}
    rows = Session.objects.filter(page__translation_key__in=by_key, replay__isnull=False)
    over = rows.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")
    sessions = list(over.select_related("page", "replay")) if by_key else []
    if not sessions:
        return []
    pages = readable_in([s.replay for s in sessions], language=get_language(), user=user)
    people = _speakers([page.pk for page in by_key.values()])
    replays = {}
    for session in sessions:
        page = pages.get(session.replay.translation_key)
        if page and page.pk not in replays:
            own = people[by_key[session.page.translation_key].pk]
            replays[page.pk] = Replay(page, session.local_start, own)
    return list(replays.values())


def recorded(sessions: Iterable[Session], *, user) -> RecordingContext:
    """What a recording of these sessions tells of: four queries at most."""
    pages = {session.page.pk: session.page for session in sessions}
    named = {}
    for people in _speakers(pages).values():
        named |= {(person.name, person.role): person for person in people}
    keys = [page.translation_key for page in pages.values()]
    locales = [page.locale_id for page in pages.values()]
    series_with_trainings = Series.objects.visible_to(user).filter(
        steps__training__translation_key__in=keys
    )
    series_with_trainings = (
        series_with_trainings.filter(locale__in=locales).order_by("path").distinct()
    )
    rows = list(series_with_trainings.values_list("pk", "linked_guide"))
    whole = in_order(visible_pages(user), [pk for pair in rows for pk in pair if pk])
    by_id = {page.pk: page for page in whole}
    series = [by_id[pk] for pk, _ in rows if pk in by_id]
    guides = dict.fromkeys(guide for _, guide in rows if guide in by_id)
    return RecordingContext(list(named.values()), series, [by_id[pk] for pk in guides])


def _speakers(trainings: Iterable[int]) -> dict[int, list[TrainingPerson]]:
    """Who teaches and tells in each training, by the number of its page."""
    speakers = defaultdict(list)
    for person in TrainingPerson.objects.filter(training__in=list(trainings)):
        speakers[person.training_id].append(person)
    return speakers

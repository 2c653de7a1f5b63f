"""The trainings of a series in order, the session of each to tell of, and which one followed."""

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Page

from commons.agenda.availability import Phase
from commons.agenda.card_notes import main_session
from commons.agenda.models import Registration
from commons.agenda.presentation import SessionPresenter, sessions_by_key
from commons.pages.page_rows import in_order
from commons.pages.visibility import visible_pages


@dataclass(frozen=True)
class Step:
    """One training of a series as one reader sees it; its sessions are in order."""

    page: Page
    sessions: list[SessionPresenter]
    followed: bool = False

    @property
    def main_session(self) -> SessionPresenter | None:
        return main_session(self.sessions)

    @property
    def replay(self) -> Page | None:
        """The last recording that can be seen of it."""
        seen = [item for item in self.sessions if item.is_over and item.replay]
        return max(seen, key=lambda item: item.start).replay if seen else None

    @property
    def offered(self) -> SessionPresenter | None:
        """The session that signing up for the series means: the next with a seat, else a list."""
        open_sessions = [item for item in self.sessions if item.is_open]
        joined = [item for item in open_sessions if item.registration]
        free = [item for item in open_sessions if item.phase == Phase.OPEN]
        return next(iter([*joined, *free, *open_sessions]), None)


@dataclass(frozen=True)
class Progress:
    """How many trainings of a series a member followed, among those that they may read."""

    series: Page
    followed: int
    trainings: list[Page]

    @property
    def total(self) -> int:
        return len(self.trainings)


def trainings_of(series: Iterable[Page], *, user) -> dict[int, list[Page]]:
    """The visible trainings of each series in order, in its language where they exist."""
    series = list(series)
    # Asked of the pages, by the names of their relations: `series` imports this module.
    rows = Page.objects.filter(pk__in=[page.pk for page in series], series__steps__isnull=False)
    rows = rows.order_by("series__steps__sort_order")
    keys = list(rows.values_list("pk", "series__steps__training__translation_key"))
    visible = visible_pages(user).filter(translation_key__in={key for _, key in keys})
    named = list(visible.values_list("pk", "locale", "translation_key"))
    pages = {page.pk: page for page in in_order(visible, [pk for pk, _, _ in named])}
    in_order_by_series = {}
    for one in series:
        # The last one counts: the one in the language of the series, else the first written.
        best = sorted(named, key=lambda row: (row[1] == one.locale_id, -row[0]))
        by_key = {key: pages[pk] for pk, _, key in best}
        own = [key for pk, key in keys if pk == one.pk]
        in_order_by_series[one.pk] = [by_key[key] for key in own if key in by_key]
    return in_order_by_series


def steps_of(series: Page, *, user) -> list[Step]:
    """Each visible training of `series`, with its sessions."""
    pages = trainings_of([series], user=user)[series.pk]
    sessions = sessions_by_key(pages, user=user)
    followed = _followed([page.translation_key for page in pages], user=user)
    return [
        Step(page, sessions[page.translation_key], page.translation_key in followed)
        for page in pages
    ]


def progress_in(series: Iterable[Page], *, user) -> list[Progress]:
    """How far a member is in each series that has a training."""
    trainings = trainings_of(series, user=user)
    keys = {page.translation_key for pages in trainings.values() for page in pages}
    followed = _followed(keys, user=user)
    progress = []
    for one in series:
        own = trainings[one.pk]
        if own:
            done = {page.translation_key for page in own} & followed
            progress.append(Progress(one, len(done), own))
    return progress


def still_open(steps: Iterable[Step]) -> list[SessionPresenter]:
    """What signing up for the series is about: one session each training that one can join."""
    offered = [step.offered for step in steps if step.offered]
    return [item for item in offered if not item.registration]


def series_joined_by(member, *, language: str) -> list[Page]:
    """The visible series of which a member signed up for a training, in a language."""
    registrations = Registration.objects.by(member).active() | Registration.objects.by(
        member
    ).filter(attended=True)
    keys = registrations.order_by().values("session__page__translation_key")
    series = Page.objects.filter(series__steps__training__translation_key__in=keys)
    pages = visible_pages(member).filter(pk__in=series.values("pk"))
    here = pages.filter(locale__language_code=language).order_by("title", "pk")
    return in_order(here, list(here.values_list("pk", flat=True)))


def _followed(keys: Iterable, *, user) -> set:
    """Which of these trainings, by translation key, `user` was present at."""
    if not user.is_authenticated:
        return set()
    present = Registration.objects.by(user).filter(attended=True)
    attended = present.filter(session__page__translation_key__in=list(keys))
    return set(attended.order_by().values_list("session__page__translation_key", flat=True))

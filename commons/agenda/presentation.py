"""What a page, a list or a person is shown of sessions: when, how full, where they stand in it."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from wagtail.models import Page

from commons.agenda.availability import (
    Phase,
    Seats,
    dates_ahead,
    has_ended,
    next_time,
    phase,
    positions_of,
    seats_of,
)
from commons.agenda.models import Registration, Session, State, Status
from commons.agenda.time_zones import on_clock
from commons.pages.addresses import path_of
from commons.pages.languages import readable_in
from commons.pages.page_rows import with_roots
from commons.pages.visibility import visible_pages

DATES = 4  # of a session that comes back, how many are listed
PAST_PHASES = {Phase.OVER, Phase.REPLAY}
REGISTERED = {State.CONFIRMED, State.WAITING}  # what a person sees as being signed up


@dataclass(frozen=True)
class SessionPresenter:
    """A session as one reader sees it; `page` is the page in their language, if they may see it."""

    session: Session
    page: Page | None
    seats: Seats
    phase: Phase
    now: datetime.datetime
    replay: Page | None = None
    registration: Registration | None = None
    position: int | None = None

    @property
    def start(self) -> datetime.datetime:
        """The start of the time that is on or comes next, else of the last; on its own clock."""
        return on_clock(next_time(self.session, self.now)[0], self.session.zone)

    @property
    def end(self) -> datetime.datetime:
        return on_clock(next_time(self.session, self.now)[1], self.session.zone)

    @property
    def opens(self) -> datetime.datetime | None:
        at = self.session.sign_up_opens_at
        return at and on_clock(at, self.session.zone)

    @property
    def closes(self) -> datetime.datetime | None:
        """The deadline, when it is another than the start."""
        at = self.session.sign_up_closes_at
        return on_clock(at, self.session.zone) if at and at < self.session.starts_at else None

    @property
    def next_dates(self) -> list[datetime.datetime]:
        """The next starts of a session that comes back, on its own clock."""
        if self.session.status != Status.PLANNED:
            return []
        return dates_ahead(self.session, most=DATES, now=self.now)

    @property
    def days_without(self) -> list[datetime.date]:
        """The next days on which a session that comes back does not."""
        today = self.now.astimezone(self.session.zone).date()
        days = [datetime.date.fromisoformat(day) for day in self.session.skipped]
        return [day for day in days if day >= today][:DATES]

    @property
    def has_ended(self) -> bool:
        """Whether its last time is past, called off or not."""
        return has_ended(self.session, self.now)

    @property
    def is_ahead(self) -> bool:
        """Whether the day that was announced is still to come, called off or not."""
        return self.end > self.now

    @property
    def is_over(self) -> bool:
        return self.phase in PAST_PHASES

    @property
    def is_open(self) -> bool:
        return self.phase in {Phase.OPEN, Phase.FULL}

    @property
    def is_dated(self) -> bool:
        """Whether it may go in a calendar: it is still to take place, on that day."""
        return not self.is_over and self.session.status == Status.PLANNED

    @property
    def sign_up_host(self) -> str:
        """The other site where one signs up."""
        return urlsplit(self.session.sign_up_url).netloc.removeprefix("www.")

    @property
    def is_joined(self) -> bool:
        """Whether the reader has a seat in what is still to take place, hence its video link."""
        confirmed = self.registration and self.registration.state == State.CONFIRMED
        return bool(confirmed) and self.is_dated

    @property
    def sign_up_address(self) -> str:
        return address("session_register", self.page, self.session) if self.page else ""

    @property
    def calendar_address(self) -> str:
        return address("session_ics", self.page, self.session) if self.page else ""


def address(name: str, page: Page, session: Session) -> str:
    """The address called `name` of a session, under that of `page`, in the page's language."""
    language = page.locale.language_code
    with override(language):
        return reverse(name, kwargs={"path": path_of(page), "pk": session.pk})


def sessions_of(
    page: Page, *, user, now: datetime.datetime | None = None
) -> list[SessionPresenter]:
    """Every session of `page`: those to come, then the latest. At most six queries."""
    sessions = list(Session.objects.of(page).select_related("replay"))
    for session in sessions:
        session.page = page  # in the reader's language, and already read
    items = present(sessions, user=user, now=now, pages={page.translation_key: page})
    ahead = [item for item in items if not item.is_over]
    return [*ahead, *reversed([item for item in items if item.is_over])]


def present(
    sessions: list[Session],
    *,
    user,
    pages: dict,
    mine: dict[int, Registration] | None = None,
    now: datetime.datetime | None = None,
) -> list[SessionPresenter]:
    """`sessions`, each with its seats, its replay if it may be seen, and what one has in it.

    `pages` gives the page to link to by translation key, `mine` the registration by session: that
    of `user` unless told. At most four queries.
    """
    now = now or timezone.now()
    seats = seats_of(sessions, now=now) if sessions else {}
    replays = readable([s.replay_id for s in sessions if s.replay_id], user=user)
    mine = registrations_in(sessions, user=user) if mine is None else mine
    places = positions_of(mine.values())
    return [
        SessionPresenter(
            session=session,
            page=pages.get(session.page.translation_key),
            seats=seats[session.pk],
            phase=_phase(session, seats[session.pk], now, replays),
            now=now,
            replay=replays.get(session.replay_id),
            registration=mine.get(session.pk),
            position=places.get(mine[session.pk].pk) if session.pk in mine else None,
        )
        for session in sessions
    ]


def sessions_by_key(pages: Iterable[Page], *, user, mine: dict | None = None) -> dict:
    """The sessions of listed pages by translation key, each in order; see `present` for the rest.

    A fixed number of queries.
    """
    by_key = {page.translation_key: page for page in pages}
    rows = Session.objects.filter(page__translation_key__in=by_key).select_related("replay")
    sessions = list(rows.select_related("page"))
    for session in sessions:
        session.page = by_key[session.page.translation_key]  # in the reader's language
    items = defaultdict(list)
    for item in present(sessions, user=user, pages=by_key, mine=mine):
        items[item.session.page.translation_key].append(item)
    return items


def present_to_organiser(sessions: list[Session], *, user) -> list[SessionPresenter]:
    """How full each is, and where it stands in its life; neither pages nor one's own seats."""
    return present(sessions, user=user, pages={}, mine={})


def present_to_registrants(
    registrations: Iterable[Registration], *, user
) -> list[SessionPresenter]:
    """The session of each, with that registration; a page is linked only if `user` may see it.

    The sessions come with their pages. At most four queries.
    """
    mine = {row.session_id: row for row in registrations}
    sessions = [row.session for row in mine.values()]
    own = [session.page for session in sessions]
    pages = readable_in(own, language=get_language(), user=user)
    for session in sessions:
        session.page = pages.get(session.page.translation_key, session.page)
    return present(sessions, user=user, pages=pages, mine=mine)


def _phase(session: Session, seats: Seats, now: datetime.datetime, replays: dict) -> Phase:
    """The phase for this reader: a replay that they may not see is none."""
    current = phase(session, seats, now)
    hidden = current == Phase.REPLAY and session.replay_id not in replays
    return Phase.OVER if hidden else current


def readable(numbers: Iterable[int], *, user) -> dict[int, Page]:
    """The pages of these numbers that `user` may see, in one query."""
    numbers = set(numbers)
    if not numbers:
        return {}
    pages = visible_pages(user).filter(pk__in=numbers).select_related("locale")
    return {page.pk: page for page in with_roots(pages)}


def registrations_in(sessions: list[Session], *, user) -> dict[int, Registration]:
    """What `user` stands as in each session, by its number."""
    if not sessions or not user.is_authenticated:
        return {}
    rows = Registration.objects.by(user).filter(session__in=sessions, state__in=REGISTERED)
    return {row.session_id: row for row in rows.order_by("pk")}

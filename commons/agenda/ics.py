"""Sessions as entries of a calendar (RFC 5545), for anybody or for one person who has a seat."""

import datetime
from collections.abc import Iterable, Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vDuration, vUri
from wagtail.models import Page

from commons.agenda import date_formats
from commons.agenda.models import Format, Registration, Repeat, Session, State, Status
from commons.agenda.recurrence import AHEAD, listed_since, rule_of, times
from commons.agenda.validation import YEARS, is_possible
from commons.agenda.vtimezone import keeps, vtimezone
from commons.pages.page_rows import with_roots
from commons.pages.text import clean_line

REFRESH = datetime.timedelta(hours=6)  # how often those who subscribe ask again
STATUSES = {
    Status.PLANNED: "CONFIRMED",
    Status.POSTPONED: "TENTATIVE",
    Status.CANCELLED: "CANCELLED",
}


def calendar(sessions: Iterable[Session], *, name: str, language: str = "fr") -> bytes:
    """A calendar that anybody may read: neither the video link nor the contact's address.

    The sessions come with the pages to name them by; no query is made for each.
    """
    with translation.override(language):
        sessions = [session for session in sessions if is_possible(session)]
        with_roots(session.page for session in sessions)
        return _feed(name, [event for session in sessions for event in _events(session)])


def own_calendar(
    registrations: Iterable[Registration], *, name: str, language: str = "fr"
) -> bytes:
    """The same for one person: of what they have a seat in, the way to join it too."""
    with translation.override(language):
        rows = [row for row in registrations if is_possible(row.session)]
        with_roots(row.session.page for row in rows)
        return _feed(name, [event for row in rows for event in _own_events(row)])


def entry(registration: Registration, *, method: str = "REQUEST") -> bytes:
    """One session for the calendar of somebody who has a seat, with the way to join it.

    `method` (RFC 5546): REQUEST comes by mail and is put in, or brought up to date; CANCEL takes it
    away; PUBLISH is downloaded.
    """
    session = registration.session
    with translation.override(registration.language):
        calendar = _calendar(method)
        event = _event(session)
        event.sequence = session.sequence + registration.sequence
        event.DTSTAMP = timezone.now()
        if method == "CANCEL":
            event["status"] = "CANCELLED"
        elif _is_seated(registration):
            _add_way_in(event, registration)
        if method != "PUBLISH":
            _add_people(event, registration)
        calendar.add_component(event)
        return _bytes(calendar)


def uid(session: Session) -> str:
    """The same for ever, in the public calendar and in everybody's own."""
    return f"session-{session.pk}@{urlsplit(settings.SITE_URL).hostname}"


def where(session: Session) -> str:
    """The place on one line; « En ligne » when there is no other."""
    parts = [session.place, session.address]
    if session.commune not in session.address:
        parts.append(session.commune)
    place = ", ".join(part for part in parts if part)
    if session.format == Format.ONLINE:
        return session.get_format_display()
    if session.format == Format.HYBRID:
        return " · ".join(part for part in (place, _("En ligne")) if part)
    return place


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{urlsplit(settings.SITE_URL).hostname}//commons//FR")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _feed(name: str, events: Iterable[Event]) -> bytes:
    calendar = _calendar("PUBLISH")
    calendar.add("name", clean_line(name))
    calendar.add("x-wr-calname", clean_line(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for event in events:
        calendar.add_component(event)
    return _bytes(calendar)


def _bytes(calendar: Calendar) -> bytes:
    """With each clock that it names, before what names it."""
    years = [event.start.year for event in calendar.walk("VEVENT")]
    for name in sorted(calendar.get_missing_tzids(), reverse=True):
        first = datetime.date(max(min(years), YEARS[0]) - 1, 1, 1)
        calendar.subcomponents.insert(0, vtimezone(name, first=first))
    return calendar.to_ical()


def _is_seated(registration: Registration) -> bool:
    """Whether the way in is theirs."""
    called_off = registration.session.status == Status.CANCELLED
    return registration.state == State.CONFIRMED and not called_off


def _own_events(registration: Registration) -> Iterator[Event]:
    for event in _events(registration.session):
        event.sequence = registration.session.sequence + registration.sequence
        event.DTSTAMP = max(registration.session.updated_at, registration.updated_at)
        if _is_seated(registration):
            _add_way_in(event, registration)
        yield event


def _events(session: Session) -> Iterator[Event]:
    """One entry; of what comes back by a rule that Outlook does not know, one for each date."""
    if "bysetpos" not in (rule_of(session) or {}):
        yield _event(session)
        return
    now, length = timezone.now(), session.ends_at - session.starts_at
    for at in times(session, since=listed_since(session, now), until=now + AHEAD):
        event = _event(session)
        for name in ("rrule", "exdate"):
            event.pop(name, None)
        start = at.astimezone(session.zone)
        event["uid"] = f"{start:%Y%m%d}-{uid(session)}"
        event.DTSTART, event.DTEND = start, (at + length).astimezone(session.zone)
        yield event


def _event(session: Session) -> Event:
    event = Event()
    event.add("uid", uid(session))
    event.add("sequence", session.sequence)
    event.add("dtstamp", session.updated_at)
    event.add("created", session.created_at)
    event.add("last-modified", session.updated_at)
    # Not every calendar shows what is called off as such.
    event.add("summary", clean_line(date_formats.announced(session, session.title)))
    for name, at in (("dtstart", session.local_start), ("dtend", session.local_end)):
        event.add(name, at if _on_its_clock(session) else at.astimezone(datetime.UTC))
    event.add("status", STATUSES[Status(session.status)])
    _add_rule(event, session)
    _add_place(event, session)
    address = page_address(session.page)
    event.add("description", "\n".join(_lines(session, address)))
    if address:
        event.add("url", address)
    return event


def _on_its_clock(session: Session) -> bool:
    """One time of a clock that changes by no rule is told in UTC: no reader gets that wrong."""
    start = session.local_start
    return session.repeat != Repeat.NEVER or keeps(session.time_zone, start.year)


def page_address(page: Page) -> str:
    """The address of the page of a session; nothing for one that is not published."""
    if not page.live:
        return ""
    return settings.SITE_URL + (page.get_url_parts() or ("", "", ""))[2]


def _lines(session: Session, address: str) -> list[str]:
    note = session.status_note if session.status != Status.PLANNED else ""
    return [line for line in (note, date_formats.rhythm(session), address) if line]


def _add_rule(event: Event, session: Session) -> None:
    rule = rule_of(session)
    if rule is None:
        return
    event.add("rrule", rule)
    days = [datetime.date.fromisoformat(day) for day in session.skipped]
    clock = session.local_start.timetz()
    for day in sorted(days):
        event.add("exdate", datetime.datetime.combine(day, clock))


def _add_place(event: Event, session: Session) -> None:
    if where(session):
        event.add("location", where(session))
    if session.latitude is not None and session.longitude is not None:
        event.add("geo", (session.latitude, session.longitude))


def _add_way_in(event: Event, registration: Registration) -> None:
    """What those who have a seat know, and nobody else."""
    session, lines = registration.session, []
    if session.video_url:
        event.add("conference", vUri(session.video_url, params={"VALUE": "URI"}))
        lines.append(_("Visioconférence : %(url)s") % {"url": session.video_url})
    if session.contact_email:
        who = " ".join(part for part in (session.contact_name, session.contact_email) if part)
        lines.append(_("Une question ? %(contact)s") % {"contact": who})
    private = settings.SITE_URL + reverse("registration", args=[registration.token])
    lines.append(_("Voir ou annuler mon inscription : %(url)s") % {"url": private})
    event["description"] = ""
    event.description = "\n".join([*_lines(session, page_address(session.page)), *lines])


def _add_people(event: Event, registration: Registration) -> None:
    """RFC 5546 asks who invites whom: the site, and the one reader of this mail."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = settings.WAGTAIL_SITE_NAME
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{registration.address}")
    attendee.params["CN"] = registration.name
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    event.add("attendee", attendee)

"""Emails sent by the scheduled jobs: a reminder before a session, the replay after it.

Each email is stored with its `SentEmail` in one transaction: two runs at once, or one that is
killed, neither write twice nor forget anybody.
"""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from wagtail.models import Page

from commons.agenda import emails
from commons.agenda.models import Registration, Repeat, SentEmail, Session, State, Status
from commons.pages.visibility import visible_pages

MOST = 1000  # emails a run; the next one, a minute later, writes the others
FARTHEST = datetime.timedelta(days=60)  # a reminder earlier than that is none


def send_reminders() -> int:
    """Remind those who have a seat, once at each reminder time. Returns how many it wrote.

    When several times have passed, such as after a break, only the nearest to the start counts.
    Who was registered since needs none: the email that said so holds all of it.
    """
    now, written = timezone.now(), 0
    soon = Session.objects.filter(
        status=Status.PLANNED,
        repeat=Repeat.NEVER,  # one signs up for sessions that take place once
        starts_at__gt=now,
        starts_at__lte=now + FARTHEST,
        page__live=True,
    )
    for session in soon.order_by("starts_at", "pk"):
        hours = due_reminder(session, now)
        if hours is None:
            continue
        start = session.starts_at.astimezone(datetime.UTC)
        about = f"reminder:{hours}:{start:%Y-%m-%dT%H:%MZ}"
        rows = _without_email(session.registrations.all(), Value(about)).filter(
            updated_at__lte=session.starts_at - datetime.timedelta(hours=hours)
        )
        for number in rows[: MOST - written]:
            written += _remind(number, about, session.starts_at)
        if written >= MOST:
            break
    return written


def due_reminder(session: Session, now: datetime.datetime) -> int | None:
    """Of the reminder times that have passed, in hours before the start, the last one."""
    left = session.starts_at - now
    passed = [hours for hours in session.reminders if datetime.timedelta(hours=hours) >= left]
    return min(passed, default=None)


def send_replays() -> int:
    """Tell each attendee once that the replay is online. Returns how many emails were written."""
    public = visible_pages(AnonymousUser())
    over = Registration.objects.filter(
        session__status=Status.PLANNED,
        session__repeat=Repeat.NEVER,
        session__ends_at__lte=timezone.now(),
        session__replay__in=public,
    )
    about = Concat(Value("replay:"), Cast("session__replay_id", CharField()))
    return sum(_send_replay(number) for number in _without_email(over, about)[:MOST])


def set_muted(registration: Registration, *, muted: bool) -> None:
    """Stop reminders and messages about this session, or resume them; the seat is kept."""
    Registration.objects.filter(pk=registration.pk).update(muted=muted)


def _without_email(rows: QuerySet[Registration], about) -> QuerySet:
    """The numbers of those who have a seat and no email about that, in order."""
    sent = SentEmail.objects.filter(registration=OuterRef("pk"), about=OuterRef("about_now"))
    rows = rows.filter(state=State.CONFIRMED, muted=False).annotate(about_now=about)
    return rows.filter(~Exists(sent)).order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def _remind(number: int, about: str, starts_at: datetime.datetime) -> bool:
    row = _locked_registration(number)
    if row is None or row.session.starts_at != starts_at or timezone.now() >= starts_at:
        return False
    return emails.send_once(row, emails.Kind.REMINDER, about=about)


@transaction.atomic
def _send_replay(number: int) -> bool:
    row = _locked_registration(number)
    replay = row and _in_language(row.session.replay, row.language)
    if replay is None:
        return False
    kind = emails.Kind.PRESENT if row.attended else emails.Kind.ABSENT
    about = f"replay:{row.session.replay_id}"
    return emails.send_once(row, kind, about=about, replay=replay)


def _locked_registration(number: int) -> Registration | None:
    """The registration as it is now: the person may have left, the session be called off."""
    rows = Registration.objects.select_for_update(of=("self",))
    rows = rows.select_related("member", "session__page", "session__replay")
    still = rows.filter(pk=number, state=State.CONFIRMED, session__status=Status.PLANNED)
    return still.first()


def _in_language(replay: Page | None, language: str) -> Page | None:
    """The replay as anybody may see it, in the person's language if there is one."""
    if replay is None:
        return None
    translations = visible_pages(AnonymousUser()).filter(translation_key=replay.translation_key)
    pages = list(translations.select_related("locale"))
    mine = [page for page in pages if page.locale.language_code == language]
    return next(iter(mine + [page for page in pages if page.pk == replay.pk]), None)

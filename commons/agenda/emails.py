"""What we write to those who signed up: one mail to one person about one or several sessions."""

from collections.abc import Sequence
from contextlib import nullcontext

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.agenda import date_formats, ics
from commons.agenda.email_items import Item, changes, items_of
from commons.agenda.email_sentences import EMAIL_TEXTS, Kind
from commons.agenda.models import Registration, SentEmail, State, Status
from commons.contributions.names import name_for_email
from commons.members.notifications import compose, notify
from commons.members.outbox import deliver_later

__all__ = ["Kind", "confirmation_key", "preview", "read_confirmation_key", "send", "send_once"]

CONFIRM_SECONDS = 24 * 3600
_SALT = "commons.agenda.confirm"
# Not needed to come, or to stay away: whoever asked for muted does not get them.
OPTIONAL = {Kind.REMINDER, Kind.MESSAGE, Kind.MESSAGE_HELD, Kind.PRESENT, Kind.ABSENT}
LEFT = {Kind.CANCELLED, Kind.REMOVED}
CALLED_OFF = LEFT | {Kind.SESSION_CANCELLED}
AFTERWARDS = {Kind.PRESENT, Kind.ABSENT}
# Written to all those registered at once.
TO_MANY = OPTIONAL | {*(Kind.CHANGED, Kind.POSTPONED, Kind.PLANNED_AGAIN, Kind.SESSION_CANCELLED)}
# A change that says whether it takes place.
MOVED = {Status.PLANNED: Kind.PLANNED_AGAIN, Status.POSTPONED: Kind.POSTPONED}
# With the session for their calendar, if they have a seat in it.
DATED = {
    *(Kind.CONFIRMED, Kind.ALREADY, Kind.PROMOTED, Kind.ADDED, Kind.CHANGED, Kind.PLANNED_AGAIN),
    Kind.REMINDER,
}


def send(registrations: Sequence[Registration], kind: Kind, **extra) -> None:
    """Write one email to the person whose `registrations` these are, in the outbox.

    `extra`: `before` (a Session) and `changed` (names of fields) for CHANGED; `replay` (a page) for
    PRESENT and ABSENT; `subject`, `text` and, if they have a
    name, `by` for MESSAGE.
    """
    if kind in OPTIONAL:
        registrations = [row for row in registrations if not row.muted]
    if not registrations:
        return
    language = registrations[0].language
    with translation.override(language):
        items = items_of(registrations, language=language)
        news = []
        if kind == Kind.CHANGED:
            news = changes(extra["before"], items[0], extra["changed"])
            if "status" in extra["changed"]:
                kind = MOVED[Status(items[0].session.status)]
            elif not news:
                return  # of no concern to somebody who waits
        if kind == Kind.MESSAGE and items[0].is_unconfirmed:
            kind, extra = Kind.MESSAGE_HELD, {}
        with deliver_later() if kind in TO_MANY else nullcontext():
            _send(items, kind, news=news, extra=extra)


def preview(registration: Registration, *, subject: str, text: str, by: str) -> str:
    """What the person would read of an organiser's message; nothing is written."""
    with translation.override(registration.language):
        items = items_of([registration], language=registration.language)
        extra = {"subject": subject, "text": text, "by": by}
        return compose(
            "session_email", **_email_arguments(items, Kind.MESSAGE, news=[], extra=extra)
        ).body


def _send(items: list[Item], kind: Kind, *, news: list[str], extra: dict) -> None:
    arguments = _email_arguments(items, kind, news=news, extra=extra)
    notify("session_email", attachments=_attachments(items, kind), **arguments)


def _email_arguments(items: list[Item], kind: Kind, *, news: list[str], extra: dict) -> dict:
    """What `notify` needs to tell it, but for the calendar files."""
    first = items[0].registration
    label, url = _action(items, kind, extra)
    context = {
        "name": name_for_email(first.name) if first.is_unconfirmed else first.name,
        "opening": _opening(kind, extra),
        "message": extra.get("text", ""),
        "news": news,
        "items": items,
        "stands": kind not in CALLED_OFF | AFTERWARDS and not items[0].is_over,
        "afterwards": kind in AFTERWARDS,
        "action": label,
        "url": url,
        "stop": _mute_url(first) if kind in OPTIONAL else "",
    }
    return {
        "to": first.address,
        "subject": _subject(items, kind, extra),
        "language": first.language,
        "context": context,
        "headers": _headers(items[0], kind),
    }


@transaction.atomic
def send_once(registration: Registration, kind: Kind, *, about: str, **extra) -> bool:
    """`send`, unless an email about `about` was written before. Returns whether it is written now.

    The `SentEmail` and the mail are stored together: two runs at once write one email, and a run
    that is killed between the two has written none.
    """
    try:
        with transaction.atomic():
            # Of two at once, the second waits here for the first, then finds its row.
            SentEmail.objects.create(registration=registration, about=about)
    except IntegrityError:
        return False
    send([registration], kind, **extra)
    return True


def confirmation_key(registrations: Sequence[Registration]) -> str:
    """What the confirmation link holds: good for these registrations, this address, one day."""
    rows = sorted(registrations, key=lambda registration: registration.pk)
    return signing.dumps([[row.pk for row in rows], _address_digest(rows)], salt=_SALT)


def read_confirmation_key(
    key: str, *, max_age: int | None = CONFIRM_SECONDS
) -> list[Registration] | None:
    """The registrations of a link that is ours, recent, and of their present address.

    Without `max_age`, also those of an older link: to say what it was for, never to act.
    """
    try:
        numbers, mark = signing.loads(key, salt=_SALT, max_age=max_age)
    except signing.BadSignature:
        return None
    rows = Registration.objects.filter(pk__in=numbers).order_by("pk")
    rows = list(rows.select_related("session__page", "session__replay"))
    return rows if rows and _address_digest(rows) == mark else None


def _address_digest(registrations: Sequence[Registration]) -> str:
    """What stands for the address in a link, which servers write in their journals."""
    secrets = "".join(f"{row.token}{row.email}" for row in registrations)
    return salted_hmac(_SALT, secrets).hexdigest()[:16]


def _subject(items: list[Item], kind: Kind, extra: dict) -> str:
    if kind == Kind.MESSAGE:
        return extra["subject"]
    first, others = items[0], len(items) - 1
    values = {"title": first.title, "when": ""}
    if others:
        more = ngettext(
            "%(title)s et %(others)s autre séance", "%(title)s et %(others)s autres séances", others
        )
        values["title"] = more % {"title": first.title, "others": others}
    if kind == Kind.REMINDER:
        start = first.session.local_start
        values["when"] = f"{date_formats.day(start)}, {date_formats.hour(start)}"
    return EMAIL_TEXTS[kind].subject % values


def _opening(kind: Kind, extra: dict) -> str:
    """How it begins; a message says who writes, if they have a name to show."""
    if kind == Kind.MESSAGE and extra.get("by"):
        return _("%(name)s, qui organise votre séance, vous écrit :") % {"name": extra["by"]}
    return EMAIL_TEXTS[kind].text


def _action(items: list[Item], kind: Kind, extra: dict) -> tuple[str, str]:
    """The one thing to do: what the button says, where it leads; nothing when there is none."""
    first = items[0]
    if kind == Kind.CONFIRM:
        key = confirmation_key([item.registration for item in items])
        path = reverse("registration_confirm", args=[key])
        return _("Confirmer mon inscription"), settings.SITE_URL + path
    if kind in AFTERWARDS:
        return _("Regarder la rediffusion"), ics.page_address(extra["replay"])
    if kind == Kind.REMINDER and first.video:
        return _("Rejoindre la visioconférence"), first.video
    if kind in CALLED_OFF:
        return (_("Voir la page"), first.page_url) if first.page_url else ("", "")
    if len(items) > 1 and not first.is_over:
        return "", ""
    return _("Voir mon inscription") if first.is_over else first.private_label, first.private_url


def _mute_url(registration: Registration) -> str:
    """Where one asks for no more reminders nor messages about this session."""
    return settings.SITE_URL + reverse("registration_mute", args=[registration.token])


def _headers(item: Item, kind: Kind) -> dict[str, str]:
    headers = {}
    # Who is written to by an organiser may answer, even without a seat.
    if item.contact or (kind == Kind.MESSAGE and item.session.contact_email):
        headers["Reply-To"] = item.session.contact_email
    if kind in OPTIONAL:  # RFC 8058: one click in the reader's mail program
        headers["List-Unsubscribe"] = f"<{_mute_url(item.registration)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _attachments(items: list[Item], kind: Kind) -> list[tuple[str, bytes, str]]:
    """A calendar file for each session to put in one's calendar, bring up to date or take away."""
    method = "CANCEL" if kind in CALLED_OFF else "REQUEST"
    if kind in LEFT:
        chosen = items
    elif kind in DATED | {Kind.POSTPONED, Kind.SESSION_CANCELLED}:
        chosen = [item for item in items if item.registration.state == State.CONFIRMED]
    else:
        chosen = []
    chosen = [item for item in chosen if not item.is_unconfirmed]
    mimetype = f"text/calendar; method={method}"
    # One invitation a file (RFC 5546).
    return [
        (
            f"seance-{item.session.pk}.ics",
            ics.entry(item.registration, method=method),
            mimetype,
        )
        for item in chosen
    ]

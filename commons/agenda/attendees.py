"""What an organiser reads: their sessions with how full they are, and the people of one."""

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from commons.agenda.availability import seats_of
from commons.agenda.models import Registration, Session, SignUp, State, Status
from commons.agenda.permissions import sessions_organised_by
from commons.agenda.waiting_list import position, positions
from commons.pages.text import clean_line
from search.analyzer import title_key

ORDER = {State.CONFIRMED: 0, State.PENDING: 1, State.WAITING: 2}


def organised_sessions(user, *, past: bool = False) -> QuerySet[Session]:
    """The sessions that `user` organises: to come, the nearest first; or past, the last first."""
    sessions = Session.objects.filter(pk__in=sessions_organised_by(user).values("pk"))
    now = timezone.now()
    upcoming = Min("occurrences__starts_at", filter=Q(occurrences__ends_at__gt=now))
    sessions = sessions.annotate(next=upcoming, last=Max("occurrences__ends_at"))
    sessions = sessions.select_related("page", "replay")
    if past:
        ended = sessions.filter(last__lte=now).exclude(status=Status.POSTPONED)
        return ended.order_by("-last", "-pk")
    upcoming = Q(last__gt=now) | Q(last=None) | Q(status=Status.POSTPONED)
    return sessions.filter(upcoming).order_by("next", "pk")


def pages_organised_by(user, *, most: int = 50) -> list[Page]:
    """The pages that `user` proposed and to which a session can be added."""
    pages = Page.objects.filter(owner=user, alias_of=None).order_by("-latest_revision_created_at")
    return [page for page in pages[:most] if is_dated(page)]


def is_dated(page: Page) -> bool:
    """Whether pages of this type have sessions."""
    return getattr(page.specific_class, "dated", False)


def new_session(page: Page) -> Session:
    """An unsaved session of `page`; to what comes back, one comes without signing up."""
    comes_back = getattr(page.specific_class, "comes_back", False)
    sign_up = SignUp.NONE if comes_back else SignUp.HERE
    return Session(page=page, language=page.locale.language_code, sign_up=sign_up)


def decision_message(session: Session) -> str:
    """What became of a decision about `session`, and who reads of it."""
    if session.registrations.filter(state__in=[State.CONFIRMED, State.WAITING]).exists():
        return _("C’est fait. Les personnes inscrites sont prévenues.")
    return _("C’est fait. La page, l’agenda et les calendriers le disent.")


def is_full(session: Session) -> bool:
    """Whether who comes now gets no seat."""
    return not seats_of([session])[session.pk].for_newcomers


def addition_message(registration: Registration) -> str:
    """What became of somebody who phoned."""
    values = {"name": registration.name, "position": position(registration)}
    if values["position"]:
        return _("%(name)s est sur la liste d’attente, en position %(position)s.") % values
    return _("%(name)s a une place.") % values


def list_attendees(session: Session, *, query: str = "") -> list[Registration]:
    """Who stands on the list: seats first, then the waiting list in order, with its places.

    The words of `query` are found without their accents, which no database ignores by itself.
    """
    query = clean_line(query)[:100]
    positions_by_pk = positions(session)
    rows = [row for row in session.registrations.active() if _matches(row, query)]
    for row in rows:
        row.position = positions_by_pk.get(row.pk)
        row.question_answers = list(zip(session.asked, row.answers, strict=False))
    return sorted(rows, key=lambda r: (ORDER[State(r.state)], r.position or 0, title_key(r.name)))


def _matches(row: Registration, query: str) -> bool:
    """Whether one finds this person by a piece of their name or address."""
    name = title_key(query)
    return not query or query.lower() in row.email or bool(name and name in title_key(row.name))

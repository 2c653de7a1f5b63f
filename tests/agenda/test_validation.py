"""Years that nobody meant: refused where they are typed, harmless where they are stored."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from commons.agenda import scheduling, validation
from commons.agenda.models import Occurrence, Repeat, Session
from commons.refused import Refused
from tests import factories
from tests.agenda.session_form_data import typed
from tests.agenda.sign_up_pages import address
from tests.agenda.test_session_fields import REPEATED, RepeatedSessionFields, form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
WEEKLY = {"repeat": "weekly", "sign_up": "none"}
FOR_EVER = {**WEEKLY, "repeat_until": "9999-12-31"}
PARIS = ZoneInfo("Europe/Paris")


def day(days: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


@pytest.fixture
def session():
    return factories.session(factories.training(owner=factories.member()))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "0001-01-01", "start": "00:00"}, "day"),
        ({"day": "0001-01-02"}, "day"),
        ({"day": "9999-12-31", "time_zone": "Pacific/Tahiti"}, "day"),
        ({"day": "2199-12-31"}, "day"),
        ({"day": day(4 * 366)}, "day"),
        ({"day": day(-4 * 366)}, "day"),
        ({"end_day": "9999-12-31"}, "end_day"),
        ({"end_day": day(90)}, "end_day"),
        ({"opens_day": "0001-01-01"}, "opens_day"),
        ({"opens_day": day(-4 * 366)}, "opens_day"),
        ({"closes_day": "9999-12-31", "time_zone": "Pacific/Tahiti"}, "closes_day"),
        ({**FOR_EVER, "time_zone": "America/Martinique"}, "repeat_until"),
        ({**WEEKLY, "repeat_until": "0001-01-01"}, "repeat_until"),
        ({**WEEKLY, "repeat_until": day(11 * 366)}, "repeat_until"),
        ({**WEEKLY, "repeat_until": day(1)}, "repeat_until"),
        ({**WEEKLY, "skipped": "9999-12-31"}, "skipped"),
    ],
)
def test_organiser_is_told_beside_the_field(client, session, changes, field):
    client.force_login(session.page.owner)
    for url in (
        reverse("new_session", args=[session.page_id]),
        reverse("edit_session", args=[session.pk]),
    ):
        answer = client.post(url, typed(place="Mairie", **changes))
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == [field]
        assert 'value="Mairie"' in answer.content.decode()
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"session_day": "9999-12-31", "session_zone": "Pacific/Tahiti"}, "session_day"),
        ({"session_day": "0001-01-01"}, "session_day"),
        ({"session_end_day": "9999-12-31"}, "session_end_day"),
        ({"session_repeat_until": "9999-12-31"}, "session_repeat_until"),
        ({"session_repeat_until": day(11 * 366)}, "session_repeat_until"),
    ],
)
def test_who_proposes_is_told_beside_the_field(changes, field):
    said = {**REPEATED, "session_repeat": "weekly", **changes}
    assert set(form(RepeatedSessionFields, **said).errors) == {field}


def test_what_was_written_years_ago_can_still_be_changed(session):
    long_ago = timezone.now() - datetime.timedelta(days=2000)
    ends = long_ago + datetime.timedelta(days=60)
    Session.objects.filter(pk=session.pk).update(starts_at=long_ago, ends_at=ends)
    session.refresh_from_db()
    session.place = "Mairie"
    scheduling.save_session(session, by=None)
    session.starts_at -= datetime.timedelta(days=1)
    with pytest.raises(Refused, match="vérifiez l’année"):
        scheduling.save_session(session, by=None)


@time_machine.travel("2027-01-10T12:00Z", tick=False)
def test_hour_that_a_clock_skips_is_said_in_words(session):
    hours = {"session_start": "02:30", "session_end": "03:00"}
    typed = form(session_day="2027-03-28", **hours)
    assert [str(e) for e in typed.errors["session_end"]] == [str(validation.CLOCK_CHANGES)]
    session.starts_at = datetime.datetime(2027, 3, 28, 2, 30, tzinfo=PARIS)
    session.ends_at = datetime.datetime(2027, 3, 28, 3, 0, tzinfo=PARIS)
    with pytest.raises(Refused, match="l’heure change"):
        scheduling.save_session(session, by=None)


@pytest.mark.parametrize(
    ("start", "end", "fields"),
    [
        ("0001-01-01T00:30Z", "0001-01-02T00:00Z", {}),
        ("9999-12-31T21:00Z", "9999-12-31T23:30Z", {"time_zone": "Indian/Reunion"}),
        ("2026-11-01T10:00Z", "9999-12-31T23:30Z", WEEKLY),
        ("0001-01-02T00:30Z", "0001-01-02T10:00Z", WEEKLY),
        (
            "2026-11-01T10:00Z",
            "2026-11-01T11:00Z",
            {**WEEKLY, "repeat_until": datetime.date.max, "time_zone": "America/Martinique"},
        ),
        (
            "2026-11-01T10:00Z",
            "2026-11-01T11:00Z",
            {**WEEKLY, "repeat_until": datetime.date.min},
        ),
    ],
)
def test_what_is_stored_already_breaks_no_public_page(client, start, end, fields):
    page = factories.event()
    factories.session(page)
    made = factories.session(
        page,
        starts_at=datetime.datetime.fromisoformat(start),
        ends_at=datetime.datetime.fromisoformat(end),
        **fields,
    )
    made.refresh_from_db()
    agenda = factories.agenda_page().get_url()
    calendars = (f"{agenda.rstrip('/')}.ics", address(made, "session_ics"))
    addresses = (agenda, f"{agenda}?month={timezone.localdate():%Y-%m}", f"{agenda}?past=1")
    for url in (*addresses, *calendars, page.get_url(), "/fr/", address(made)):
        assert client.get(url).status_code == 200, url
    assert Occurrence.objects.filter(session=made, ends_at__year__gt=2200).count() == 0
    assert made.repeat in Repeat

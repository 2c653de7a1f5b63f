"""The first session of what people propose: what is asked, what is refused, what is stored."""

import datetime

import pytest
import time_machine
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from commons.agenda.models import Repeat, Session, SignUp
from commons.agenda.session_fields import RepeatedSessionFields, SessionFields
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
DAY = timezone.localdate() + datetime.timedelta(days=30)
SAID = {
    "session_day": DAY.isoformat(),
    "session_start": "14:30",
    "session_end": "17:00",
    "session_format": "on_site",
    "session_commune": "Die",
    "session_zone": "Europe/Paris",
}
REPEATED = {**SAID, "session_repeat": "never", "session_sign_up": "none"}


class UndatedFields(SessionFields):
    dated = False


def form(kind=SessionFields, **changes):
    said = {**(REPEATED if kind is RepeatedSessionFields else SAID), **changes}
    return kind(MultiValueDict({name: [value] for name, value in said.items()}))


def stored(page, kind=SessionFields, **changes) -> Session | None:
    made = form(kind, **changes)
    assert made.is_valid(), made.errors
    made.store_session(page)
    return Session.objects.of(page).first()


@pytest.mark.parametrize("start", ["14:30", "14h30", "14 h 30"])
def test_hours_are_those_of_the_place_however_they_are_typed(start):
    session = stored(factories.training(), session_start=start, session_zone="Indian/Reunion")
    assert f"{session.local_start:%Y-%m-%d %H:%M}" == f"{DAY} 14:30"
    assert f"{session.local_end:%H:%M}" == "17:00"
    assert session.occurrences.count() == 1


def test_a_day_may_be_typed_in_french():
    session = stored(factories.training(), session_day=f"{DAY:%d/%m/%Y}")
    assert session.local_start.date() == DAY


def test_several_days_end_on_the_last():
    last = DAY + datetime.timedelta(days=1)
    session = stored(factories.training(), session_end_day=last.isoformat(), session_end="10:00")
    assert session.local_end.date() == last


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"session_day": ""}, "session_day"),
        ({"session_day": "2001-01-01"}, "session_day"),
        ({"session_day": "2099-01-01"}, "session_day"),
        ({"session_start": ""}, "session_start"),
        ({"session_end": "14:30"}, "session_end"),
        ({"session_end": "25:00"}, "session_end"),
        ({"session_end_day": "2001-01-01"}, "session_end_day"),
        ({"session_end_day": (DAY + datetime.timedelta(days=40)).isoformat()}, "session_end_day"),
        ({"session_commune": ""}, "session_commune"),
        ({"session_capacity": "0"}, "session_capacity"),
        ({"session_format": "online", "session_video_url": "javascript:1"}, "session_video_url"),
        ({"session_zone": "Mars/Base"}, "session_zone"),
    ],
)
def test_each_mistake_is_said_at_its_field(changes, field):
    assert set(form(**changes).errors) == {field}


def test_the_place_of_what_is_online_and_the_link_of_what_is_not_are_dropped():
    page, link = factories.training(), "https://visio.example.org/a"
    on_site = stored(page, session_video_url=link)
    assert (on_site.commune, on_site.video_url) == ("Die", "")
    online = stored(page, session_video_url=link, session_format="online")
    assert (online.pk, online.commune, online.video_url) == (on_site.pk, "", link)


def test_a_date_not_known_yet_may_be_left_out_and_taken_back():
    page = factories.training(live=False)
    nothing = dict.fromkeys(["session_day", "session_start", "session_end"], "")
    nothing["session_commune"] = ""
    assert stored(page, UndatedFields) is not None
    assert stored(page, UndatedFields, **nothing) is None
    assert set(form(UndatedFields, **{**nothing, "session_start": "10:00"}).errors) == {
        *("session_day", "session_end", "session_commune")
    }


def test_what_comes_back_is_stored_with_its_rhythm():
    until = DAY + datetime.timedelta(days=21)
    session = stored(
        factories.event(),
        RepeatedSessionFields,
        session_repeat="weekly",
        session_repeat_until=until.isoformat(),
    )
    assert (session.repeat, session.sign_up) == (Repeat.WEEKLY, SignUp.NONE)
    assert session.occurrences.count() == 4


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"session_repeat": "weekly", "session_sign_up": "here"}, "session_sign_up"),
        (
            {"session_repeat": "weekly", "session_repeat_until": timezone.localdate().isoformat()},
            "session_repeat_until",
        ),
        ({"session_sign_up": "elsewhere"}, "session_sign_up_url"),
        ({"session_sign_up": "elsewhere", "session_sign_up_url": "non"}, "session_sign_up_url"),
    ],
)
def test_each_mistake_about_what_comes_back_is_said_once(changes, field):
    assert set(form(RepeatedSessionFields, **changes).errors) == {field}


@pytest.mark.parametrize(
    ("now", "zone", "day", "past"),
    [
        # In Paris it is the 17th, in Tahiti still the 16th.
        ("2027-01-17 08:00+01:00", "Pacific/Tahiti", "2027-01-16", False),
        ("2027-01-17 08:00+01:00", "Europe/Paris", "2027-01-16", True),
        # In Paris it is the 16th, in Nouméa the 17th already.
        ("2027-01-16 20:00+01:00", "Pacific/Noumea", "2027-01-16", True),
    ],
)
def test_past_is_past_at_the_place(now, zone, day, past):
    with time_machine.travel(now, tick=False):
        late = {"session_start": "23:00", "session_end": "23:30"}
        made = form(session_day=day, session_zone=zone, **late)
        assert made.is_valid() is not past

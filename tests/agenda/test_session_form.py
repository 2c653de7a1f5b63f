"""The form of a session: what it asks, what it refuses, what it stores."""

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from commons.agenda.models import Session, Status
from tests import factories
from tests.agenda.session_form_data import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def as_sent(answer) -> dict:
    """What a browser posts of the form that it was given, with nothing typed."""
    values = {field.html_name: field.value() for field in answer.context["form"]}
    return {name: value for name, value in values.items() if value not in (None, False, "")}


def test_session_is_written_on_the_clock_of_its_place(organiser, session):
    data = typed(time_zone="Indian/Reunion")
    answer = organiser.post(reverse("new_session", args=[session.page_id]), data)
    made = Session.objects.exclude(pk=session.pk).get()
    assert answer.url == reverse("organised_session", args=[made.pk])
    assert f"{made.local_start:%H:%M}" == "18:00"
    assert made.starts_at.hour == 14  # UTC
    assert made.occurrences.count() == 1


def test_new_session_needs_only_what_is_asked_for(organiser, session):
    address = reverse("new_session", args=[session.page_id])
    empty = as_sent(organiser.get(address))
    assert "skipped" not in empty
    assert organiser.post(address, {**empty, **typed()}).status_code == 302


def test_days_without_are_written_one_a_line_as_browsers_send_them(organiser, session):
    address = reverse("edit_session", args=[session.pk])
    days = "25/12/2026\r\n01/01/2027\r\n"
    organiser.post(address, typed(repeat="weekly", sign_up="none", skipped=days))
    session.refresh_from_db()
    assert session.skipped == ["2026-12-25", "2027-01-01"]
    assert organiser.get(address).context["form"]["skipped"].value() == "25/12/2026\n01/01/2027"


def test_what_comes_back_is_asked_of_an_event_in_sight(organiser, owner, session):
    event = factories.event(owner=owner)
    form = organiser.get(reverse("new_session", args=[event.pk])).context["form"]
    assert {"repeat", "repeat_until", "skipped"} <= {field.name for field in form.usual}
    assert form["sign_up"].value() == "none"
    form = organiser.get(reverse("new_session", args=[session.page_id])).context["form"]
    assert "repeat" in {field.name for field in form.rare}
    assert form["sign_up"].value() == "here"


def test_session_is_changed_and_those_registered_are_told(organiser, session, owner):
    factories.registration(session, email="a@example.org")
    with_new_day = typed(capacity="3")
    address = reverse("edit_session", args=[session.pk])
    assert organiser.get(address).status_code == 200
    assert organiser.post(address, with_new_day).status_code == 302
    session.refresh_from_db()
    assert (session.sequence, f"{session.local_start:%H:%M}") == (1, "18:00")
    assert PageLogEntry.objects.filter(action="agenda.change", user=owner).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "31/02/2027"}, "day"),
        ({"end": "17:00"}, "end"),
        ({"capacity": "0"}, "capacity"),
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"skipped": "Noël", "repeat": "weekly", "sign_up": "none"}, "skipped"),
        ({"replay": "https://ailleurs.org/x"}, "replay"),
        ({"replay": "http://["}, "replay"),
        ({"video_url": "http://["}, "video_url"),
        ({"repeat": "weekly"}, "__all__"),
        ({"sign_up": "elsewhere"}, "__all__"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(organiser, session, changes, field):
    data = typed(place="Salle <b>", **changes)
    answer = organiser.post(reverse("edit_session", args=[session.pk]), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert "Salle &lt;b&gt;" in answer.content.decode()


def test_forged_fields_are_ignored(organiser, session):
    other = factories.training()
    data = typed(page=other.pk, sequence=99, status="cancelled")
    organiser.post(reverse("edit_session", args=[session.pk]), data)
    session.refresh_from_db()
    assert (session.page_id, session.sequence, session.status) == (
        session.page.pk,
        1,
        Status.PLANNED,
    )


def test_form_open_since_before_a_change_is_shown_again_with_what_was_typed(organiser, session):
    address = reverse("edit_session", args=[session.pk])
    version = organiser.get(address).context["form"]["version"].value()
    organiser.post(address, typed(video_url="https://visio.example.org/b", version=version))
    answer = organiser.post(address, typed(place="Mairie", version=version))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("a modifié cette séance pendant que vous écriviez") == 1
    assert 'value="Mairie"' in text
    session.refresh_from_db()
    assert (session.video_url, session.place) == ("https://visio.example.org/b", "")
    again = answer.context["form"]["version"].value()
    assert f'name="version" value="{again}"' in text
    assert organiser.post(address, typed(place="Mairie", version=again)).status_code == 302
    assert organiser.get(address).content.decode().count('name="version"') == 1


def test_new_session_sent_twice_is_one(organiser, session):
    address = reverse("new_session", args=[session.page_id])
    token = organiser.get(address).context["form"]["form_token"].value()
    answers = [organiser.post(address, typed(form_token=token)) for _ in range(2)]
    made = session.page.sessions.exclude(pk=session.pk).get()
    assert [a.url for a in answers] == [reverse("organised_session", args=[made.pk])] * 2
    organiser.post(address, typed(form_token="une autre page"))
    assert session.page.sessions.count() == 3


def test_replay_is_a_page_of_ours(organiser, session):
    page = factories.article(title="Rediffusion")
    data = typed(replay=f"https://commun.example.org{page.get_url()}?x=1")
    organiser.post(reverse("edit_session", args=[session.pk]), data)
    session.refresh_from_db()
    assert session.replay_id == page.pk


def test_page_that_has_no_dates_gets_no_session(organiser, owner):
    article = factories.article(owner=owner)
    assert organiser.get(reverse("new_session", args=[article.pk])).status_code == 404


def test_contact_address_is_read_without_what_nobody_sees(organiser, session):
    address = reverse("edit_session", args=[session.pk])
    answer = organiser.post(address, typed(contact_email="lea@example.org\u200b"))
    assert answer.status_code == 302
    session.refresh_from_db()
    assert session.contact_email == "lea@example.org"

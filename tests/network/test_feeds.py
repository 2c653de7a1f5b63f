"""The agenda read by other programs: a calendar and a feed, with the filters of the page."""

import datetime

import feedparser
import pytest
import recurring_ical_events
from django.utils import timezone
from icalendar import Calendar

from commons.agenda.models import Repeat
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

AGENDA = "/fr/se-mettre-en-reseau/agenda"
ODD = "Pain, vin & « fromage » 🧀; à l’été"


def calendar(client, query: str = "") -> Calendar:
    answer = client.get(f"{AGENDA}.ics{query}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return Calendar.from_ical(answer.content)


def test_calendar_has_trainings_and_events_to_come_with_odd_titles(client):
    factories.session(factories.event(title=ODD), video_url="https://visio.example.org/secret")
    factories.session(factories.training(title="Webinaire"))
    factories.session(factories.event(title="Hier"), in_days=-3)
    factories.session(factories.event(title="Caché", live=False))
    found = calendar(client)
    assert {str(event["summary"]) for event in found.walk("VEVENT")} == {ODD, "Webinaire"}
    assert b"secret" not in found.to_ical()


def test_calendar_takes_the_filters_of_the_page(client):
    factories.session(factories.event(title="Marché", kind="market"))
    factories.session(factories.training(title="Webinaire"))
    found = [str(event["summary"]) for event in calendar(client, "?kind=market").walk("VEVENT")]
    assert found == ["Marché"]


def test_what_comes_back_is_a_rule_that_other_programs_read(client):
    market = factories.event(title="Marché")
    factories.session(market, in_days=-1, repeat=Repeat.WEEKLY, sign_up="none")
    until = timezone.now() + datetime.timedelta(days=21)
    found = recurring_ical_events.of(calendar(client)).between(timezone.now(), until)
    assert len(found) == 3


def test_feed_lists_what_is_to_come_and_parses(client):
    factories.session(factories.event(title=ODD))
    factories.session(factories.event(title="Hier"), in_days=-3)
    answer = client.get(f"{AGENDA}/flux.xml")
    feed = feedparser.parse(answer.content)
    assert (feed.bozo, [entry.title for entry in feed.entries]) == (False, [ODD])


@pytest.mark.parametrize("address", ["/fr/se-documenter.ics", "/fr/nulle/part.ics"])
def test_other_pages_have_no_calendar(client, address):
    assert client.get(address).status_code == 404


def test_page_leads_to_its_calendar_and_feed(client):
    factories.agenda_page()
    text = client.get(f"{AGENDA}/").content.decode()
    for address in (f'href="{AGENDA}.ics"', f'href="webcal://testserver{AGENDA}.ics"'):
        assert address in text
    assert f'href="{AGENDA}/flux.xml"' in text

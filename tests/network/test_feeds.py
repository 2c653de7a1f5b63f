"""The agenda read by other programs: a calendar and a feed, with the filters of the page."""

import datetime
from zoneinfo import ZoneInfo

import feedparser
import pytest
import recurring_ical_events
import time_machine
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Locale

from commons.agenda.models import Repeat
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

NOW = datetime.datetime(2026, 5, 4, 14, tzinfo=ZoneInfo("Europe/Paris"))
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


@pytest.mark.parametrize(
    ("status", "title", "standing"),
    [
        ("planned", "Marché & foire", ""),
        ("cancelled", "Annulation : Marché & foire", "Rendez-vous annulé : pluie. "),
        ("postponed", "Report : Marché & foire", "Rendez-vous reporté : pluie. "),
    ],
)
@pytest.mark.parametrize("feed_of", ["agenda", "trainings", "site"])
@time_machine.travel(NOW, tick=False)
def test_feed_says_when_where_and_whether(client, feed_of, status, title, standing):
    address, make = {
        "agenda": (f"{AGENDA}/flux.xml", factories.event),
        "trainings": ("/fr/se-former/flux.xml", factories.training),
        "site": ("/fr/flux.xml", factories.event),
    }[feed_of]
    page = make(title="Marché & foire", summary="Dix fermes.")
    place = {"place": "Halle", "commune": "Crest"}
    note = {"status": status, "status_note": "pluie"}
    factories.session(page, starts_at=NOW + datetime.timedelta(days=2), **place, **note)
    (entry,) = feedparser.parse(client.get(address).content).entries
    assert entry.title == title
    when = "Mercredi 6 mai 2026, 14 h – 16 h · Halle, Crest. Dix fermes."
    assert entry.summary.replace("\xa0", " ") == standing + when


def test_entry_of_a_feed_is_new_again_when_its_session_changes(client):
    session = factories.session(factories.event())
    feed = f"{AGENDA}/flux.xml"
    before = feedparser.parse(client.get(feed).content).entries[0]
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        session.status = "cancelled"
        session.save()
    after = feedparser.parse(client.get(feed).content).entries[0]
    assert (after.id, after.updated > before.updated) == (before.id, True)


@pytest.fixture
def in_english():
    """An event with an English copy, one without, and the English agenda."""
    english = Locale.objects.get(language_code="en")
    page = factories.event(title="Marché")
    factories.session(page)
    factories.session(factories.event(title="Veillée"))
    agenda = factories.agenda_page()
    for source, slug in ((factories.site().root_page, "en"), (agenda.get_parent(), "network")):
        copy = source.specific.copy_for_translation(english)
        copy.slug = slug
        copy.title = f"EN {copy.title}"
        copy.save_revision().publish()
    copy = agenda.copy_for_translation(english)
    copy.title = "Calendar"
    copy.save_revision().publish()
    copy = page.copy_for_translation(english)
    copy.title = "Market"
    copy.save_revision().publish()


def test_english_calendar_feed_and_list_say_what_exists_in_english(client, in_english):
    answer = client.get("/en/network/agenda.ics")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {"Market", "Veillée"}
    assert {str(event["url"]).split("/")[3] for event in events} == {"en", "fr"}
    feed = feedparser.parse(client.get("/en/network/agenda/flux.xml").content)
    assert {entry.title for entry in feed.entries} == {"Market", "Veillée"}
    entries = client.get("/en/network/agenda/").context["results"].object_list
    found = {(entry.page.title, entry.foreign) for entry in entries}
    assert found == {("Market", ""), ("Veillée", "fr")}


@pytest.mark.parametrize("address", ["/fr/se-documenter.ics", "/fr/nulle/part.ics"])
def test_other_pages_have_no_calendar(client, address):
    assert client.get(address).status_code == 404


def test_page_leads_to_its_calendar_and_feed(client):
    factories.agenda_page()
    text = client.get(f"{AGENDA}/").content.decode()
    for address in (f'href="{AGENDA}.ics"', f'href="webcal://testserver{AGENDA}.ics"'):
        assert address in text
    assert f'href="{AGENDA}/flux.xml"' in text

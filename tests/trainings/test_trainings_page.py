"""*Se former* finds, filters, counts and orders by the next date; feed and calendar follow."""

import datetime
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import PageViewRestriction

from commons.agenda.models import Status
from commons.trainings.browsing import browse_trainings
from tests import factories
from tests.search.hostile import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
ADDRESS = "/fr/se-former/"
ANYONE = AnonymousUser()


@pytest.fixture
def trainings(site):
    return factories.trainings_page()


def look(address: str = "", user=ANYONE) -> dict:
    return browse_trainings(factories.trainings_page(), QueryDict(address), user=user)


def found(address: str = "", user=ANYONE) -> list[str]:
    return [entry.page.title for entry in look(address, user)["entries"]]


def counts(address: str, facet: str) -> dict[str, int]:
    shown = {f.name: f for f in look(address)["facets"]}
    return {value.slug: value.count for value in shown[facet].values} if facet in shown else {}


def dated(title: str, *, in_days: float, sessions: dict | None = None, **fields):
    page = factories.training(title=title, **fields)
    factories.session(page, in_days=in_days, **(sessions or {}))
    return page


def test_the_next_date_comes_first_then_any_time_then_the_past(trainings):
    dated("Dans un mois", in_days=30)
    dated("Hier", in_days=-1)
    dated("Avant-hier", in_days=-2)
    factories.training(title="À tout moment")
    both = dated("Demain", in_days=1)
    factories.session(both, in_days=-9)
    assert found() == ["Demain", "Dans un mois", "À tout moment", "Hier", "Avant-hier"]
    assert found("sort=title")[0] == "À tout moment"
    assert found("sort=recent")[0] == "Demain"


def test_a_cancelled_session_is_nothing_to_come(trainings):
    dated("Annulée", in_days=1, sessions={"status": Status.CANCELLED})
    dated("Tenue", in_days=9)
    assert found() == ["Tenue", "Annulée"]
    assert found("when=upcoming") == ["Tenue"]
    assert [entry.item.phase for entry in look("sort=title")["entries"]] == ["cancelled", "open"]


def test_to_come_to_be_seen_again_and_past(trainings):
    dated("Bientôt", in_days=2)
    dated("Passée", in_days=-2)
    dated("À revoir", in_days=-3, sessions={"replay": factories.article()})
    dated("Rediffusion cachée", in_days=-4, sessions={"replay": factories.article(live=False)})
    assert found("when=upcoming") == ["Bientôt"]
    assert found("when=replay") == ["À revoir"]
    assert found("when=past") == ["Passée", "À revoir", "Rediffusion cachée"]
    assert counts("", "when") == {"upcoming": 1, "replay": 1, "past": 3}


def test_a_facet_is_counted_under_the_filters_of_the_others(trainings):
    theme = factories.term("theme", "prix")
    dated("A", in_days=2, kind="webinar", sessions={"format": "online"}, terms=[theme])
    dated("B", in_days=3, kind="workshop", price="paid", terms=[theme])
    factories.series(dated("C", in_days=4, kind="course"), title="D")
    assert counts("", "kind") == {"webinar": 1, "workshop": 1, "course": 1, "series": 1}
    assert counts("theme=prix&kind=webinar", "kind") == {"webinar": 1, "workshop": 1}
    assert counts("theme=prix", "format") == {"online": 1, "on_site": 1}
    assert counts("format=online", "price") == {"free": 1}
    assert found("kind=webinar&kind=workshop") == ["A", "B"]
    assert found("kind=workshop&format=online") == []


def test_a_training_that_changes_its_kind_is_found_by_the_new_one(trainings):
    page = dated("A", in_days=2, kind="webinar")
    page.kind = "course"
    page.save_revision().publish()
    assert (found("kind=course"), found("kind=webinar")) == (["A"], [])


def test_words_find_a_training_by_its_kind_and_its_people(trainings):
    dated("Parler prix", in_days=2, kind="workshop")
    dated("Livrer", in_days=1)
    assert found("q=atelier") == ["Parler prix"]


def test_a_series_comes_with_the_next_date_of_its_trainings(trainings):
    first, second = dated("Un", in_days=-3), dated("Deux", in_days=6)
    factories.series(first, second, title="Le cycle")
    dated("Trois", in_days=4)
    assert found("when=upcoming") == ["Trois", "Le cycle", "Deux"]
    entry = next(e for e in look()["entries"] if e.page.title == "Le cycle")
    assert (entry.kind, entry.item.session.page.title) == ("Cycle", "Deux")


def test_a_training_that_one_may_not_see_tells_nothing_of_its_dates(trainings):
    hidden = dated("Réservée", in_days=2)
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    draft = dated("Brouillon", in_days=2, live=False)
    factories.series(hidden, draft, title="Le cycle")
    assert found() == ["Le cycle"]
    assert look()["entries"][0].item is None
    assert counts("", "when") == {}
    assert found(user=factories.member())[:1] == ["Réservée"]


def test_each_filter_in_use_can_be_removed_and_the_address_is_one(client, trainings):
    dated("A", in_days=2, kind="webinar")
    look_ = look("price=free&when=upcoming&kind=webinar&x=1&when=jamais&page=9")
    assert look_["here"] == "?when=upcoming&kind=webinar&price=free"
    assert [used["name"] for used in look_["in_use"]] == ["À venir", "Webinaire", "Gratuit"]
    assert look_["in_use"][0]["address"] == "?kind=webinar&price=free"
    html = client.get(f"{ADDRESS}?when=upcoming").content.decode()
    assert "Tout effacer" in html


def test_an_empty_section_and_an_empty_selection_say_what_to_do(client, trainings):
    assert "Aucune formation n’est annoncée" in client.get(ADDRESS).content.decode()
    dated("A", in_days=2)
    html = client.get(f"{ADDRESS}?q=introuvable").content.decode()
    assert "essayer un mot plus simple" in html
    assert "0 formation" not in html


@pytest.mark.parametrize("words", [words for words in HOSTILE if "\ud800" not in words])
def test_no_words_break_the_page(client, trainings, words):
    dated("A", in_days=2)
    assert client.get(ADDRESS, {"q": words, "when": words, "sort": words}).status_code == 200


def test_feed_takes_the_filters_of_the_page(client, trainings):
    dated("Prix, « emoji 🥕 » &", in_days=2, kind="webinar")
    dated("B", in_days=3, kind="course")
    feed = ElementTree.fromstring(client.get(f"{ADDRESS}flux.xml?kind=webinar").content)
    titles = [entry.findtext("{*}title") for entry in feed.findall("{*}entry")]
    assert titles == ["Prix, « emoji 🥕 » &"]
    assert feed.findtext("{*}title") == "Se former : Webinaire"


def test_calendar_takes_the_filters_and_never_tells_how_to_join(client, trainings):
    link = "https://visio.example.org/secret"
    dated("A", in_days=2, sessions={"format": "online", "video_url": link}, kind="webinar")
    step = dated("B", in_days=3, kind="course")
    factories.series(step, title="C")
    answer = client.get(f"{ADDRESS}calendrier.ics?kind=webinar")
    assert answer["Content-Type"].startswith("text/calendar")
    assert link not in answer.content.decode().replace("\r\n ", "")
    for address, titles in {"?kind=webinar": ["A"], "": ["A", "B"], "?kind=series": ["B"]}.items():
        calendar = Calendar.from_ical(client.get(f"{ADDRESS}calendrier.ics{address}").content)
        assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == titles
    assert client.get("/fr/ailleurs/calendrier.ics").status_code == 404


def test_home_tells_what_comes_next(client, trainings):
    dated("Bientôt", in_days=2)
    html = client.get("/fr/").content.decode()
    day = timezone.localdate() + datetime.timedelta(days=2)
    assert "Bientôt" in html
    assert f"<b>{day.day}</b>" in html

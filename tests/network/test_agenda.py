"""The agenda: what is to come, day by day or as a month, filtered, in a fixed number of queries."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons.agenda.models import Occurrence, Repeat, Session, SignUp, Status
from commons.network.models import Event
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

PARIS = ZoneInfo("Europe/Paris")
LIST = "/fr/se-mettre-en-reseau/agenda/"
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        factories.agenda_page()
        yield


def at(day: int, hour: int = 9, month: int = 5) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, tzinfo=PARIS)


def dated(title: str, day: int, *, month: int = 5, hour: int = 9, **fields):
    """An event of that title, and its one session that day."""
    page = factories.event(
        title=title, **{k: fields.pop(k) for k in ("kind", "terms", "live") if k in fields}
    )
    factories.session(page, starts_at=at(day, hour, month), **fields)
    return page


def titles(client, address: str) -> list[str]:
    """The titles of the dates on a page of the list, in order."""
    answer = client.get(address)
    assert answer.status_code == 200
    return [entry.page.title for entry in answer.context["results"].object_list]


def test_list_shows_what_is_to_come_the_nearest_first(client):
    dated("Plus tard", 20)
    dated("Bientôt", 6)
    dated("Hier", 3)
    dated("Brouillon", 7, live=False)
    assert titles(client, LIST) == ["Bientôt", "Plus tard"]
    assert titles(client, f"{LIST}?past=1") == ["Hier"]
    assert titles(client, f"{LIST}?from=2026-05-10") == ["Plus tard"]


def test_trainings_and_events_stand_together(client):
    factories.session(factories.training(title="Webinaire"), starts_at=at(8))
    dated("Marché", 7)
    assert titles(client, LIST) == ["Marché", "Webinaire"]
    assert titles(client, f"{LIST}?kind=webinar") == ["Webinaire"]
    assert titles(client, f"{LIST}?kind=webinar&kind=gathering") == ["Marché", "Webinaire"]


def test_filters_combine(client):
    drome = factories.term("territory", "drome")
    dated("Ici", 6, terms=[drome])
    dated("Ici en ligne", 7, terms=[drome], format="online")
    dated("Ailleurs", 8)
    assert titles(client, f"{LIST}?territory=drome") == ["Ici", "Ici en ligne"]
    assert titles(client, f"{LIST}?territory=drome&format=online") == ["Ici en ligne"]


def test_territory_offers_the_one_around_it(client):
    region = factories.term("territory", "rhone-alpes", "Rhône-Alpes")
    dated("Ici", 6, terms=[factories.term("territory", "drome", "Drôme", parent=region)])
    wider = client.get(f"{LIST}?territory=drome").context["wider"]
    assert wider == {"name": "Rhône-Alpes", "address": "?territory=rhone-alpes"}
    assert titles(client, f"{LIST}{wider['address']}") == ["Ici"]


@pytest.mark.parametrize(
    ("status", "said"),
    [(Status.CANCELLED, "endez-vous annulé"), (Status.POSTPONED, "endez-vous reporté")],
)
def test_what_does_not_take_place_says_so_in_list_and_month(client, status, said):
    dated("Foire", 16, status=status, status_note="Pluie annoncée")
    for address in (LIST, f"{LIST}?month=2026-05"):
        text = client.get(address).content.decode()
        assert "Foire" in text
        assert said in text


def test_what_comes_back_stands_once_in_the_list_on_its_next_date(client):
    market = factories.event(title="Marché")
    factories.session(market, starts_at=at(5), repeat=Repeat.WEEKLY, sign_up=SignUp.NONE)
    dated("Rencontre", 9)
    page = client.get(LIST)
    shown = [(entry.page.title, entry.start) for entry in page.context["results"].object_list]
    assert shown == [("Marché", at(5)), ("Rencontre", at(9))]
    assert "Chaque semaine, le mardi" in page.content.decode()
    later = client.get(f"{LIST}?from=2026-05-10").context["results"].object_list
    assert [entry.start for entry in later] == [at(12)]


def test_the_section_leads_to_the_agenda_before_its_own_text(client):
    agenda = factories.agenda_page()
    agenda.show_in_menus = True
    agenda.save()
    dated("Bientôt", 6)
    html = client.get("/fr/se-mettre-en-reseau/").content.decode()
    main = html.split("<main", 1)[1]
    assert main.index("Bientôt") < main.index('class="prose apart"')
    assert "Dans cette rubrique" not in main


def test_month_writes_each_date_under_its_days(client):
    dated("Rencontre", 9, hours=30)
    market = factories.event(title="Marché")
    factories.session(market, starts_at=at(5), repeat=Repeat.WEEKLY)
    weeks = client.get(f"{LIST}?month=2026-05").context["weeks"]
    found = {
        day.date.day: [entry.page.title for entry in day.entries]
        for week in weeks
        for day in week
        if day.inside and day.entries
    }
    assert found == {
        5: ["Marché"],
        9: ["Rencontre"],
        10: ["Rencontre"],
        12: ["Marché"],
        19: ["Marché"],
        26: ["Marché"],
    }


def test_month_writes_what_began_months_before(client):
    factories.session(
        factories.event(title="Une année"),
        starts_at=datetime.datetime(2026, 1, 1, 9, tzinfo=datetime.UTC),
        ends_at=datetime.datetime(2026, 12, 15, 9, tzinfo=datetime.UTC),
    )
    for month, days in (("2026-01", 32), ("2026-06", 35), ("2026-12", 16)):
        weeks = client.get(LIST, {"month": month}).context["weeks"]
        assert sum(bool(day.entries) for week in weeks for day in week) == days, month


def test_full_day_leads_to_the_others(client):
    for hour in range(6):
        dated(f"Rendez-vous {hour}", 12, hour=8 + hour)
    weeks = client.get(f"{LIST}?month=2026-05").context["weeks"]
    day = next(day for week in weeks for day in week if day.date.day == 12 and day.inside)
    assert (len(day.entries), day.more) == (4, 2)
    assert titles(client, LIST + day.address) == [f"Rendez-vous {n}" for n in range(6)]


def test_others_of_a_full_day_are_those_of_the_same_filters(client):
    for hour in range(6):
        dated(f"Marché {hour}", 12, hour=8 + hour, kind="market")
    dated("Foire", 12, kind="festival")
    answer = client.get(f"{LIST}?month=2026-05&kind=market")
    link = "?kind=market&amp;from=2026-05-12"
    assert f'href="{LIST}{link}"' in answer.content.decode()
    found = titles(client, LIST + link.replace("&amp;", "&"))
    assert found == [f"Marché {n}" for n in range(6)]


def test_months_where_nothing_is_have_no_link(client):
    dated("Seul", 12)
    context = client.get(f"{LIST}?month=2026-05").context
    assert (context["previous"], context["following"]) == (None, None)
    assert client.get(f"{LIST}?month=2026-06").context["previous"].address() == "?month=2026-05"


@pytest.mark.parametrize(
    "query",
    ["month=2026-13", "month=0000-00", "month=x", "from=2026-02-30", "from=a%00", "page=0"],
)
def test_impossible_question_gets_the_nearest_meaning(client, query):
    dated("Seul", 12)
    assert "Seul" in client.get(f"{LIST}?{query}").content.decode()


def test_page_of_a_restricted_tree_is_not_told(client):
    page = dated("Entre nous", 9)
    page.view_restrictions.create(restriction_type="login")
    assert titles(client, LIST) == []
    assert "Entre nous" not in client.get(f"{LIST}?month=2026-05").content.decode()


@pytest.mark.parametrize("query", ["", "?month=2026-05"])
@pytest.mark.django_db(transaction=True)
def test_agenda_costs_the_same_with_1_and_3_dates(client, query):
    dated("Premier", 6, terms=[factories.term("theme", "pain")])
    client.get(LIST + query)
    with CaptureQueriesContext(
        connection,
    ) as once:
        client.get(LIST + query)
    for day in (7, 8):
        dated(f"Le {day}", day)
    client.get(LIST + query)
    with CaptureQueriesContext(connection) as thrice:
        client.get(LIST + query)
    assert len(thrice) == len(once) < 20


def test_event_stands_under_the_agenda():
    assert factories.event(title="Marché").get_url().startswith(LIST)
    assert Event.allowed_parent_page_models() == [type(factories.agenda_page())]


def test_month_stays_the_month_that_one_reads_and_leads_back_to_today(client):
    dated("Loin", 12, month=12)
    html = client.get(f"{LIST}?month=2026-12").content.decode()
    assert f'href="{LIST}?month=2026-12" aria-current="true"' in html
    assert f'<a href="{LIST}?month=2026-05">Aujourd’hui</a>' in html
    assert "Aujourd’hui" not in client.get(f"{LIST}?month=2026-05").content.decode()
    html = client.get(f"{LIST}?from=2026-12-03").content.decode()
    assert f'href="{LIST}?month=2026-12"' in html


class TestClockOfThePlace:
    """A day is that of the place, whatever the clock of the site."""

    def event(self, title: str, zone: str, start: tuple, hours: float = 3, **fields):
        begins = datetime.datetime(*start, tzinfo=ZoneInfo(zone))
        ends = begins + datetime.timedelta(hours=hours)
        page = factories.event(title=title)
        factories.session(page, starts_at=begins, ends_at=ends, time_zone=zone, **fields)
        return page

    def days(self, client, month: str) -> dict[str, list[str]]:
        weeks = client.get(LIST, {"month": month}).context["weeks"]
        found: dict[str, list[str]] = {}
        for day in (day for week in weeks for day in week):
            for entry in day.entries:
                found.setdefault(entry.page.title, []).append(day.date.isoformat())
        return found

    def test_evening_of_the_last_day_of_a_month_is_in_it(self, client):
        self.event("Guadeloupe", "America/Martinique", (2027, 1, 31, 19, 30))
        self.event("Tahiti", "Pacific/Tahiti", (2027, 1, 31, 14))
        shown = {title: ["2027-01-31"] for title in ("Guadeloupe", "Tahiti")}
        assert self.days(client, "2027-01") == shown
        assert self.days(client, "2027-02") == {}

    def test_early_hours_of_the_first_day_are_in_the_month_that_begins(self, client):
        # In Paris it is still the 28th of February.
        self.event("Nouméa", "Pacific/Noumea", (2027, 3, 1, 6))
        assert self.days(client, "2027-03") == {"Nouméa": ["2027-03-01"]}
        assert self.days(client, "2027-02") == {}
        assert client.get(f"{LIST}?month=2027-02").context["following"]
        assert client.get(f"{LIST}?month=2027-03").context["previous"] is None

    @pytest.mark.parametrize(
        ("zone", "start"),
        [
            ("Pacific/Tahiti", (2027, 1, 31, 14)),
            ("Pacific/Noumea", (2027, 1, 31, 6)),
            ("Indian/Reunion", (2027, 1, 31, 0, 30)),
            ("America/Miquelon", (2027, 1, 31, 22)),
        ],
    )
    def test_list_from_a_day_holds_what_is_that_day_there(self, client, zone, start):
        self.event("Là-bas", zone, start, hours=1.5)
        assert titles(client, f"{LIST}?from=2027-01-31") == ["Là-bas"]
        assert titles(client, f"{LIST}?from=2027-02-01") == []

    def test_change_of_clock_changes_the_day(self, client):
        page = self.event("Là-bas", "Europe/Paris", (2027, 1, 31, 0, 30))
        session = page.sessions.get()
        session.time_zone = "America/Martinique"
        session.save()
        factories.sync_occurrences(session)
        assert self.days(client, "2027-01") == {"Là-bas": ["2027-01-30"]}

    def test_night_stands_on_its_evening_only(self, client):
        self.event("Bal", "Europe/Paris", (2027, 1, 31, 21), hours=4)
        assert self.days(client, "2027-01") == {"Bal": ["2027-01-31"]}
        assert self.days(client, "2027-02") == {}
        assert titles(client, f"{LIST}?from=2027-01-31") == ["Bal"]
        assert titles(client, f"{LIST}?from=2027-02-01") == []
        assert "– 1\u00a0h (le lendemain)" in client.get(LIST).content.decode()

    def test_machines_read_the_next_date_of_what_comes_back(self, client):
        page = self.event(
            "Marché", "Pacific/Tahiti", (2026, 3, 3, 8), repeat=Repeat.WEEKLY, sign_up=SignUp.NONE
        )
        html = client.get(page.get_url()).content.decode()
        assert '"startDate": "2026-05-05T08:00:00-10:00"' in html

    @pytest.mark.parametrize("query", ["", "?month=2026-05", "?from=2026-05-05"])
    @pytest.mark.django_db(transaction=True)
    def test_costs_the_same_with_3_and_3000_dates(self, client, query):
        counted = []
        for number in (3, 2997):
            page = factories.event(title=f"Marché {number}")
            rows = [
                Session(page_id=page.pk, starts_at=start, ends_at=start + HOUR, sign_up=SignUp.NONE)
                for start in (at(5) + n * 10 * MINUTE for n in range(number))
            ]
            for session in Session.objects.bulk_create(rows):
                Occurrence.objects.create(
                    session=session,
                    starts_at=session.starts_at,
                    ends_at=session.ends_at,
                    first_day=session.local_start.date(),
                    last_day=session.local_end.date(),
                )
            client.get(LIST + query)
            with CaptureQueriesContext(connection) as asked:
                client.get(LIST + query)
            counted.append(len(asked))
        assert counted[0] == counted[1]

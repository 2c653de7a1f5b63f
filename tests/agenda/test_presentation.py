"""A session on its page for its whole life, for everybody and for whoever signed up."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import Locale, PageViewRestriction

from commons.agenda.models import Format, Repeat, SignUp, State, Status
from commons.agenda.time_zones import Zone
from tests import factories
from tests.agenda.sign_up_pages import address, said, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
NOBODY = AnonymousUser()
HOUR = datetime.timedelta(hours=1)
PARIS = ZoneInfo("Europe/Paris")


def at(*date) -> datetime.datetime:
    return datetime.datetime(*date, tzinfo=PARIS)


def html_of(session, user=NOBODY) -> str:
    return said(session.page, user)


def text_of(session, user=NOBODY) -> str:
    return words(html_of(session, user))


@pytest.fixture
def member():
    return factories.member(display_name="Léa")


def test_announced_says_from_when_one_signs_up():
    opens = at(2090, 3, 1, 9, 30)
    session = factories.session(starts_at=at(2090, 3, 8, 17), sign_up_opens_at=opens)
    assert "Inscriptions à partir du mercredi 1er mars 2090, 9 h 30" in text_of(session)
    assert address(session) not in html_of(session)


def test_open_says_how_many_seats_are_left():
    session = factories.session(capacity=3)
    factories.registration(session)
    held = timezone.now() + HOUR
    assert "2 places sur 3" in text_of(session)
    factories.registration(session, state=State.PENDING, held_until=held)
    # Whether an address was known before would be seen by the count.
    assert "2 places sur 3" in text_of(session)
    factories.registration(session)
    assert "Complet" in text_of(session)  # the last seat is the limit of this
    assert f'href="{address(session)}"' in html_of(session)


def test_open_without_limit_says_so():
    assert "Places sans limite" in text_of(factories.session(capacity=None))


def test_open_says_the_deadline():
    session = factories.session(starts_at=at(2090, 3, 8, 17), sign_up_closes_at=at(2090, 3, 5, 12))
    assert "Inscriptions jusqu’au dimanche 5 mars 2090, 12 h" in text_of(session)


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [
        (0, "Complet : inscrivez-vous sur la liste d’attente"),
        (1, "Complet : 1 personne attend, inscrivez-vous sur la liste d’attente"),
        (4, "Complet : 4 personnes attendent, inscrivez-vous sur la liste d’attente"),
    ],
)
def test_full_says_how_many_wait(waiting, sentence):
    session = factories.session(capacity=1)
    factories.registration(session)
    for _ in range(waiting):
        factories.registration(session, state=State.WAITING)
    assert sentence in text_of(session)
    assert f'href="{address(session)}"' in html_of(session)


def test_closed_offers_nothing():
    session = factories.session(sign_up_closes_at=timezone.now() - HOUR)
    assert "Les inscriptions sont closes" in text_of(session)
    assert address(session) not in html_of(session)


def test_under_way():
    assert "En ce moment" in text_of(factories.session(starts_at=timezone.now() - HOUR))


def test_over_then_replay():
    session = factories.session(in_days=-3)
    assert "Rendez-vous passé" in text_of(session)
    assert "rediffusion" not in text_of(session)
    article = factories.article(title="L’enregistrement")
    session.replay = article.page_ptr
    session.save()
    assert f'href="{article.get_url_parts()[2]}"' in html_of(session)
    assert "Regarder la rediffusion" in text_of(session)


def test_a_replay_that_one_may_not_see_is_none(member):
    article = factories.article()
    session = factories.session(in_days=-3, replay=article.page_ptr)
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    assert "rediffusion" not in text_of(session)
    assert "Regarder la rediffusion" in text_of(session, member)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status.CANCELLED, "Rendez-vous annulé : La salle a brûlé."),
        (Status.POSTPONED, "Rendez-vous reporté : La salle a brûlé."),
    ],
)
def test_called_off_with_the_reason(status, sentence):
    session = factories.session(status=status, status_note="La salle a brûlé.")
    assert sentence in text_of(session)
    assert address(session) not in html_of(session)
    assert ".ics" not in html_of(session)


def test_sign_up_elsewhere_says_that_it_leaves_the_site():
    session = factories.session(
        sign_up=SignUp.ELSEWHERE, sign_up_url="https://www.exemple.org/inscription"
    )
    assert 'href="https://www.exemple.org/inscription"' in html_of(session)
    assert "L’inscription se fait sur un autre site : exemple.org" in text_of(session)


def test_without_sign_up():
    assert "Sans inscription : venez librement" in text_of(factories.session(sign_up=SignUp.NONE))


def test_no_session_yet():
    page = factories.training()
    assert "Aucune date n’est annoncée pour le moment." in words(said(page, NOBODY))


@time_machine.travel(at(2090, 3, 1, 12), tick=False)
def test_a_repeated_session_says_its_rhythm_and_next_dates():
    session = factories.session(
        starts_at=at(2090, 3, 7, 17),
        ends_at=at(2090, 3, 7, 19),
        repeat=Repeat.WEEKLY,
        repeat_until=datetime.date(2090, 4, 30),
    )
    said_ = text_of(session)
    assert "Chaque semaine, le mardi, 17 h – 19 h, jusqu’au dimanche 30 avril 2090" in said_
    assert "Prochaines dates : mardi 7 mars 2090 ; mardi 14 mars 2090" in said_
    # Nine stays nine when clocks change: 17 h in Paris is another hour of the universe.
    assert 'datetime="2090-03-28T17:00:00+02:00"' in html_of(session)


@pytest.mark.parametrize(
    ("repeat", "day", "sentence"),
    [
        (Repeat.FORTNIGHTLY, 7, "Une semaine sur deux, le mardi"),
        (Repeat.MONTHLY_DAY, 14, "Chaque mois, le deuxième mardi"),
        (Repeat.MONTHLY_DAY, 31, "Chaque mois, le dernier vendredi"),
        (Repeat.MONTHLY_DATE, 7, "Chaque mois, le 7"),
        (Repeat.MONTHLY_DATE, 31, "Chaque mois, le 31, ou le dernier jour du mois"),
    ],
)
def test_each_rhythm_has_its_words(repeat, day, sentence):
    session = factories.session(starts_at=at(2090, 3, day, 17), repeat=repeat)
    assert sentence in text_of(session)


def test_times_are_those_of_the_place():
    start = datetime.datetime(2090, 3, 8, 13, tzinfo=datetime.UTC)
    session = factories.session(starts_at=start, time_zone=Zone.REUNION)
    assert "mercredi 8 mars 2090, 17 h" in text_of(session)
    assert "La Réunion" in text_of(session)
    assert 'datetime="2090-03-08T17:00:00+04:00"' in html_of(session)


def test_the_clock_is_named_online_and_not_in_paris():
    start = at(2090, 3, 8, 14)
    here = factories.session(starts_at=start)
    online = factories.session(starts_at=start, format=Format.ONLINE)
    assert "métropolitaine" not in text_of(here)
    assert "France métropolitaine" in text_of(online)


def test_several_days_name_both():
    session = factories.session(starts_at=at(2090, 6, 3, 9), ends_at=at(2090, 6, 4, 17, 30))
    assert "samedi 3 juin 2090, 9 h – dimanche 4 juin 2090, 17 h 30" in text_of(session)


def test_place_commune_and_another_language():
    session = factories.session(place="Salle des fêtes", commune="Die", language="en")
    assert "Sur place · Salle des fêtes · Die · Langue : anglais" in text_of(session)
    assert "Langue" not in text_of(factories.session(language="fr"))


def test_hostile_names_stay_text():
    session = factories.session(
        label="<script>alert(1)</script>", place="<b>ici</b>", status_note="x"
    )
    assert "<script>alert" not in html_of(session)
    assert "<b>ici" not in html_of(session)


def test_past_sessions_are_folded_under_those_to_come():
    page = factories.training()
    factories.session(page, in_days=-30, label="Ancienne")
    factories.session(page, in_days=3, label="Prochaine")
    html = said(page, NOBODY)
    assert html.index("Prochaine") < html.index("<details") < html.index("Ancienne")


def test_the_english_page_shows_the_same_session_in_english():
    page = factories.training()
    session = factories.session(page, starts_at=at(2090, 3, 8, 17), capacity=3)
    english = Locale.objects.get(language_code="en")
    for source in (factories.site().root_page, factories.trainings_page(), page):
        copy = source.copy_for_translation(english)
        copy.title = f"EN {copy.title}"
        copy.save_revision().publish()
    copy.refresh_from_db()
    with translation.override("en"):
        html = said(copy, NOBODY)
    assert "Wednesday 8 March 2090, 5 p.m." in words(html)
    assert "3 seats of 3" in words(html)
    path = copy.get_url_parts()[2]
    assert f'href="{path}sessions/{session.pk}/sign-up/"' in html


class TestForWhoeverSignedUp:
    def test_confirmed_sees_the_video_link_and_the_way_out(self, member):
        session = factories.session(format=Format.ONLINE, video_url="https://visio.example/abc")
        mine = factories.registration(session, member=member)
        html = html_of(session, member)
        assert "Votre inscription est confirmée" in words(html)
        assert 'href="https://visio.example/abc"' in html
        assert f"/compte/inscription/{mine.token}/?annuler=1" in html
        assert address(session) not in html

    def test_nobody_else_sees_the_video_link(self, member):
        session = factories.session(
            format=Format.ONLINE, video_url="https://visio.example/abc", capacity=1
        )
        factories.registration(session, member=member)
        waits = factories.registration(session, member=factories.member(), state=State.WAITING)
        for reader in (NOBODY, factories.member(), waits.member):
            assert "visio.example" not in html_of(session, reader)

    def test_waiting_sees_the_position(self, member):
        session = factories.session(capacity=1)
        factories.registration(session)
        factories.registration(session, state=State.WAITING)
        factories.registration(session, member=member, state=State.WAITING)
        assert "Vous êtes sur la liste d’attente, en position 2" in text_of(session, member)

    def test_who_left_may_come_back(self, member):
        session = factories.session()
        factories.registration(session, member=member, state=State.CANCELLED)
        assert f'href="{address(session)}"' in html_of(session, member)

    def test_a_called_off_session_gives_no_video_link(self, member):
        session = factories.session(
            status=Status.CANCELLED, video_url="https://visio.example/abc", format=Format.ONLINE
        )
        factories.registration(session, member=member)
        assert "visio.example" not in html_of(session, member)


def test_the_organiser_finds_the_way_to_the_lists(member):
    page = factories.training(owner=member)
    factories.session(page)
    assert "les inscriptions" in words(said(page, member))
    for other in (NOBODY, factories.member()):
        assert "Gérer les" not in words(said(page, other))


def full_page(count, member):
    """A page with `count` sessions of every sort, in which `member` has a place."""
    page = factories.training()
    for _ in range(count):
        joined = factories.session(page, capacity=1)
        factories.registration(joined, member=member, state=State.WAITING)
        factories.registration(factories.session(page), member=member)
        factories.session(page, in_days=-3, replay=factories.article().page_ptr)
        factories.session(page, repeat=Repeat.WEEKLY)
    return page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("signed_in", [False, True])
def test_queries_do_not_depend_on_the_number_of_sessions(site, member, signed_in):
    reader = member if signed_in else NOBODY
    counted = []
    for count in (1, 3):
        page = full_page(count, member)
        said(page, reader)  # site, restrictions: remembered
        with CaptureQueriesContext(connection) as queries:
            said(page, reader)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= (7 if signed_in else 4)

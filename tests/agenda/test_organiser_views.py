"""The screens of organisers: theirs alone, everything they do is kept, told and logged."""

import csv
import io
import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from commons.agenda.models import Message, Registration, SentEmail, Session, State
from commons.members.permissions import EDITOR
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

PAGES = [
    *("organised_session", "edit_session", "call_off_session", "session_attendance"),
    *("session_message", "session_sheet"),
]


def screens(session) -> list[str]:
    guest = factories.registration(session)
    addresses = [reverse(name, args=[session.pk]) for name in PAGES]
    addresses += [reverse("session_export", args=[session.pk, kind]) for kind in ("csv", "xlsx")]
    return [
        *addresses,
        reverse("remove_person", args=[session.pk, guest.pk]),
        reverse("new_session", args=[session.page_id]),
    ]


def test_screens_are_those_of_the_owner_and_of_editors(client, session, owner):
    addresses = screens(session)
    for person in (owner, factories.member(groups=[EDITOR])):
        client.force_login(person)
        assert {client.get(address).status_code for address in addresses} == {200}


@pytest.mark.parametrize("verb", ["get", "post", "put", "delete", "options", "head"])
def test_somebody_else_learns_nothing_whatever_the_verb(client, session, verb):
    client.force_login(factories.member())
    ours = [getattr(client, verb)(address) for address in screens(session)]
    assert {answer.status_code for answer in ours} == {404}
    assert session.page.title not in "".join(a.content.decode() for a in ours)


def test_visitor_is_asked_to_sign_in(client, session):
    assert {client.get(address).status_code for address in screens(session)} == {302}


def test_account_leads_to_the_sessions_one_organises(organiser, session):
    assert reverse("organised_sessions") in organiser.get("/compte/").content.decode()
    assert "Fixer un prix" in organiser.get(reverse("organised_sessions")).content.decode()


def test_what_comes_back_stands_at_its_next_date(organiser, session, owner):
    market = factories.event(title="Marché", owner=owner)
    factories.session(market, in_days=-13, repeat="weekly", sign_up="none")
    items = organiser.get(reverse("organised_sessions")).context["items"]
    assert [item.session.page.title for item in items] == ["Marché", "Fixer un prix"]
    assert items[0].start.date() == timezone.localdate() + timedelta(days=1)


def test_nobody_is_said_in_words(organiser, session):
    text = organiser.get(reverse("organised_session", args=[session.pk])).content.decode()
    assert "personne pour le moment" in text
    assert "0 personne" not in text


def test_without_sign_up_there_is_no_list(organiser, owner):
    market = factories.session(factories.event(owner=owner), sign_up="none")
    text = organiser.get(reverse("organised_session", args=[market.pk])).content.decode()
    for name in ("session_attendance", "session_sheet", "session_message"):
        assert reverse(name, args=[market.pk]) not in text
    assert "Ajouter une personne" not in text
    assert "Changer le nombre de places" not in text
    assert reverse("edit_session", args=[market.pk]) in text
    factories.registration(market)
    text = organiser.get(reverse("organised_session", args=[market.pk])).content.decode()
    assert reverse("session_message", args=[market.pk]) in text


def test_headings_follow_one_another(organiser, session):
    text = organiser.get(reverse("organised_sessions")).content.decode()
    levels = [int(level) for level in re.findall(r"<h(\d)", text.split("<main")[1])]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_organiser_has_two_links_for_two_things(organiser, session):
    text = organiser.get(session.page.get_url()).content.decode()
    assert text.count(f'href="{reverse("organised_sessions")}"') == 1
    assert text.count(f'href="{reverse("new_session", args=[session.page_id])}"') == 1


@pytest.mark.parametrize("name", [*PAGES, "remove_person"])
def test_titles_keep_their_colon(organiser, owner, name):
    session = factories.session(factories.training(owner=owner), label="Atelier 2", in_days=-1)
    guest = factories.registration(session)
    numbers = [session.pk, guest.pk] if name == "remove_person" else [session.pk]
    text = organiser.get(reverse(name, args=numbers)).content.decode()
    assert " : Atelier 2" not in text


def test_attendance_waits_for_the_start(organiser, session):
    factories.registration(session)
    text = organiser.get(reverse("session_attendance", args=[session.pk])).content.decode()
    assert "pas commencé" in text
    assert "came-" not in text


def test_public_page_leads_its_organiser_there(organiser, session):
    text = organiser.get(session.page.get_url()).content.decode()
    assert reverse("new_session", args=[session.page_id]) in text


def test_person_who_phoned_gets_a_seat_then_only_beyond(organiser, session):
    address = reverse("organised_session", args=[session.pk])
    for number in range(3):
        person = {"do": "add", "name": f"P{number}", "email": f"p{number}@example.org"}
        assert organiser.post(address, person).status_code == 302
    late = {"do": "add", "name": "Q", "email": "q@example.org"}
    refused = organiser.post(address, late)
    assert refused.status_code == 200
    assert 'value="q@example.org"' in refused.content.decode()
    assert organiser.post(address, {**late, "if_full": "over"}).status_code == 302
    assert session.registrations.filter(state=State.CONFIRMED).count() == 4


def test_caller_is_put_on_the_waiting_list(organiser, session):
    for _ in range(3):
        factories.registration(session)
    address = reverse("organised_session", args=[session.pk])
    late = {"do": "add", "name": "Q", "email": "q@example.org", "if_full": "wait"}
    answer = organiser.post(address, late, follow=True).content.decode()
    assert "Q est sur la liste d’attente, en position 1." in answer


def test_what_is_to_be_mended_stands_above_the_list(organiser, session):
    factories.registration(session, name="Zoé")
    address = reverse("organised_session", args=[session.pk])
    person = {"do": "add", "name": "https://a.example", "email": "x"}
    text = organiser.post(address, person).content.decode()
    assert text.index('id="erreurs"') < text.index("Zoé")
    assert text.count('id="erreurs"') == 1
    assert 'href="#id_email"' in text
    assert text.split("<title>")[1].split("</title>")[0].strip().startswith("Erreur")
    assert "Erreur" not in organiser.get(address).content.decode()


def test_more_seats_go_to_the_waiting_list(organiser, session):
    for _ in range(3):
        factories.registration(session)
    waiting = factories.registration(session, state=State.WAITING)
    organiser.post(
        reverse("organised_session", args=[session.pk]), {"do": "capacity", "capacity": "4"}
    )
    waiting.refresh_from_db()
    assert waiting.state == State.CONFIRMED


def test_list_is_searched_by_name_and_address(organiser, session):
    factories.registration(session, name="Élise", email="e@example.org")
    factories.registration(session, name="Farid", email="f@example.org")
    address = reverse("organised_session", args=[session.pk])
    found = [r.name for r in organiser.get(address, {"q": "f@ex"}).context["registrations"]]
    assert found == ["Farid"]
    for query in ("elise", "ÉLI", "Elisé"):
        assert [r.name for r in organiser.get(address, {"q": query}).context["registrations"]] == [
            "Élise"
        ]
    assert organiser.get(address, {"q": "%"}).context["registrations"] == []
    assert organiser.get(address, {"q": "x" * 5000 + "\x00"}).status_code == 200


def test_person_is_removed_after_a_question(organiser, session):
    guest = factories.registration(session)
    address = reverse("remove_person", args=[session.pk, guest.pk])
    organiser.get(address)
    guest.refresh_from_db()
    assert guest.state == State.CONFIRMED
    organiser.post(address)
    guest.refresh_from_db()
    assert guest.state == State.CANCELLED


def test_person_of_another_session_cannot_be_removed_from_here(organiser, session):
    other = factories.registration(factories.session())
    address = reverse("remove_person", args=[session.pk, other.pk])
    assert organiser.post(address).status_code == 404


def test_attendance_is_noted(organiser, owner):
    session = factories.session(factories.training(owner=owner), in_days=-1)
    came, missed, unknown = (factories.registration(session) for _ in range(3))
    data = {f"came-{came.pk}": "yes", f"came-{missed.pk}": "no", "came-x": "yes", "came-9999": "no"}
    data |= {"came-" + "9" * 900: "yes", "came-" + "9" * 30: "no", "came-²": "yes"}
    address = reverse("session_attendance", args=[session.pk])
    assert organiser.post(address, data).status_code == 302
    noted = [r.attended for r in session.registrations.order_by("pk")]
    assert noted == [True, False, None]
    organiser.post(address, {f"came-{came.pk}": "", f"came-{unknown.pk}": "yes"})
    noted = [r.attended for r in session.registrations.order_by("pk")]
    assert noted == [None, False, True]


def test_everybody_was_there(organiser, owner):
    session = factories.session(factories.training(owner=owner), in_days=-1)
    for state in (State.CONFIRMED, State.CONFIRMED, State.WAITING):
        factories.registration(session, state=state)
    address = reverse("session_attendance", args=[session.pk])
    assert organiser.post(address, {"do": "all"}).url == address
    noted = [r.attended for r in session.registrations.order_by("pk")]
    assert noted == [True, True, None]
    text = organiser.get(reverse("organised_session", args=[session.pk])).content.decode()
    assert text.count("présence : oui") == 2


def test_everybody_was_there_but_who_was_noted_absent(organiser, owner):
    session = factories.session(factories.training(owner=owner), in_days=-1)
    absent, _other = (factories.registration(session) for _ in range(2))
    address = reverse("session_attendance", args=[session.pk])
    organiser.post(address, {f"came-{absent.pk}": "no"})
    organiser.post(address, {"do": "all"})
    assert [r.attended for r in session.registrations.order_by("pk")] == [False, True]


def test_attendance_noted_after_the_replay_is_said_to_change_no_email(organiser, owner):
    session = factories.session(factories.training(owner=owner), in_days=-1)
    guest = factories.registration(session)
    address = reverse("session_attendance", args=[session.pk])
    assert "déjà parti" not in organiser.get(address).content.decode()
    SentEmail.objects.create(registration=guest, about="replay:7")
    assert "est déjà parti à 1 personne" in organiser.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_message_sent_twice_is_written_once_to_each(organiser, session, owner):
    factories.registration(session, email="a@example.org")
    factories.registration(session, email="b@example.org", state=State.WAITING)
    address = reverse("session_message", args=[session.pk])
    token = organiser.get(address).context["form"]["token"].value()
    data = {"audience": "all", "subject": "Le\r\nBcc: x@y.fr", "text": "Bonjour", "token": token}
    data["do"] = "send"
    for _ in range(2):
        assert organiser.post(address, data).status_code == 302
    assert [message.to for message in mail.outbox] == [["a@example.org"]]
    assert "\n" not in mail.outbox[0].subject
    assert Message.objects.get().by == owner


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("contact", "name", "answers"),
    [
        ({"contact_email": "lea@example.org", "contact_name": "Léa"}, "Léa", "lea@example.org"),
        ({"contact_email": "lea@example.org"}, "Camille", "lea@example.org"),
        ({}, "Camille", None),
    ],
)
def test_message_says_who_writes_and_never_their_own_address(
    organiser, session, contact, name, answers
):
    Session.objects.update(**contact)
    factories.registration(session, state=State.WAITING)
    address = reverse("session_message", args=[session.pk])
    said = organiser.get(address).content.decode()
    assert ("lea@example.org" in said) is bool(answers)
    data = {"audience": "waiting", "subject": "Un mot", "text": "Bonjour", "token": "t"}
    organiser.post(address, {**data, "do": "send"})
    (message,) = mail.outbox
    assert f"{name}, qui organise votre séance, vous écrit" in message.body
    assert message.extra_headers.get("Reply-To") == answers
    assert session.page.owner.email not in message.message().as_string()


def test_message_to_nobody_is_kept_on_the_page(organiser, session):
    address = reverse("session_message", args=[session.pk])
    data = {"audience": "present", "subject": "S", "text": "Mon texte", "token": "t"}
    answer = organiser.post(address, data)
    assert answer.status_code == 200
    assert "Mon texte" in answer.content.decode()


@pytest.mark.parametrize("sign", list("=+-@\t"))
def test_spreadsheets_execute_nothing_of_what_people_typed(organiser, session, sign):
    formula = f'{sign}cmd|"/C calc"!A1'
    factories.registration(session, name=formula, answers=[formula])
    Session.objects.filter(pk=session.pk).update(questions="Pourquoi ?")
    text = organiser.get(reverse("session_export", args=[session.pk, "csv"])).content.decode()
    assert f";{sign}cmd" not in text
    assert f"\n{sign}cmd" not in text
    assert "\\|" not in text
    assert csv.reader(io.StringIO(text), delimiter=";").__next__()[0].endswith("Nom")
    assert list(csv.reader(io.StringIO(text), delimiter=";"))[1][0] == f"'{formula}"
    book = organiser.get(reverse("session_export", args=[session.pk, "xlsx"])).content
    cells = [cell for row in load_workbook(io.BytesIO(book)).active for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert not any(cell.data_type == "f" for cell in cells)


def test_export_says_which_session_and_who_waits_where(organiser, session):
    factories.registration(session, name="Ana")
    for name in ("Bob", "Chloé"):
        factories.registration(session, name=name, state=State.WAITING)
    answer = organiser.get(reverse("session_export", args=[session.pk, "csv"]))
    day = f"{session.local_start:%Y-%m-%d}"
    assert f'"inscriptions-fixer-un-prix-{day}.csv"' in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    column = rows[0].index("Rang d’attente")
    assert [(row[0], row[column]) for row in rows[1:]] == [
        ("Ana", ""),
        ("Bob", "1"),
        ("Chloé", "2"),
    ]


def test_export_is_logged_without_an_address(organiser, session, owner):
    factories.registration(session, email="a@example.org")
    organiser.get(reverse("session_export", args=[session.pk, "csv"]))
    entry = PageLogEntry.objects.get(action="agenda.export")
    assert (entry.user, entry.data) == (owner, {"session": session.pk, "kind": "csv"})
    assert organiser.get(reverse("session_export", args=[session.pk, "exe"])).status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["organised_sessions", "organised_session"])
def test_lists_cost_the_same_with_1_and_3(
    organiser, owner, session, name, django_assert_max_num_queries
):
    address = reverse(name, args=[session.pk] if name == "organised_session" else [])
    factories.registration(session, state=State.WAITING)
    organiser.get(address)
    with django_assert_max_num_queries(40) as once:
        organiser.get(address)
    for _ in range(2):
        factories.registration(session, state=State.WAITING)
        factories.session(factories.training(owner=owner))
    organiser.get(address)
    with django_assert_max_num_queries(40) as thrice:
        organiser.get(address)
    assert len(once) == len(thrice)


def test_attendance_of_a_crowd_is_noted_page_by_page(organiser, owner):
    page = factories.training(owner=owner)
    session = factories.session(page, in_days=-1)
    Registration.objects.bulk_create(
        Registration(
            session=session, email=f"p{n}@example.org", name=f"P{n:04}", state=State.CONFIRMED
        )
        for n in range(2100)
    )
    address = reverse("session_attendance", args=[session.pk])
    seen, number = set(), 1
    while address:
        people = organiser.get(address).context["registrations"]
        assert people.number == number
        seen |= {row.pk for row in people}
        data = {f"came-{row.pk}": "yes" for row in people}
        assert organiser.post(address, data).status_code == 302
        number += 1
        address = address.partition("?")[0] + f"?page={number}" if people.has_next() else ""
    assert len(seen) == 2100
    assert session.registrations.filter(attended=True).count() == 2100

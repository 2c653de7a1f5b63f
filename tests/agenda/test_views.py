"""Signing up in the browser: with an account, without one, too late, twice, for somebody else."""

import hashlib
import re
from urllib.parse import quote_plus

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from commons.agenda.models import Registration, State
from commons.contributions.models import Use
from commons.members.accounts import open_account
from tests import factories
from tests.agenda.sign_up_pages import address, key_of, page_of, posted, private
from tests.contributions.form_data import summed, ticket
from tests.contributions.test_bad_input import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def member():
    return factories.member(display_name="Léa")


@pytest.fixture
def session():
    return factories.session(capacity=2)


def fill(session):
    for _ in range(session.capacity):
        factories.registration(session)


class TestAMember:
    def test_confirms_by_one_button(self, client, session, member):
        client.force_login(member)
        page = client.get(address(session))
        assert "Vous vous inscrivez comme Léa" in page_of(page)
        assert "Votre nom" not in page_of(page)
        answer = client.post(address(session), follow=True)
        (found,) = session.registrations.all()
        assert answer.redirect_chain == [(private(found), 302)]
        assert (found.member, found.state) == (member, State.CONFIRMED)
        assert "Votre inscription est confirmée" in page_of(answer)

    def test_answers_the_questions(self, client, member):
        session = factories.session(questions="Combien serez-vous ?\nVégétarien ?")
        client.force_login(member)
        assert "Combien serez-vous ? (facultatif)" in page_of(client.get(address(session)))
        client.post(address(session), {"answer_1": "  trois ", "answer_2": ""})
        assert session.registrations.get().answers == ["trois", ""]

    def test_waits_when_it_filled_up_meanwhile(self, client, session, member):
        client.force_login(member)
        client.get(address(session))
        fill(session)
        answer = client.post(address(session), follow=True)
        assert "Vous êtes sur la liste d’attente, en position 1" in page_of(answer)

    def test_is_told_when_it_closed_meanwhile(self, client, session, member):
        client.force_login(member)
        session.sign_up_closes_at = timezone.now()
        session.save()
        for ask in (client.get, client.post):
            answer = ask(address(session))
            assert answer.status_code == 200
            assert "Les inscriptions sont closes" in page_of(answer)
        assert session.registrations.count() == 0

    def test_signs_up_twice_by_the_same_button(self, client, session, member):
        client.force_login(member)
        first, second = (client.post(address(session)) for _ in range(2))
        assert first.url == second.url == private(session.registrations.get())
        assert client.get(address(session)).url == first.url  # the back button

    def test_needs_the_token_that_other_sites_do_not_know(self, session, member):
        client = Client(enforce_csrf_checks=True)
        client.force_login(member)
        assert client.post(address(session)).status_code == 403


class TestAVisitor:
    def test_signs_up_confirms_and_cancels_without_a_cookie(self, client, session):
        page = client.get(address(session))
        assert "Votre place vous est gardée pendant 24 heures." in page_of(page)
        answer = client.post(address(session), posted(), follow=True)
        assert "Nous venons d’écrire à ana@example.org." in page_of(answer)
        found = session.registrations.get()
        for _ in range(2):
            assert "Oui, je confirme" in page_of(client.get(key_of(found)))
        found.refresh_from_db()
        assert found.state == State.PENDING, "reading a link does nothing"
        for _ in range(2):
            assert client.post(key_of(found)).url == private(found)
        assert "Votre inscription est confirmée" in page_of(client.get(private(found)))
        for _ in range(2):
            assert client.post(private(found), {"do": "cancel"}).status_code == 302
        assert "Votre inscription est annulée" in page_of(client.get(private(found)))
        assert client.cookies == {}

    def test_is_told_before_confirming_whether_a_seat_is_kept(self, client, session):
        client.post(address(session), posted())
        seated = session.registrations.get()
        assert "Une place vous est gardée" in page_of(client.get(key_of(seated)))
        factories.registration(session, state=State.WAITING)
        client.post(address(session), posted(email="eva@example.org"))
        waiting = session.registrations.get(email="eva@example.org")
        page = page_of(client.get(key_of(waiting)))
        assert "vous entrez dans la liste d’attente" in page
        assert "Une place vous est gardée" not in page

    def test_finds_the_way_to_an_account_and_back(self, client, session):
        member = open_account("ana@example.org", display_name="Ana", password=factories.PASSWORD)
        html = client.get(address(session)).content.decode()
        link = re.search(r'href="(/compte/login/\?next=[^"]+)"', html)[1]
        assert "J’ai déjà un compte" in html
        form = {"login": member.email, "password": factories.PASSWORD, "next": address(session)}
        assert client.get(link).status_code == 200
        assert client.post("/compte/login/", form).url == address(session)

    def test_error_keeps_what_was_typed_and_names_the_field(self, client):
        session = factories.session(questions="Combien ?")
        sent = posted(name="", email="ana@", answer_1="trois")
        answer = client.post(address(session), sent)
        html = answer.content.decode()
        assert answer.status_code == 200
        assert 'href="#id_name"' in html
        assert html.count("Remplissez ce champ.") == 2
        assert 'value="ana@"' in html
        assert 'value="trois"' in html
        assert session.registrations.count() == 0

    @pytest.mark.parametrize(("answer", "asked"), [("", True), (None, False)])
    def test_missing_sum_is_told_with_the_other_errors(self, client, session, answer, asked):
        changes = {} if answer is None else {"sum": answer}
        page = page_of(client.post(address(session), posted(name="", **changes)))
        assert "Remplissez ce champ." in page
        assert ("Répondez au petit calcul" in page) is asked

    def test_the_sum_is_not_asked_twice(self, client, session):
        form = posted(name="")
        html = " ".join(client.post(address(session), form).content.decode().split())
        assert f'name="sum" value="{form["sum"]}"' in html

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"website": "x"}, "Laissez vide le champ caché"),
            ({"sum": "", "proof": ""}, "Répondez au petit calcul"),
            ({"ticket": "forged"}, "Cette page est restée ouverte trop longtemps"),
        ],
    )
    def test_robots_are_asked_again(self, client, session, changes, sentence):
        answer = client.post(address(session), posted(**changes))
        assert sentence in page_of(answer)
        assert 'value="ana@example.org"' in answer.content.decode()
        assert session.registrations.count() == 0

    def test_too_fast_is_asked_again(self, client, session):
        given = ticket(age=0)
        answer = client.post(address(session), posted(ticket=given, sum=summed(given)))
        assert "C’est allé très vite" in page_of(answer)

    def test_one_page_serves_one_person_and_answers_twice_alike(self, client, session):
        sent = posted()
        for _ in range(2):
            assert client.post(address(session), sent).status_code == 302
        answer = client.post(address(session), {**sent, "email": "autre@example.org"})
        assert "Cette page a déjà servi" in page_of(answer)
        assert sent["ticket"] not in answer.content.decode()
        assert session.registrations.count() == 1
        assert len(mail.outbox) == 1

    def test_is_told_when_it_filled_up_meanwhile(self, client, session):
        fill(session)
        assert "Vous aurez alors votre place dans la liste" in page_of(client.get(address(session)))
        answer = client.post(address(session), posted(), follow=True)
        assert "Sinon, vous entrerez dans la liste d’attente." in page_of(answer)
        found = session.registrations.get(email="ana@example.org")
        page = page_of(client.post(key_of(found), follow=True))
        assert "Vous êtes sur la liste d’attente, en position 1" in page

    def test_is_told_when_it_closed_meanwhile(self, client, session):
        session.sign_up_closes_at = timezone.now()
        session.save()
        assert "Les inscriptions sont closes" in page_of(client.post(address(session), posted()))

    def test_asks_too_often(self, client, session, monkeypatch):
        monkeypatch.setattr("commons.agenda.registrants.SOURCE_AN_HOUR", 1)
        client.post(address(session), posted())
        answer = client.post(address(session), posted(email="autre@example.org"))
        assert "Trop d’inscriptions depuis votre connexion" in page_of(answer)

    def test_forged_fields_are_ignored(self, client, session, member):
        other = factories.session()
        forged = {
            "state": "confirmed",
            "session": other.pk,
            "member": member.pk,
            "attended": "1",
            "added_by_organiser": "1",
            "token": "choisi",
            "queued_at": "2001-01-01",
            "answer_1": "une réponse sans question",
        }
        client.post(address(session), posted(**forged))
        (found,) = Registration.objects.all()
        assert (found.session, found.state, found.member) == (session, State.PENDING, None)
        assert (found.attended, found.added_by_organiser, found.answers) == (None, False, [])
        assert found.token != "choisi"


@pytest.mark.parametrize("state", [State.CONFIRMED, State.WAITING, State.PENDING])
@pytest.mark.parametrize("capacity", [None, 5])
def test_whether_an_address_is_registered_cannot_be_guessed(client, state, capacity):
    session = factories.session(capacity=capacity)
    long_ago = timezone.now() - timezone.timedelta(hours=2)
    known = factories.registration(session, email="ana@example.org", state=state)
    Registration.objects.filter(pk=known.pk).update(updated_at=long_ago)
    told = []
    for email in ("ana@example.org", "neuve@example.org"):
        mail.outbox.clear()
        answer = client.post(address(session), posted(email=email))
        place, receipt = answer.url.split("?envoi=")
        after = page_of(client.get(answer.url)).replace(email, "")
        told.append((answer.status_code, place, len(receipt), after, len(mail.outbox)))
        assert [message.to for message in mail.outbox] == [[email]]
    assert told[0] == told[1]
    assert told[0][-1] == 1  # each is written to: the answer takes as long


def test_receipt_of_another_session_tells_no_address(client, session):
    answer = client.post(address(session), posted())
    other = factories.session()
    receipt = answer.url.partition("?")[2]
    for query in (receipt, "envoi=", "envoi=%00", f"envoi={'é' * 3000}"):
        page = client.get(f"{address(other)}?{query}")
        assert page.status_code == 200
        assert "ana@example.org" not in page_of(page)


def test_page_after_shows_the_address_typed_and_no_older_one(client, session):
    moved = factories.member("ana@example.org")
    factories.registration(session, member=moved, email="ancienne@example.org")
    after = page_of(client.get(client.post(address(session), posted()).url))
    assert "ana@example.org" in after
    assert "ancienne@example.org" not in after


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_never_a_fault(client, name):
    session = factories.session(questions="Combien ?")
    for field in ("name", "email", "answer_1", "ticket", "sum", "proof", "do"):
        form = posted() | {field: HOSTILE[name]}
        body = "&".join(
            f"{key}={quote_plus(str(value).encode('utf-8', 'surrogatepass'))}"
            for key, value in form.items()
        )
        Use.objects.all().delete()
        kind = "application/x-www-form-urlencoded"
        answer = client.post(address(session), body, content_type=kind)
        assert answer.status_code in {200, 302}, field
        assert "<script>alert" not in answer.content.decode()
    for found in session.registrations.all():
        assert "<script>alert" not in client.get(private(found)).content.decode()
        assert not re.search("[\x00-\x08\u202e\ufffe]", f"{found.name}{found.answers}")
    for message in mail.outbox:
        assert "\n" not in message.subject


def test_english_pages_sign_up_for_the_same_session(client):
    page = factories.training()
    session = factories.session(page)
    english = Locale.objects.get(language_code="en")
    for source in (factories.site().root_page, factories.trainings_page(), page):
        copy = source.copy_for_translation(english)
        copy.title = f"EN {copy.title}"
        copy.save_revision().publish()
    path = f"{copy.get_url_parts()[2]}sessions/{session.pk}/sign-up/"
    assert "Sign up" in page_of(client.get(path))
    client.post(path, posted())
    assert session.registrations.get().language == "en"


def test_proof_of_work_is_enough(client, session):
    given = ticket()
    proof = next(
        str(n)
        for n in range(10_000_000)
        if hashlib.sha256(f"{given}:{n}".encode()).hexdigest().startswith("0000")
    )
    answer = client.post(address(session), posted(ticket=given, sum="", proof=proof))
    assert answer.status_code == 302

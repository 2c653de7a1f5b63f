"""Somebody goes through every feature of the site, is erased, and no table knows them any more."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import Page, PageLogEntry

from commons.agenda import registration
from commons.agenda.models import Registration, State
from commons.contributions.models import Contribution
from commons.members.accounts import open_account
from commons.members.delivery import as_message, deliver_due
from commons.members.erasure import erase, erase_address
from commons.members.models import Member, OutgoingMail
from tests import factories
from tests.contributions.form_data import drafted, posted, submitted
from tests.contributions.form_data import visitor as sender
from tests.members.member_activity import EMAIL, NAME, OLD, WORD, be_named_in_mails, do_everything
from tests.members.stored_data import occurrences

MARKERS = [NAME, "quistinic", EMAIL, OLD, WORD]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_on_a_real_site(settings):
    """Mails are stored."""
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"


@pytest.fixture
def boss(site):
    groups = ["Modération", "Rédaction"]
    return factories.member("boss@example.org", groups, display_name="Bo", is_superuser=True)


@pytest.fixture
def zoe(site):
    return open_account(OLD, display_name=NAME, groups=["Modération"], password=factories.PASSWORD)


def left() -> dict[str, list[str]]:
    """Where each marker still is: tables, and the cache, which is one of them on a real site."""
    kept = f"{cache._cache}".lower()
    traces = {marker: occurrences(marker) for marker in MARKERS}
    traces |= {marker: [kept] for marker in MARKERS if marker.lower() in kept}
    return {marker: lines for marker, lines in traces.items() if lines}


def test_no_table_holds_their_data(zoe, boss, client, django_capture_on_commit_callbacks, settings):
    page = do_everything(zoe, client, boss=boss)
    assert left().keys() == set(MARKERS)
    deliver_due()  # what they wrote to others leaves within a minute; one is for later
    be_named_in_mails()
    with django_capture_on_commit_callbacks(execute=True):
        erase(Member.objects.get(pk=zoe.pk))
    assert left() == {}
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    page.refresh_from_db()
    assert (page.live, page.title, page.credit, page.owner) == (True, "Le bon pain", "Ada", None)
    assert (
        Page.objects.get(title="The good bread", locale__language_code="en").specific.credit
        == "Ada"
    )
    (waiting,) = OutgoingMail.objects.filter(sent_at=None)
    message = as_message(waiting)
    assert (message.subject, message.body) == ("De …", "Bonjour … (…), merci.\n")
    assert [attachment[0] for attachment in message.attachments] == ["b.ics"]


def test_no_network_address_is_stored(zoe, boss, client):
    client.defaults["REMOTE_ADDR"] = "203.0.113.77"
    do_everything(zoe, client, boss=boss)
    session = factories.session()
    registration.register(session, name="Ana", email="ana@example.org", source="203.0.113.77")
    client.post("/fr/se-documenter/proposer/article/", posted())
    assert occurrences("203.0.113.77") == []
    assert "203.0.113.77" not in f"{cache._cache}"


def test_the_credit_alone_stays_at_their_choice(zoe, boss, client):
    page = do_everything(zoe, client, boss=boss)
    deliver_due()
    erase(Member.objects.get(pk=zoe.pk), keep_credit=True)
    assert left().keys() <= {NAME, "quistinic"}
    page.refresh_from_db()
    assert page.credit == f"Ada, {NAME}"
    assert not PageLogEntry.objects.filter(data__icontains="quistinic").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite")
def test_not_even_the_files_of_the_database_hold_them(zoe, boss, client):
    do_everything(zoe, client, boss=boss)
    deliver_due()
    erase(Member.objects.get(pk=zoe.pk))
    database = Path(connection.settings_dict["NAME"])
    for path in (database, database.with_name(f"{database.name}-wal")):
        held = path.read_bytes().lower() if path.exists() else b""
        found = [marker for marker in (EMAIL, OLD, WORD, "quistinic") if marker.encode() in held]
        assert found == [], path


def test_unpublished_pages_are_deleted_with_their_author(zoe):
    submitted(zoe, title="Jamais lu")
    erase(zoe)
    assert not Page.objects.filter(title="Jamais lu").exists()
    assert Contribution.objects.get().title == "Sans titre"


def test_what_was_done_without_an_account_is_erased_by_address(site, capsys):
    session = factories.session(capacity=1)
    factories.registration(session, email=EMAIL, name=NAME, answers=[WORD])
    waiting = factories.registration(session, email="next@example.org", state=State.WAITING)
    drafted(sender(EMAIL), title=WORD)
    other = drafted(sender("autre@example.org"), title="À une autre")
    call_command("erase_member", EMAIL.upper(), dry_run=True)
    assert "would be erased" in capsys.readouterr().out
    assert Registration.objects.count() == 2
    call_command("erase_member", EMAIL.upper())
    assert "1 agenda.Registration.email" in capsys.readouterr().out
    assert left() == {}
    waiting.refresh_from_db()
    assert waiting.state == State.CONFIRMED
    other.refresh_from_db()
    assert other.title == "À une autre"
    with pytest.raises(CommandError, match="nothing sent from it"):
        call_command("erase_member", EMAIL)


def test_an_account_at_a_strangers_address_takes_nothing_of_theirs_along(site):
    theirs = factories.registration(factories.session(), email=EMAIL, name=NAME)
    impostor = factories.member(EMAIL, confirmed=False)
    erase(impostor)
    assert Registration.objects.get() == theirs


def test_similar_addresses_and_names_of_others_stay(site):
    other = factories.registration(
        factories.session(), email=f"a{EMAIL}", name=NAME, answers=[f"a{EMAIL} Sainte-{NAME}"]
    )
    erase_address(EMAIL)
    other.refresh_from_db()
    assert other.answers == [f"a{EMAIL} Sainte-{NAME}"]
    assert other.name == NAME


def test_freed_seats_go_to_the_waiting_list_and_emails_are_sent(
    zoe, mailoutbox, django_capture_on_commit_callbacks, settings
):
    session = factories.session(capacity=1)
    factories.registration(session, member=zoe)
    next_one = factories.registration(session, email="next@example.org", state=State.WAITING)
    past = factories.registration(factories.session(in_days=-7), member=zoe)
    with django_capture_on_commit_callbacks(execute=True):
        erase(zoe)
    next_one.refresh_from_db()
    assert next_one.state == State.CONFIRMED
    emails = {message.to[0]: message for message in mailoutbox}
    assert emails.keys() == {OLD, "next@example.org"}
    assert emails[OLD].subject == "Votre compte est supprimé"
    assert session.title in emails[OLD].body
    assert past.session.title not in emails[OLD].body
    assert occurrences(OLD) == []


def test_no_email_is_sent_to_an_unconfirmed_address(site, mailoutbox):
    erase(factories.member("stranger@example.org", confirmed=False))
    assert mailoutbox == []

"""What leaves for an address that nobody confirmed: nothing that a stranger typed but a name."""

import pytest
from django.core import mail

from commons.agenda import registration
from commons.agenda.models import Format
from commons.contributions import submission
from commons.contributions.drafting import Visitor
from commons.contributions.names import name_in_a_mail
from tests import factories
from tests.contributions.typed import ARTICLE, drafted

BAIT = "Gagnez-un-prix"
STRANGER = "victime@example.net"
NAMES = ["Léa", "Jean-Luc d’Ormesson", "O'Neil", "Anne-Marie de la Tour", "J.-P. Dupont", "Łukasz"]
NOT_NAMES = [
    "Appelez le 08 99 12 34 56",
    "www.exemple",
    "exemple.com",
    "Votre compte va fermer, écrivez vite à notre service clients",
    "Un deux trois quatre cinq six sept huit",
    "Gagnez!",
    "a@b",
    "http://x",
    "Léa" * 30,
]


def letters() -> list[str]:
    """All that the mails to the stranger say, every part of them."""
    found = []
    for message in mail.outbox:
        assert message.to == [STRANGER]
        parts = [str(getattr(part, "content", part)) for part in message.alternatives]
        found.append("\n".join([message.subject, message.body, *parts, str(message.attachments)]))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept(name):
    assert name_in_a_mail(name)


@pytest.mark.parametrize("name", NOT_NAMES)
def test_what_is_no_name_is_not_written(name):
    assert name_in_a_mail(name) == ""


def bait(kind: str) -> dict:
    return {name: f"{BAIT} {name}" for name in ARTICLE if name != "licence_ok"}


def test_a_proposal_tells_nothing_of_its_text(library):
    by = Visitor(name="Léa", email=STRANGER)
    draft = drafted(by, message=BAIT, credit=BAIT, **bait("article"))
    submission.submit(draft, by=by)
    (letter,) = letters()
    assert BAIT not in letter
    assert "Bonjour Léa," in letter


def test_a_proposal_by_no_name_greets_nobody(library):
    by = Visitor(name="Appelez le 08 99 12 34 56", email=STRANGER)
    submission.submit(drafted(by), by=by)
    (letter,) = letters()
    assert "08 99" not in letter
    assert "Bonjour," in letter


def test_a_sign_up_tells_the_page_and_the_date_only(site):
    session = factories.session(
        label=BAIT,
        place=BAIT,
        address=BAIT,
        commune=BAIT,
        status_note=BAIT,
        contact_name=BAIT,
        format=Format.HYBRID,
        video_url=f"https://{BAIT}.example/",
    )
    registration.register(session, name="Appelez le 0899123456", email=STRANGER)
    (letter,) = letters()
    assert BAIT not in letter
    assert "0899" not in letter
    assert session.page.title in letter


def test_an_account_is_confirmed_without_its_name(client, site):
    page = client.get("/compte/signup/").content.decode()
    assert "display_name" in page
    form = {"email": STRANGER, "display_name": BAIT, "password1": factories.PASSWORD}
    for path, fields in (
        ("/compte/signup/", form | {"charter": "on"}),
        ("/compte/password/reset/", {"email": STRANGER}),
    ):
        client.post(path, fields)
    assert all(BAIT not in letter for letter in letters())

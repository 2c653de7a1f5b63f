"""The page where one writes, as it is read: its title, what is to correct, where it is kept."""

import re

import pytest

from commons.contributions.models import Contribution, State
from tests import factories
from tests.contributions.form_data import posted, submitted, summed, ticket

pytestmark = pytest.mark.usefixtures("library")
CHOOSE = "/fr/se-documenter/proposer/"
WRITE = f"{CHOOSE}article/"
MINE = "/compte/contributions/"


@pytest.fixture
def member(db):
    return factories.member(display_name="Léa")


def page_of(response) -> str:
    return response.content.decode()


def test_what_is_to_be_corrected_stands_in_one_place(client):
    page = page_of(client.post(WRITE, posted(do="send", licence_ok="", sender_name="")))
    assert page.count('id="erreurs"') == 1
    summary = page[page.index('id="erreurs"') :].split("</div>")[0]
    assert summary.index('href="#id_licence_ok"') < summary.index('href="#id_sender_name"')
    assert page.index('id="erreurs"') < page.index('id="id_title"')


def test_a_member_reads_where_the_draft_is_kept(client, member):
    client.force_login(member)
    page = page_of(client.get(client.post(WRITE, posted(do="save")).url))
    notice = page[page.index('class="notice') :].split("</section>")[0]
    assert f'href="{MINE}"' in notice
    assert "une adresse privée" not in notice


def test_once_sent_its_page_bears_its_title(client, member):
    client.force_login(member)
    contribution = submitted(member, title="Vendre à vélo")
    address = f"/fr/se-documenter/proposer/brouillon/{contribution.token}/"
    page = "".join(page_of(client.get(address)).split())
    assert "<h1>Vendreàvélo</h1>" in page
    assert "<title>Vendreàvélo—" in page


@pytest.mark.parametrize("button", ["preview", "save"])
def test_who_typed_for_long_may_send_as_soon_as_the_page_comes_back(client, button):
    shown = page_of(client.post(WRITE, posted(do=button), follow=True))
    given = re.search('name="ticket" value="(.*?)"', shown)[1]
    address = f"{CHOOSE}brouillon/{Contribution.objects.get().token}/"
    client.post(address, posted(ticket=given, sum=summed(given)))
    assert Contribution.objects.get().state == State.UNCONFIRMED


def test_a_preview_makes_no_ticket_older(client):
    given = ticket(age=0)
    shown = page_of(client.post(WRITE, posted(do="preview", ticket=given), follow=True))
    assert f'name="ticket" value="{given}"' in shown
    address = f"{CHOOSE}brouillon/{Contribution.objects.get().token}/"
    for tried in (given, ticket(age=0)):
        page = page_of(client.post(address, posted(ticket=tried, sum=summed(tried))))
        assert "très vite" in page or "ouverte trop longtemps" in page
    other = ticket(age=3600)
    kept = page_of(client.get(address, {"ticket": other}))
    assert f'value="{other}"' not in kept

"""The page where one writes, as it is read: its title, what is to correct, where it is kept."""

import pytest

from tests import factories
from tests.contributions.typed import posted, submitted

pytestmark = pytest.mark.usefixtures("library")
WRITE = "/fr/se-documenter/proposer/article/"
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


def test_a_member_is_told_where_the_draft_stays(client, member):
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

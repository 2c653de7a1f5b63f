"""The export of one's data is read by whoever opens it: words, titles, dates, nothing internal."""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from commons.members.accounts import open_account
from commons.members.models import Member
from commons.members.privacy import Encoder, export_of
from commons.members.readable_export import sections_of
from tests import factories
from tests.contributions.typed import drafted
from tests.contributions.typed import visitor as sender
from tests.members.eventful_life import EMAIL, NAME, OLD, WORD, lead

pytestmark = pytest.mark.django_db
INTERNAL = re.compile(
    r"wagtail|[a-z]+_[a-z]+|\b[a-z]+\.[A-Z]\w+|object \(\d|None|True|False|\[\]|\{|lazy"
)


@pytest.fixture
def zoe(site):
    return open_account(OLD, display_name=NAME, groups=["Modération"], password=factories.PASSWORD)


@pytest.fixture
def life(zoe, client, settings):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    groups = ["Modération", "Rédaction"]
    lead(zoe, client, boss=factories.member("boss@example.org", groups, display_name="Bo"))
    return Member.objects.get(pk=zoe.pk)


class Read(HTMLParser):
    """The text of a page, and its elements."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.tags = [], set()
        self.feed(html)
        self.text = "\n".join(self.texts)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        if self.lasttag != "style" and data.strip():
            self.texts.append(data.strip())


def readable(member) -> str:
    context = {"sections": sections_of(member), "site_name": "Le Commun", "now": timezone.now()}
    return render_to_string("members/export.html", context)


def test_everything_is_told_in_words(life):
    page = Read(readable(life))
    for heading in (
        *("Mon profil", "Mon adresse e-mail", "Mes accords", "Mes inscriptions"),
        *("Mes contributions, brouillons compris", "Mes messages aux personnes inscrites"),
        *("Les pages que j’ai créées", "Les pages que je signe", "Mes décisions de modération"),
        *("Mes remarques sur des pages, dans l’administration", "Mon second code de connexion"),
        "Ce que j’ai fait sur les pages",
    ):
        assert heading in page.texts, heading
    assert f"{WORD} cinq" in page.text, "a draft, by its title"
    assert "Non retenue" in page.text
    assert "Commencez petit." in page.text, "what was typed"
    assert {"Titre", "Résumé", "Un mot pour la modération"} <= set(page.texts)
    assert f"Nom affiché\n{NAME}" in page.text
    assert EMAIL in page.text


def test_nothing_internal_is_shown(life):
    text = Read(readable(life)).text.replace(EMAIL, "")
    assert INTERNAL.findall(text) == []


def test_english_reads_english(life):
    with translation.override("en"):
        text = Read(readable(life)).text
    assert "My contributions, drafts included" in text
    assert "Mes " not in text


def test_what_people_typed_is_text_and_nothing_else(zoe):
    bad = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    zoe.display_name = bad
    drafted(zoe, title=bad, text=bad, message=f"</dd>{bad}")
    page = Read(readable(zoe))
    assert page.tags.isdisjoint({"script", "img"})
    assert bad in page.text


def test_both_files_hold_the_drafts_that_were_never_sent(zoe):
    drafted(zoe, title="Mon brouillon", text="Rien que ceci.")
    data = Encoder(ensure_ascii=False).encode(export_of(zoe))
    for whole in (data, readable(zoe)):
        assert "Mon brouillon" in whole
        assert "Rien que ceci." in whole


def test_neither_holds_secrets_nor_what_a_stranger_typed(life):
    drafted(sender(EMAIL), title="D’un inconnu qui a écrit cette adresse")
    data = Encoder(ensure_ascii=False).encode(export_of(life))
    for whole in (data, readable(life)):
        assert "D’un inconnu" not in whole
        assert '"secret"' not in whole
        assert life.password not in whole
        assert "boss@example.org" not in whole

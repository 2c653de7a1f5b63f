"""The export of one's data is read by whoever opens it: words, titles, dates, nothing internal."""

import datetime
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
from tests.contributions.form_data import drafted
from tests.contributions.form_data import visitor as sender
from tests.members.member_activity import EMAIL, NAME, OLD, WORD, do_everything

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
    do_everything(zoe, client, boss=factories.member("boss@example.org", groups, display_name="Bo"))
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


def test_every_exported_row_has_a_label_and_readable_values(life):
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


def test_dates_are_written_as_on_the_site(zoe):
    """« 12 mars 2027, 17 h 30 » where an act was done, and the day of a session at its place."""
    session = factories.session(
        starts_at=datetime.datetime(2027, 7, 10, 17, 0, tzinfo=datetime.UTC),
        ends_at=datetime.datetime(2027, 7, 10, 23, 0, tzinfo=datetime.UTC),
        time_zone="Europe/Paris",
        questions="Mangez-vous avec nous ?\nÀ combien ?",
    )
    made = factories.registration(session, member=zoe, answers=["Oui", "Deux"])
    made.created_at = datetime.datetime(2027, 3, 12, 16, 5, tzinfo=datetime.UTC)
    made.save()
    shown = dict(sections_of(zoe))["Mes inscriptions"]
    assert [title for title, _facts in shown] == [session.title]
    facts = dict(shown[0][1])
    assert facts["Date et heure"] == ("samedi 10 juillet 2027, 19\u00a0h – 1\u00a0h (le lendemain)")
    assert facts["Inscription faite le"] == "12 mars 2027, 17\u00a0h\u00a005"
    assert facts["Mangez-vous avec nous ?"] == "Oui"
    assert facts["À combien ?"] == "Deux"

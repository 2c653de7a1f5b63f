"""The admin's home and menu: what each group is offered, counted cheaply; the guide inside."""

import datetime
import re

import pytest
from django.utils import timezone

from commons.members.permissions import COMMITTEE, EDITOR, MODERATOR
from commons.pages import team_guide as guide_module
from commons.pages.admin_home import home_actions
from search.models import Gap
from tests import factories

pytestmark = pytest.mark.django_db


def labels(person) -> list[str]:
    return [action.label for action in home_actions(person)]


@pytest.fixture
def editor(site):
    return factories.member("editrice@example.org", groups=[EDITOR])


def test_editor_is_offered_what_editors_do(editor, site):
    factories.session()
    assert labels(editor) == [
        "Écrire un guide",
        "Ajouter une date",
        "Propositions à lire",
        "Pages à relire",
        "Recherches sans réponse",
        "Séances que j’organise",
    ]


def test_moderator_is_not_offered_to_write(site):
    offered = labels(factories.member(groups=[MODERATOR]))
    assert offered == ["Propositions à lire", "Pages à relire", "Recherches sans réponse"]


def test_who_may_only_enter_is_offered_nothing(site):
    assert labels(factories.member(groups=[COMMITTEE])) == []


def test_a_guide_is_written_in_the_language_of_who_writes(editor, library):
    action = home_actions(editor)[0]
    assert action.url == f"/admin/pages/add/resources/guide/{library.pk}/"


def test_home_counts_what_waits(client, editor, site):
    past = timezone.localdate() - datetime.timedelta(days=1)
    factories.guide(next_review_on=past)
    factories.article(next_review_on=past + datetime.timedelta(days=300))
    Gap.objects.create(language="fr", words="ruche connectée")
    client.force_login(editor)
    page = " ".join(client.get("/admin/").content.decode().split())
    assert "Pages à relire (1)" in page
    assert "Recherches sans réponse (1)" in page
    assert "Propositions à lire (0)" in page


def test_home_costs_the_same_whatever_waits(client, editor, site, django_assert_max_num_queries):
    client.force_login(editor)
    client.get("/admin/")
    past = timezone.localdate() - datetime.timedelta(days=1)
    for _number in range(3):
        factories.guide(next_review_on=past)
        factories.session()
    with django_assert_max_num_queries(45):
        client.get("/admin/")


def test_team_menus_have_nothing_technical(client, editor, site):
    client.force_login(editor)
    page = client.get("/admin/").content.decode()
    assert "Guide de l’équipe" in page or "Guide de l\\u2019\\u00e9quipe" in page
    for technical in ("workflow-tasks", "page-types-usage", "aging-pages", "editor-guide"):
        assert f'"{technical}"' not in page
    client.force_login(factories.member(is_superuser=True))
    assert '"workflow-tasks"' in client.get("/admin/").content.decode()


def test_admin_speaks_the_language_of_who_works_not_of_the_browser(client, editor, site):
    client.force_login(editor)
    english_browser = {"headers": {"accept-language": "en"}}
    assert "Que voulez-vous faire ?" in client.get("/admin/", **english_browser).content.decode()
    editor.language = "en"
    editor.save()
    assert "What would you like to do?" in client.get("/admin/").content.decode()


def test_guide_is_read_inside_the_admin(client, editor, site):
    client.force_login(editor)
    page = client.get("/admin/aide/").content.decode()
    assert '<h2 id="traduire">Traduire</h2>' in page
    assert '<a href="#traduire">Traduire</a>' in page
    # A picture that comes late moves no chapter away from who was led to it.
    assert re.findall(r"<img(?![^>]* width=)", page) == []


def test_forms_lead_to_chapters_that_exist(client, editor, site):
    client.force_login(editor)
    chapters = {anchor for anchor, _title in guide_module.team_guide().chapters}
    edit = client.get(f"/admin/pages/{factories.guide().pk}/edit/").content.decode()
    linked = set(re.findall(r'href="/admin/aide/#([\w-]+)"', edit))
    assert linked
    assert linked <= chapters


def test_missing_guide_is_said(client, editor, site, monkeypatch, tmp_path):
    missing = guide_module.GUIDE.with_name("absent.md")
    monkeypatch.setattr(guide_module, "GUIDE", missing)
    client.force_login(editor)
    answer = client.get("/admin/aide/")
    assert answer.status_code == 200
    assert "docs/guide-equipe.md" in answer.content.decode()


def test_guide_pictures_exist_and_are_small():
    text = guide_module.GUIDE.read_text(encoding="utf-8")
    pictures = [part.split(")")[0] for part in text.split("](../static/")[1:]]
    static = guide_module.GUIDE.parent.parent / "static"
    made = {f"img/guide/{path.name}" for path in (static / "img/guide").iterdir()}
    assert made == set(pictures)
    assert {name for name in pictures if (static / name).stat().st_size > 60_000} == set()


def test_new_date_offers_pages_and_new_ones(client, editor, site):
    training, event = factories.training(title="Fixer ses prix"), factories.event()
    client.force_login(editor)
    page = client.get("/admin/nouvelle-date/").content.decode()
    assert f"/compte/seances/nouvelle/{training.pk}/" in page
    assert f"/compte/seances/nouvelle/{event.pk}/" in page
    assert "/admin/pages/add/trainings/training/" in page
    assert "/admin/pages/add/network/event/" in page
    found = client.get("/admin/nouvelle-date/", {"q": "prix\x00"}).content.decode()
    assert "Fixer ses prix" in found
    assert event.title not in found


def test_new_date_is_for_who_may_write(client, site):
    client.force_login(factories.member(groups=[COMMITTEE]))
    assert client.get("/admin/nouvelle-date/").status_code == 302

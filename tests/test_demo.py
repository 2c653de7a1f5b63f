"""The demo: loaded once for all of these tests, then undone."""

import re
import tomllib

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from wagtail.models import Page, Site

from commons.contributions import rate_limits
from commons.contributions.models import Contribution
from commons.demo import FOLDER, records, resource_records
from commons.demo_people import ACCOUNTS, PASSWORD
from commons.members.models import Member
from commons.pages.models import HomePage
from commons.pages.visibility import visible_pages
from commons.resources.case_study import NARRATIVE, CaseStudy
from commons.resources.models import LibraryPage
from tests.migrated import BARE

pytestmark = pytest.mark.django_db
FILES = sorted(FOLDER.glob("*.toml"))


def prose(file) -> str:
    return file.read_text(encoding="utf-8")


def test_every_link_of_the_demo_leads_to_a_page_of_the_demo():
    texts = tomllib.loads(prose(FOLDER / "pages.toml"))
    known = {record["slug"] for record in [*texts["section"], *texts["plain"], *resource_records()]}
    linked = {slug for file in FILES for slug in re.findall(r"\]\(page:([^)]+)\)", prose(file))}
    named = {slug for record in resource_records() for slug in record.get("related", [])}
    assert linked | named <= known


def test_the_demo_names_no_mailbox_and_no_telephone():
    for file in FILES:
        assert re.findall(r"[\w.]+@[\w.]+\.\w+|\b0[1-9](?:[ .]?\d\d){4}\b", prose(file)) == []


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        django_db_setup.bring(BARE)
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DEMO=True):
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


def case_studies():
    return CaseStudy.objects.visible_to(AnonymousUser()).filter(locale__language_code="fr")


def test_load_demo_makes_a_whole_site(demo):
    library = LibraryPage.objects.get(locale__language_code="fr")
    assert Site.objects.get().root_page.specific == HomePage.objects.get(slug="fr")
    resources = visible_pages(AnonymousUser()).child_of(library)
    assert resources.count() == len(list(resource_records())) + len(records("recordings")["page"])
    assert len(case_studies()) == 13
    assert Page.find_problems() == ([], [], [], [], [])


def test_load_demo_again_changes_nothing(demo):
    before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision_id"))
    call_command("load_demo")
    assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision_id")) == before


# Wagtail leaves to the garbage collector the temporary file of each rendition that it makes.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_every_page_of_the_demo_opens(demo, client):
    for page in visible_pages(AnonymousUser()).filter(depth__gt=1):
        assert client.get(page.get_url()).status_code == 200, page.url_path


def test_case_studies_are_whole(demo):
    for case in case_studies():
        told = [name for name in NARRATIVE if getattr(case, name)]
        assert len(told) >= 4, case
        assert case.organisations.exists(), case
        assert case.lessons.exists(), case
        grid = set(case.classifications.values_list("term__vocabulary", flat=True))
        assert {"objective", "territory", "structure_type"} <= grid, case


def test_pages_of_several_kinds_are_translated(demo):
    english = LibraryPage.objects.get(locale__language_code="en").get_children().specific()
    assert len({type(page) for page in english}) >= 5
    assert all(page.live for page in english)


def test_demo_accounts_are_open(demo):
    assert set(Member.objects.values_list("email", flat=True)) == set(ACCOUNTS)
    assert Member.objects.get(email="editrice@example.org").check_password(PASSWORD)


def test_the_demo_s_member_may_still_propose_today(demo):
    found = Member.objects.get(email="membre@example.org").contributions.first()
    rate_limits.check_newcomer(Contribution(author=found.author), [])


def test_demo_contributions_stand_at_each_step(demo):
    mine = Member.objects.get(email="membre@example.org").contributions
    states = sorted(mine.values_list("state", flat=True))
    assert states == ["changes_asked", "draft", "in_review", "refused"]
    assert mine.under_moderation().count() == 2

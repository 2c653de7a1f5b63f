"""Pages to read again: which, for whom, and the note that one was."""

import csv
import datetime
import io
import re

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupPagePermission, PageLogEntry

from commons.members.permissions import COMMITTEE, EDITOR
from commons.pages.reviewing import ACTION, mark_reviewed, published_for, to_review
from commons.refused import Refused
from commons.resources.models import Guide
from tests import factories
from tests.threads import at_once

pytestmark = pytest.mark.django_db
REPORT = "/admin/a-relire/"


def days(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


@pytest.fixture
def editor(site):
    return factories.member("editrice@example.org", groups=[EDITOR])


def test_past_and_near_dates_are_to_review(editor, site):
    past, near = factories.guide(next_review_on=days(-1)), factories.event(next_review_on=days(30))
    factories.article(next_review_on=days(31))
    factories.question()
    factories.article(next_review_on=days(-1), live=False)
    assert {page.pk for page in to_review(editor)} == {past.pk, near.pk}


def test_every_contributed_type_has_dates(editor, site):
    made = [
        factories.article,
        factories.guide,
        factories.case_study,
        factories.external_resource,
        factories.generic_model,
        factories.question,
        factories.recording,
        factories.training,
        factories.series,
        factories.event,
    ]
    pages = [make(next_review_on=days(-1)) for make in made[:6]]
    pages += [made[6](next_review_on=days(-1), url="https://exemple.org/son")]
    pages += [make(next_review_on=days(-1)) for make in made[7:]]
    assert {page.pk for page in to_review(editor)} == {page.pk for page in pages}


def test_only_ones_own_part_of_the_tree(site):
    mine, other = factories.guide(next_review_on=days(-1)), factories.event(next_review_on=days(-1))
    person = factories.member(groups=[COMMITTEE])
    change = GroupPagePermission.objects.filter(permission__codename="change_page").first()
    GroupPagePermission.objects.create(
        group=person.groups.get(), page=mine.get_parent(), permission=change.permission
    )
    person = type(person).objects.get(pk=person.pk)
    assert [page.pk for page in published_for(person)] == [mine.pk]
    with pytest.raises(Refused):
        mark_reviewed(other, by=person)


def test_marking_keeps_the_interval_and_the_text(editor, site):
    page = factories.guide(reviewed_on=days(-200), next_review_on=days(-20))
    before = page.latest_revision_id
    mark_reviewed(page, by=editor)
    page = Guide.objects.get(pk=page.pk)
    assert (page.reviewed_on, page.next_review_on) == (days(0), days(180))
    assert page.latest_revision_id == before
    assert page.chapters[0].value["title"] == "Se décider"
    assert PageLogEntry.objects.filter(page=page.pk, action=ACTION, user=editor).count() == 1


def test_marking_twice_is_marking_once(editor, site):
    page = factories.guide(next_review_on=days(-20))
    mark_reviewed(page, by=editor)
    mark_reviewed(page, by=editor)
    page.refresh_from_db()
    assert page.next_review_on == days(365)
    assert PageLogEntry.objects.filter(action=ACTION).count() == 1


def test_a_draft_published_later_keeps_the_new_dates(editor, site):
    page = factories.guide(title="Avant", next_review_on=days(-20))
    page.title = "Après"
    draft = page.save_revision()
    mark_reviewed(page, by=editor)
    assert Guide.objects.get(pk=page.pk).title == "Avant"
    draft.refresh_from_db()
    draft.publish()
    page = Guide.objects.get(pk=page.pk)
    assert (page.title, page.next_review_on) == ("Après", days(365))


def test_report_and_button(client, editor, site):
    page = factories.guide(title="À revoir", next_review_on=days(-2))
    factories.guide(title="Plus tard", next_review_on=days(300))
    client.force_login(editor)
    shown = client.get(REPORT).content.decode()
    assert "À revoir" in shown
    assert "Plus tard" not in shown
    assert "Plus tard" in client.get(f"{REPORT}?when=all").content.decode()
    assert client.get(f"{REPORT}{page.pk}/relue/").status_code == 405
    answer = client.post(f"{REPORT}{page.pk}/relue/", follow=True)
    assert "relue aujourd’hui" in answer.content.decode()
    assert list(to_review(editor)) == []
    assert client.post(f"{REPORT}999999/relue/").status_code == 404


@pytest.mark.parametrize("query", ["when=x", "theme=x", "owner=99999999999999999999", "p=x"])
def test_report_bears_what_is_not_one_of_its_filters(client, editor, site, query):
    factories.guide(next_review_on=days(-2))
    client.force_login(editor)
    assert client.get(f"{REPORT}?{query}").status_code in {200, 404}


def test_report_filters_by_theme_and_never_reviewed(client, editor, site):
    theme = factories.term("theme", "logistique")
    factories.guide(title="Les tournées", next_review_on=days(-2), terms=[theme])
    factories.guide(title="Les statuts", next_review_on=days(-2))
    factories.guide(title="Jamais lue")
    client.force_login(editor)
    themed = client.get(f"{REPORT}?theme={theme.pk}").content.decode()
    assert "Les tournées" in themed
    assert "Les statuts" not in themed
    never = client.get(f"{REPORT}?when=never").content.decode()
    assert "Jamais lue" in never
    assert "Les statuts" not in never


def test_the_button_carries_its_token(editor, site):
    """Django's own client does not look at tokens unless it is asked to."""
    careful = Client(enforce_csrf_checks=True)
    page = factories.guide(next_review_on=days(-2))
    careful.force_login(editor)
    address = f"{REPORT}{page.pk}/relue/"
    assert careful.post(address).status_code == 403
    shown = careful.get(REPORT).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.split(address)[1])
    answer = careful.post(address, {"csrfmiddlewaretoken": token[1]})
    assert answer.status_code == 302
    assert list(to_review(editor)) == []


def test_report_is_for_editors(client, site):
    client.force_login(factories.member(groups=[COMMITTEE]))
    assert client.get(REPORT).status_code == 302


@pytest.mark.parametrize("report", [f"{REPORT}?when=all&", "/admin/reports/page-types-usage/?"])
def test_exports_execute_nothing(client, site, report):
    factories.guide(title="=HYPERLINK(1)", next_review_on=days(-2))
    client.force_login(factories.member(is_superuser=True))
    answer = client.get(f"{report}export=csv")
    rows = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@\t\r")]


def test_report_costs_the_same_for_one_and_three(
    client, editor, site, django_assert_max_num_queries
):
    for _number in range(3):
        factories.guide(next_review_on=days(-2), owner=factories.member())
    client.force_login(editor)
    client.get(REPORT)
    with django_assert_max_num_queries(40):
        client.get(REPORT)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_reading(site):
    person = factories.member("deux@example.org", groups=[EDITOR])
    page = factories.guide(next_review_on=days(-20))
    outcomes = at_once(*[lambda: mark_reviewed(page, by=person)] * 4)
    assert [type(outcome) for outcome in outcomes] == [Guide] * 4
    page.refresh_from_db()
    assert page.next_review_on == days(365)
    assert PageLogEntry.objects.filter(action=ACTION).count() == 1

"""The editor has read a page, somebody decides on it, then the editor writes: in that order.

Threads that start together may not meet there: here the decision begins as soon as the editor has
read, and the editor waits a second for it. A decision that waits for the editor's lock comes after.
"""

import json

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from commons.contributions import moderation
from commons.contributions.models import State
from commons.contributions.moderation import RESULTS, Decision
from commons.resources.models import Article
from tests import factories
from tests.contributions.form_data import submitted
from tests.contributions.test_decision_races import (
    check,
    decision,
    editor_form,
    in_the_editor,
    signed_in,
)
from tests.threads import Meanwhile, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _site(transactional_db):
    factories.site()


@pytest.fixture
def contribution():
    return submitted(factories.member(display_name="Léa"))


@pytest.mark.parametrize("reading", [1, 2])
@pytest.mark.parametrize("what", Decision)
def test_what_the_editor_read_before_a_decision_never_undoes_it(contribution, what, reading):
    form = editor_form(contribution, title="Corrigé pendant ce temps")
    autosave = in_the_editor(contribution, signed_in(), form, autosave=True)
    meanwhile = Meanwhile(
        decision(contribution, what), after='FROM "resources_article"', number=reading
    )
    with connection.execute_wrapper(meanwhile):
        answer = autosave()
    decided = not isinstance(result := meanwhile.end(), Exception)
    assert answer.status_code == 200, "an autosave that saves nothing shows nothing"
    contribution.refresh_from_db()
    contribution.page.refresh_from_db()
    assert decided or isinstance(result, moderation.StaleVersion)
    assert contribution.state == (RESULTS[what] if decided else State.IN_REVIEW)
    assert contribution.page.live == (contribution.state == State.ACCEPTED)
    assert Article.objects.get().get_latest_revision_as_object().title == "Corrigé pendant ce temps"


def test_of_two_simultaneous_saves_one_gets_a_conflict(contribution):
    saves = [
        in_the_editor(
            contribution, signed_in(), editor_form(contribution, title=title), autosave=True
        )
        for title in ("L’un", "L’autre")
    ]
    answers = [json.loads(answer.content) for answer in at_once(*saves)]
    assert sorted(answer["success"] for answer in answers) == [False, True]
    assert {answer.get("error_code") for answer in answers} == {None, "invalid_revision"}
    saved = "L’un" if answers[0]["success"] else "L’autre"
    assert Article.objects.get().get_latest_revision_as_object().title == saved
    check(contribution, decisions=0)


@pytest.mark.parametrize("number", ["-1", "9" * 30, "abc", "\x00", "²", "1e9", "another’s", "old"])
@pytest.mark.parametrize("name", ["loaded_revision_id", "overwrite_revision_id"])
def test_a_forged_revision_saves_nothing(contribution, number, name):
    other = submitted(factories.member())
    numbers = {"another’s": Article.objects.get(pk=other.page_id).latest_revision_id}
    numbers["old"] = Article.objects.get(pk=contribution.page_id).latest_revision_id
    form = editor_form(contribution, title="Lu")
    client = signed_in()
    assert in_the_editor(contribution, client, form, autosave=True)().status_code == 200
    forged = form | {"title": "Forgé", name: numbers.get(number, number)}
    answer = in_the_editor(contribution, client, forged, autosave=True)()
    assert 400 <= answer.status_code < 500
    titles = [page.get_latest_revision_as_object().title for page in Article.objects.order_by("pk")]
    assert "Forgé" not in titles
    assert "Lu" in titles


@pytest.mark.parametrize("groups", [None, []])
def test_who_may_not_edit_saves_nothing(contribution, groups):
    client = Client() if groups is None else signed_in(groups=groups, display_name="X")
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    form = editor_form(contribution, title="Forgé")
    answer = client.post(edit, form, headers={"Accept": "application/json"})
    assert answer.status_code in {302, 403, 404}
    assert Article.objects.get().get_latest_revision_as_object().title != "Forgé"

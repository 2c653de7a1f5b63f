"""One decision, once: two moderators, the author, the page editor and its autosave, all at once."""

import itertools

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from commons.contributions import moderation, submission
from commons.contributions.models import State
from commons.contributions.moderation import RESULTS, Decision
from commons.refused import Refused
from commons.resources.models import Article
from tests import factories
from tests.contributions.form_data import data, submitted, task_state
from tests.contributions.test_admin import at, posted, publish_form
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SOUND = ([], [], [], [], [])
DECIDED = {State.ACCEPTED, State.CHANGES_ASKED, State.REFUSED}
MODERATOR = {"groups": ["Modération"]}


@pytest.fixture(autouse=True)
def _site(transactional_db):
    factories.site()


@pytest.fixture
def contribution():
    return submitted(factories.member(display_name="Léa"))


def signed_in(**powers) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(factories.member(**(powers or MODERATOR)))
    return client


def decision(contribution, what, *, by=None):
    """The decision of a moderator who has read what waits now, to be taken later."""
    by, version = by or factories.member(**MODERATOR), moderation.version_of(contribution)
    return lambda: moderation.decide(
        contribution, decision=Decision(what), version=version, by=by, comment=f"Un mot de {by.pk}."
    )


def check(contribution, *, decisions: int = 1) -> None:
    """Whatever happened, the page is online if it was accepted, and each step was told once."""
    contribution.refresh_from_db()
    steps = list(contribution.events.values_list("state", flat=True))
    assert len([state for state in steps if state in DECIDED]) == decisions
    assert contribution.state == steps[-1]
    live = Article.objects.filter(live=True).exists()
    assert live == (contribution.state == State.ACCEPTED)
    assert Page.find_problems() == SOUND


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations_with_replacement(Decision, 2)])
def test_two_moderators_at_once_are_one(contribution, one, other):
    results = at_once(decision(contribution, one), decision(contribution, other))
    refusals = [result for result in results if isinstance(result, Exception)]
    assert [type(refusal) for refusal in refusals] == [moderation.AlreadyDecided]
    check(contribution)


@pytest.mark.parametrize("what", Decision)
def test_six_clicks_at_once_are_one(contribution, what):
    client, form = signed_in(), posted(contribution, what, comment="Un mot.")
    answers = at_once(*[lambda: client.post(at(contribution), form) for _ in range(6)])
    assert [answer.status_code for answer in answers] == [302] * 6
    check(contribution)


@pytest.mark.parametrize("what", Decision)
def test_a_decision_and_a_withdrawal_at_once_agree(contribution, what):
    results = at_once(
        decision(contribution, what),
        lambda: submission.withdraw(contribution, author=contribution.author),
    )
    contribution.refresh_from_db()
    if contribution.state == State.WITHDRAWN:
        # Asked for changes, then withdrawn: both were said in time.
        assert not Article.objects.exists()
        assert [isinstance(r, Refused) for r in results].count(True) <= 1
    else:
        check(contribution)
        assert isinstance(results[1], Refused)


@pytest.mark.parametrize("what", Decision)
def test_a_decision_and_a_new_version_at_once_agree(contribution, what):
    contribution.data = data(text="Une autre version.")
    contribution.save()
    results = at_once(
        decision(contribution, what),
        lambda: submission.revise(contribution, author=contribution.author),
    )
    assert not [r for r in results if isinstance(r, Exception) and not isinstance(r, Refused)]
    contribution.refresh_from_db()
    if isinstance(results[0], moderation.StaleVersion):
        check(contribution, decisions=0)
        assert contribution.state == State.IN_REVIEW
    elif what == Decision.ASK:
        assert contribution.state == State.IN_REVIEW, "asked, then answered"
    else:
        check(contribution)
        assert isinstance(results[1], Refused)


def editor_form(contribution, **fields) -> dict:
    # As it is now: who names another revision than the last is answered that it changed.
    return publish_form(Article.objects.get(pk=contribution.page_id)) | fields


def in_the_editor(contribution, client, form, *, autosave=False):
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    headers = {"Accept": "application/json"} if autosave else {}
    return lambda: client.post(edit, form, headers=headers)


@pytest.mark.parametrize("what", Decision)
def test_a_decision_and_a_publication_from_the_editor_at_once_agree(contribution, what):
    form = editor_form(contribution, **{"action-publish": "1"})
    results = at_once(decision(contribution, what), in_the_editor(contribution, signed_in(), form))
    assert results[1].status_code == 302
    contribution.refresh_from_db()
    live = Article.objects.filter(live=True).exists()
    if contribution.state == State.ACCEPTED and what == Decision.ASK:
        assert live, "asked for changes perhaps, then published all the same"
    elif what == Decision.REFUSE and isinstance(results[0], moderation.Contribution):
        # An editor may have published it afterwards, as a page of the team's.
        assert contribution.state == State.REFUSED
    else:
        check(contribution)


@pytest.mark.parametrize("what", Decision)
@pytest.mark.parametrize("action", [{}, {"action-workflow-action": "1"}])
def test_an_autosave_under_way_never_undoes_a_decision(contribution, what, action):
    for _ in range(3):
        one = submitted(factories.member())
        form = editor_form(one, **action, **{"workflow-action-name": "approve"})
        form["title"] = "Corrigé pendant ce temps"
        act, client = decision(one, what), signed_in()
        autosaves = [in_the_editor(one, client, form, autosave=True) for _ in range(3)]
        results = at_once(act, *autosaves)
        assert {answer.status_code for answer in results[1:]} <= {200, 400}
        one.refresh_from_db()
        one.page.refresh_from_db()
        decided = not isinstance(results[0], Exception)
        assert decided or isinstance(results[0], moderation.StaleVersion)
        assert one.state == (RESULTS[what] if decided else State.IN_REVIEW)
        assert one.page.live == (one.state == State.ACCEPTED)


def statuses(requests) -> list[int]:
    return [request().status_code for request in requests]


@pytest.mark.parametrize("first", Decision)
@pytest.mark.parametrize("name", ["approve", "reject", "refuse", "publish", "", "x" * 300])
def test_an_editor_opened_before_the_decision_changes_nothing(contribution, first, name):
    client, state = signed_in(), task_state(contribution)
    form = editor_form(contribution) | {
        "action-workflow-action": "true",
        "workflow-action-name": name,
        "workflow-action-extra-data": '{"comment": "D’un vieil onglet"}',
    }
    stale = [
        in_the_editor(contribution, client, form),
        in_the_editor(contribution, client, form, autosave=True),
        in_the_editor(contribution, client, form | {"workflow-action-extra-data": "}{"}),
    ]
    for view in ("workflow_action", "collect_workflow_action_data"):
        address = f"wagtailadmin_pages:{view}"
        named = reverse(address, args=[contribution.page_id, name[:20] or "x", state.pk])
        for headers in ({}, {"X-Requested-With": "XMLHttpRequest"}):
            stale.append(lambda a=named, h=headers: client.post(a, {"comment": "Non."}, headers=h))
            stale.append(lambda a=named, h=headers: client.get(a, headers=h))
    confirm = reverse(
        "wagtailadmin_pages:confirm_workflow_cancellation", args=[contribution.page_id]
    )
    stale.append(lambda: client.get(confirm))

    assert [code for code in statuses(stale) if code >= 500] == []
    check(contribution, decisions=0)
    decision(contribution, first)()
    assert [code for code in statuses(stale) if code >= 500] == []
    check(contribution)


def test_a_vain_decision_in_the_editor_saves_the_text_and_leads_on(contribution):
    client = signed_in()
    form = editor_form(contribution) | {
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
        "title": "Corrigé",
    }
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    answer = client.post(edit, form, follow=True)
    assert answer.redirect_chain == [(at(contribution), 302)]
    assert "Votre texte est enregistré. Rien n’est décidé" in answer.content.decode()
    page = Page.objects.get(pk=contribution.page_id)
    assert page.get_latest_revision_as_object().title == "Corrigé"


def test_the_task_of_another_page_is_not_acted_on(contribution):
    own = factories.article(live=False, owner=factories.member())
    own.get_workflow().start(own, None)
    other = factories.article(live=False, owner=factories.member())
    other.get_workflow().start(other, None)
    named = [own.pk, "approve", other.current_workflow_task_state.pk]
    address = reverse("wagtailadmin_pages:workflow_action", args=named)
    assert signed_in().post(address, {"comment": ""}).status_code == 404
    assert not Article.objects.filter(live=True).exists()


def test_a_double_click_on_a_page_of_the_teams_own_is_one(contribution):
    page = factories.article(live=False, owner=factories.member())
    page.get_workflow().start(page, page.owner)
    client = signed_in()
    form = publish_form(page) | {
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
    }
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    state = page.current_workflow_task_state.pk
    act = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state])
    json = {"Accept": "application/json"}
    answers = at_once(
        *[lambda: client.post(edit, form)] * 2,
        *[lambda: client.post(edit, form, headers=json)] * 2,
        lambda: client.post(act, {"comment": ""}),
    )
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    page.refresh_from_db()
    assert page.live

"""Deciding: ask, accept, refuse; never on one's own text, never on what changed meanwhile."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Workflow, WorkflowTask

from commons.contributions import moderation, submission
from commons.contributions.models import Contribution, ModerationTask, State
from commons.pages.visibility import visible_pages
from commons.refused import Refused
from tests import factories
from tests.contributions.form_data import act, drafted, submitted, task_state, visitor

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def member(db):
    return factories.member(display_name="Léa")


@pytest.fixture
def moderator(db):
    return factories.member(display_name="Marc", groups=["Modération"])


@pytest.fixture
def emails_to(django_capture_on_commit_callbacks, settings):
    """Run a function, give the subjects of the mails that it sent to one person."""
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"

    def run(address, function, *args, **kwargs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            function(*args, **kwargs)
        return [m for m in mail.outbox if m.to == [address]]

    return run


def test_accepted_is_visible_at_once(member, moderator, emails_to):
    contribution = submitted(member)
    (message,) = emails_to(member.email, act, contribution, "accept", by=moderator)
    contribution.refresh_from_db()
    assert contribution.state == State.ACCEPTED
    assert contribution.decided_at is not None
    assert visible_pages(AnonymousUser()).filter(pk=contribution.page_id).exists()
    assert message.subject == "« Vendre à la ferme » est en ligne"
    assert contribution.page.full_url in message.body
    event = contribution.events.last()
    assert (event.state, event.by) == (State.ACCEPTED, moderator)


def test_changes_asked_then_resubmitted_then_accepted(member, moderator, emails_to):
    contribution = submitted(member)
    (message,) = emails_to(
        member.email, act, contribution, "ask", by=moderator, comment="Ajoutez les prix."
    )
    contribution.refresh_from_db()
    assert contribution.state == State.CHANGES_ASKED
    assert "Ajoutez les prix." in message.body
    assert "Ajoutez les prix." in message.alternatives[0].content
    contribution = submission.submit(contribution, by=member)
    assert contribution.state == State.IN_REVIEW
    act(contribution, "accept", by=moderator)
    contribution.refresh_from_db()
    states = list(contribution.events.values_list("state", flat=True))
    assert states == ["in_review", "changes_asked", "in_review", "accepted"]


def test_refused_with_its_reason(member, moderator, emails_to):
    contribution = submitted(member)
    (message,) = emails_to(
        member.email, act, contribution, "refuse", by=moderator, comment="Hors sujet."
    )
    contribution.refresh_from_db()
    assert contribution.state == State.REFUSED
    assert contribution.events.last().comment == "Hors sujet."
    assert "Hors sujet." in message.body
    page = Page.objects.get(pk=contribution.page_id)
    assert (page.live, page.workflow_in_progress) == (False, False)


@pytest.mark.parametrize("action", ["ask", "refuse"])
def test_reason_is_required(member, moderator, action):
    contribution = submitted(member)
    with pytest.raises(Refused, match="raison"):
        act(contribution, action, by=moderator, comment="  ")
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW


@pytest.mark.parametrize("decision", ["accept", "ask", "refuse"])
@pytest.mark.parametrize("powers", [{"groups": ["Modération"]}, {"is_superuser": True}])
def test_nobody_decides_on_their_own_text(powers, decision):
    author = factories.member(**powers)
    contribution = submitted(author)
    with pytest.raises(Refused, match="votre texte"):
        act(contribution, decision, by=author, comment="Bien.")
    contribution.page.refresh_from_db()
    assert (contribution.page.live, contribution.events.count()) == (False, 1)


def test_nor_on_what_they_sent_before_signing_in(moderator):
    by = visitor(moderator.email.upper())
    contribution = submission.confirm(submission.submit(drafted(by), by=by))
    with pytest.raises(Refused, match="votre texte"):
        act(contribution, "accept", by=moderator)


@pytest.mark.parametrize("groups", [[], ["Comité d’échange"]])
def test_who_may_not_judge_the_page_decides_nothing(member, groups):
    contribution = submitted(member)
    with pytest.raises(Refused):
        act(contribution, "accept", by=factories.member(groups=groups))


def test_moderator_may_mend_then_approve(member, moderator):
    contribution = submitted(member)
    page = contribution.page.specific
    page.title = "Vendre à la ferme, en vrai"
    page.save_revision(user=moderator)
    act(contribution, "accept", by=moderator)
    page.refresh_from_db()
    assert (page.live, page.title) == (True, "Vendre à la ferme, en vrai")


def decide(contribution, decision, version, *, by, comment="Un mot."):
    return moderation.decide(
        contribution,
        decision=moderation.Decision(decision),
        version=version,
        by=by,
        comment=comment,
    )


def test_what_was_resubmitted_meanwhile_is_not_accepted(member, moderator):
    contribution = submitted(member)
    read = moderation.version_of(contribution)
    submission.revise(contribution, author=member)
    for decision in moderation.Decision:
        with pytest.raises(moderation.StaleVersion):
            decide(contribution, decision, read, by=moderator)
    contribution.page.refresh_from_db()
    assert contribution.page.live is False


def test_what_an_autosave_wrote_over_meanwhile_is_not_accepted(member, moderator):
    contribution = submitted(member)
    page = contribution.page.specific
    revision = page.save_revision(user=moderator)
    read = moderation.version_of(contribution)
    page.title = "Autre chose"
    page.save_revision(user=moderator, overwrite_revision=revision)
    with pytest.raises(moderation.StaleVersion):
        decide(contribution, "accept", read, by=moderator)


def test_what_was_withdrawn_meanwhile_is_not_accepted(member, moderator):
    contribution = submitted(member)
    read = moderation.version_of(contribution)
    submission.withdraw(contribution, author=member)
    with pytest.raises(moderation.AlreadyDecided, match="retiré"):
        decide(contribution, "accept", read, by=factories.member(is_superuser=True))


@pytest.mark.parametrize("decision", moderation.Decision)
def test_the_same_decision_twice_is_one(member, moderator, emails_to, decision):
    contribution = submitted(member)
    read = moderation.version_of(contribution)
    first = emails_to(member.email, decide, contribution, decision, read, by=moderator)
    assert emails_to(member.email, decide, contribution, decision, read, by=moderator) == []
    assert (len(first), contribution.events.count()) == (1, 2)


@pytest.mark.parametrize("first", moderation.Decision)
@pytest.mark.parametrize("second", moderation.Decision)
def test_second_moderator_reads_who_decided(member, moderator, first, second):
    contribution, other = submitted(member), factories.member(groups=["Modération"])
    read = moderation.version_of(contribution)
    decide(contribution, first, read, by=moderator)
    contribution.page.refresh_from_db()
    live = contribution.page.live
    with pytest.raises(moderation.AlreadyDecided, match=moderator.display_name):
        decide(contribution, second, read, by=other, comment="Mon avis à moi.")
    contribution.refresh_from_db()
    assert contribution.state == moderation.RESULTS[first]
    contribution.page.refresh_from_db()
    assert (contribution.page.live, contribution.events.count()) == (live, 2)


@pytest.mark.parametrize("version", ["", "x", "1-2-3-4", "9" * 5000, "----²", "0-0-0-" + "9" * 30])
def test_a_version_that_is_none_decides_nothing(member, moderator, version):
    contribution = submitted(member)
    with pytest.raises(moderation.StaleVersion):
        decide(contribution, "accept", version, by=moderator)


def test_what_waits_for_its_author_may_still_be_accepted_or_refused(member, moderator):
    for decision in ("accept", "refuse"):
        contribution = submitted(factories.member())
        act(contribution, "ask", by=moderator, comment="Des prix ?")
        act(contribution, decision, by=moderator, comment="Tel quel.")
        contribution.refresh_from_db()
        assert contribution.state == moderation.RESULTS[decision]
        contribution.page.refresh_from_db()
        assert contribution.page.live == (decision == "accept")


def test_without_a_workflow_it_is_decided_all_the_same(member, moderator):
    contribution = submitted(member)
    contribution.page.specific.current_workflow_state.cancel()
    act(contribution, "accept", by=moderator)
    contribution.page.refresh_from_db()
    assert contribution.page.live


def test_a_page_that_cannot_come_out_is_not_accepted(member, moderator, emails_to):
    contribution = submitted(member)
    page = contribution.page.specific
    page.title = ""
    page.save_revision(clean=False)
    with pytest.raises(Refused, match="ne peut pas paraître"):
        act(contribution, "accept", by=moderator)
    contribution.refresh_from_db()
    assert (contribution.state, contribution.events.count()) == (State.IN_REVIEW, 1)


def test_email_of_a_scheduled_page_does_not_say_online(member, moderator, emails_to):
    contribution = submitted(member)
    page = contribution.page.specific
    page.go_live_at = timezone.now() + datetime.timedelta(days=2)
    page.save_revision()
    (message,) = emails_to(member.email, act, contribution, "accept", by=moderator)
    assert message.subject == "« Vendre à la ferme » est acceptée"
    assert "Elle paraîtra le" in message.body
    assert page.full_url not in message.body
    contribution.refresh_from_db()
    assert (contribution.state, contribution.status_label) == (State.ACCEPTED, "Acceptée")
    assert contribution.events.count() == 2


def test_email_of_a_restricted_page_does_not_say_public(member, moderator, emails_to):
    contribution = submitted(member)
    PageViewRestriction.objects.create(page=contribution.page, restriction_type="login")
    (message,) = emails_to(member.email, act, contribution, "accept", by=moderator)
    assert "en ligne" not in message.subject
    assert "Tout le monde" not in message.body


@pytest.mark.parametrize("decision", ["ask", "refuse"])
def test_a_schedule_never_publishes_what_was_sent_back(member, moderator, decision):
    contribution = submitted(member)
    page = contribution.page.specific
    page.go_live_at = timezone.now() + datetime.timedelta(minutes=1)
    page.save_revision().publish()
    act(contribution, decision, by=moderator, comment="Non.")
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        call_command("publish_scheduled")
    page.refresh_from_db()
    assert page.live is False


def test_a_task_that_is_switched_off_publishes_nothing(member, moderator):
    contribution = submitted(member)
    task_state(contribution).task.specific.deactivate()
    contribution.page.refresh_from_db()
    contribution.refresh_from_db()
    assert (contribution.page.live, contribution.state) == (False, State.IN_REVIEW)
    act(contribution, "accept", by=moderator)


def test_two_tasks_take_two_decisions_and_a_double_click_takes_one(member, moderator):
    task = ModerationTask.objects.get()
    second = ModerationTask.objects.create(name="Seconde lecture")
    second.groups.set(task.groups.all())
    workflow = Workflow.objects.get(name="Modération")
    WorkflowTask.objects.create(workflow=workflow, task=second, sort_order=1)
    contribution = submitted(member)
    read = moderation.version_of(contribution)
    decide(contribution, "accept", read, by=moderator)
    decide(contribution, "accept", read, by=moderator)
    contribution.page.refresh_from_db()
    assert contribution.page.live is False
    act(contribution, "accept", by=moderator)
    contribution.page.refresh_from_db()
    assert contribution.page.live is True


def test_publication_from_the_editor_accepts(member, moderator, emails_to):
    contribution = submitted(member)
    revision = contribution.page.specific.get_latest_revision()
    (message,) = emails_to(member.email, revision.publish, user=moderator)
    contribution.refresh_from_db()
    assert contribution.state == State.ACCEPTED
    assert "en ligne" in message.subject


def test_deletion_by_the_team_ends_it(member):
    contribution = submitted(member)
    contribution.page.specific.delete()
    contribution.refresh_from_db()
    assert (contribution.state, contribution.page) == (State.REFUSED, None)


def test_the_editor_offers_no_decision_on_a_proposal(member, moderator):
    contribution = submitted(member)
    task, page = task_state(contribution).task.specific, contribution.page.specific
    assert task.get_actions(page, moderator) == []
    for action in ("approve", "reject", "refuse"):
        with pytest.raises(PermissionDenied):
            task.on_action(task_state(contribution), moderator, action, comment="Oui.")


def test_an_editors_own_page_is_read_by_somebody_else(moderator, library):
    page = factories.article(live=False, owner=moderator)
    page.get_workflow().start(page, moderator)
    task = page.current_workflow_task
    assert [name for name, *_ in task.get_actions(page, moderator)] == ["reject"]
    assert Contribution.objects.count() == 0

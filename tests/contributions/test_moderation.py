"""Deciding: ask, accept, refuse; never on one's own text, never on what changed meanwhile."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import PermissionDenied
from wagtail.models import Page

from commons.contributions import moderation, submission
from commons.contributions.models import Contribution, State
from commons.pages.visibility import visible_pages
from commons.refused import Refused
from tests import factories
from tests.contributions.typed import act, drafted, submitted, task_state, visitor

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def member(db):
    return factories.member(display_name="Léa")


@pytest.fixture
def moderator(db):
    return factories.member(groups=["Modération"])


@pytest.fixture
def letters_to(django_capture_on_commit_callbacks, settings):
    """Run a function, give the subjects of the mails that it sent to one person."""
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"

    def run(address, function, *args, **kwargs):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            function(*args, **kwargs)
        return [m for m in mail.outbox if m.to == [address]]

    return run


def test_accepted_is_visible_at_once(member, moderator, letters_to):
    contribution = submitted(member)
    (letter,) = letters_to(member.email, act, contribution, "approve", by=moderator)
    contribution.refresh_from_db()
    assert contribution.state == State.ACCEPTED
    assert contribution.decided_at is not None
    assert visible_pages(AnonymousUser()).filter(pk=contribution.page_id).exists()
    assert letter.subject == "« Vendre à la ferme » est en ligne"
    assert contribution.page.full_url in letter.body
    event = contribution.events.last()
    assert (event.state, event.by) == (State.ACCEPTED, moderator)


def test_changes_asked_then_resubmitted_then_accepted(member, moderator, letters_to):
    contribution = submitted(member)
    (letter,) = letters_to(
        member.email, act, contribution, "reject", by=moderator, comment="Ajoutez les prix."
    )
    contribution.refresh_from_db()
    assert contribution.state == State.CHANGES_ASKED
    assert "Ajoutez les prix." in letter.body
    assert "Ajoutez les prix." in letter.alternatives[0].content
    contribution = submission.submit(contribution, by=member)
    assert contribution.state == State.IN_REVIEW
    act(contribution, "approve", by=moderator)
    contribution.refresh_from_db()
    states = list(contribution.events.values_list("state", flat=True))
    assert states == ["in_review", "changes_asked", "in_review", "accepted"]


def test_refused_with_its_reason(member, moderator, letters_to):
    contribution = submitted(member)
    (letter,) = letters_to(
        member.email, act, contribution, "refuse", by=moderator, comment="Hors sujet."
    )
    contribution.refresh_from_db()
    assert contribution.state == State.REFUSED
    assert contribution.events.last().comment == "Hors sujet."
    assert "Hors sujet." in letter.body
    page = Page.objects.get(pk=contribution.page_id)
    assert (page.live, page.workflow_in_progress) == (False, False)


@pytest.mark.parametrize("action", ["reject", "refuse"])
def test_reason_is_required(member, moderator, action):
    contribution = submitted(member)
    with pytest.raises(PermissionDenied, match="raison"):
        act(contribution, action, by=moderator, comment="  ")
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW


@pytest.mark.parametrize("powers", [{"groups": ["Modération"]}, {"is_superuser": True}])
def test_nobody_approves_their_own_text(powers):
    author = factories.member(**powers)
    contribution = submitted(author)
    names = [
        name
        for name, *_ in task_state(contribution).task.specific.get_actions(
            contribution.page.specific, author
        )
    ]
    assert "approve" not in names
    with pytest.raises(PermissionDenied):
        act(contribution, "approve", by=author)
    contribution.page.refresh_from_db()
    assert contribution.page.live is False


def test_nor_what_they_sent_before_signing_in(moderator):
    by = visitor(moderator.email.upper())
    contribution = submission.confirm(submission.submit(drafted(by), by=by))
    with pytest.raises(PermissionDenied):
        act(contribution, "approve", by=moderator)


def test_moderator_may_mend_then_approve(member, moderator):
    contribution = submitted(member)
    page = contribution.page.specific
    page.title = "Vendre à la ferme, en vrai"
    page.save_revision(user=moderator)
    act(contribution, "approve", by=moderator)
    page.refresh_from_db()
    assert (page.live, page.title) == (True, "Vendre à la ferme, en vrai")


def test_what_was_resubmitted_meanwhile_is_not_approved(member, moderator):
    contribution = submitted(member)
    read = task_state(contribution)
    submission.revise(contribution, author=member)
    with pytest.raises(moderation.Stale):
        moderation.decide(read, action="approve", by=moderator)
    contribution.page.refresh_from_db()
    assert contribution.page.live is False


def test_what_was_withdrawn_meanwhile_is_not_approved(member, moderator):
    contribution = submitted(member)
    read = task_state(contribution)
    submission.withdraw(contribution, author=member)
    with pytest.raises(Refused):
        moderation.decide(read, action="approve", by=moderator)


def test_publication_from_the_editor_accepts(member, moderator, letters_to):
    contribution = submitted(member)
    revision = contribution.page.specific.get_latest_revision()
    (letter,) = letters_to(member.email, revision.publish, user=moderator)
    contribution.refresh_from_db()
    assert contribution.state == State.ACCEPTED
    assert "en ligne" in letter.subject


def test_deletion_by_the_team_ends_it(member):
    contribution = submitted(member)
    contribution.page.specific.delete()
    contribution.refresh_from_db()
    assert (contribution.state, contribution.page) == (State.REFUSED, None)


def test_only_moderators_have_actions(member, moderator):
    contribution = submitted(member)
    task, page = task_state(contribution).task.specific, contribution.page.specific
    stranger = factories.member()
    assert task.get_actions(page, stranger) == []
    assert [n for n, *_ in task.get_actions(page, moderator)] == [
        "reject",
        "refuse",
        "approve",
        "approve",
    ]


def test_an_editors_own_page_is_read_by_somebody_else(moderator, library):
    page = factories.article(live=False, owner=moderator)
    page.get_workflow().start(page, moderator)
    task = page.current_workflow_task
    assert [name for name, *_ in task.get_actions(page, moderator)] == ["reject"]
    assert Contribution.objects.count() == 0

"""Decide on a contribution: ask for changes, accept, refuse; its author never does."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, Revision, TaskState

from commons.contributions import letters, steps
from commons.contributions.models import Contribution, State
from commons.members.models import Member
from commons.refused import Refused

STALE = gettext_lazy(
    "Cette page a changé depuis que vous l’avez ouverte : relisez-la, puis décidez."
)


class Stale(Refused):
    """What the moderator read is no longer what is waiting."""


def proposed(page: Page) -> Contribution | None:
    """The contribution under moderation that this page holds."""
    return Contribution.objects.under_moderation().filter(page_id=page.pk).first()


def is_own_proposal(page: Page, user: Member) -> bool:
    """Whether the page holds a contribution of `user` that is still under moderation."""
    contribution = proposed(page)
    return contribution is not None and contribution.is_by(user)


def holds_own_proposal(pages: Iterable[Page], user: Member) -> bool:
    """Whether a page below one of `pages` is a proposal of `user` under moderation."""
    above = tuple(page.path for page in pages)
    waiting = Contribution.objects.under_moderation().exclude(page=None).select_related("page")
    return any(one.page.path.startswith(above) and one.is_by(user) for one in waiting)


def introduction(contribution: Contribution) -> str:
    """One line for the moderator who opens the page: who proposes it, and their message."""
    said = f" « {contribution.message} »" if contribution.message else ""
    state = contribution.get_state_display()
    return (
        _("Proposition de %(name)s. %(state)s.")
        % {
            "name": contribution.author_name,
            "state": state,
        }
        + said
    )


def is_author(page: Page, user: Member) -> bool:
    """Whether `user` wrote, owns or submitted what is being moderated."""
    contribution = proposed(page)
    if contribution is not None and contribution.is_by(user):
        return True
    workflow_state = page.current_workflow_state
    submitted = workflow_state is not None and workflow_state.requested_by_id == user.pk
    return submitted or (page.owner_id is not None and page.owner_id == user.pk)


@transaction.atomic
def decide(task_state: TaskState, *, action: str, by: Member, comment: str = "") -> None:
    """Take `action` (approve, reject, refuse) on the version that `task_state` stands for.

    Raises Stale when it was resubmitted, withdrawn or decided meanwhile; Refused for the author,
    for an action that is not offered, and for a missing reason.
    """
    contribution = _locked_behind(task_state)
    current = TaskState.objects.select_for_update().filter(pk=task_state.pk).first()
    if current is None or current.status != TaskState.STATUS_IN_PROGRESS:
        raise Stale(STALE)
    task_state = current
    page = task_state.workflow_state.content_object.specific
    if action == "approve" and is_author(page, by):
        raise Refused(_("Une autre personne doit publier votre texte."))
    if action != "approve" and not comment.strip():
        raise Refused(_("Donnez la raison : l’auteur ou l’autrice la lira."))
    if action == "approve":
        task_state.approve(user=by, comment=comment)
    elif action == "reject":
        task_state.reject(user=by, comment=comment)
        _record(contribution, State.CHANGES_ASKED, by=by, comment=comment)
    elif action == "refuse" and contribution is not None:
        task_state.reject(user=by, comment=comment, update=False)
        task_state.workflow_state.cancel(user=by)
        _record(contribution, State.REFUSED, by=by, comment=comment)
    else:
        raise Refused(_("Cette décision n’existe pas."))


@transaction.atomic
def record_publication(page: Page, *, by: Member | None = None) -> None:
    """The page came out, by the workflow or the editor: its contribution is accepted."""
    contribution = proposed(page)
    if contribution is None or not page.live:
        return
    about = {"workflow_state__object_id": str(page.pk), "status": TaskState.STATUS_APPROVED}
    approval = TaskState.objects.filter(**about).order_by("-finished_at").first()
    comment = ""
    if approval is not None:
        by, comment = approval.finished_by, approval.comment
    _record(steps.locked(contribution), State.ACCEPTED, by=by, comment=comment)


@transaction.atomic
def record_deletion(page_id: int) -> None:
    """The page was deleted under moderation: its author learns it as a refusal."""
    for contribution in Contribution.objects.under_moderation().filter(page_id=page_id):
        _record(
            steps.locked(contribution),
            State.REFUSED,
            by=None,
            comment=_("La page proposée a été supprimée par l’équipe."),
        )


def _locked_behind(task_state: TaskState) -> Contribution | None:
    """The contribution that the task state is about, locked before its state is read."""
    revision = Revision.objects.filter(pk=task_state.revision_id).first()
    if revision is None:
        return None
    found = Contribution.objects.under_moderation().filter(page_id=int(revision.object_id)).first()
    return steps.locked(found) if found else None


def _record(
    contribution: Contribution | None, state: State, *, by: Member | None, comment: str
) -> None:
    if contribution is None:
        return
    steps.move(contribution, state, by=by, comment=comment)
    letters.tell_author(contribution, comment=comment)

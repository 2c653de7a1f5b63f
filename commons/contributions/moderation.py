"""Decide on a contribution: accept, ask for changes, refuse. Authors never decide on their own."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, TaskState

from commons.contributions import emails, transitions
from commons.contributions.models import (
    Contribution,
    State,
    contribution_under_moderation,
    is_author,
)
from commons.contributions.queue import decidable_by
from commons.members.accounts import lock_account
from commons.members.models import Member
from commons.pages.dates import moment
from commons.pages.text import clean_text
from commons.refused import Refused

STALE = gettext_lazy(
    "Ce texte a changé depuis que vous l’avez ouvert : relisez-le, puis décidez. Rien n’est décidé."
)
REASON_LENGTH = 5_000


class StaleVersion(Refused):
    """The contribution changed since the moderator opened it."""


class AlreadyDecided(Refused):
    """Another decision was taken, or the author withdrew the contribution, meanwhile."""


class ReasonMissing(Refused):
    """A refusal or a request for changes has no comment."""


class Decision(TextChoices):
    ACCEPT = "accept", gettext_lazy("Accepter et publier")
    ASK = "ask", gettext_lazy("Demander des modifications")
    REFUSE = "refuse", gettext_lazy("Refuser")


RESULTS = {
    Decision.ACCEPT: State.ACCEPTED,
    Decision.ASK: State.CHANGES_ASKED,
    Decision.REFUSE: State.REFUSED,
}


def is_own_proposal(page: Page, user: Member) -> bool:
    """Whether the page holds a contribution of `user` that is still under moderation."""
    contribution = contribution_under_moderation(page)
    return contribution is not None and contribution.is_by(user)


def proposals_among(pages: Iterable[Page], *, below: bool = False) -> list[Contribution]:
    """The contributions under moderation that `pages` hold, and those of pages below them."""
    pages = list(pages)
    if not below:
        return list(Contribution.objects.under_moderation().filter(page__in=pages))
    above = tuple(page.path for page in pages)
    held = Contribution.objects.under_moderation().exclude(page=None).select_related("page")
    return [one for one in held if one.page.path.startswith(above)]


def version_of(contribution: Contribution) -> str:
    """What stands for the text, the step and the task that a moderator reads at this moment.

    The form of a decision carries it, so that nobody decides on what they have not read. Autosave
    writes over the same revision: its date belongs to it.
    """
    last = contribution.events.order_by("pk").last()
    page = Page.objects.filter(pk=contribution.page_id).select_related("latest_revision").first()
    revision = page.latest_revision if page else None
    task_state = page.current_workflow_task_state if page else None
    return "-".join(
        [
            str(revision.pk if revision else 0),
            f"{revision.created_at:%Y%m%d%H%M%S%f}" if revision else "0",
            str(last.pk if last else 0),
            str(task_state.pk if task_state else 0),
        ]
    )


@transaction.atomic
def decide(
    contribution: Contribution, *, decision: Decision, version: str, by: Member, comment: str = ""
) -> Contribution:
    """Take `decision` on the `version` that was read, and tell the author; twice is once.

    Raises Stale when the text changed meanwhile, AlreadyDecided when it was decided otherwise or
    taken back, ReasonMissing, Refused for the author, for who may not decide, and when the page
    cannot come out as it is.
    """
    lock_account(by)
    contribution = transitions.locked(contribution)
    comment = clean_text(comment).strip()[:REASON_LENGTH]
    if not decidable_by(by).filter(pk=contribution.pk).exists():
        raise Refused(_("Cette décision n’est pas de votre ressort."))
    if contribution.is_by(by) or (contribution.page and is_author(contribution.page, by)):
        raise Refused(_("C’est votre texte : une autre personne doit en décider."))
    if _was_taken(contribution, decision, version=version, by=by, comment=comment):
        return contribution
    if decision != Decision.ACCEPT and not comment:
        raise ReasonMissing(_("Donnez la raison : l’auteur ou l’autrice la lira."))
    page = locked_page(contribution.page_id).specific
    try:
        if decision == Decision.ACCEPT:
            _accept(contribution, page, by=by, comment=comment)
        else:
            _end_reading(page, decision, by=by, comment=comment)
            _record(contribution, RESULTS[decision], by=by, comment=comment)
    except ValidationError as error:
        reason = " ".join(error.messages)
        raise Refused(
            _("La page ne peut pas paraître ainsi : %(reason)s Corrigez-la, puis décidez.")
            % {"reason": reason}
        ) from error
    except PermissionDenied as error:  # Wagtail's way to say that its task is over
        raise StaleVersion(STALE) from error
    return contribution


def locked_page(page_id: int) -> Page:
    """The page, locked until the end of the transaction; a contribution is locked before it."""
    return Page.objects.select_for_update(no_key=True).get(pk=page_id)


@transaction.atomic
def record_publication(page: Page, *, by: Member | None = None) -> None:
    """Mark the contribution as accepted when its page is published by the editor or a schedule."""
    contribution = contribution_under_moderation(page)
    if contribution is None or not page.live:
        return
    contribution = transitions.locked(contribution)
    if contribution.state != State.ACCEPTED:
        _record(contribution, State.ACCEPTED, by=by, comment="")


@transaction.atomic
def record_deletion(page_id: int) -> None:
    """Mark the contribution as refused when its page is deleted under moderation."""
    for contribution in Contribution.objects.under_moderation().filter(page_id=page_id):
        _record(
            transitions.locked(contribution),
            State.REFUSED,
            by=None,
            comment=_("La page proposée a été supprimée par l’équipe."),
        )


def _was_taken(
    contribution: Contribution, decision: Decision, *, version: str, by: Member, comment: str
) -> bool:
    """Whether this very decision was taken already. Raises when another one was, or no text left.

    Somebody else's same decision, with other words, is another one: theirs would be lost.
    """
    last = contribution.events.order_by("pk").last()
    if last.state == RESULTS[decision] and (
        last.by_id == by.pk or not comment or comment == last.comment
    ):
        return True
    read = [*version.split("-"), "", "", "", ""][:4]
    asked_since = last.state == State.CHANGES_ASKED and read[2] != str(last.pk)
    if asked_since or not contribution.is_under_moderation or contribution.page_id is None:
        raise AlreadyDecided(decision_summary(contribution))
    if version == version_of(contribution):
        return False
    passed = TaskState.objects.filter(status=TaskState.STATUS_APPROVED, finished_by=by)
    is_number = read[3].isdecimal() and len(read[3]) < 18
    if decision == Decision.ACCEPT and is_number and passed.filter(pk=read[3]).exists():
        return True  # a first click took it one task further
    raise StaleVersion(STALE)


def decision_summary(contribution: Contribution) -> str:
    """A sentence: who decided, when and what, or that the author withdrew the text."""
    last = contribution.events.order_by("pk").last()
    if last.state == State.WITHDRAWN:
        return _("Son auteur ou autrice a retiré ce texte : il n’y a plus rien à décider.")
    return _("Déjà décidé par %(name)s, le %(date)s : %(state)s.") % {
        "name": str(last.by) if last.by else _("l’équipe"),
        "date": moment(last.at),
        "state": last.get_state_display(),
    }


def _accept(contribution: Contribution, page: Page, *, by: Member, comment: str) -> None:
    """Publish, or go one task further; the contribution moves first: the signal finds it done."""
    task_state = page.current_workflow_task_state
    reading = task_state is not None and task_state.status == TaskState.STATUS_IN_PROGRESS
    if reading and not task_state.workflow_state.is_at_final_task:
        task_state.approve(user=by, comment=comment)
        return
    transitions.move(contribution, State.ACCEPTED, by=by, comment=comment)
    if reading:
        task_state.approve(user=by, comment=comment)
    else:
        page.get_latest_revision().publish(user=by)
    emails.email_author(contribution, comment=comment)


def _end_reading(page: Page, decision: Decision, *, by: Member, comment: str) -> None:
    """Wagtail's workflow follows: it waits for changes, or is over; nothing comes out by itself."""
    page.revisions.exclude(approved_go_live_at=None).update(approved_go_live_at=None)
    workflow_state, task_state = page.current_workflow_state, page.current_workflow_task_state
    if task_state is not None and task_state.status == TaskState.STATUS_IN_PROGRESS:
        task_state.reject(user=by, comment=comment, update=decision == Decision.ASK)
    if workflow_state is not None and decision == Decision.REFUSE:
        workflow_state.cancel(user=by)


def _record(contribution: Contribution, state: State, *, by: Member | None, comment: str) -> None:
    transitions.move(contribution, state, by=by, comment=comment)
    emails.email_author(contribution, comment=comment)

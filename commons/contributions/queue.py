"""The moderators' queue: which contributions a person may decide on, and how many wait for them."""

from django.db.models import Q, QuerySet
from wagtail.models import Page, TaskState
from wagtail.permissions import page_permission_policy

from commons.contributions.models import UNSENT, Contribution, State
from commons.members.models import Member
from commons.pages.admin_access import works_everywhere


def may_moderate(user: Member) -> bool:
    """Whether `user` may decide on some page of the site."""
    if page_permission_policy.user_has_permission(user, "publish"):
        return True
    return user.is_active and TaskState.objects.reviewable_by(user).exists()


def decidable_by(user: Member) -> QuerySet[Contribution]:
    """The contributions that were sent and whose page `user` may judge, their own included.

    A contribution whose page is gone is for those who judge every page.
    """
    sent = Contribution.objects.exclude(state__in=UNSENT).exclude(submitted_at=None)
    if works_everywhere(user):
        return sent
    judged = page_permission_policy.instances_user_has_permission_for(user, "publish")
    reviewed = TaskState.objects.reviewable_by(user).values_list("workflow_state__object_id")
    ids = [int(object_id) for (object_id,) in reviewed if object_id.isdigit()]
    return sent.filter(Q(page__in=judged) | Q(page__in=ids))


def waiting(user: Member) -> QuerySet[Contribution]:
    """What waits for a decision of `user`, the oldest first; never their own texts."""
    own = Contribution.objects.by(user)
    unread = decidable_by(user).filter(state=State.IN_REVIEW).exclude(pk__in=own.values("pk"))
    return unread.order_by("submitted_at", "pk")


def waiting_count(user: Member) -> int:
    """How many contributions wait for a decision of `user`."""
    return waiting(user).count() if may_moderate(user) else 0


def after(contribution: Contribution, user: Member) -> Contribution | None:
    """The next to decide on: the oldest submitted after `contribution`, else the oldest of all."""
    others = waiting(user).exclude(pk=contribution.pk)
    later = Q(submitted_at__gt=contribution.submitted_at) | Q(
        submitted_at=contribution.submitted_at, pk__gt=contribution.pk
    )
    return others.filter(later).first() or others.first()


def team_pages(user: Member) -> list[Page]:
    """The pages that the team itself sent to moderation and that `user` may read, oldest first."""
    proposals = Contribution.objects.under_moderation().exclude(page=None)
    held = {str(pk) for pk in proposals.values_list("page_id", flat=True)}
    states = TaskState.objects.reviewable_by(user).order_by("started_at").select_related("revision")
    pages = [
        state.revision.content_object for state in states if state.revision.object_id not in held
    ]
    return [page for page in pages if isinstance(page, Page)]

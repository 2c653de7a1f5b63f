"""The moderators' queue: which contributions a person may decide on, and how many wait for them."""

from django.db.models import Q, QuerySet
from wagtail.models import TaskState
from wagtail.permissions import page_permission_policy

from commons.contributions.models import UNSENT, Contribution, State
from commons.members.models import Member
from commons.pages.admin_doors import works_everywhere


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
    unread = decidable_by(user).filter(state=State.IN_REVIEW).exclude(author=user)
    if user.email:
        unread = unread.exclude(author=None, email__iexact=user.email)
    return unread.order_by("submitted_at", "pk")


def waiting_for(user: Member) -> int:
    """How many contributions wait for a decision of `user`."""
    return waiting(user).count() if may_moderate(user) else 0

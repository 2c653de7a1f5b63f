"""Who organises the sessions of a page: who proposed it, and whoever may edit it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from commons.agenda.models import Session
from commons.members.models import Member
from commons.refused import Refused


def may_organise(user, page: Page) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return page.owner_id == user.pk or page.permissions_for_user(user).can_edit()


def sessions_organised_by(user) -> QuerySet[Session]:
    """The sessions of every page that `user` proposed or may edit."""
    if not user.is_authenticated or not user.is_active:
        return Session.objects.none()
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    return Session.objects.filter(
        Q(page__owner=user) | Q(page__in=editable.order_by().values("pk"))
    )


def check_organiser(by: Member | None, page: Page) -> None:
    """Refuse whoever organises nothing here; None stands for the site itself."""
    if by is not None and not may_organise(by, page):
        raise Refused(_("Seules les personnes qui organisent cette séance peuvent faire cela."))

"""Who organises the sessions of a page: who proposed it, and whoever may edit it.

Who proposed a page may be anybody: our mails leave for others only once it is published.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from commons.agenda.models import Session
from commons.contributions import rate_limits
from commons.members.models import Member
from commons.refused import Refused

ADDED_A_DAY = 50  # people that somebody who is no editor signs up, each of whom gets a mail


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


def check_published(page: Page) -> None:
    """Refuse to write to people about what nobody has read and accepted."""
    if not page.live:
        raise Refused(_("Cette page n’est pas publiée : attendez qu’elle le soit."))


def count_addition(by: Member | None, page: Page) -> None:
    """Count one person whom `by` signs up; editors and the site itself have no limit."""
    if by is None or page.permissions_for_user(by).can_edit():
        return
    try:
        rate_limits.consume("add_person", str(by.pk), at_most=ADDED_A_DAY, seconds=86_400)
    except Refused as refused:
        text = _("Vous avez inscrit %(count)d personnes aujourd’hui : continuez demain.")
        raise Refused(text % {"count": ADDED_A_DAY}) from refused

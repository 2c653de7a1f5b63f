"""Which pages must be read again, and the note that one was, without a change of its text."""

import datetime

from django.db import transaction
from django.db.models import DateField, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, get_page_models
from wagtail.permissions import page_permission_policy

from commons.pages.admin_access import works_everywhere
from commons.pages.models import ContributedPage
from commons.refused import Refused

SOON_DAYS = 30  # what comes within this time is announced
USUAL_DAYS = 365  # from one reading to the next, for a page that never said
ACTION = "pages.review"


def reviewed_types() -> list[type[ContributedPage]]:
    """The types of pages that have a date of review."""
    return [model for model in get_page_models() if issubclass(model, ContributedPage)]


def with_review_dates(pages: QuerySet[Page]) -> QuerySet[Page]:
    """`pages` that have dates of review, annotated with `reviewed` and `next_review`."""
    names = [model._meta.model_name for model in reviewed_types()]
    last = [f"{name}__reviewed_on" for name in names]
    following = [f"{name}__next_review_on" for name in names]
    return pages.filter(content_type__model__in=names, alias_of=None).annotate(
        reviewed=Coalesce(*last, output_field=DateField()),
        next_review=Coalesce(*following, output_field=DateField()),
    )


def published_for(user) -> QuerySet[Page]:
    """The published pages that `user` may edit: hidden from some readers, they age all the same."""
    if works_everywhere(user):
        return with_review_dates(Page.objects.filter(live=True))
    own = page_permission_policy.instances_user_has_permission_for(user, "change")
    return with_review_dates(Page.objects.filter(live=True, pk__in=own.order_by().values("pk")))


def to_review(user, *, today: datetime.date | None = None) -> QuerySet[Page]:
    """The pages of `user` whose date is past, or comes within SOON_DAYS."""
    limit = (today or timezone.localdate()) + datetime.timedelta(days=SOON_DAYS)
    return published_for(user).filter(next_review__lte=limit)


@transaction.atomic
def mark_reviewed(page: Page, *, by, today: datetime.date | None = None) -> ContributedPage:
    """Note that `by` read `page` today and found nothing to change; again changes nothing.

    The next reading comes after the same time as the last one did. The dates are written in the
    page and in its drafts, so that publishing one of these does not bring the old dates back.
    Raises Refused where `by` may not edit the page.
    """
    today = today or timezone.localdate()
    model = page.specific_class
    if model is None or not issubclass(model, ContributedPage):
        raise Refused(_("Cette page n’a pas de date de relecture."))
    page = model.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not page.permissions_for_user(by).can_edit():
        raise Refused(_("Vous ne pouvez pas modifier cette page."))
    if page.reviewed_on == today and (page.next_review_on or today) > today:
        return page
    days = USUAL_DAYS
    if page.reviewed_on and page.next_review_on and page.next_review_on > page.reviewed_on:
        days = (page.next_review_on - page.reviewed_on).days
    page.reviewed_on, page.next_review_on = today, today + datetime.timedelta(days=days)
    page.save(update_fields=["reviewed_on", "next_review_on"], clean=False)
    _note_in_drafts(page)
    log(instance=page, action=ACTION, user=by)
    return page


def _note_in_drafts(page: ContributedPage) -> None:
    dates = {
        "reviewed_on": page.reviewed_on.isoformat(),
        "next_review_on": page.next_review_on.isoformat(),
    }
    coming = page.revisions.exclude(approved_go_live_at=None)
    latest = page.revisions.filter(pk__in=[page.latest_revision_id, page.live_revision_id])
    for revision in (latest | coming).distinct():
        revision.content = {**revision.content, **dates}
        revision.save(update_fields=["content"])

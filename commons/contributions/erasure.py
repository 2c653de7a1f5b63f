"""Erase the contributions of a person: withdraw open ones, delete unpublished pages."""

import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, PageLogEntry

from commons.contributions import transitions
from commons.contributions.models import OPEN, Contribution, State, new_token
from commons.members.privacy import Person

REFUSED_KEPT = datetime.timedelta(days=365)


def announce_erasure(person: Person) -> list[tuple[str, list[str]]]:
    """The titles of what would be withdrawn: what is not decided yet, drafts included."""
    waiting = _contributions(person).filter(state__in=OPEN).order_by("pk")
    sentence = _("Vos brouillons et vos propositions pas encore publiées sont supprimés.")
    return [(sentence, [row.title for row in waiting])]


@transaction.atomic
def erase_contributions(person: Person) -> list[str]:
    """Empty what they typed, and delete the pages made of it that were never published.

    What is still open is withdrawn. A published page stays: `members.page_traces` takes its author
    out of it. The row that is left says that there was a contribution, and nothing else.
    """
    _delete_log_of_deleted_pages(person)
    for contribution in _contributions(person).select_for_update().order_by("pk"):
        page = contribution.page
        if contribution.is_open:
            transitions.move(contribution, State.WITHDRAWN)
        contribution.events.update(comment="", by=None)
        if page is not None and page.first_published_at is None:
            contribution.page = None
            _delete_page(page)
        contribution.author, contribution.email, contribution.name = None, "", ""
        contribution.data, contribution.sent = {}, {}
        contribution.token = new_token()  # the private link led to it
        contribution.save()
    return []


def delete_refused(*, dry_run: bool = False) -> int:
    """Delete what was refused more than `REFUSED_KEPT` ago, and the pages made of it; how many."""
    limit = timezone.now() - REFUSED_KEPT
    old = Contribution.objects.filter(state=State.REFUSED, decided_at__lt=limit)
    if dry_run:
        return old.count()
    numbers = list(old.values_list("pk", flat=True))
    for number in numbers:
        with transaction.atomic():
            contribution = Contribution.objects.select_for_update().filter(pk=number).first()
            if contribution is None:
                continue
            page = contribution.page
            contribution.delete()
            if page is not None and page.first_published_at is None:
                _delete_page(page)
    return len(numbers)


def _delete_page(page: Page) -> None:
    Page.objects.select_for_update().get(pk=page.get_parent().pk)
    number = page.pk
    Page.objects.get(pk=number).specific.delete()
    # The log would keep the title of the deleted page.
    PageLogEntry.objects.filter(page_id=number).delete()


def _delete_log_of_deleted_pages(person: Person) -> None:
    """Delete the log entries of deleted pages, which keep their titles."""
    titles = {row.title for row in _contributions(person).filter(page=None)}
    theirs = Q(label__in=titles, deleted=True)
    if person.member:
        theirs |= Q(user=person.member, action="wagtail.create")
    gone = PageLogEntry.objects.filter(theirs).exclude(page_id__in=Page.objects.values("pk"))
    numbers = set(gone.values_list("page_id", flat=True))
    PageLogEntry.objects.filter(page_id__in=numbers).delete()


def _contributions(person: Person) -> QuerySet[Contribution]:
    numbers = person.rows("contributions.Contribution").values("pk")
    return Contribution.objects.filter(pk__in=numbers)

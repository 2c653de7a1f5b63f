"""What the admin may tell of pages: nothing unpublished to who may neither write nor judge it.

Wagtail's choosers, bulk actions and some of its addresses name any page to whoever may enter the
admin; so does the report of translations. One rule stands before them all.
"""

from django.db.models import F, Q
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.query import PageQuerySet

from commons.pages.visibility import visible_pages

ALL = ("add", "change", "publish", "lock", "unlock", "bulk_delete")


def workable(user) -> PageQuerySet:
    """The pages that `user` may write or judge, and the way that leads to them."""
    return page_permission_policy.explorable_instances(user)


def knowable(user) -> PageQuerySet:
    """Those and what `user` may read, but where its title, or one above, waits for a reader."""
    readable = visible_pages(user).filter(draft_title=F("title"))
    waiting = ~Q(draft_title=F("title")) | Q(live=False)
    for parent in Page.objects.filter(waiting, numchild__gt=0):
        readable = readable.not_descendant_of(parent)
    return Page.objects.filter(Q(pk__in=workable(user).values("pk")) | Q(pk__in=readable))


def works_everywhere(user) -> bool:
    """Whether the whole tree is open to `user` in the admin."""
    root = Page.get_first_root_node()
    may = page_permission_policy.user_has_any_permission_for_instance
    return root is not None and may(user, ALL, root)

"""Drops what the page cache keeps when a row that public pages show is written.

A model of ours that they show says `public = True`; a test reads all public pages and fails when
they show one that does not. A model that says nothing, such as a new private one, drops nothing.
"""

from django.contrib.auth import get_user_model
from django.db.models import Model
from taggit.models import ItemBase, TagBase
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtailmedia.models import AbstractMedia

from commons.pages.cache_version import invalidate

# Models of others, and the page types with them, cannot or need not say it.
PUBLIC = (Page, PageViewRestriction, Site, Locale, TagBase, ItemBase)
PUBLIC += (AbstractImage, AbstractDocument, AbstractMedia)
# What Wagtail writes in a page for its editors alone.
UNSEEN_FIELDS = {
    *("last_login", "draft_title", "has_unpublished_changes"),
    *("latest_revision", "latest_revision_created_at"),
}


def is_public(model: type[Model]) -> bool:
    """Whether a public page shows something of `model`, or its readers depend on it."""
    model = model._meta.auto_created or model  # a many-to-many table is a part of its model
    return issubclass(model, PUBLIC) or getattr(model, "public", False) is True


def row_written(model: type[Model], instance=None, *, created=False, fields=None) -> None:
    """A row of `model` was written or deleted: whole, or only its `fields`."""
    # A new account signs no page yet, and a draft is not one yet.
    unseen = created and (model is get_user_model() or not getattr(instance, "live", True))
    if is_public(model) and not unseen and not (fields and UNSEEN_FIELDS.issuperset(fields)):
        invalidate()

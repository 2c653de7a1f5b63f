"""Which changes the public may see: they drop every answer kept in memory."""

from django.db.models import Model

from commons.pages.cache_version import change

# Whatever is not named here counts: to forget a model costs answers, never a page out of date.
PRIVATE_APPS = {
    *("account", "auth", "contenttypes", "mfa", "sessions"),
    *("contributions", "search", "wagtailadmin", "wagtailsearch", "wagtailusers"),
    "wagtail_localize",
}
PRIVATE = {
    *("agenda.Letter", "agenda.Message", "agenda.CalendarLink"),
    *("members.Consent", "members.OutgoingMail", "members.Member_groups"),
    "members.Member_user_permissions",
    *("wagtailcore.ModelLogEntry", "wagtailcore.PageLogEntry", "wagtailcore.Revision"),
    *("wagtailcore.Comment", "wagtailcore.CommentReply", "wagtailcore.PageSubscription"),
    *("wagtailcore.Workflow", "wagtailcore.WorkflowState", "wagtailcore.WorkflowTask"),
    *("wagtailcore.WorkflowPage", "wagtailcore.WorkflowContentType", "wagtailcore.Task"),
    *("wagtailcore.TaskState", "wagtailcore.GroupApprovalTask"),
    *("wagtailcore.GroupApprovalTask_groups", "wagtailcore.GroupCollectionPermission"),
    *("wagtailcore.GroupPagePermission", "wagtailcore.GroupSitePermission"),
    *("wagtailcore.APIToken", "wagtailcore.UploadedFile", "wagtailcore.ReferenceIndex"),
}
# New, they are on no page yet.
UNSEEN_WHEN_NEW = {"members.Member", "wagtailimages.Rendition"}
# It fills sessions, and changes nothing else.
SEATS = {"agenda.Registration"}
UNSEEN_FIELDS = {
    *("last_login", "draft_title", "has_unpublished_changes"),
    *("latest_revision", "latest_revision_created_at"),
}


def is_private(model: type[Model]) -> bool:
    """Whether no public page shows anything of `model`."""
    return model._meta.app_label in PRIVATE_APPS or model._meta.label in PRIVATE


def hear(model: type[Model], instance=None, *, created: bool = False, fields=None) -> None:
    """A row of `model` was written: whole, or only its `fields`."""
    drafted = created and not getattr(instance, "live", True)
    unseen = created and model._meta.label in UNSEEN_WHEN_NEW
    if is_private(model) or drafted or unseen or (fields and UNSEEN_FIELDS.issuperset(fields)):
        return
    change(seats_only=model._meta.label in SEATS)

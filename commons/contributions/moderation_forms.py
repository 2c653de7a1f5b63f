"""The form of Wagtail's modal window for a workflow action, where the reason is required."""

from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm


class ReasonForm(TaskStateCommentForm):
    """Wagtail's comment form with a required comment: the author will read it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = True
        self.fields["comment"].label = _("Ce que lira l’auteur ou l’autrice")

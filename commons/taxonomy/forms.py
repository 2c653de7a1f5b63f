"""The admin form of a term: its parent is checked, and moving it reclassifies pages."""

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from commons.refused import Refused
from commons.taxonomy.hierarchy import check_parent, reparent
from commons.taxonomy.models import Term


class TermForm(WagtailAdminModelForm):
    def clean(self):
        cleaned = super().clean()
        # The vocabulary chosen now counts, not the one stored.
        candidate = Term(
            pk=self.instance.pk,
            vocabulary=cleaned.get("vocabulary", ""),
            locale_id=self.instance.locale_id,
        )
        try:
            check_parent(candidate, cleaned.get("parent"))
        except Refused as refused:
            self.add_error("parent", refused.message)
        # The form has no language field, so Django leaves this constraint to us.
        duplicates = Term.objects.filter(
            locale=candidate.locale_id,
            vocabulary=candidate.vocabulary,
            slug=cleaned.get("slug", ""),
        )
        if duplicates.exclude(pk=candidate.pk).exists():
            self.add_error("slug", _("Un autre terme de cette liste a déjà cet identifiant."))
        return cleaned

    def save(self, commit=True):
        moved = commit and self.instance.pk and "parent" in self.changed_data
        if not moved:
            return super().save(commit)
        parent = self.cleaned_data["parent"]
        self.instance.parent_id = self.initial["parent"]
        term = super().save(commit)
        reparent(term, parent=parent)
        term.parent = parent
        return term

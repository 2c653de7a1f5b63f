"""The screen on which an editor says that a page stays in the language of its source."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page

from commons.pages.untranslated import (
    REFUSAL,
    is_meant,
    is_untranslated,
    language_name,
    leave_untranslated,
    original_of,
)
from commons.refused import Refused


def refuse_publication(request, page: Page):
    """Say why `page` does not come out, and the two ways on; what was typed is kept."""
    messages.error(
        request,
        format_html(
            '{} <a href="{}">{}</a>',
            REFUSAL % {"title": page.title},
            reverse("leave_untranslated", args=[page.pk]),
            _("La laisser telle quelle…"),
        ),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@require_admin_access
def leave(request, page_id: int):
    """Ask whether it is meant, and note it; publishing is another step, as for any page."""
    page = get_object_or_404(Page, pk=page_id)
    source = original_of(page)
    if source is None or not page.permissions_for_user(request.user).can_edit():
        raise Http404
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if request.method == "POST":
        try:
            leave_untranslated(page, by=request.user)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, _("C’est noté. Vous pouvez maintenant publier la page."))
        return redirect(edit)
    asked = {
        "page": page,
        "edit": edit,
        "meant": is_meant(page),
        "translated": not is_untranslated(page.specific),
        "source_language": language_name(source.locale.language_code),
        "language": language_name(page.locale.language_code),
    }
    return render(request, "pages/admin/leave_untranslated.html", asked)

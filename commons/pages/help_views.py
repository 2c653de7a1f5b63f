"""*Aide*: the team's guide, inside the admin."""

from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access

from commons.pages.team_guide import team_guide


@require_admin_access
@require_safe
def guide(request):
    """The guide; where its file is missing, a sentence that says what to do."""
    try:
        found = team_guide()
    except (OSError, UnicodeDecodeError):
        found = None
    return render(request, "pages/admin/help.html", {"guide": found})

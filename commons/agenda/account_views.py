"""*Mes inscriptions*, and the private calendar that a member subscribes to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commons.agenda import calendar_link, ics
from commons.agenda.availability import Phase
from commons.agenda.models import CalendarLink, Registration
from commons.agenda.presentation import present_to_registrants
from commons.agenda.views import calendar_response, private
from commons.refused import Refused


@never_cache
@login_required
@require_safe
def my_registrations(request):
    """What is to come, what is called off, what is past."""
    rows = Registration.objects.by(request.user).active()
    rows = rows.select_related("session__page", "session__replay").order_by("session__starts_at")
    items = present_to_registrants(rows, user=request.user)
    link = CalendarLink.objects.filter(member=request.user).first()
    calendar = calendar_link.address(link) if link else ""
    off = [item for item in items if item.phase == Phase.CANCELLED and not item.has_ended]
    ahead = [item for item in items if not item.has_ended and item not in off]
    context = {
        "ahead": sorted(ahead, key=lambda i: i.start),
        "called_off": sorted(off, key=lambda i: i.start),
        "past": [item for item in reversed(items) if item.has_ended],
        "calendar": request.build_absolute_uri(calendar) if link else "",
        "webcal": f"webcal://{request.get_host()}{calendar}",
    }
    return render(request, "agenda/mine.html", context)


@never_cache
@login_required
@require_POST
def change_calendar(request):
    """Make the private address of one's calendar, replace it, or take it away."""
    if request.POST.get("do") == "revoke":
        calendar_link.revoke(member=request.user)
        messages.success(request, _("L’adresse de votre calendrier ne fonctionne plus."))
    else:
        try:
            calendar_link.renew(member=request.user)
            messages.success(request, _("L’adresse de votre calendrier est prête."))
        except Refused as refused:
            messages.error(request, refused.message)
    return redirect("my_registrations")


@method_decorator(private, name="dispatch")
class MyCalendar(View):
    """All the sessions that a member has a seat in, for whoever has the address."""

    def setup(self, request, token):
        super().setup(request)
        self.member = calendar_link.member_of(token)
        if self.member is None:
            raise Http404

    def get(self, request, **kwargs):
        rows = Registration.objects.by(self.member).confirmed().select_related("session__page")
        own = ics.own_calendar(rows, name=_("Mes inscriptions"), language=self.member.language)
        return calendar_response(own)

"""No more reminders nor messages about one session: asked for by a link of the mail itself."""

from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from commons.agenda.reminders import set_muted
from commons.agenda.views import activate_language, get_registration, private


@method_decorator(private, name="dispatch")
class Mute(View):
    """Reading shows, only the button acts; a mail program posts by itself (RFC 8058)."""

    def setup(self, request, token):
        super().setup(request)
        self.registration = get_registration(token)

    def get(self, request, **kwargs):
        activate_language(request, self.registration)
        return render(request, "agenda/mute.html", {"registration": self.registration})

    def post(self, request, **kwargs):
        set_muted(self.registration, muted=request.POST.get("do") != "resume")
        return redirect(request.path)

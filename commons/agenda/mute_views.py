"""No more reminders nor messages about one session: asked for by a link of the mail itself."""

from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from commons.agenda.reminders import hush
from commons.agenda.views import find_registration, private, speak


@method_decorator(private, name="dispatch")
class Quiet(View):
    """Reading shows, only the button acts; a mail program posts by itself (RFC 8058)."""

    def setup(self, request, token):
        super().setup(request)
        self.found = find_registration(token)

    def get(self, request, **kwargs):
        speak(request, self.found)
        return render(request, "agenda/mute.html", {"registration": self.found})

    def post(self, request, **kwargs):
        hush(self.found, quiet=request.POST.get("do") != "resume")
        return redirect(request.path)

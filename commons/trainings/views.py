"""Sign up once for all the trainings of a series."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from commons.agenda import registration
from commons.agenda.models import Registration, State
from commons.agenda.views import SignUp
from commons.pages.addresses import page_at
from commons.trainings.curriculum import steps_of, still_open
from commons.trainings.forms import SeriesAnswersForm, SeriesVisitorForm
from commons.trainings.models import Series


class SeriesSignUp(SignUp):
    """The same door as that of one session, which leads to the next of each training."""

    def setup(self, request, section, slug):
        View.setup(self, request)
        series = page_at(f"{section}/{slug}", language=get_language(), user=request.user)
        if not isinstance(series, Series):
            raise Http404
        self.series = series
        self.member = request.user if request.user.is_authenticated else None
        self.steps = steps_of(series, user=request.user)
        self.items = still_open(self.steps)
        self.item = self.items[0] if self.items else None
        self.session = self.item.session if self.item else None

    def get(self, request, **kwargs):
        if "envoi" in request.GET and not self.member:
            receipt = request.GET["envoi"]
            email = self.sent_to(receipt) if self.item else ""
            return self.page("trainings/series_sent.html", email=email)
        return self.ask(self.form())

    def post(self, request, **kwargs):
        return super().post(request, **kwargs) if self.items else self.ask(self.form())

    def form(self, typed=None):
        kind = SeriesAnswersForm if self.member else SeriesVisitorForm
        return kind(typed, sessions=[item.session for item in self.items])

    def enter(self, **who) -> Registration:
        sessions = [item.session for item in self.items]
        self.done = registration.register_all(sessions, language=get_language(), **who)
        mine = {row.session_id: row for row in self.done}
        return mine.get(self.item.session.pk, self.done[0])

    def sign_up(self, form):
        self.enter(member=self.member, answers=form.answers)
        messages.success(self.request, _("Votre inscription au cycle est enregistrée."))
        if any(row.state == State.WAITING for row in self.done):
            messages.info(
                self.request,
                _("Une séance au moins est complète : vous êtes sur sa liste d’attente."),
            )
        return redirect("my_registrations")

    def ask(self, form, *, refusal=""):
        asking = self.asking() if self.items else {}
        return self.page("trainings/series_sign_up.html", form=form, refusal=refusal, **asking)

    def page(self, template, **context):
        own = {"page": self.series, "steps": self.steps, "items": self.items, "item": self.item}
        return render(self.request, template, {**own, **context})

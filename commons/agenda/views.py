"""Sign up for a session, confirm by the link of a mail, follow and cancel by a private link."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from commons.agenda import emails, ics, presentation, registration
from commons.agenda.eligibility import REFUSALS
from commons.agenda.forms import AnswersForm, VisitorForm
from commons.agenda.models import Registration, Session, State, new_token
from commons.agenda.presentation import SessionPresenter
from commons.contributions import rate_limits
from commons.members import bot_check
from commons.members.csrf import members_csrf
from commons.pages.addresses import page_at
from commons.pages.languages import PARAMETER
from commons.refused import Refused

RECEIPT_SECONDS = 3600  # seconds during which we can say to which address a mail went


def private(view):
    """For an address that is itself the key: kept nowhere, told to no other site.

    A site that does not know the address cannot post to it: it needs no token, which browsers
    would in fact refuse to send along from a page that tells nobody where one comes from.
    """

    def closed(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return csrf_exempt(never_cache(closed))


def get_session(request, path: str, pk: int) -> Session:
    """The session `pk` of the page at `path`, if this reader may see it; 404 for any other."""
    page = page_at(path, language=get_language(), user=request.user)
    session = page and Session.objects.of(page).filter(pk=pk).first()
    if not session:
        raise Http404
    session.page = page
    return session


def get_presented_session(request, path: str, pk: int) -> SessionPresenter:
    """The same as this reader sees it: how full, and where they stand in it."""
    return present_session(get_session(request, path, pk), request.user)


def present_session(session: Session, user) -> SessionPresenter:
    pages = {session.page.translation_key: session.page}
    (item,) = presentation.present([session], user=user, pages=pages)
    return item


@method_decorator([never_cache, members_csrf], name="dispatch")
class SignUp(View):
    """A member confirms by one button; anybody else gives a name and an address."""

    def setup(self, request, path, pk):
        super().setup(request)
        self.session = get_session(request, path, pk)
        self.member = request.user if request.user.is_authenticated else None

    @cached_property
    def item(self) -> SessionPresenter:
        """What the page shows; who signs up in a crowd does not wait for it."""
        return present_session(self.session, self.request.user)

    def get(self, request, **kwargs):
        if self.item.registration:
            return redirect("registration", self.item.registration.token)
        if "envoi" in request.GET and not self.member:
            return self.page("agenda/sent.html", email=self.sent_to(request.GET["envoi"]))
        return self.ask(self.form())

    def post(self, request, **kwargs):
        form = self.form(request.POST)
        if not form.is_valid():
            if not self.member:
                bot_check.add_missing_answer_error(form, request.POST)
            return self.ask(form)
        try:
            if self.member:
                return self.sign_up(form)
            return self.sign_up_visitor(form)
        except Refused as refused:
            return self.ask(form, refusal=refused.message)

    def form(self, data=None):
        form_class = AnswersForm if self.member else VisitorForm
        return form_class(data, questions=self.session.asked)

    def sign_up(self, form):
        registered = self.enter(member=self.member, answers=form.answers)
        messages.success(self.request, _registered_message(registered))
        return redirect("registration", registered.token)

    def sign_up_visitor(self, form):
        data = self.request.POST
        ticket = data.get("ticket", "")
        proof, answer = data.get("proof", ""), data.get("sum", "")
        bot_check.check(ticket, honeypot=form.cleaned_data["website"], proof=proof, answer=answer)
        email = form.cleaned_data["email"].lower()
        _claim_ticket(ticket, for_=f"{self.session.pk} {email}")
        self.enter(
            name=form.cleaned_data["name"],
            email=email,
            answers=form.answers,
            source=get_adapter().get_client_ip(self.request),
        )
        receipt = new_token()
        # What was typed, and not the address of the row: a member's may be another.
        cache.set(_cache_key("sent", f"{self.request.path} {receipt}"), email, RECEIPT_SECONDS)
        return redirect(f"{self.request.path}?envoi={receipt}")

    def enter(self, **who) -> Registration:
        return registration.register(self.session, language=get_language(), **who)

    def sent_to(self, receipt: str) -> str:
        """The address that was typed; nothing when that was long ago."""
        return cache.get(_cache_key("sent", f"{self.request.path} {receipt}")) or ""

    def ask(self, form, *, refusal=""):
        if not self.item.is_open:
            sentence = refusal or REFUSALS.get(self.item.phase, "")
            return self.page("agenda/closed.html", refusal=sentence)
        return self.page("agenda/sign_up.html", form=form, refusal=refusal, **self.asking())

    def asking(self) -> dict[str, str]:
        """What tells a visitor from a robot; nothing for a member."""
        return {} if self.member else bot_check.question_context(self.ticket(), self.request.POST)

    def ticket(self) -> str:
        """The one of the page that was sent, unless it has served for somebody or is too old."""
        sent = self.request.POST.get("ticket", "")
        is_usable = bot_check.read(sent) is not None and not rate_limits.is_claimed("ticket", sent)
        return sent if is_usable else bot_check.issue(new_token())

    def page(self, template, **context):
        context = {"item": self.item, "page": self.item.page, **context}
        return render(self.request, template, context)


@method_decorator(private, name="dispatch")
class Confirm(View):
    """The link of the confirmation mail: reading shows, only the button acts."""

    def dispatch(self, request, key):
        self.registrations = emails.read_confirmation_key(key)
        return super().dispatch(request, key) if self.registrations else self.expired(key)

    def get(self, request, key):
        return self.page()

    def post(self, request, key):
        try:
            done = registration.confirm(key)
        except Refused as refused:
            return self.page(refusal=refused.message)
        if len(done) == 1:
            return redirect("registration", done[0].token)
        return redirect(request.path)

    def page(self, *, refusal=""):
        activate_language(self.request, self.registrations[0])
        items = presentation.present_to_registrants(self.registrations, user=self.request.user)
        waits = any(item.registration.state == State.PENDING for item in items)
        context = {"items": items, "refusal": refusal, "waits": waits}
        return render(self.request, "agenda/confirm.html", context)

    def expired(self, key):
        """Which session an old link was for, to sign up again; nothing of the person."""
        registrations = emails.read_confirmation_key(key, max_age=None) or []
        items = presentation.present_to_registrants(registrations, user=self.request.user)
        return render(self.request, "agenda/expired.html", {"items": items}, status=404)


@method_decorator(private, name="dispatch")
class PrivateRegistration(View):
    """One registration, for whoever has its link: what it stands at, how to join, how to leave."""

    def setup(self, request, token):
        super().setup(request)
        self.registration = get_registration(token)

    def get(self, request, **kwargs):
        return self.page()

    def post(self, request, **kwargs):
        actions = {"cancel": registration.cancel, "acknowledge": registration.acknowledge}
        action = actions.get(request.POST.get("do", ""))
        if action is None:
            return self.page()
        try:
            action(self.registration)
        except Refused as refused:
            return self.page(refusal=refused.message)
        return redirect("registration", self.registration.token)

    def page(self, *, refusal=""):
        activate_language(self.request, self.registration)
        (item,) = presentation.present_to_registrants([self.registration], user=self.request.user)
        answers = zip(self.registration.session.asked, self.registration.answers, strict=False)
        context = {
            "item": item,
            "registration": self.registration,
            "answers": [pair for pair in answers if pair[1]],
            "cancelling": "annuler" in self.request.GET,
            "refusal": refusal,
        }
        return render(self.request, "agenda/registration.html", context)


@method_decorator(private, name="dispatch")
class PrivateCalendar(View):
    """The session as an entry for one's own calendar, with how to join it."""

    def setup(self, request, token):
        super().setup(request)
        self.registration = get_registration(token)
        if self.registration.state != State.CONFIRMED:
            raise Http404

    def get(self, request, **kwargs):
        return calendar_response(ics.entry(self.registration, method="PUBLISH"))


class SessionCalendar(View):
    """The session as an entry for anybody's calendar."""

    def setup(self, request, path, pk):
        super().setup(request)
        self.session = get_presented_session(request, path, pk).session

    def get(self, request, **kwargs):
        name = self.session.title
        return calendar_response(ics.calendar([self.session], name=name, language=get_language()))


def get_registration(token: str) -> Registration:
    rows = Registration.objects.select_related("session__page", "session__replay")
    registration = rows.filter(token=token[:64]).first()
    if registration is None:
        raise Http404
    return registration


def activate_language(request, registration: Registration) -> None:
    """Answer in the language in which the person signed up, unless they ask for another."""
    if PARAMETER not in request.GET:
        translation.activate(registration.language)
        request.LANGUAGE_CODE = registration.language


def calendar_response(calendar: bytes) -> HttpResponse:
    """How every calendar of the site is sent."""
    return HttpResponse(calendar, content_type="text/calendar; charset=utf-8")


def _registered_message(registration: Registration) -> str:
    if registration.state == State.CONFIRMED:
        return _("Votre inscription est confirmée.")
    return _("La séance est complète : vous êtes sur la liste d’attente.")


def _claim_ticket(ticket: str, *, for_: str) -> None:
    """A ticket serves for one person at one session: who sends twice gets the same answer."""
    mark = salted_hmac("commons.agenda.ticket", for_).hexdigest()[:16]
    if not rate_limits.claim("ticket", ticket, mark=mark, seconds=bot_check.MAX_SECONDS):
        raise Refused(
            _("Cette page a déjà servi : vérifiez ce que vous avez écrit, puis renvoyez.")
        )


def _cache_key(what: str, secret: str) -> str:
    """A key of the cache that any text may stand behind."""
    return f"agenda:{what}:{salted_hmac('commons.agenda.kept', secret[:400]).hexdigest()[:32]}"

"""Propose, save a draft, preview, send, confirm, follow, withdraw."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.formats import time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from commons.contributions import drafting, emails, rate_limits, registry, submission
from commons.contributions.description import preview
from commons.contributions.forms import SenderForm, as_initial, submitted_values
from commons.contributions.models import UNDER_MODERATION, UNSENT, Contribution, State, new_token
from commons.members import bot_check
from commons.members.csrf import members_csrf
from commons.pages.disk_full import FULL, is_disk_full
from commons.pages.text import clean_line
from commons.pages.visibility import visible_pages
from commons.refused import Refused


def choose(request, section):
    """What one may propose to this section."""
    return render(request, "contributions/choose.html", {"offered": registry.offered(section)})


@method_decorator([never_cache, members_csrf], name="dispatch")
class WriteView(View):
    """The page where one writes: what was typed is stored first, whatever the button asks."""

    contribution: Contribution | None = None

    def setup(self, request, section=None, kind=None, token=None):
        super().setup(request)
        self.member = request.user if request.user.is_authenticated else None
        if token:
            self.contribution = _own_contribution(request, token)
        self.kind = registry.find(self.contribution.kind if token else kind)
        if self.kind is None or (section and self.kind.section != section):
            raise Http404
        # A page that one is led to keeps the ticket, and the age, of the page one comes from.
        self.ticket = request.POST.get("ticket") or request.GET.get("ticket", "")
        self.token = token or bot_check.read(self.ticket) or new_token()

    def get(self, request, **kwargs):
        contribution = self.contribution
        # A search without result offers to write the page, and gives it its title.
        initial = {"title": clean_line(request.GET.get("title", ""))[:255]}
        if contribution:
            initial = as_initial(contribution.data, self.kind.form)
        # Closed, it can still be read, and copied: we promise that no text is lost.
        asked = contribution is not None and ("apercu" in request.GET or not contribution.is_open)
        form = self.kind.form(initial=initial)
        try:
            if asked and contribution.is_open:
                source = get_adapter().get_client_ip(request)
                rate_limits.consume_preview(self.token, source=source)
        except Refused as refusal:
            return self.page(form, refusal=refusal.message)
        return self.page(
            form, preview=preview(contribution.data, self.kind.form) if asked else None
        )

    def post(self, request, **kwargs):
        action = request.POST.get("do")
        self.typed = submitted_values(request.POST, self.kind.form)
        try:
            self.contribution = self.save()
            if action == "send":
                return self.send()
            if action == "autosave":
                return JsonResponse(_autosave_response(self.contribution))
            if action == "preview":
                # At the draft's own address: what it says there of keeping it is then true.
                return redirect(f"{self.draft_address(apercu=1)}#apercu")
            message = _("Votre brouillon est enregistré.")
            return _redirect_after_action(
                request, self.contribution, message, address=self.draft_address()
            )
        except Refused as refusal:
            return self.refused(refusal.message)
        except (DatabaseError, OSError) as error:
            if not is_disk_full(error):
                raise
            return self.refused(FULL, status=503)

    def refused(self, sentence, *, status=None):
        """Say why not, and show what was typed again."""
        if self.request.POST.get("do") == "autosave":
            return JsonResponse({"text": str(sentence)}, status=status or 409)
        answer = self.page(self.as_typed(), refusal=sentence)
        answer.status_code = status or answer.status_code
        return answer

    def save(self):
        contribution = drafting.save_draft(
            token=self.token,
            kind=self.kind.slug,
            data=self.typed,
            language=get_language() or "fr",
            by=self.writer(),
        )
        if contribution is None:
            raise Http404
        return contribution

    def writer(self):
        sender = submitted_values(self.request.POST, SenderForm)
        return self.member or drafting.Visitor(
            name=(sender.get("sender_name") or [""])[0],
            email=(sender.get("sender_email") or [""])[0],
            source=get_adapter().get_client_ip(self.request),
        )

    def send(self):
        form = registry.bound_form(self.contribution)
        sender = SenderForm(self.request.POST) if self.asks_sender() else None
        if not form.is_valid() or (sender and not sender.is_valid()):
            if sender:
                bot_check.add_missing_answer_error(sender, self.request.POST)
            return self.page(form, sender=sender)
        if sender:
            fits = bot_check.read(self.ticket) == self.token
            honeypot, proof, answer = (
                self.request.POST.get(name, "") for name in ("website", "proof", "sum")
            )
            bot_check.check(
                self.ticket if fits else "", honeypot=honeypot, proof=proof, answer=answer
            )
        self.contribution = submission.submit(self.contribution, by=self.writer())
        return _redirect_after_action(
            self.request, self.contribution, _("Votre proposition est envoyée. Merci !")
        )

    def draft_address(self, **query) -> str:
        """The draft's own, with a visitor's ticket: who typed for long is not in a hurry there."""
        if self.member is None and bot_check.read(self.ticket) == self.token:
            query["ticket"] = self.ticket
        return _private_address(self.contribution) + (f"?{urlencode(query)}" if query else "")

    def as_typed(self):
        """The form with what was just typed, without remarks on what is still missing."""
        return self.kind.form(initial=as_initial(self.typed, self.kind.form))

    def asks_sender(self) -> bool:
        sent = self.contribution is not None and self.contribution.state not in UNSENT
        return self.member is None and not sent

    def page(self, form, *, sender=None, **more):
        contribution = self.contribution
        if sender is None and self.asks_sender():
            named = posted = self.request.POST
            if contribution:
                named = {"sender_name": contribution.name, "sender_email": contribution.email}
            # Who writes is needed to send only: nothing is to be corrected before.
            asked = posted.get("do") == "send" and "sender_name" in posted
            sender = SenderForm(posted if asked else None, initial=named)
        if bot_check.read(self.ticket) != self.token:
            self.ticket = bot_check.issue(self.token)
        sent = (
            not more.get("preview")
            and contribution
            and contribution.state in {State.UNCONFIRMED, State.IN_REVIEW}
        )
        context = {
            "kind": self.kind,
            "form": form,
            "sender": sender,
            "contribution": contribution,
            **bot_check.question_context(self.ticket, self.request.POST),
            "refusal": "",
            "preview": None,
            "address": _private_address(contribution) if contribution else "",
            "online": visible_page(contribution, self.request.user) if contribution else None,
            # Once sent, what happens next comes first; the text is one click away.
            "folded": bool(sent and not form.is_bound and not more.get("refusal")),
            **more,
        }
        return render(self.request, "contributions/write.html", context)


@method_decorator([never_cache, members_csrf], name="dispatch")
class ConfirmView(View):
    """The link of the confirmation mail: reading shows, only the button sends."""

    def get(self, request, key):
        contribution = emails.read_confirmation_key(key)
        if contribution is None:
            return render(request, "contributions/expired.html", status=404)
        address = _private_address(contribution)
        context = {"contribution": contribution, "address": address}
        return render(request, "contributions/confirm.html", context)

    def post(self, request, key):
        contribution = emails.read_confirmation_key(key)
        if contribution is None:
            return render(request, "contributions/expired.html", status=404)
        try:
            contribution = submission.confirm(contribution)
        except Refused as refusal:
            address = _private_address(contribution)
            context = {"contribution": contribution, "refusal": refusal.message, "address": address}
            return render(request, "contributions/confirm.html", context)
        return redirect(_private_address(contribution))


@never_cache
@login_required
def my_contributions(request):
    """All that the member proposed, each with its steps."""
    contributions = Contribution.objects.by(request.user).select_related("page", "author")
    rows = [
        (item, _private_address(item))
        for item in contributions.prefetch_related("events")
        if registry.find(item.kind)
    ]
    context = {"contributions": rows, "offered": registry.offered()}
    return render(request, "contributions/mine.html", context)


@require_POST
@members_csrf
def withdraw(request, token):
    """Take a proposal back."""
    contribution = _own_contribution(request, token)
    try:
        submission.withdraw(contribution, author=request.user if contribution.author_id else None)
        message = _("Votre proposition est retirée.")
    except Refused as refusal:
        message = refusal.message
    return _redirect_after_action(request, contribution, message)


def _own_contribution(request, token) -> Contribution:
    contribution = drafting.find(token, reader=request.user)
    if contribution is None or registry.find(contribution.kind) is None:
        raise Http404
    return contribution


def visible_page(contribution, user):
    """The page of an accepted contribution, if `user` can read it at this moment."""
    if contribution.state != State.ACCEPTED:
        return None
    return visible_pages(user).filter(pk=contribution.page_id).first()


def _private_address(contribution) -> str:
    return registry.address(registry.find(contribution.kind), "draft", contribution.token)


def _redirect_after_action(request, contribution, message, *, address=""):
    """Where one goes after an act; a visitor reads it there, as a message needs a cookie."""
    if not request.user.is_authenticated:
        return redirect(address or _private_address(contribution))
    messages.success(request, message)
    contribution.refresh_from_db()
    drafted = contribution.state not in UNDER_MODERATION and contribution.is_open
    return redirect(_private_address(contribution) if drafted else "my_contributions")


def _autosave_response(contribution) -> dict:
    at = time_format(contribution.updated_at.astimezone())
    return {
        "text": _("Brouillon enregistré à %(time)s.") % {"time": at},
        "address": _private_address(contribution),
    }

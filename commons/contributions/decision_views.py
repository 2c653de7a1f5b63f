"""Where moderators decide: the queue, then one proposal at a time, as its readers will see it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page, TaskState

from commons.contributions import moderation, queue, registry
from commons.contributions.difference import changes_between
from commons.contributions.models import Contribution, State, is_author
from commons.contributions.moderation import Decision
from commons.refused import Refused


@method_decorator(never_cache, name="dispatch")
class QueueView(WagtailAdminTemplateMixin, TemplateView):
    """What waits for a decision, the oldest first; then what waits for its authors."""

    template_name = "contributions/admin/queue.html"
    page_title = gettext_lazy("Propositions à lire")
    header_icon = "mail"
    breadcrumbs_items: list = []

    def dispatch(self, request, *args, **kwargs):
        if not queue.may_moderate(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        user = self.request.user
        sent = queue.decidable_by(user).select_related("page", "author")
        sent = sent.prefetch_related("events__by").order_by("submitted_at", "pk")
        unread = [Row(one, user) for one in sent.filter(state=State.IN_REVIEW)]
        return super().get_context_data(
            unread=[row for row in unread if not row.is_own],
            own=[row for row in unread if row.is_own],
            asked=[Row(one, user) for one in sent.filter(state=State.CHANGES_ASKED)],
            team=queue.team_pages(user),
            **kwargs,
        )


class Row:
    """A contribution in the queue: what it is, since when it waits, who asked for what."""

    def __init__(self, contribution: Contribution, user):
        self.contribution = contribution
        self.kind = kind_name(contribution)
        self.is_own = contribution.is_by(user)
        events = list(contribution.events.all())
        self.last = events[-1] if events else None
        self.is_again = any(event.state == State.CHANGES_ASKED for event in events)


def kind_name(contribution: Contribution) -> str:
    kind = registry.find(contribution.kind)
    return str(kind.form.choice) if kind else contribution.kind


@method_decorator(never_cache, name="dispatch")
class DecisionView(WagtailAdminTemplateMixin, TemplateView):
    """One proposal: what it says, who proposes it, what changed, and the three decisions."""

    template_name = "contributions/admin/decision.html"
    header_icon = "mail"
    breadcrumbs_items: list = []

    def dispatch(self, request, *args, contribution_id, **kwargs):
        self.contribution = _decidable(request.user, contribution_id)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self):
        return self.contribution.title

    def post(self, request, *args, **kwargs):
        self.comment = request.POST.get("comment", "")
        try:
            decision = Decision(request.POST.get("decision", ""))
        except ValueError:
            return self.refused(_("Choisissez ce que vous décidez."))
        try:
            moderation.decide(
                self.contribution,
                decision=decision,
                version=request.POST.get("version", ""),
                by=request.user,
                comment=self.comment,
            )
        except Refused as refusal:
            wordless = isinstance(refusal, moderation.ReasonMissing)
            return self.refused(refusal.message, wordless=wordless)
        self.contribution.refresh_from_db()
        messages.success(request, decision_message(self.contribution))
        following = queue.after(self.contribution, request.user)
        if following is None:
            return redirect("moderation_queue")
        return redirect("moderation_decision", following.pk)

    def refused(self, sentence: str, *, wordless: bool = False):
        """The page as it stands now, with the words typed and why nothing was decided."""
        self.contribution.refresh_from_db()
        context = self.get_context_data(refusal=sentence, wordless=wordless)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs):
        contribution, user = self.contribution, self.request.user
        page = Page.objects.filter(pk=contribution.page_id).first()
        own = contribution.is_by(user) or bool(page and is_author(page, user))
        is_open = contribution.is_under_moderation and page is not None
        asked = contribution.state == State.CHANGES_ASKED
        read, changes = (None, []) if page is None else changes_since_last_review(page)
        # « The text is the same » says nothing before the author has answered.
        read = None if asked and not changes else read
        return super().get_context_data(
            contribution=contribution,
            page=page,
            kind=kind_name(contribution),
            author_history=author_history(contribution),
            own=own,
            may_decide=is_open and not own,
            ended="" if is_open else moderation.decision_summary(contribution),
            asked=asked,
            version=moderation.version_of(contribution),
            compared=read,
            changes=changes,
            comment=getattr(self, "comment", ""),
            reason_length=moderation.REASON_LENGTH,
            may_edit=page is not None and page.permissions_for_user(user).can_edit(),
            waiting=queue.waiting_count(user),
            **kwargs,
        )


@never_cache
@require_GET
def preview(request, contribution_id):
    """The text that waits, as its readers will see it."""
    contribution = _decidable(request.user, contribution_id)
    page = get_object_or_404(Page, pk=contribution.page_id)
    if request.GET.get("version", "") not in {"", moderation.version_of(contribution)}:
        return render(request, "contributions/admin/changed.html")
    shown = page.get_latest_revision_as_object()
    return shown.make_preview_request(request, shown.default_preview_mode)


def _decidable(user, contribution_id: int) -> Contribution:
    if not queue.may_moderate(user):
        raise Http404
    decidable = queue.decidable_by(user).select_related("author")
    return get_object_or_404(decidable, pk=contribution_id)


def changes_since_last_review(page: Page):
    """(date of the version that was last read, what changed since), or (None, []) at first."""
    rejected = {"status": TaskState.STATUS_REJECTED, "workflow_state__object_id": str(page.pk)}
    read = TaskState.objects.filter(**rejected).select_related("revision").order_by("pk").last()
    if read is None or read.revision_id is None:
        return None, []
    latest = page.get_latest_revision()
    changes = changes_between(read.revision.as_object(), latest.as_object())
    return read.finished_at, changes


def author_history(contribution: Contribution) -> str:
    """A sentence: how many contributions the author has sent, and how many were accepted."""
    if not contribution.address:
        return ""
    theirs = Contribution.objects.from_address(contribution.address)
    sent = theirs.filter(submitted_at__lte=contribution.submitted_at).count()
    if sent <= 1:
        return _("C’est sa première proposition.")
    accepted = theirs.filter(state=State.ACCEPTED).exclude(pk=contribution.pk).count()
    number = _("C’est sa %(number)de proposition.") % {"number": sent}
    acceptance = _("Aucune n’a encore été acceptée.")
    if accepted:
        acceptance = ngettext(
            "%(count)d a déjà été acceptée.", "%(count)d ont déjà été acceptées.", accepted
        ) % {"count": accepted}
    return f"{number} {acceptance}"


def decision_message(contribution: Contribution) -> str:
    """The flash message after a decision, with a link to the page when it is online."""
    title = contribution.title
    if contribution.state == State.CHANGES_ASKED:
        sentence = _("« %(title)s » : votre demande de modifications est envoyée.")
    elif contribution.state == State.REFUSED:
        sentence = _("« %(title)s » est refusée ; votre raison est envoyée.")
    elif contribution.is_online:
        address = contribution.page.get_url()
        accepted = _("« %(title)s » est acceptée et en ligne.") % {"title": title}
        return format_html('{} <a href="{}">{}</a>', accepted, address, _("Voir la page"))
    elif contribution.state == State.ACCEPTED:
        sentence = _("« %(title)s » est acceptée ; elle paraîtra à la date prévue.")
    else:
        sentence = _("« %(title)s » : votre accord est noté, une autre étape de lecture suit.")
    return sentence % {"title": title}


def decision_address(contribution: Contribution) -> str:
    return reverse("moderation_decision", args=[contribution.pk])

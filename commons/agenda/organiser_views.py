"""What organisers do: their sessions, who comes, who came, messages, lists."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from commons.agenda import attendees, broadcasts, spreadsheet
from commons.agenda.attendance import (
    count_replay_emails,
    mark_attendance,
    mark_everybody_present,
    parse_attendance,
)
from commons.agenda.broadcasts import AlreadySent, send_message
from commons.agenda.models import Session, SignUp, State, new_token
from commons.agenda.organiser_forms import (
    CapacityForm,
    DayForm,
    MessageForm,
    PersonForm,
    SessionForm,
)
from commons.agenda.permissions import may_organise, sessions_organised_by
from commons.agenda.presentation import present_to_organiser
from commons.agenda.registration import add_by_organiser, cancel
from commons.agenda.scheduling import (
    EditConflict,
    cancel_session,
    postpone_session,
    restore_session,
    save_session,
    skip_day,
)
from commons.agenda.waiting_list import set_capacity
from commons.pages.page_rows import nearest, page_number
from commons.refused import Refused

ATTENDEES_A_FORM = 200  # people whose presence one form notes: Django bounds the fields of a form
SAFE_METHODS = ["GET", "HEAD"]  # asked after the lookup: what is not one's own exists for no verb
FORMATS = {
    "csv": (spreadsheet.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        spreadsheet.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def _session(request, pk: int) -> Session:
    """A session that the person organises; anything else does not exist for them."""
    sessions = sessions_organised_by(request.user).select_related("page", "replay")
    return get_object_or_404(sessions.distinct(), pk=pk)


@never_cache
@login_required
@require_safe
def sessions(request):
    """The sessions that one organises, those to come first."""
    past = request.GET.get("past") == "1"
    organised = attendees.organised_sessions(request.user, past=past)
    results = nearest(organised, page_number(request.GET.get("page", "")))
    pages = attendees.pages_organised_by(request.user) if not past else []
    items = present_to_organiser(list(results.object_list), user=request.user)
    context = {"items": items, "results": results, "past": past, "pages": pages}
    return render(request, "agenda/organised.html", context)


@never_cache
@login_required
def edit(request, page=None, pk=None):
    """Write a session, new or known."""
    if pk:
        session = _session(request, pk)
    else:
        parent = get_object_or_404(Page, pk=page)
        if not may_organise(request.user, parent) or not attendees.is_dated(parent):
            raise Http404
        session = attendees.new_session(parent)
    form = SessionForm(request.POST or None, instance=session)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data.get("version", "")
            saved = save_session(form.instance, by=request.user, version=version)
            messages.success(request, _("La séance est enregistrée."))
            return redirect("organised_session", saved.pk)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            if isinstance(refusal, EditConflict):
                form.reread()
    return render(request, "agenda/edit_session.html", {"form": form, "session": session})


@method_decorator([never_cache, login_required], name="dispatch")
class Attendees(View):
    """Who comes to a session: search, add somebody, change the number of seats."""

    def dispatch(self, request, pk):
        return super().dispatch(request, _session(request, pk))

    def get(self, request, session):
        return self.page(request, session)

    def post(self, request, session):
        action = {"add": self.add, "capacity": self.resize}.get(request.POST.get("do"))
        return action(request, session) if action else self.page(request, session)

    def add(self, request, session):
        form = PersonForm(request.POST, full=attendees.is_full(session))
        if form.is_valid():
            try:
                added = add_by_organiser(session, by=request.user, **form.person)
                messages.success(request, attendees.addition_message(added))
                return redirect("organised_session", session.pk)
            except Refused as refusal:
                form.add_error(None, refusal.message)
        return self.page(request, session, wrong=form, person=form)

    def resize(self, request, session):
        form = CapacityForm(request.POST)
        if form.is_valid():
            try:
                set_capacity(session, form.cleaned_data["capacity"], by=request.user)
                messages.success(request, _("Le nombre de places est enregistré."))
                return redirect("organised_session", session.pk)
            except Refused as refusal:
                form.add_error(None, refusal.message)
        return self.page(request, session, wrong=form, seats=form)

    def page(self, request, session, **forms):
        query = request.GET.get("q", "")
        item = present_to_organiser([session], user=request.user)[0]
        registrations = attendees.list_attendees(session, query=query)
        context = {
            "session": session,
            "item": item,
            "query": query,
            "registrations": registrations,
            # Without sign-up there is no list, unless there was.
            "listed": session.sign_up == SignUp.HERE or bool(registrations or query),
            "wrong": None,
            "person": PersonForm(full=not item.seats.for_newcomers),
            "seats": CapacityForm(initial={"capacity": session.capacity}),
            "sent": session.messages.select_related("by"),
            **forms,
        }
        return render(request, "agenda/attendees.html", context)


@method_decorator([never_cache, login_required], name="dispatch")
class SessionStatus(View):
    """Whether it takes place: call it off, one day or all, put it off, or bring it back."""

    def dispatch(self, request, pk):
        return super().dispatch(request, _session(request, pk))

    def get(self, request, session):
        return self.page(request, session, DayForm(session=session))

    def post(self, request, session):
        note = request.POST.get("note", "")
        days = DayForm(request.POST, session=session)
        actions = {
            "cancel": lambda: cancel_session(session, by=request.user, note=note),
            "postpone": lambda: postpone_session(session, by=request.user, note=note),
            "restore": lambda: restore_session(session, by=request.user),
            "skip": lambda: skip_day(session, days.cleaned_data["day"], by=request.user),
        }
        action = request.POST.get("do")
        if action not in actions or (action == "skip" and not days.is_valid()):
            return self.page(request, session, days)
        try:
            actions[action]()
            messages.success(request, attendees.decision_message(session))
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("organised_session", session.pk)

    def page(self, request, session, days):
        item = present_to_organiser([session], user=request.user)[0]
        context = {"session": session, "item": item, "form": days}
        return render(request, "agenda/call_off.html", context)


@never_cache
@login_required
def remove(request, pk, registration):
    """Take somebody off the list, once confirmed."""
    session = _session(request, pk)
    removed = get_object_or_404(session.registrations.active(), pk=registration)
    if request.method == "POST":
        try:
            cancel(removed, by=request.user)
            messages.success(
                request, _("%(name)s n’est plus sur la liste.") % {"name": removed.name}
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("organised_session", session.pk)
    return render(request, "agenda/remove.html", {"session": session, "registration": removed})


@never_cache
@login_required
def attendance(request, pk):
    """Note who came."""
    session = _session(request, pk)
    registrations = [r for r in attendees.list_attendees(session) if r.state == State.CONFIRMED]
    page = Paginator(registrations, ATTENDEES_A_FORM).get_page(request.GET.get("page"))
    if request.method == "POST":
        everybody = request.POST.get("do") == "all"
        try:
            if everybody:
                mark_everybody_present(session, by=request.user)
            else:
                mark_attendance(session, by=request.user, **parse_attendance(request.POST))
            messages.success(request, _("Les présences sont enregistrées."))
            if everybody:
                return redirect("session_attendance", session.pk)
            if page.has_next():
                return redirect(f"{request.path}?page={page.next_page_number()}")
            return redirect("organised_session", session.pk)
        except Refused as refusal:
            messages.error(request, refusal.message)
    context = {
        "session": session,
        "registrations": page,
        "started": session.starts_at <= timezone.now(),
        "replay_emails": count_replay_emails(session),
    }
    return render(request, "agenda/attendance.html", context)


@never_cache
@login_required
def write(request, pk):
    """Write to some of those registered: what was written is read again before it leaves."""
    session = _session(request, pk)
    form = MessageForm(request.POST or None, initial={"token": new_token()})
    action = request.POST.get("do")
    if request.method == "POST" and form.is_valid() and action != "edit":
        try:
            if action == "send":
                sent = send_message(session, form.instance, by=request.user)
                messages.success(request, broadcasts.sent_message(sent))
                return redirect("organised_session", session.pk)
            preview = broadcasts.preview(session, form.instance, by=request.user)
            context = {"session": session, "form": form, "preview": preview}
            return render(request, "agenda/write_preview.html", context)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            if isinstance(refusal, AlreadySent):
                form.renew()
    return render(request, "agenda/write.html", {"session": session, "form": form})


@never_cache
@login_required
def export(request, pk, kind):
    """The list as a file."""
    session = _session(request, pk)
    if request.method not in SAFE_METHODS:
        return HttpResponseNotAllowed(SAFE_METHODS)
    if kind not in FORMATS:
        raise Http404
    render_file, content_type = FORMATS[kind]
    spreadsheet.note_export(session, by=request.user, kind=kind)
    response = HttpResponse(render_file(session), content_type=content_type)
    name = spreadsheet.file_name(session, kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@never_cache
@login_required
def sign_in_sheet(request, pk):
    """A sheet to print and to sign."""
    session = _session(request, pk)
    if request.method not in SAFE_METHODS:
        return HttpResponseNotAllowed(SAFE_METHODS)
    registrations = [r for r in attendees.list_attendees(session) if r.state == State.CONFIRMED]
    item = present_to_organiser([session], user=request.user)[0]
    context = {"session": session, "item": item, "registrations": registrations, "empty": range(8)}
    return render(request, "agenda/sign_in_sheet.html", context)

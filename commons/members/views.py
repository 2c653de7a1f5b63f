"""The pages of "Mon compte"."""

import io
import json
import zipfile

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail import views as page_views
from wagtail.documents.views import serve as document_views
from wagtail.models import Page, PageViewRestriction

from commons.members.accounts import change_profile, choose_credit
from commons.members.erasure import erase, erasure_effects
from commons.members.forms import ConsentsForm, EraseForm, ProfileForm
from commons.members.models import Purpose
from commons.members.privacy import Encoder, export_of
from commons.members.readable_export import sections_of
from commons.refused import Refused


@require_GET
def sign_in(request):
    """Redirect Wagtail's sign-in view, which has no rate limit nor second factor, to ours."""
    query = request.META["QUERY_STRING"]
    return redirect(reverse("account_login") + (f"?{query}" if query else ""))


@require_GET
def admin_login(request):
    """Redirect the admin's sign-in view to ours; refuse a member who is already signed in."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return sign_in(request)


def page_password(request, page_view_restriction_id, page_id):
    """Wagtail's view for the shared password of a page, with a rate limit."""
    restriction = get_object_or_404(PageViewRestriction, pk=page_view_restriction_id)
    get_object_or_404(Page, pk=page_id, path__startswith=restriction.page.path)
    return _limited(request, f"page-{restriction.pk}") or page_views.authenticate_with_password(
        request, page_view_restriction_id, page_id
    )


def document_password(request, restriction_id):
    """The same for the password of a collection of documents."""
    return _limited(request, f"collection-{restriction_id}") or (
        document_views.authenticate_with_password(request, restriction_id)
    )


def _limited(request, key: str):
    """A 429 response when too many passwords were tried; None otherwise."""
    tried = request.method == "POST"
    if tried and not ratelimit.consume(request, action="shared_password", key=key):
        return ratelimit.respond_429(request)
    return None


@never_cache
@login_required
def account_home(request):
    """Everything about my account on one page; the profile is saved here."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(request.user, **form.cleaned_data)
            messages.success(request, _("Votre profil est enregistré."))
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect("account_home")
    consents = list(request.user.consents.active())
    credited = any(consent.purpose == Purpose.CREDIT for consent in consents)
    context = {
        "form": form,
        "consents": consents,
        "consents_form": ConsentsForm(initial={"credit": credited}, prefix="c"),
    }
    return render(request, "members/home.html", context)


@login_required
@require_POST
def account_consents(request):
    form = ConsentsForm(request.POST, prefix="c")
    form.full_clean()
    try:
        choose_credit(request.user, credited=form.cleaned_data.get("credit", False))
        messages.success(request, _("Votre choix est enregistré."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("account_home")


@never_cache
@login_required
@require_GET
@reauthentication_required
def account_data(request):
    """Explain the data export and link to it; asks for the password first."""
    return render(request, "members/data.html")


@login_required
@require_GET
@reauthentication_required
def account_export(request):
    """An archive of two files: one to read, one for machines."""
    context = {
        "sections": sections_of(request.user),
        "site_name": settings.WAGTAIL_SITE_NAME,
        "now": timezone.now(),
    }
    data = json.dumps(export_of(request.user), cls=Encoder, ensure_ascii=False, indent=2)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mes-donnees.html", render_to_string("members/export.html", context))
        archive.writestr("mes-donnees.json", data)
    answer = HttpResponse(buffer.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="mes-donnees.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@never_cache
@login_required
def account_erase(request):
    """Show what erasing the account deletes, then erase it."""
    form = EraseForm(request.POST or None, member=request.user)
    if request.method == "POST":
        if not ratelimit.consume(request, action="reauthenticate", user=request.user):
            return ratelimit.respond_429(request)
        if form.is_valid() and _erased(request, keep_credit=form.cleaned_data["keep_credit"]):
            return redirect("/")
    context = {"form": form, "erasure_effects": erasure_effects(request.user)}
    return render(request, "members/erase.html", context)


def _erased(request, *, keep_credit: bool) -> bool:
    ended = erasure_effects(request.user)
    try:
        erase(request.user, keep_credit=keep_credit)
    except Refused as refused:
        messages.error(request, refused.message)
        return False
    logout(request)
    messages.success(request, _("Votre compte est supprimé. Merci pour ce que vous avez partagé."))
    for effect in ended:
        messages.success(request, effect.sentence)
    return True

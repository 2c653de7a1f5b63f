"""Addresses that tell no language, the language of the visit there, and the doors of the admin."""

import logging

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.models import Site

from commons.pages.addresses import standing_at
from commons.pages.admin_access import knowable, workable, works_everywhere
from commons.pages.disk_full import is_disk_full
from commons.pages.languages import language_of_visit
from commons.pages.malformed_requests import LARGEST
from commons.pages.untranslated import Untranslated
from commons.pages.untranslated_views import refuse_publication

logger = logging.getLogger(__name__)
# How addresses of the admin call the number of a page.
NUMBERS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
CHOOSERS = {"wagtailadmin_choose_page_child", "wagtailadmin_choose_page_chosen_multiple"}
# All tags, all translations: no list of them can be cut to what one may know.
WHOLE = ("translations_report", "wagtailadmin_tag")
# Publishes, copies, deletes without asking any hook or lock; no screen of the admin calls it.
UNGUARDED = "wagtailadmin_api:pages:action"


class TellingLocaleMiddleware(LocaleMiddleware):
    """Leads « /page/ » to « /fr/page/ » when something stands there; Django's own always does."""

    def process_response(self, request, response):
        told = translation.get_language_from_path(request.path_info)
        if response.status_code == 404 and not told and not _stands_under_a_language(request):
            response.headers.setdefault("Content-Language", translation.get_language())
            return response
        return super().process_response(request, response)


def _stands_under_a_language(request) -> bool:
    path = f"{request.path_info.rstrip('/')}/"
    try:
        match = resolve(f"/{translation.get_language()}{path}")
    except Resolver404:
        return False
    if match.url_name == "wagtail_serve":
        return standing_at(path, site=Site.find_for_request(request)) is not None
    return not match.kwargs


class VisitLanguageMiddleware:
    """Comes after the middleware above, which would guess from the browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info:  # PostgreSQL refuses it in any query on an address
            raise Http404
        language = language_of_visit(
            path=request.path_info,
            query=(request.POST or request.GET).dict(),
            referer=request.headers.get("Referer", ""),
            user=request.user,
        )
        if language is not None:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


class DiskFull:
    """Says that the site cannot write, where Django says that something is broken."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not is_disk_full(exception):
            return None
        logger.error("Nothing can be written: %s", exception)
        answer = render(request, "503.html", status=503)
        answer["Retry-After"] = "600"
        return answer


class UntranslatedPublication:
    """Says on the page itself that it is not translated, whichever screen published it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Untranslated):
            return refuse_publication(request, exception.page)
        return None


class AdminDoors:
    """Answers « not found » at an address of the admin that names a page one may not know of."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        name = match.url_name or ""
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return
        if match.view_name == UNGUARDED:
            raise Http404
        if works_everywhere(request.user):
            return
        if name.startswith(WHOLE):
            raise PermissionDenied
        numbers = _named(request, match)
        if not numbers:
            return
        known = knowable if name in CHOOSERS else workable
        if known(request.user).filter(pk__in=numbers).count() < len(numbers):
            raise Http404


def _named(request, match) -> set[int]:
    """The numbers of the pages that the address names."""
    named = [number for name, number in match.kwargs.items() if name in NUMBERS]
    many = match.url_name == "wagtailadmin_choose_page_chosen_multiple"
    if match.url_name == "wagtail_bulk_action":
        many = match.kwargs["model_name"].lower() == "page"
    if many:
        named += request.GET.getlist("id")
    try:
        numbers = {int(number) for number in named}
    except ValueError:  # « all », which is more than the pages that one knows
        raise Http404 from None
    if any(abs(number) > LARGEST for number in numbers):  # no database can be asked for it
        raise Http404
    return numbers

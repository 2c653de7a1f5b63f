"""Serve a page at its address."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail import views
from wagtail.models import Site

from commons.pages.addresses import standing_at
from commons.pages.cache_version import cached
from commons.pages.covers import with_own_cover


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's own view, told which page stands there; what it is not told of, it looks for."""
    site = cached(("site", request.get_host()), lambda: Site.find_for_request(request))
    request._wagtail_site = site
    page = standing_at(path, site=site)
    if page is not None:
        request._wagtail_route_for_request = with_own_cover(page).route(request, [])
        request._wagtail_cached_site_root_paths = page._wagtail_cached_site_root_paths
    return views.serve(request, path)


def client_address(request: HttpRequest) -> str:
    """The visitor's address; "" for a page rendered for everybody, whose request names nobody.

    allauth refuses a request without address, as the page cache makes them: lists would answer 403.
    """
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""

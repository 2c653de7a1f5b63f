"""Whatever lives under the address of a page (feeds, calendars, sign-up) follows it when it moves.

Wagtail keeps the old address of each page that is renamed or moved, and where the page is now.
"""

from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from commons.pages.addresses import standing_at
from commons.pages.section_addresses import real_address
from commons.pages.visibility import visible_pages

LONGEST = 12  # parts of an address


class MovedAddresses(RedirectMiddleware):
    """Leads from what is under an old address to the same under the new one, its query kept."""

    def process_response(self, request, response):
        if response.status_code != 404:
            return response
        moved = _moved(request) or _under_its_section(request)
        if moved is None:
            return super().process_response(request, response)
        query = request.META.get("QUERY_STRING", "")
        # What a form sends goes there too (308): who filled it in before the move loses nothing.
        keeps = request.method not in {"GET", "HEAD"}
        target = f"{moved}?{query}" if query else moved
        return HttpResponsePermanentRedirect(target, preserve_request=keeps)


def _moved(request) -> str | None:
    """Where what the request asks for is now; None when nothing of its address has moved."""
    # The calendar of « /fr/agenda/ » is « /fr/agenda.ics ».
    path, dot, kind = request.path_info.strip("/").partition(".ics")
    parts = [*path.split("/"), *([dot] if dot and not kind else [])]
    if "\0" in request.path_info or not 1 < len(parts) <= LONGEST:
        return None
    site = Site.find_for_request(request)
    prefixes = ["/" + "/".join(parts[:count]) for count in range(2, len(parts) + 1)]
    kept = Redirect.get_for_site(site).filter(old_path__in=prefixes, redirect_page__live=True)
    # The longest says most; a redirect of this site comes before one of all sites.
    found = sorted(
        kept.select_related("redirect_page"), key=lambda row: (len(row.old_path), row.site_id or 0)
    )
    if not found:
        return None
    count = found[-1].old_path.count("/")
    # Nobody learns where a page is now that they may not read.
    if not visible_pages(request.user).filter(pk=found[-1].redirect_page_id).exists():
        return None
    # A page that took the old address has all that is under it.
    if any(_stands(parts[:end], site) for end in range(count, len(parts) + 1)):
        return None
    return _under(found[-1].link, parts[count:], request, site)


def _under_its_section(request) -> str | None:
    """Where an address by default is, in a section that never stood there."""
    address = real_address(request.path)
    return address if address != request.path else None


def _under(new: str | None, rest: list[str], request, site) -> str | None:
    """The address of `rest` under `new`, when something may stand there."""
    slash = "/" if request.path_info.endswith("/") or not rest else ""
    address = f"{(new or '').rstrip('/')}/{'/'.join(rest)}".rstrip("/") + slash
    address = address.replace("/.ics", ".ics")
    if not new or not new.startswith("/") or new.startswith("//") or address == request.path:
        return None
    try:
        name = resolve(address).url_name
    except Resolver404:
        return None
    there = address.strip("/").split("/")
    return address if name != "wagtail_serve" or _stands(there, site) else None


def _stands(parts: list[str], site: Site | None) -> bool:
    """Whether a published page stands at these parts of an address, its language first."""
    return len(parts) > 1 and standing_at("/".join(parts[1:]), site=site) is not None

"""The page to return to after signing in: never a sign-in page, never another site."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500
KEY = "sign_in_way_back"
SIGN_IN_VIEW_PREFIXES = (
    "account_",
    "mfa_",
)  # names of views that are never returned to


def sign_in_address(request, *, view_name: str = "account_login") -> str:
    """The address of the sign-in view (or of `view_name`) with `next` set to the current page."""
    back = next_page(request)
    address = reverse(view_name)
    return f"{address}?{urlencode({'next': back}, safe='/')}" if back else address


def next_page(request) -> str:
    """The current page; on a sign-in page, the `next` it was given. Empty when there is none."""
    match = request.resolver_match
    if match is not None and (match.url_name or "").startswith(SIGN_IN_VIEW_PREFIXES):
        return _local(_requested_next(request))
    if request.method not in {"GET", "HEAD"}:
        return ""
    address = request.get_full_path()
    return _local(address if len(address) <= LONGEST else request.path)


def store_next_page(request) -> None:
    """Keep `next` in the session until the e-mail address of the account is confirmed.

    The e-mail does not carry it, since a stranger may have sent the form.
    """
    back = _local(request.POST.get("next", ""))
    if back:
        request.session[KEY] = back


def _requested_next(request) -> str:
    return request.POST.get("next") or request.GET.get("next") or request.session.get(KEY, "")


def _local(address: str) -> str:
    return address if is_local(address) else ""


def is_local(address: str) -> bool:
    """Whether `address` is a path of this site, and not unreasonably long."""
    if not address.startswith("/") or len(address) > LONGEST:
        return False
    return url_has_allowed_host_and_scheme(address, None)

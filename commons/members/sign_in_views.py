"""Where signing in leads back to: the page that one was on, never a door and never another site."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500
KEY = "sign_in_way_back"
SIGN_IN_VIEW_PREFIXES = (
    "account_",
    "mfa_",
)  # nobody who signs in wants to come back to where one signs in


def sign_in_address(request, *, view_name: str = "account_login") -> str:
    """The address of the form to sign in, or of another door, which knows where one comes from."""
    back = next_page(request)
    address = reverse(view_name)
    return f"{address}?{urlencode({'next': back}, safe='/')}" if back else address


def next_page(request) -> str:
    """The page that is read; at a door, where that door already leads. Empty when there is none."""
    match = request.resolver_match
    if match is not None and (match.url_name or "").startswith(SIGN_IN_VIEW_PREFIXES):
        return _local(_requested_next(request))
    if request.method not in {"GET", "HEAD"}:
        return ""
    address = request.get_full_path()
    return _local(address if len(address) <= LONGEST else request.path)


def store_next_page(request) -> None:
    """Remember in the session where one comes from, until the address of the account answers.

    The mail to that address does not carry it: a stranger may have written it.
    """
    back = _local(request.POST.get("next", ""))
    if back:
        request.session[KEY] = back


def _requested_next(request) -> str:
    return request.POST.get("next") or request.GET.get("next") or request.session.get(KEY, "")


def _local(address: str) -> str:
    return address if is_local(address) else ""


def is_local(address: str) -> bool:
    """Whether `address` is a path of this site, of a length that somebody means."""
    if not address.startswith("/") or len(address) > LONGEST:
        return False
    return url_has_allowed_host_and_scheme(address, None)

"""The network address of who asks, when it is known."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied


def client_address(request) -> str:
    """The visitor's address; "" for a page rendered for everybody, whose request names nobody.

    allauth refuses a request without address, as the page cache makes them: lists would answer 403.
    """
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""

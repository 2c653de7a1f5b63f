"""Keep what is private out of every cache, that of the browser included."""

from django.utils.cache import add_never_cache_headers

# Accounts, their doors, and the private links of mails.
PRIVATE = "/compte/"


class PrivateResponsesMiddleware:
    """Forbids to keep what the account's addresses answer, unless a view says otherwise."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path_info.startswith(PRIVATE) and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

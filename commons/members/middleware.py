"""Keep private responses out of every cache, that of the browser included."""

from django.utils.cache import add_never_cache_headers

# Account pages, sign-in pages, and the private links of e-mails.
PRIVATE = "/compte/"


class PrivateResponsesMiddleware:
    """Adds never-cache headers to responses under `PRIVATE` that set no Cache-Control."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path_info.startswith(PRIVATE) and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response

"""Answer in the language of the visit where the address does not tell it: the account's pages."""

from django.http import Http404
from django.utils import translation

from commons.pages.languages import language_of_visit


class VisitLanguageMiddleware:
    """Comes after Django's LocaleMiddleware, which would guess from the browser."""

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

"""Where there is nothing: 410 when something public stood there once, else 404."""

from django.shortcuts import render
from django.utils.translation import get_language_from_path

from commons.pages.addresses import withdrawn_at


def page_not_found(request, exception):
    language = get_language_from_path(request.path)
    path = request.path.removeprefix(f"/{language}/")
    if language and withdrawn_at(path, language=language):
        return render(request, "410.html", status=410)
    return render(request, "404.html", status=404)

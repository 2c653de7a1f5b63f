"""The search of the whole site, and its suggestions while one types."""

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from commons.pages.page_rows import page_number
from commons.pages.page_views import client_address
from commons.pages.site_search import find, suggest


def search(request):
    params = request.GET
    found = find(
        params.get("q", ""),
        kind=params.get("kind", ""),
        number=page_number(params.get("page", "")),
        language=get_language(),
        user=request.user,
        source=client_address(request),
    )
    kept = {"q": found.query} | ({"kind": found.kind} if found.kind else {})
    return render(request, "pages/search.html", {"found": found, "kept": urlencode(kept)})


def suggestions(request):
    query = request.GET.get("q", "")
    themes, pages = suggest(query, language=get_language(), user=request.user)
    found = [
        {
            "title": theme,
            "url": f"{reverse('search')}?{urlencode({'q': theme})}",
            "kind": gettext("Thème"),
        }
        for theme in themes
    ]
    found += [
        {
            "title": page.title,
            "url": page.get_url(request),
            "kind": str(page.page_type_display_name),
        }
        for page in pages
    ]
    return JsonResponse({"suggestions": found})

"""The search of the whole site, and its suggestions while one types."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language

from commons.pages.finding import find, suggest
from commons.pages.listing import page_number


def search(request):
    params = request.GET
    found = find(
        params.get("q", ""),
        kind=params.get("kind", ""),
        number=page_number(params.get("page", "")),
        language=get_language(),
        user=request.user,
    )
    kept = {"q": found.query} | ({"kind": found.kind} if found.kind else {})
    return render(request, "pages/search.html", {"found": found, "kept": urlencode(kept)})


def suggestions(request):
    pages = suggest(request.GET.get("q", ""), language=get_language(), user=request.user)
    titles = [{"title": page.title, "url": page.get_url(request)} for page in pages]
    return JsonResponse({"suggestions": titles})

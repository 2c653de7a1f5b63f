"""The page and the downloads that say how to cite a resource."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from commons.pages.addresses import page_at
from commons.pages.models import ContributedPage
from commons.resources.citation import citation

# Format asked for -> (field of the citation, content type, extension).
DOWNLOADS = {
    "text": ("text", "text/plain; charset=utf-8", "txt"),
    "bibtex": ("bibtex", "application/x-bibtex; charset=utf-8", "bib"),
    "ris": ("ris", "application/x-research-info-systems; charset=utf-8", "ris"),
}


def cite(request, path):
    page = page_at(path, language=get_language(), user=request.user)
    if not isinstance(page, ContributedPage):
        raise Http404
    ready = citation(page)
    if request.GET.get("format") not in DOWNLOADS:
        return render(request, "resources/cite.html", {"page": page, "ready": ready})
    name, content_type, extension = DOWNLOADS[request.GET["format"]]
    answer = HttpResponse(getattr(ready, name), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{page.slug}.{extension}"'
    return answer

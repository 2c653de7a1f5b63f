"""The feed of the library, for any selection."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from commons.pages.atom import CONTENT_TYPE, atom
from commons.pages.browsing import latest
from commons.resources.models import LibraryPage
from commons.resources.shelving import LIBRARY


def library_feed(request, slug):
    libraries = LibraryPage.objects.visible_to(request.user)
    library = get_object_or_404(libraries, slug=slug, locale__language_code=get_language())
    selection, words, pages = latest(library, LIBRARY, request.GET, user=request.user)
    feed = atom(
        pages,
        title=f"{library.title} : {words}" if words else library.title,
        page_address=library.full_url + selection.address(),
        own_address=request.build_absolute_uri(request.path + selection.address()),
        language=get_language(),
    )
    return HttpResponse(feed, content_type=CONTENT_TYPE)

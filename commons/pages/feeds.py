"""The feeds: what was published last on the whole site, and in any selection of a section."""

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import get_page_models

from commons.pages.addresses import page_at
from commons.pages.atom import A_FEED, CONTENT_TYPE, atom
from commons.pages.browsing import latest
from commons.pages.card_notes import with_card_notes
from commons.pages.models import ContributedPage
from commons.pages.page_rows import in_order
from commons.pages.visibility import visible_pages


def site_feed(request):
    types = [model for model in get_page_models() if issubclass(model, ContributedPage)]
    pages = visible_pages(request.user).filter(locale__language_code=get_language())
    last = pages.type(*types).order_by("-first_published_at", "-pk").values_list("pk", flat=True)
    feed = atom(
        with_card_notes(in_order(pages, list(last[:A_FEED])), user=request.user),
        title=_("Le Commun des circuits courts : dernières publications"),
        page_address=request.build_absolute_uri(f"/{get_language()}/"),
        own_address=request.build_absolute_uri(request.path),
        language=get_language(),
    )
    return HttpResponse(feed, content_type=CONTENT_TYPE)


def section_feed(request, slug):
    """The feed of a section that has a `shelving`, for the filters of the address."""
    section = page_at(slug, language=get_language(), user=request.user)
    shelving = getattr(section, "shelving", None)
    if shelving is None:
        raise Http404
    selection, words, pages = latest(section, shelving, request.GET, user=request.user)
    feed = atom(
        with_card_notes(pages, user=request.user),
        title=f"{section.title} : {words}" if words else section.title,
        page_address=section.full_url + selection.address(),
        own_address=request.build_absolute_uri(request.path + selection.address()),
        language=get_language(),
    )
    return HttpResponse(feed, content_type=CONTENT_TYPE)

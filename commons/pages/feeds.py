"""The feed of the whole site: what was published last, of every kind."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import get_page_models

from commons.pages.atom import A_FEED, CONTENT_TYPE, atom
from commons.pages.listing import in_order
from commons.pages.models import ContributedPage
from commons.pages.visibility import visible_pages


def site_feed(request):
    types = [model for model in get_page_models() if issubclass(model, ContributedPage)]
    pages = visible_pages(request.user).filter(locale__language_code=get_language())
    last = pages.type(*types).order_by("-first_published_at", "-pk").values_list("pk", flat=True)
    feed = atom(
        in_order(pages, list(last[:A_FEED])),
        title=_("Le Commun des circuits courts : dernières publications"),
        page_address=request.build_absolute_uri(f"/{get_language()}/"),
        own_address=request.build_absolute_uri(request.path),
        language=get_language(),
    )
    return HttpResponse(feed, content_type=CONTENT_TYPE)

"""What machines read first: robots.txt, sitemap.xml, security.txt and the web manifest."""

import datetime
from collections import defaultdict

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control
from wagtail.models import Page

from commons.pages.visibility import visible_pages

CLOSED = ["/admin/", "/compte/", "/relecture/"]
MOST_ADDRESSES = 50_000  # sitemaps.org, protocol 0.9


@cache_control(max_age=86_400)
def robots(request):
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    return _text([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml"])


@cache_control(max_age=86_400)
def security(request):
    """RFC 9116; the date moves, so that the file never expires while the site lives."""
    until = timezone.now() + datetime.timedelta(days=180)
    return _text(
        [
            f"Contact: mailto:{settings.DEFAULT_FROM_EMAIL}",
            f"Expires: {until.astimezone(datetime.UTC):%Y-%m-%dT00:00:00Z}",
            "Preferred-Languages: fr, en",
            f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        ]
    )


@cache_control(max_age=86_400)
def manifest(request):
    """https://www.w3.org/TR/appmanifest/: how the site looks among the applications of a phone."""
    described = {
        "name": settings.WAGTAIL_SITE_NAME,
        "short_name": "Le Commun",
        "lang": settings.LANGUAGE_CODE,
        "start_url": "/fr/",
        "display": "minimal-ui",
        "background_color": "#faf6ed",
        "theme_color": "#faf6ed",
        "icons": [{"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(described, content_type="application/manifest+json")


@cache_control(max_age=3600)
def sitemap(request):
    """Every page that a visitor may read, with its translations."""
    response = render(request, "pages/sitemap.xml", {"entries": sitemap_entries()})
    response["Content-Type"] = "application/xml; charset=utf-8"
    return response


def sitemap_entries() -> list[dict]:
    """Address, last change and translations of each public page; a fixed number of queries."""
    public = visible_pages(AnonymousUser()).filter(depth__gt=1, alias_of=None)
    public = public.annotate(untranslated=F("untranslated_text__language"))
    pages = public.select_related("locale").order_by("path")[:MOST_ADDRESSES]
    homes = {page.url_path: page.full_url for page in Page.objects.filter(depth=2)}
    entries, translations = [], defaultdict(list)
    for page in pages:
        # Asking each page for its address would cost a millisecond a page.
        _, home, rest = page.url_path.split("/", 2)
        if base := homes[f"/{home}/"]:
            address = f"{base}{rest}"
            versions = translations[page.translation_key]
            if not page.untranslated:
                versions.append({"language": page.locale.language_code, "address": address})
            changed = page.last_published_at
            entries.append({"address": address, "changed": changed, "versions": versions})
    return entries


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

"""When two web addresses are the same resource."""

from urllib.parse import parse_qsl, urlencode, urlsplit

TRACKING = ("utm_", "fbclid", "gclid", "mc_")


def canonical_address(url: str) -> str:
    """The address without scheme, `www.`, tracking, fragment and last slash; lower-case host."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return ""
    kept = [pair for pair in parse_qsl(parts.query) if not pair[0].startswith(TRACKING)]
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"[:500]


def existing_resource(url: str, *, locale=None, exclude: int | None = None):
    """The first external resource with the same address, published or waiting, or None."""
    from commons.resources.models import ExternalResource

    key = canonical_address(url)
    if not key:
        return None
    same = ExternalResource.objects.filter(url_key=key, alias_of=None)
    if locale is not None:
        same = same.filter(locale=locale)
    return same.exclude(pk=exclude).order_by("-live", "pk").first()

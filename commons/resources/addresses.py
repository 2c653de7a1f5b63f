"""The canonical form of a web address, by which duplicates are detected."""

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

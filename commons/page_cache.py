"""Answers anonymous readers from memory, before Django: pages, feeds, the sitemap.

Django renders each response from a minimal request: no cookie, no header but the host. What is kept
under an address can then depend on nothing else than that address and the database.
"""

import gzip
import hashlib
import io
import logging
from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from commons.network.filters import PARAMETERS as AGENDA
from commons.pages.cache_version import SharedVersion, Version, shared_version
from commons.resources.addresses import TRACKING
from commons.resources.listing import LIBRARY
from commons.trainings.listing import TRAININGS

# The names of the only addresses whose responses are kept, and the parameters that these read.
# Words looked for are not among them: there is no end to them, and those in vain are counted.
PUBLIC = {"wagtail_serve", "site_feed", "section_feed", "sitemap", "robots", "session_ics"}
PUBLIC |= {"trainings_calendar", "agenda_calendar", "agenda_feed"}
PARAMETERS = {*LIBRARY.facets, *TRAININGS.facets, *AGENDA, "sort", "page", "all"}
LONGEST_QUERY = 400
TYPES = ("text/html", "text/plain", "application/xml", "application/atom+xml")
TYPES += ("application/json", "application/geo+json", "text/calendar")
# Signs of a form that belongs to one person, or of a response that asks not to be kept.
PERSONAL = (b'method="post"', b"csrfmiddlewaretoken")
CLOSED = {"private", "no-store", "no-cache", "max-age=0"}
VARIES = {"cookie", "accept-encoding", "accept-language"}  # none reaches Django
# All of a request that Django reads before its response is kept: the key, and the server's own.
ADDRESS = ("HTTP_HOST", "PATH_INFO", "SCRIPT_NAME", "wsgi.url_scheme")
SERVER = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "wsgi.version")
SERVER += ("wsgi.errors", "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once")
OVERHEAD = 4_000  # bytes of a response's headers and place, about

Headers = list[tuple[str, str]]


class KeptResponse(NamedTuple):
    """One response, ready to be sent in each way."""

    body: bytes
    headers: Headers
    zipped: bytes
    zipped_headers: Headers
    tag: str
    brief: Headers

    @property
    def size(self) -> int:
        return len(self.body) + len(self.zipped) + OVERHEAD


class PageCache:
    """A WSGI application in front of another, which keeps at most `most` bytes of its responses."""

    def __init__(self, application, *, most: int, shared: SharedVersion):
        self.application, self.most, self.shared = application, most, shared
        self.kept: OrderedDict[tuple, KeptResponse] = OrderedDict()
        self.version = shared.current()
        self.size = self.hits = self.misses = 0
        self._lock = Lock()
        self._cookies = (
            *(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME),
            *(settings.LANGUAGE_COOKIE_NAME, "messages"),
        )
        self._forwarded = (settings.SECURE_PROXY_SSL_HEADER or ("",))[0]

    def __call__(self, environ, start_response):
        version = self.shared.current()
        if version != self.version:
            self._clear(version)
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        response = self.kept.get(key)
        if response is None:
            return self._render(key, version, environ, start_response)
        self.hits += 1
        with suppress(KeyError):  # another thread has just dropped it
            self.kept.move_to_end(key)
        return send(response, environ, start_response)

    def _key(self, environ) -> tuple | None:
        """What a response is kept under; None for a request that only Django may response."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
            return None
        cookies = environ.get("HTTP_COOKIE")
        if cookies and any(name in cookies for name in self._cookies):
            return None
        scheme = environ.get(self._forwarded) or environ["wsgi.url_scheme"]
        if scheme not in {"http", "https"}:
            return None
        query = environ.get("QUERY_STRING", "")
        if query and (query := normalized(query)) is None:
            return None
        mounted = environ.get("SCRIPT_NAME")  # stands in every link of the response
        return scheme, environ.get("HTTP_HOST"), environ["PATH_INFO"], query, mounted

    def _render(self, key: tuple, version: Version, environ, start_response):
        """Django's response to a minimal request, kept when everybody may have it."""
        if not is_public(environ):
            return self.application(environ, start_response)
        self.misses += 1
        started = []
        result = self.application(
            minimal_environ(environ, query=key[3], forwarded=self._forwarded),
            lambda status, headers, exc_info=None: started.append((status, headers)),
        )
        status, headers = started[0]
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        if not is_cacheable(status, dict(headers), body):
            start_response(status, headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        response = prepare(headers, body)
        self._keep(key, version, response)
        return send(response, environ, start_response)

    def _keep(self, key: tuple, version: Version, response: KeptResponse) -> None:
        with self._lock:
            if not version == self.version == self.shared.current():
                return  # it may show what has just changed
            if key not in self.kept and response.size <= self.most // 4:
                self.kept[key] = response
                self.size += response.size
            while self.size > self.most:
                self.size -= self.kept.popitem(last=False)[1].size

    def _clear(self, version: Version) -> None:
        with self._lock:
            self.kept.clear()
            self.size, self.version = 0, version

    def statistics(self) -> dict[str, int]:
        """What an administrator reads of this process's cache."""
        return {
            "kept": len(self.kept),
            "bytes": self.size,
            "most": self.most,
            "hits": self.hits,
            "misses": self.misses,
        }


def normalized(query: str) -> str | None:
    """`query` without what tracks people; None when it asks for something that is not kept."""
    if len(query) > LONGEST_QUERY:
        return None
    text = query.encode("latin-1", "replace").decode("utf-8", "replace")  # as WSGI hands bytes
    pairs = parse_qsl(text, keep_blank_values=True)
    pairs = [pair for pair in pairs if not pair[0].startswith(TRACKING)]
    return urlencode(pairs) if all(name in PARAMETERS for name, _ in pairs) else None


def is_public(environ) -> bool:
    """Whether everybody gets the same from this address, and the request has no body."""
    if environ.get("CONTENT_LENGTH") not in {None, "", "0"} or not environ.get("HTTP_HOST"):
        return False
    try:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
            return resolve(path).url_name in PUBLIC
    except (Resolver404, UnicodeError):
        return False


def minimal_environ(environ, *, query: str, forwarded: str) -> dict:
    """A new request to the same address, of which only what is named here is the reader's."""
    kept = (*ADDRESS, *SERVER, forwarded)
    plain = {name: environ[name] for name in kept if name in environ}
    body = {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""}
    return {**plain, **body, "REQUEST_METHOD": "GET", "QUERY_STRING": query}


def is_cacheable(status: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether a response is whole, public and for everybody."""
    headers = {name.lower(): value for name, value in headers.items()}
    directives = {word.strip() for word in headers.get("cache-control", "").lower().split(",")}
    varies = {word.strip() for word in headers.get("vary", "").lower().split(",")} - {""}
    return (
        status.startswith("200")
        and not headers.keys() & {"set-cookie", "content-encoding", "content-disposition"}
        and headers.get("content-type", "").startswith(TYPES)
        and not directives & CLOSED
        and varies <= VARIES
        and "'nonce-" not in headers.get("content-security-policy", "")
        and not any(sign in body for sign in PERSONAL)
    )


def prepare(headers: Headers, body: bytes) -> KeptResponse:
    """The response with its tag, whole and compressed; browsers ask again each time by that tag."""
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    zipped = gzip.compress(body, 6, mtime=0)
    replaced = {"content-length", "vary", "etag"}
    common = [(name, value) for name, value in headers if name.lower() not in replaced]
    common += [("ETag", tag), ("Vary", "Accept-Encoding, Cookie")]
    if not any(name.lower() == "cache-control" for name, _ in headers):
        common.append(("Cache-Control", "no-cache"))
    brief = [pair for pair in common if pair[0] in {"ETag", "Vary", "Cache-Control"}]
    whole = [*common, ("Content-Length", str(len(body)))]
    packed = [*common, ("Content-Encoding", "gzip"), ("Content-Length", str(len(zipped)))]
    return KeptResponse(body, whole, zipped, packed, tag, brief)


def send(response: KeptResponse, environ, start_response):
    """`response` as this request wants it: compressed or not, its headers alone, or a 304."""
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and (response.tag[2:] in asked or asked.strip() == "*"):
        start_response("304 Not Modified", response.brief[:])
        return []
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    if "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", ""):
        headers, body = response.zipped_headers, response.zipped
    else:
        headers, body = response.headers, response.body
    start_response("200 OK", headers[:])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


page_cache: PageCache | None = None


def with_page_cache(application):
    """`application` behind this process's cache, unless the setting turns it off."""
    global page_cache  # noqa: PLW0603 - one a process, which /readyz describes
    if not settings.PAGE_CACHE_MB:
        return application
    try:
        shared = shared_version()
    except OSError as error:
        logging.getLogger(__name__).warning("Pages are not kept in memory: %s", error)
        return application
    page_cache = PageCache(application, most=settings.PAGE_CACHE_MB * 1_000_000, shared=shared)
    return page_cache

"""Answers anonymous readers from memory, before Django: pages, feeds, the sitemap.

Django renders each answer from a bare request: no cookie, no header but the host. What is kept
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
from commons.pages.cache_version import Generation, generation
from commons.resources.addresses import TRACKING
from commons.resources.listing import LIBRARY
from commons.trainings.listing import TRAININGS

# The names of the only addresses whose answers are kept, and the parameters that these read.
# Words looked for are not among them: there is no end to them, and those in vain are counted.
PUBLIC = {"wagtail_serve", "site_feed", "section_feed", "sitemap", "robots", "session_ics"}
PUBLIC |= {"trainings_calendar", "agenda_calendar", "agenda_feed"}
PARAMETERS = {*LIBRARY.facets, *TRAININGS.facets, *AGENDA, "sort", "page", "all"}
LONGEST_QUERY = 400
TYPES = ("text/html", "text/plain", "application/xml", "application/atom+xml")
TYPES += ("application/json", "application/geo+json", "text/calendar")
# Signs of a form that belongs to one person, or of an answer that asks not to be kept.
PERSONAL = (b'method="post"', b"csrfmiddlewaretoken")
CLOSED = {"private", "no-store", "no-cache", "max-age=0"}
VARIES = {"cookie", "accept-encoding", "accept-language"}  # none reaches Django
# All that Django is told of a request whose answer is kept: what is in the key, and of the server.
ADDRESS = ("HTTP_HOST", "PATH_INFO", "SCRIPT_NAME", "wsgi.url_scheme")
SERVER = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "wsgi.version")
SERVER += ("wsgi.errors", "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once")
OVERHEAD = 4_000  # bytes of an answer's headers and place, about

Headers = list[tuple[str, str]]


class Answer(NamedTuple):
    """One answer, ready to be sent in each way."""

    body: bytes
    headers: Headers
    zipped: bytes
    zipped_headers: Headers
    tag: str
    brief: Headers

    @property
    def size(self) -> int:
        return len(self.body) + len(self.zipped) + OVERHEAD


class Answers:
    """A WSGI application in front of another, which keeps at most `most` bytes of its answers."""

    def __init__(self, application, *, most: int, where: Generation):
        self.application, self.most, self.where = application, most, where
        self.kept: OrderedDict[tuple, Answer] = OrderedDict()
        self.stamp = where.stamp()
        self.size = self.hits = self.misses = 0
        self._lock = Lock()
        self._cookies = (
            *(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME),
            *(settings.LANGUAGE_COOKIE_NAME, "messages"),
        )
        self._forwarded = (settings.SECURE_PROXY_SSL_HEADER or ("",))[0]

    def __call__(self, environ, start_response):
        stamp = self.where.stamp()
        if stamp != self.stamp:
            self._forget(stamp)
        address = self._address(environ)
        if address is None:
            return self.application(environ, start_response)
        answer = self.kept.get(address)
        if answer is None:
            return self._ask(address, stamp, environ, start_response)
        self.hits += 1
        with suppress(KeyError):  # another thread has just dropped it
            self.kept.move_to_end(address)
        return send(answer, environ, start_response)

    def _address(self, environ) -> tuple | None:
        """What an answer is kept under; None for a request that only Django may answer."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
            return None
        cookies = environ.get("HTTP_COOKIE")
        if cookies and any(name in cookies for name in self._cookies):
            return None
        scheme = environ.get(self._forwarded) or environ["wsgi.url_scheme"]
        if scheme not in {"http", "https"}:
            return None
        query = environ.get("QUERY_STRING", "")
        if query and (query := known(query)) is None:
            return None
        mounted = environ.get("SCRIPT_NAME")  # stands in every link of the answer
        return scheme, environ.get("HTTP_HOST"), environ["PATH_INFO"], query, mounted

    def _ask(self, address: tuple, stamp: tuple, environ, start_response):
        """Django's answer to a bare request for `address`, kept when everybody may have it."""
        if not is_public(environ):
            return self.application(environ, start_response)
        self.misses += 1
        settled, told = self.where.settled(), []
        result = self.application(
            bare(environ, query=address[3], forwarded=self._forwarded),
            lambda status, headers, exc_info=None: told.append((status, headers)),
        )
        status, headers = told[0]
        try:
            body = b"".join(result)
        finally:
            if hasattr(result, "close"):
                result.close()
        if not may_be_kept(status, dict(headers), body):
            start_response(status, headers)
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        answer = ready(headers, body)
        if settled:
            self._keep(address, stamp, answer)
        return send(answer, environ, start_response)

    def _keep(self, address: tuple, stamp: tuple, answer: Answer) -> None:
        with self._lock:
            if not stamp == self.stamp == self.where.stamp() or answer.size > self.most // 4:
                return
            if address not in self.kept:
                self.kept[address] = answer
                self.size += answer.size
            while self.size > self.most:
                self.size -= self.kept.popitem(last=False)[1].size

    def _forget(self, stamp: tuple) -> None:
        with self._lock:
            self.kept.clear()
            self.size, self.stamp = 0, stamp

    def told(self) -> dict[str, int]:
        """What an administrator reads of this process's memory."""
        return {
            "kept": len(self.kept),
            "bytes": self.size,
            "most": self.most,
            "hits": self.hits,
            "misses": self.misses,
        }


def known(query: str) -> str | None:
    """`query` without what tracks people; None when it asks for something that is not kept."""
    if len(query) > LONGEST_QUERY:
        return None
    text = query.encode("latin-1", "replace").decode("utf-8", "replace")  # as WSGI hands bytes
    pairs = parse_qsl(text, keep_blank_values=True)
    pairs = [pair for pair in pairs if not pair[0].startswith(TRACKING)]
    return urlencode(pairs) if all(name in PARAMETERS for name, _ in pairs) else None


def is_public(environ) -> bool:
    """Whether the address is one of those that answer everybody alike, asked for without a body."""
    if environ.get("CONTENT_LENGTH") not in {None, "", "0"} or not environ.get("HTTP_HOST"):
        return False
    try:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
            return resolve(path).url_name in PUBLIC
    except (Resolver404, UnicodeError):
        return False


def bare(environ, *, query: str, forwarded: str) -> dict:
    """A new request to the same address, of which only what is named here is the reader's."""
    kept = (*ADDRESS, *SERVER, forwarded)
    plain = {name: environ[name] for name in kept if name in environ}
    body = {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""}
    return {**plain, **body, "REQUEST_METHOD": "GET", "QUERY_STRING": query}


def may_be_kept(status: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether an answer is whole, public and for everybody."""
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


def ready(headers: Headers, body: bytes) -> Answer:
    """The answer with its tag, whole and compressed; browsers ask again each time by that tag."""
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
    return Answer(body, whole, zipped, packed, tag, brief)


def send(answer: Answer, environ, start_response):
    """`answer` as this request wants it: compressed or not, its headers alone, or « unchanged »."""
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and (answer.tag[2:] in asked or asked.strip() == "*"):
        start_response("304 Not Modified", answer.brief[:])
        return []
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    if "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", ""):
        headers, body = answer.zipped_headers, answer.zipped
    else:
        headers, body = answer.headers, answer.body
    start_response("200 OK", headers[:])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


memory: Answers | None = None


def in_front_of(application):
    """`application` behind this process's memory, unless the setting turns it off."""
    global memory  # noqa: PLW0603 - one a process, which /readyz describes
    if not settings.PAGE_CACHE_MB:
        return application
    try:
        where = generation()
    except OSError as error:
        logging.getLogger(__name__).warning("Answers are not kept in memory: %s", error)
        return application
    memory = Answers(application, most=settings.PAGE_CACHE_MB * 1_000_000, where=where)
    return memory

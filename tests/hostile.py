"""Requests that no browser makes, to every address: what each role may send to break it."""

import io
import json
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

GIANT = "9" * 30
# Names that our views and Wagtail's read in an address or in a form.
NAMES = [
    *("p", "page", "q", "o", "order", "ordering", "id", "ids", "pk", "next", "langue", "locale"),
    *("sort", "kind", "theme", "month", "territory", "around", "all", "title", "name", "email"),
    *("parent", "page_type", "root_page", "user", "collection_id", "content_type", "tag", "slug"),
    *("return_url", "do", "data", "files[]", "destination", "month", "language", "format"),
    *("mode", "in_preview_panel", "content_path", "width", "height", "field", "form-TOTAL_FORMS"),
    *("comments-TOTAL_FORMS", "login", "password", "code", "object_id", "revision", "target"),
    *("object_ids", "contentpath", "result", "limit", "offset", "fields", "search", "child_of"),
    *("descendant_of", "translation_of", "for_explorer", "type", "site", "action", "users"),
    *("start_date", "live", "has_children", "allow_external_link", "match_subclass"),
]
WORDS = [
    *(GIANT, "-1", "0", "", "abc", "\x00", "²", "٣", "1e999", "nan", "http://[", "//[", "[", "%"),
    *("'\"<>;--", "\u202e\ufffe", "a" * 5_000, "9999-99-99", "{}", "[1", "None", "../..", "*"),
    *("2147483648", "9223372036854775808", "-9223372036854775809", "1,2", "true"),
]
RAW = ["%ED%A0%80", "%FF", "%C0%80", "%u0041"]
CHARSETS = ["hex", "rot13", "idna", "unicode_escape", "punycode", "undefined", "cp037", "nothing"]
CHARSETS += ["base64", "zip", "utf-16", "raw_unicode_escape", "\xff"]
REFERERS = ["http://[", "//[", "\x00", "http://a:b:c/", "a" * 9_000, "\xff", "http://[::1]x"]
HOSTS = ["", "[", "localhost:abc", "a b", "localhost:99999999999", "\xff", "..", "localhost."]


def queries() -> Iterator[str]:
    for word in WORDS:
        yield urlencode(dict.fromkeys(NAMES, word))
    for raw in RAW:
        yield "&".join(f"{name}={raw}" for name in NAMES)
    yield "&".join(f"{name}=1&{name}=abc" for name in NAMES)
    yield "&".join(f"a{n}=1" for n in range(3_000))


def headers() -> Iterator[dict]:
    for charset in CHARSETS:
        yield {"CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}"}
        yield {"CONTENT_TYPE": f"multipart/form-data; boundary=x; charset={charset}"}
    yield {"CONTENT_TYPE": "text/html; charset*=hex''a"}
    yield {"CONTENT_TYPE": "text/html; charset*=a"}
    yield {"CONTENT_TYPE": "multipart/form-data"}
    yield {"CONTENT_TYPE": "multipart/form-data; boundary=\xff\x00"}
    yield {"CONTENT_TYPE": ";;;=;"}
    yield {"CONTENT_LENGTH": "-1"}
    yield {"CONTENT_LENGTH": "abc"}
    yield {"HTTP_HOST": "[", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    for referer in REFERERS:
        yield {"HTTP_REFERER": referer, "HTTP_ORIGIN": referer}
    for host in HOSTS:
        yield {"HTTP_HOST": host}
    yield {"HTTP_ACCEPT_LANGUAGE": "fr-" * 9_000 + "fr", "HTTP_ACCEPT": "*" * 9_000}
    yield {"HTTP_ACCEPT_LANGUAGE": "\xff;q=\x00", "HTTP_ACCEPT": "a/b;q=x;\xff"}
    yield {"HTTP_RANGE": "bytes=a-b,9-1", "HTTP_IF_NONE_MATCH": '"', "HTTP_IF_MATCH": "W/"}
    yield {"HTTP_RANGE": "bytes=-99999999999999999999", "HTTP_IF_MODIFIED_SINCE": "demain"}
    yield {"HTTP_IF_MODIFIED_SINCE": "Sun, 99 Nov 99999 99:99:99 GMT"}
    yield {"HTTP_X_FORWARDED_FOR": "[", "REMOTE_ADDR": "not an address"}
    yield {"HTTP_AUTHORIZATION": "Basic \xff", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
    for cookie in ("\xff", "a" * 9_000, "=;=;,", 'a="\\', "[]", "x:y:z", "\x00"):
        for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"):
            yield {"HTTP_COOKIE": f"{name}={cookie}"}
        yield {"HTTP_COOKIE": cookie}


def bodies() -> Iterator[tuple[str, bytes]]:
    """Kinds of body and their bytes."""
    form = "application/x-www-form-urlencoded"
    for word in WORDS:
        yield form, urlencode(dict.fromkeys(NAMES, word)).encode()
        yield "application/json", json.dumps(dict.fromkeys(NAMES, word)).encode()
    for raw in RAW:
        yield form, "&".join(f"{name}={raw}" for name in NAMES).encode()
    yield form, b"\xff\xfe=\x00&&&="
    yield form, b"&".join(b"a%d=1" % n for n in range(3_000))
    for text in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'"\\ud800"',
        b"\xff",
        b"[" * 100_000,
        b"1e9999",
        b"NaN",
    ):
        yield "application/json", text
    boundary = "multipart/form-data; boundary=x"
    file = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
    file += b"%s\r\n\r\n%s\r\n--x--\r\n"
    for name in (b"file", b"files[]", b"image", b"csv_file", b"import_file"):
        yield boundary, file % (name, b"a.png", b"Content-Type: image/png", b"\x89PNG")
        yield boundary, file % (name, b"a\x00.csv", b"Content-Type: x;charset*=hex''a", b"\xff")
    yield boundary, b"--x\r\nContent-Disposition: form-data; name*=hex''a\r\n\r\n1\r\n--x--\r\n"
    yield boundary, b"--x\r\n"
    yield boundary, b""
    yield boundary, b"--x" * 3_000


METHODS = ["PUT", "DELETE", "TRACE", "OPTIONS", "PATCH", "HEAD", "QUERY", "get"]


class Sender:
    """Sends requests to the application as a server would, signed in as `member`."""

    def __init__(self, application, member=None):
        self.application, self.cookie = application, ""
        self.token = _get_new_csrf_string()
        if member is not None:
            client = Client()
            client.force_login(member)
            self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}; "
        self.cookie += f"{settings.CSRF_COOKIE_NAME}={self.token}"

    def send(self, path: str, query: str = "", *, body: bytes = b"", **environ) -> int:
        """The status of the answer."""
        environ = {
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": "GET",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookie,
            "HTTP_X_CSRFTOKEN": self.token,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            **environ,
        }
        told = []
        result = self.application(
            environ, lambda status, _headers, *_: told.append(int(status[:3]))
        )
        for _part in result:
            pass
        if hasattr(result, "close"):
            result.close()
        return told[0]


def in_path(text: str) -> str:
    """`text` in the path of a request, as WSGI hands it."""
    return text.encode().decode("latin-1")

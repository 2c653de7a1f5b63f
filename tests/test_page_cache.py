"""Answers kept in memory: who is given them, what they never hold, and when they are dropped."""

import gzip
import threading
from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commons import page_cache
from commons.page_cache import PageCache
from commons.pages.cache_version import shared_version
from tests import factories
from tests.asking import Given, hits, process, read_before

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_long_day")]


@pytest.fixture
def page(library):
    return read_before()


@pytest.fixture
def app(page):
    return process()


def test_second_reader_is_answered_without_django(app, page):
    first = Given(app, page.url)
    asked = []
    request_started.connect(watch := lambda **_: asked.append(1))
    second = Given(app, page.url)
    request_started.disconnect(watch)
    assert (second.status, second.body, second.headers) == (200, first.body, first.headers)
    assert asked == []
    assert page.title in second.text


@pytest.mark.parametrize(
    "address",
    [
        *("/fr/", "/fr/flux.xml", "/sitemap.xml", "/robots.txt"),
        *("/fr/se-documenter/", "/fr/se-documenter/?sort=title", "/fr/se-documenter/flux.xml"),
    ],
)
def test_pages_feeds_and_sitemap_are_kept(app, address):
    assert hits(app, address, address) == 1


def test_every_section_is_read_without_an_address(app, site):
    factories.trainings_page()
    for path in (
        "/fr/se-documenter/",
        "/fr/se-former/",
        "/fr/se-former/?sort=title",
        "/fr/recherche/",
    ):
        assert Given(app, path).status == 200


def test_security_headers_are_kept_too(app):
    Given(app, "/fr/")
    headers = Given(app, "/fr/").headers
    assert {
        *("Content-Security-Policy", "Permissions-Policy", "Referrer-Policy"),
        *("X-Content-Type-Options", "X-Frame-Options"),
    } <= headers.keys()
    assert headers["Vary"] == "Accept-Encoding, Cookie"
    assert headers["Cache-Control"] == "no-cache"


def test_compressed_answer_is_the_same(app):
    plain = Given(app, "/fr/")
    zipped = Given(app, "/fr/", HTTP_ACCEPT_ENCODING="br, gzip")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.headers["Content-Length"] == str(len(zipped.body))
    refused = Given(app, "/fr/", HTTP_ACCEPT_ENCODING="gzip; q=0, identity")
    assert "Content-Encoding" not in refused.headers


def test_unchanged_page_is_not_sent_again(app):
    tag = Given(app, "/fr/").headers["ETag"]
    again = Given(app, "/fr/", HTTP_IF_NONE_MATCH=f'"other", {tag}')
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert Given(app, "/fr/", HTTP_IF_NONE_MATCH='"other"').status == 200


def test_head_has_the_headers_alone(app):
    head = Given(app, "/fr/", REQUEST_METHOD="HEAD")
    whole = Given(app, "/fr/")
    assert (head.body, head.headers) == (b"", whole.headers)
    assert app.hits == 1


def test_tracking_is_not_part_of_an_address(app):
    Given(app, "/fr/se-documenter/?sort=title")
    tracked = Given(app, "/fr/se-documenter/?utm_source=poison&sort=title&fbclid=poison")
    assert app.hits == 1
    assert "poison" not in tracked.text


@pytest.mark.parametrize("query", ["x=1", "q=marche", "langue=en", "page=" + "1" * 500, "%FF=1"])
def test_other_parameters_are_never_kept(app, query):
    assert hits(app, *[f"/fr/se-documenter/?{query}"] * 2) == 0
    assert not app.kept


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "theme=dark; csrftoken=abc"},
        {"HTTP_COOKIE": "messages=abc"},
        {"HTTP_AUTHORIZATION": "Basic abc"},
        {"REQUEST_METHOD": "POST"},
        {"CONTENT_LENGTH": "3"},
    ],
)
def test_personal_requests_are_neither_kept_nor_answered_from_memory(app, environ):
    Given(app, "/fr/", **environ)
    assert not app.kept
    Given(app, "/fr/")
    if "CONTENT_LENGTH" not in environ:
        assert hits(app, "/fr/", **environ) == 0


def test_unknown_cookies_change_nothing(app):
    Given(app, "/fr/")
    assert hits(app, "/fr/", HTTP_COOKIE="consent=yes; _pk_id=1") == 1


@pytest.mark.parametrize(
    "poison",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_FORWARDED_PORT": "666"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"},
        {"HTTP_ACCEPT": "application/json"},
        {"HTTP_ACCEPT_LANGUAGE": "en"},
        {"HTTP_ACCEPT_ENCODING": "gzip;q=1.0, *;q=0"},
        {"HTTP_REFERER": "https://evil.example/en/"},
        {"HTTP_COOKIE": "langue=en; consent=<evil>"},
        {"HTTP_USER_AGENT": "evil.example"},
    ],
)
def test_no_header_of_the_first_reader_shows_to_the_next(app, poison):
    addresses = ["/fr/flux.xml", "/fr/se-documenter/"]
    for address in addresses:
        clean = Given(WSGIHandler(), address).text
        Given(app, address, **poison)
        assert Given(app, address).text == clean
    assert app.hits == len(addresses)


def test_a_foreign_host_is_refused_and_never_kept(app):
    assert Given(app, "/fr/", HTTP_HOST="evil.example").status == 400
    assert not app.kept
    Given(app, "/fr/flux.xml", HTTP_HOST="127.0.0.1")
    assert "127.0.0.1" not in Given(app, "/fr/flux.xml").text


def test_http_and_https_are_apart_behind_a_proxy(page, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    app = process()
    Given(app, "/fr/flux.xml", HTTP_X_FORWARDED_PROTO="https")
    assert (
        "https://localhost/fr/" in Given(app, "/fr/flux.xml", HTTP_X_FORWARDED_PROTO="https").text
    )
    assert "https://localhost/fr/" not in Given(app, "/fr/flux.xml").text
    assert hits(app, *["/fr/"] * 2, HTTP_X_FORWARDED_PROTO="https, http") == 0


def test_missing_pages_forms_and_accounts_are_not_kept(app):
    addresses = [
        *("/fr/rien/", "/fr/se-documenter/proposer/", "/fr/se-documenter/proposer/article/"),
        *("/compte/login/", "/compte/signup/", "/admin/", "/healthz", "/readyz"),
        *("/fr/recherche/", "/fr/recherche/suggestions/?q=a", "/documents/1/x.pdf", "/media/x"),
    ]
    for address in addresses:
        Given(app, address)
    assert not app.kept


def test_an_answer_with_a_form_or_a_cookie_is_not_kept():
    html = {"Content-Type": "text/html"}
    assert page_cache.is_cacheable("200 OK", html, b"<p>Bonjour")
    assert not page_cache.is_cacheable("200 OK", html, b'<form method="post">')
    assert not page_cache.is_cacheable("404 Not Found", html, b"")
    for header in (
        {"Set-Cookie": "a=b"},
        {"Cache-Control": "max-age=3, private"},
        {"cache-control": "No-Store"},
        {"Vary": "Cookie, User-Agent"},
        {"Vary": "*"},
        {"Content-Security-Policy": "script-src 'nonce-abc'"},
        {"Content-Type": "application/pdf"},
    ):
        assert not page_cache.is_cacheable("200 OK", {**html, **header}, b""), header


def test_memory_is_bounded_and_keeps_what_was_read_last(page):
    def blank(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"x" * 5_000]

    app = process(blank)
    app.most = 100_000
    for number in range(500):
        Given(app, "/fr/")
        Given(app, f"/fr/se-documenter/?page={number}")
        assert app.size <= 100_000
    assert app.size == sum(answer.size for answer in app.kept.values())
    assert app.hits == 499


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_cache(app, page):
    app.most, wrong = 60_000, []

    def read():
        for number in range(15):
            given = Given(app, page.url if number % 2 else f"/fr/se-documenter/?page={number}")
            if given.status != 200:
                wrong.append(given.status)
            if number % 5 == 0:
                shared_version().renew()
        connection.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert app.size == sum(answer.size for answer in app.kept.values())


def test_nothing_is_kept_when_the_setting_says_so(settings):
    settings.PAGE_CACHE_MB = 0
    assert page_cache.with_page_cache(read := object()) is read


def test_administrators_read_the_statistics_of_the_cache(library, client, monkeypatch, admin_user):
    cache = PageCache(None, most=5, shared=shared_version())
    monkeypatch.setattr(page_cache, "page_cache", cache)
    assert "page_cache" not in client.get("/readyz").json()
    client.force_login(admin_user)
    statistics = client.get("/readyz").json()["page_cache"]
    assert statistics == {"kept": 0, "bytes": 0, "most": 5, "hits": 0, "misses": 0}


def test_a_forged_mount_point_is_not_for_others(app):
    Given(app, "/fr/", SCRIPT_NAME="//evil.example")
    assert "evil.example" not in Given(app, "/fr/", SCRIPT_NAME="").text


PARAMETER = st.sampled_from(["sort", "kind", "theme", "page", "all", "tag", "utm_x", "fbclid"])
WORD = st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(
    ["title", "guide", "lait", "1", "a;b=c", "é", "\x00", "+", "%", "", "\u202e", "1&page=2"]
)
CHARSETS = ["cp037", "utf-16", "utf-7", "hex", "rot13", "idna", "unicode_escape", "latin-1", "x"]
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("CONTENT_TYPE", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_REFERER", "HTTP_RANGE"),
            *(
                "HTTP_X_FORWARDED_HOST",
                "HTTP_X_FORWARDED_PROTO",
                "HTTP_X_REQUESTED_WITH",
                "RAW_URI",
            ),
            *("HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_TYPE"),
            *("REDIRECT_URL", "SCRIPT_URL", "REQUEST_URI", "REMOTE_ADDR", "REMOTE_USER", "HTTPS"),
            *("SERVER_NAME_", "HTTP_X_SCRIPT_NAME", "HTTP_CONTENT_LENGTH", "HTTP_USER_AGENT"),
        ]
    ),
    st.sampled_from(CHARSETS).map("x/y; charset={}".format)
    | st.sampled_from(["evil.example", "/evil", "en", "https", "POST", "chunked", "1", "bytes=0-9"])
    | st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20),
    max_size=5,
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(headers=HEADERS, asked=st.lists(st.tuples(PARAMETER, WORD), max_size=3), head=st.booleans())
@example(headers={"CONTENT_TYPE": "x/y; charset=cp037"}, asked=[("sort", "title")], head=False)
@example(headers={"CONTENT_TYPE": "x/y; charset=hex"}, asked=[("sort", "title")], head=False)
@example(headers={}, asked=[("theme", "a;b=c"), ("theme", "1&page=2")], head=True)
def test_whatever_comes_first_the_next_reader_gets_what_a_minimal_request_gives(
    app, headers, asked, head
):
    app._clear(app.version)
    address = f"/fr/se-documenter/?{urlencode(asked)}"
    plain = [pair for pair in asked if pair[0] not in {"utm_x", "fbclid"}]
    clean = Given(WSGIHandler(), f"/fr/se-documenter/?{urlencode(plain)}")
    Given(app, address, **headers, REQUEST_METHOD="HEAD" if head else "GET")
    assert Given(app, address).text == clean.text
    for kept in app.kept.values():
        assert kept.body == clean.body


def test_bytes_in_an_address_are_read_as_django_reads_them(app):
    raw = "é".encode().decode("latin-1")  # as a server hands what a forger writes
    assert Given(app, f"/fr/se-documenter/?tag={raw}").text == (
        Given(WSGIHandler(), "/fr/se-documenter/?tag=%C3%A9").text
    )
    assert hits(app, "/fr/se-documenter/?tag=%C3%A9") == 1


def test_only_what_is_named_reaches_django(app):
    minimal = page_cache.minimal_environ(
        {"CONTENT_TYPE": "x", "HTTP_X": "y", "HTTP_HOST": "localhost", "wsgi.input": None},
        query="",
        forwarded="",
    )
    assert minimal.pop("wsgi.input").read() == b""
    assert minimal == {
        "HTTP_HOST": "localhost",
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "",
        "CONTENT_LENGTH": "",
    }

"""Kept pages under random headers: the next visitor reads what a memory without a past gives.

Each of several hundred visitors sends headers that a seed draws, to an address that is kept; then a
plain visitor comes to it. Another seed in the environment (`SEED`) draws others.
"""

import os
import random

import pytest

from tests import factories
from tests.asking import Given, process, read_before, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_long_day")]
SEED = int(os.environ.get("SEED", "2026"))
VISITORS, AT_MOST = 200, 12  # header sets without and behind a proxy, and headers in one
HOSTS = ["localhost", "localhost:8000", "127.0.0.1"]
NAMES = [
    *("ACCEPT", "ACCEPT_LANGUAGE", "ACCEPT_ENCODING", "ACCEPT_CHARSET", "ACCEPT_DATETIME", "TE"),
    *("RANGE", "IF_RANGE", "IF_MATCH", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "EXPECT", "PREFER"),
    *("IF_UNMODIFIED_SINCE", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_FORWARDED_PORT", "DNT"),
    *("X_FORWARDED_FOR", "X_FORWARDED_PREFIX", "X_FORWARDED_SSL", "X_FORWARDED_SERVER", "VIA"),
    *("FORWARDED", "X_ORIGINAL_URL", "X_REWRITE_URL", "X_HTTP_METHOD_OVERRIDE", "X_REAL_IP"),
    *("X_REQUESTED_WITH", "HX_REQUEST", "HX_TARGET", "HX_BOOSTED", "TURBO_FRAME", "REFERER"),
    *("COOKIE", "ORIGIN", "USER_AGENT", "SAVE_DATA", "SEC_CH_UA_MOBILE", "SEC_FETCH_MODE"),
    *("SEC_GPC", "CACHE_CONTROL", "PRAGMA", "UPGRADE", "CONNECTION", "PURPOSE", "HOST"),
    *("TRANSFER_ENCODING", "CONTENT_ENCODING", "X_WAF_BYPASS", "CF_VISITOR", "X_LOCALE"),
]
WITHOUT_PREFIX = ["CONTENT_TYPE", "CONTENT_LENGTH", "REMOTE_ADDR", "REMOTE_USER", "REQUEST_URI"]
WITHOUT_PREFIX += ["HTTPS", "RAW_URI", "REQUEST_METHOD"]
WORDS = [
    *("evil.example", "en", "en;q=1, fr;q=0", "*/*", "application/json", "https", "http", "on"),
    *("gzip", "gzip;q=0", "br, *;q=0.1", "bytes=0-9", "bytes=-1", "*", '"abc"', "W/", "chunked"),
    *("x/y; charset=cp037", "x/y; charset=utf-16", "multipart/form-data; boundary=x", "", "0", "3"),
    *("langue=en", "theme=dark; sessionid=", "csrftoken=a; messages=b", "consent=yes", "a=\xe9"),
    *("XMLHttpRequest", "true", "navigate", "return=minimal", "no-cache", "max-age=0", "GET"),
    *("for=1.2.3.4;host=evil.example;proto=https", "/admin/", "//evil.example", "HEAD", "POST"),
    *("Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 31 Dec 2099 00:00:00 GMT", "100-continue", "\xff"),
    *("<script>evil.example</script>", "LOCALHOST", "localhost.", "localhost:80", "[::1]", "PURGE"),
    *("evil.example, localhost", "PUT", "Googlebot", "?1", "a" * 5_000, "\u00a0", "[", "%00"),
]
# What Django or a proxy does read, of which each visitor sends one.
MEANT = [("CONTENT_TYPE", f"x/y; charset={c}") for c in ("cp037", "utf-16", "utf-7", "cp500")]
MEANT += [("HTTP_COOKIE", "langue=en"), ("HTTP_COOKIE", "django_language=en; theme=dark")]
MEANT += [("HTTP_ACCEPT_LANGUAGE", "en"), ("HTTP_X_REQUESTED_WITH", "XMLHttpRequest")]
MEANT += [("HTTP_X_FORWARDED_HOST", "evil.example"), ("HTTP_X_FORWARDED_PROTO", "https")]
MEANT += [("HTTP_RANGE", "bytes=0-9"), ("HTTP_ACCEPT_ENCODING", "gzip"), ("HTTP_IF_MATCH", "x")]
MEANT += [("HTTP_IF_MODIFIED_SINCE", "Fri, 31 Dec 2099 00:00:00 GMT"), ("HTTP_HX_REQUEST", "true")]


@pytest.fixture
def addresses(library):
    page = read_before()
    agenda = factories.agenda_page()
    session = factories.session(factories.training(parent=factories.trainings_page()))
    settle()
    return [
        *("/fr/", "/fr/flux.xml", "/sitemap.xml", "/robots.txt", "/fr/se-former/"),
        *("/fr/se-documenter/", "/fr/se-documenter/?sort=title", "/fr/se-documenter/flux.xml"),
        *("/fr/se-documenter/?tag=ancienne", "/fr/se-former/?sort=title&kind=online"),
        *(page.url, session.page.url, agenda.url, f"{agenda.url}?month=2026-03"),
    ]


def drawn(chance: random.Random) -> dict[str, str]:
    """Some headers, each with a word: half of them one that means something."""
    names = [f"HTTP_{name}" for name in NAMES] + WITHOUT_PREFIX
    drawn = {
        name: chance.choice(WORDS)
        if chance.random() < 0.8
        else "".join(chr(chance.randrange(32, 256)) for _ in range(chance.randrange(20)))
        for name in chance.sample(names, chance.randrange(1, AT_MOST))
    }
    name, word = chance.choice(MEANT)
    return drawn | {name: word}


@pytest.mark.parametrize("proxy", [None, ("HTTP_X_FORWARDED_PROTO", "https")])
def test_no_header_of_a_visitor_reaches_the_next(addresses, settings, proxy):
    settings.SECURE_PROXY_SSL_HEADER = proxy
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    chance = random.Random(f"{SEED} {proxy}")
    fresh = {
        (address, host): Given(process(), address, HTTP_HOST=host)
        for address in addresses
        for host in HOSTS
    }
    assert {answer.status for answer in fresh.values()} == {200}
    kept = 0
    for number in range(VISITORS):
        address, headers, app = chance.choice(addresses), drawn(chance), process()
        Given(app, address, **headers, **{"wsgi.url_scheme": chance.choice(["http", "https"])})
        kept += len(app.kept)
        host = next(iter(app.kept), (None, "localhost"))[1]
        host = host if host in HOSTS else chance.choice(HOSTS)
        given, clean = Given(app, address, HTTP_HOST=host), fresh[address, host]
        context = (SEED, number, address, headers)
        assert (given.status, given.body) == (200, clean.body), context
        assert given.headers == clean.headers, context
    assert kept > VISITORS // 4, "hardly any of these visitors left an answer behind"

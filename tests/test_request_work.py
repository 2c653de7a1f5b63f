"""What a request asks of the database does not grow with what a stranger sends.

`python -m tests.bench.requests` measures the seconds; this counts queries, on a machine that is
busy as on one that is not.
"""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons.contributions.models import new_token
from tests import factories
from tests.contributions.form_data import BY_KIND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_long_day")]


@pytest.fixture(autouse=True)
def _pages(library):
    factories.trainings_page()
    factories.article(tags=["fromage"])
    factories.term("theme", "lait", "Lait")


def queries(send) -> int:
    """How many one request asks; the first of its kind reads what the process keeps."""
    send()
    with CaptureQueriesContext(connection) as asked:
        assert send().status_code < 500
    return len(asked)


def words(number: int) -> str:
    return " ".join(f"zq{chr(97 + n % 26)}x{chr(97 + n // 26)}bk" for n in range(number))


@pytest.mark.parametrize(
    "path", ["/fr/recherche/", "/fr/recherche/suggestions/", "/fr/se-documenter/"]
)
def test_words_of_a_search(client, path):
    few, many = (queries(lambda n=n: client.get(path, {"q": words(n)})) for n in (20, 400))
    assert many <= few


@pytest.mark.parametrize("name", ["theme", "tag", "kind", "territory", "unknown"])
@pytest.mark.parametrize("path", ["/fr/se-documenter/", "/fr/se-former/", "/fr/recherche/"])
def test_filters_of_a_list(client, path, name):
    def ask(number):
        asked = urlencode([(name, f"t{n}") for n in range(number)])
        return queries(lambda: client.get(path, QUERY_STRING=asked))

    assert ask(2_000) <= ask(20)


@pytest.mark.parametrize("kind", BY_KIND)
@pytest.mark.parametrize("act", ["preview", "send", "save", "autosave"])
def test_the_length_of_a_proposal(kind, act):
    def ask(length):
        texts = {name: "a [ " * length for name in BY_KIND[kind] if name != "licence_ok"}
        sources = iter(range(250))

        def send():
            form = {**texts, "do": act, "token": new_token(), "licence_ok": "on"}
            client = Client(REMOTE_ADDR=f"203.0.{length % 250}.{next(sources)}")
            return client.post(f"/fr/se-documenter/proposer/{kind}/", form)

        return queries(send)

    assert ask(3_000) <= ask(30)


@pytest.mark.parametrize("header", ["HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_REFERER"])
def test_the_length_of_a_header(client, header):
    def ask(number):
        return queries(lambda: client.get("/fr/recherche/", **{header: "a=b; " * number}))

    assert ask(10_000) <= ask(10)


def test_the_depth_of_a_path(client):
    few, many = (queries(lambda n=n: client.get(f"/fr/{'a/' * n}")) for n in (3, 1_000))
    assert many <= few

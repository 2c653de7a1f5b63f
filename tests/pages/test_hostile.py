"""What nobody should type, sent over HTTP to all that searches: an answer, never a fault."""

import json
from urllib.parse import quote, quote_plus

import pytest

from tests import factories
from tests.asking import Given, process
from tests.search.hostile import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_long_day")]
MORE = ["أهلا\u202eabc\u2066", "🐐" * 3_000, "\ud83d", "x\udc00y", "a\x00", "%", "%%00", "+"]
MORE += ["&q=", "q" * 9_000]
DOORS = [
    *("/fr/recherche/suggestions/?q=", "/fr/recherche/?q=", "/fr/se-documenter/?q="),
    *("/fr/se-documenter/?theme=", "/fr/se-documenter/?kind=", "/fr/se-documenter/?tag="),
    *("/fr/se-documenter/?sort=", "/fr/se-documenter/?page=", "/fr/se-documenter/?all="),
    *("/fr/se-documenter/flux.xml?q=", "/fr/se-documenter/flux.xml?territory="),
    *("/fr/recherche/?kind=", "/fr/recherche/?page=", "/fr/se-documenter/proposer/article/?title="),
    *("/fr/se-documenter/?", "/fr/recherche/?"),
]
# Bytes that are no text in any encoding that we read.
RAW = ["%ED%A0%80", "%FF%FE", "%C0%80", "%00", "%0d%0aSet-Cookie:x=1", "%u0041", "%", "%zz"]
RAW += ["%F5%80"]


@pytest.fixture(autouse=True)
def shelf(library):
    theme = factories.term("theme", "lait", "Lait")
    factories.article(title="Un casier", terms=[theme], tags=["fromage"])


def encoded(text: str) -> list[str]:
    """`text` in an address, as a form encodes it and as a forger writes it."""
    data = text.encode("utf-8", "surrogatepass")
    return list(dict.fromkeys([quote_plus(data), quote(data)]))


def typed() -> list[str]:
    return [one for text in [*HOSTILE, *MORE] for one in encoded(text)] + RAW


@pytest.mark.parametrize("door", DOORS)
def test_each_door_answers_whatever_is_typed(client, door):
    path, _, name = door.partition("?")
    for query in typed():
        answer = client.get(path, QUERY_STRING=f"{name}{query}")
        said = (door, query[:60])
        assert answer.status_code in {200, 400}, said
        assert not answer.cookies, said
        if "suggestions" in door and answer.status_code == 200:
            assert isinstance(json.loads(answer.content)["suggestions"], list)


def test_the_memory_of_a_process_lets_it_pass():
    app = process()
    for door in DOORS[:3]:
        for query in typed():
            assert Given(app, f"{door}{query}").status in {200, 400}, (door, query[:60])


def test_many_parameters_are_an_answer_too(client):
    for query in ("&".join(["theme=lait"] * 2_000), "&".join(f"a{n}=1" for n in range(3_000))):
        for path in ("/fr/recherche/", "/fr/se-documenter/", "/fr/recherche/suggestions/"):
            assert client.get(path, QUERY_STRING=query).status_code in {200, 400}

"""From outside, as five roles, to every address of the site: no answer is a fault of the server.

Each role sends a sample of all that there is, which its name seeds: the same at each run.
"""

import random
from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction

from commons.members.permissions import ADMINISTRATOR, EDITOR, MODERATOR
from commons.pages.malformed_requests import with_known_charset
from tests import factories
from tests.addresses import every_address
from tests.hostile import GIANT, METHODS, Sender, bodies, headers, in_path, queries

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("one_long_day"),
    # Wagtail's own lists, which only warn.
    pytest.mark.filterwarnings("ignore:Pagination may yield:UserWarning"),
    pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning"),
]
ROLES = {"visitor": None, "member": [], "moderator": [MODERATOR], "editor": [EDITOR]}
ROLES |= {"administrator": [ADMINISTRATOR]}
PLACES = ["/", "/fr/", "/fr/se-documenter/", "/compte/login/", "/compte/", "/admin/"]
PLACES += ["/admin/images/chooser/", "/admin/documents/multiple/add/", "/fr/recherche/"]
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
SENT = 40  # requests of each kind, a role


@pytest.fixture
def page(library):
    factories.term("theme", "lait", "Lait")
    factories.trainings_page()
    factories.agenda_page()
    factories.session(factories.training())
    return factories.article(title="Un casier", tags=["fromage"])


@pytest.fixture(params=ROLES)
def role(request):
    return request.param


@pytest.fixture
def sender(role, page):
    groups = ROLES[role]
    member = None if groups is None else factories.member(groups=groups)
    return Sender(with_known_charset(WSGIHandler()), member)


def faults(sender, asked) -> list:
    """What of `asked` (a path, then what `send` takes) is answered by a fault; nothing stays."""
    found = []
    for path, options in asked:
        with transaction.atomic():
            status = sender.send(path, **options)
            transaction.set_rollback(True)
        if status >= 500 and status != 501:
            found.append((status, path[:80], str(options)[:120]))
    return found


def sample(asked, role: str) -> list:
    every = list(asked)
    return random.Random(role).sample(every, min(SENT, len(every)))


def to_every_address(page) -> Iterator[tuple[str, dict]]:
    known = {"app_label": "taxonomy", "model_name": "term"}
    words = list(queries())
    for address in every_address():
        if "logout" in address.form:
            continue
        if address.gaps:
            for value in (GIANT, "2147483648", "abc", "²"):
                yield in_path(address.path(lambda _name, v=value: v)), {}
        path = address.path(lambda name: known.get(name, str(page.pk)))
        post = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": FORM}
        for query in (words[0], words[4], words[11]):
            yield path, {"query": query}
            yield path, {**post, "body": query.encode()}
        yield path, post
        yield path, {**post, "CONTENT_TYPE": JSON, "body": b"[" * 100_000}
        yield path, {"CONTENT_TYPE": "text/html; charset=hex", "query": "p=1"}


def test_no_address_breaks(sender, role, page):
    assert faults(sender, sample(to_every_address(page), role)) == []


def test_no_header_breaks(sender, role):
    asked = [
        (path, {"REQUEST_METHOD": method, "query": "q=a", **header})
        for path in PLACES
        for header in headers()
        for method in ("GET", "POST")
    ]
    assert faults(sender, sample(asked, role)) == []


def test_no_body_and_no_method_breaks(sender, role):
    asked = [
        (path, {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "body": body})
        for path in PLACES
        for kind, body in bodies()
    ]
    asked += [(path, {"REQUEST_METHOD": method}) for path in PLACES for method in METHODS]
    assert faults(sender, sample(asked, role)) == []

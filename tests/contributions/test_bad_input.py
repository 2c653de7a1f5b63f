"""Whatever is typed or forged, anywhere: never a fault of the server, never an active address."""

import re
from urllib.parse import quote_plus

import pytest
from django.core import mail
from django.core.cache import cache
from wagtail.models import Page

from commons.contributions import registry
from commons.contributions.models import Contribution
from tests import factories
from tests.contributions.form_data import BY_KIND, SENDER, posted

pytestmark = pytest.mark.usefixtures("library")
CHOOSE = "/fr/se-documenter/proposer/"
HOSTILE = {
    "empty": "",
    "spaces": " \t\n ",
    "huge": "a" * 100_000,
    "huge words": "mot " * 25_000,
    "nul": "a\x00b",
    "surrogate": "a\ud800b",
    "control": "a\x0b\x1b\x9f\ufffeb",
    "right to left": "abc\u202ecba\u2066",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "javascript": "javascript:alert(1)",
    "markdown link": "[x](javascript:alert(1)) [y](data:text/html,x) ![z](http://x.example/z.png)",
    "line feeds": "a\r\nBcc: x@example.org\r\n\r\nb",
    "template": "{{ settings.SECRET_KEY }}{% debug %}%(title)s",
    "sql": "' OR 1=1; --",
    "big number": "9" * 400,
    "negative": "-1",
    "emoji": "🐐" * 50,
}
DOOR = [*SENDER, "ticket", "proof", "sum", "website", "do"]
ACTIVE = re.compile(r"""<script>alert|<img[^>]*onerror|href=["']?(?:javascript|data):""", re.I)


def send(client, kind: str, form: dict):
    """Post raw bytes: a forger sends lone surrogates, which no honest client can encode."""
    body = "&".join(
        f"{name}={quote_plus(str(value).encode('utf-8', 'surrogatepass'))}"
        for name, value in form.items()
    )
    cache.clear()
    return client.post(f"{CHOOSE}{kind}/", body, content_type="application/x-www-form-urlencoded")


def fields_of(kind: str) -> list[str]:
    return [*registry.find(kind).form.base_fields, *(DOOR if kind == "article" else [])]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", BY_KIND)
def test_each_field_survives(client, kind, name):
    fields = fields_of(kind)
    forms = [posted(kind) | {field: HOSTILE[name]} for field in fields]
    forms += [
        posted(kind) | dict.fromkeys(fields, HOSTILE[name]) | {"do": action}
        for action in ("send", "preview", "autosave", "save")
    ]
    for form in forms:
        response = send(client, kind, form)
        # What is too long is no draft: saving by itself says so.
        assert response.status_code in ({200, 409} if form["do"] == "autosave" else {200, 302})
        assert not ACTIVE.search(response.content.decode())


@pytest.mark.parametrize("name", ["html", "javascript", "markdown link", "control", "template"])
@pytest.mark.parametrize("kind", ["article", "etude-de-cas"])
def test_what_is_accepted_is_shown_safely(client, kind, name):
    author, moderator = factories.member(), factories.member(is_superuser=True)
    client.force_login(author)
    form = posted(kind)
    for field in ("title", "summary", "text", "answer", "context", "difficulties", "message"):
        response = send(client, kind, {**posted(kind), field: HOSTILE[name]})
        if response.status_code == 302 and field in form:
            form[field] = HOSTILE[name]
        Contribution.objects.all().delete()
    for page in Page.objects.filter(owner=author):
        page.specific.delete()
    send(client, kind, form)
    page = Contribution.objects.get().page.specific
    assert not re.search("[\x00-\x1f\u202e\ufffe]", page.title)
    client.force_login(moderator)
    assert not ACTIVE.search(client.get("/admin/contributions/").content.decode())
    page.get_latest_revision().publish(user=moderator)
    response = client.get(page.get_url())
    assert response.status_code == 200
    assert not ACTIVE.search(response.content.decode())


@pytest.mark.parametrize(
    "address",
    [
        f"{CHOOSE}brouillon/{'a' * 5000}/",
        f"{CHOOSE}brouillon/%00/",
        f"{CHOOSE}confirmer/%0d%0aX:y/",
        f"{CHOOSE}%E2%80%AE/",
        f"{CHOOSE}article/?next=//evil.example",
        f"{CHOOSE}?kind=%00",
        "/compte/contributions/%00/retirer/",
    ],
)
def test_forged_addresses(client, address):
    assert client.get(address, follow=True).status_code in {200, 404, 405}


def test_body_that_is_not_a_form(client):
    address = f"{CHOOSE}article/"
    assert client.post(address, "{]", content_type="application/json").status_code == 302
    assert client.post(address, b"\xff\xfe", content_type="text/plain").status_code == 302


def test_name_and_subject_stay_on_one_line(client, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    bad = "Ana\r\nBcc: victime@example.org"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{CHOOSE}article/", posted(sender_name="Ana\r\nBcc: victime", title=bad))
    (message,) = mail.outbox
    assert message.recipients() == ["ana@example.org"]
    assert "\n" not in message.subject

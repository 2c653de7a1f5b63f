"""Requests that no form of the site sends: an answer that says so, never a fault of the server."""

from urllib.parse import urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from wagtail.models import Page

from commons.members.permissions import EDITOR, MODERATOR
from commons.pages.malformed_requests import with_known_charset
from tests import factories
from tests.hostile import GIANT, Sender

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site", "one_long_day")]
PLACES = ["/fr/", "/fr/se-documenter/", "/compte/login/", "/admin/login/", "/admin/"]
CODECS = ["hex", "rot13", "idna", "unicode_escape", "punycode", "undefined", "base64", "nothing"]
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
DEEP = b"[" * 100_000


@pytest.fixture
def application():
    return with_known_charset(WSGIHandler())


@pytest.fixture
def visitor(application):
    return Sender(application)


@pytest.fixture
def editor(application):
    return Sender(application, factories.member(is_superuser=True, is_staff=True))


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", ["text/html", FORM, MULTIPART])
def test_an_encoding_of_no_text_is_passed_over(visitor, path, method, kind):
    body = b"q=1" if kind == FORM else b"--x--\r\n"
    asked = {"REQUEST_METHOD": method, "body": body if method == "POST" else b""}
    plain = visitor.send(path, "q=lait", **asked, CONTENT_TYPE=kind)
    assert plain < 500
    for codec in CODECS:
        status = visitor.send(path, "q=lait", **asked, CONTENT_TYPE=f"{kind}; charset={codec}")
        assert status == plain, codec


@pytest.mark.parametrize("said", ["text/html; charset*=hex''a", "text/html; charset*=a", ";;;=;"])
def test_a_type_that_cannot_be_read_is_passed_over(visitor, said):
    assert visitor.send("/fr/", CONTENT_TYPE=said) == 200


def test_a_body_is_utf_8_whatever_it_says(application):
    """And a form of many parts keeps its boundary."""
    member = factories.member()
    sender = Sender(application, member)
    part = '--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    body = (part % ("display_name", "Zoé") + part % ("language", "fr") + "--x--\r\n").encode()
    said = f"{MULTIPART}; charset=cp037"
    assert sender.send("/compte/", REQUEST_METHOD="POST", CONTENT_TYPE=said, body=body) == 302
    member.refresh_from_db()
    assert member.display_name == "Zoé"


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("address", ["http://[", "//[", "http://[::1]x", "http://a:b:c/", "\x00"])
def test_an_address_that_is_none(visitor, editor, path, address):
    for sender in (visitor, editor):
        for method in ("GET", "POST"):
            asked = {"REQUEST_METHOD": method, "wsgi.url_scheme": "https"}
            headers = {"HTTP_REFERER": address, "HTTP_ORIGIN": address}
            assert sender.send(path, **asked, **headers) < 500, method
            assert sender.send(path, f"next={address}", **asked) < 500, method
            body = f"next={address}&login=a&password=b".encode()
            assert sender.send(path, **asked, CONTENT_TYPE=FORM, body=body) < 500, method


WRONG_NEXT = ["http://[", "//[", "abc", "wagtailadmin_home", "javascript:a/b", "http://autre.fr/"]


@pytest.mark.parametrize("address", WRONG_NEXT)
@pytest.mark.parametrize("where", ["query", "body"])
def test_what_was_done_is_answered_so_wherever_one_asked_to_go_next(client, address, where):
    client.force_login(factories.member(is_superuser=True))
    for act in ("unpublish", "delete"):
        page = factories.article()
        path = f"/admin/pages/{page.pk}/{act}/"
        asked = f"{path}?{urlencode({'next': address})}"
        answer = client.post(asked) if where == "query" else client.post(path, {"next": address})
        assert (answer.status_code, answer.url) == (302, f"/admin/pages/{page.get_parent().pk}/")
        assert not Page.objects.filter(pk=page.pk, live=True).exists()


@pytest.mark.parametrize("address", ["/admin/reports/locked/?p=1", "http://testserver/admin/"])
def test_one_still_goes_where_one_was(client, address):
    client.force_login(factories.member(is_superuser=True))
    path = f"/admin/pages/{factories.article().pk}/unpublish/"
    assert client.post(path, {"next": address}).url == address


@pytest.mark.parametrize(
    "path",
    [
        *("/admin/choose-page/%s/", "/admin/images/chooser/%s/", "/admin/documents/chooser/%s/"),
        *(
            "/admin/pages/%s/edit/",
            "/admin/pages/%s/",
            "/admin/images/%s/",
            "/admin/users/edit/%s/",
        ),
        *(
            "/admin/relecture/%s/",
            "/admin/choose-page/%s/parent/",
            "/admin/images/chooser/%s/chosen/",
        ),
        *("/admin/snippets/taxonomy/term/edit/%s/", "/admin/taxonomy/term/edit/%s/"),
    ],
)
@pytest.mark.parametrize("number", [GIANT, "2147483648", "99999999999999999999", "abc", "-1"])
def test_a_number_that_no_row_has_is_not_found(editor, path, number):
    assert editor.send(path % number) in {302, 404}


@pytest.mark.parametrize("groups", [[], [MODERATOR], [EDITOR]])
@pytest.mark.parametrize("number", [GIANT, "2147483648", f"-{GIANT}"])
def test_a_number_that_no_row_has_before_the_doors_of_the_admin(application, groups, number):
    sender = Sender(application, factories.member(groups=groups))
    for path in ("/admin/choose-page/%s/", "/admin/pages/%s/edit/", "/admin/pages/%s/copy/"):
        assert sender.send(path % number) < 500, path
    for path in ("/admin/choose-page/chosen-multiple/", "/admin/bulk/wagtailcore/page/delete/"):
        assert sender.send(path, f"id={number}") < 500, path


@pytest.mark.parametrize(
    "query",
    [f"{name}={value}" for name in ("p", "collection_id", "page_type") for value in (GIANT, "abc")]
    + [f"id={GIANT}", "id=abc", "id=%00", "page_type=[", "user_perms=abc", "ordering=-abc"],
)
@pytest.mark.parametrize(
    "path",
    [
        *("/admin/choose-page/", "/admin/images/chooser/", "/admin/documents/chooser/"),
        *("/admin/images/chooser/chosen-multiple/", "/admin/choose-page/chosen-multiple/"),
        *("/admin/choose-page/search/", "/admin/bulk/wagtailcore/page/delete/"),
    ],
)
def test_a_chooser_asked_for_what_is_not(editor, path, query):
    assert editor.send(path, query) < 500


@pytest.mark.parametrize("host", ["[", "a b", "..", "localhost:abc", "evil.example", "\xff"])
def test_a_host_that_is_none_with_a_form(visitor, host):
    for path in PLACES:
        for kind, body in ((MULTIPART, b"--x\r\n"), (MULTIPART, b"--x--\r\n"), (FORM, b"a=1")):
            asked = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "body": body}
            assert visitor.send(path, HTTP_HOST=host, **asked) == 400, (path, kind)


@pytest.mark.parametrize("path", [*PLACES, "/admin/images/chooser/", "/admin/api/main/pages/"])
def test_json_nested_too_deep(visitor, editor, path):
    for sender in (visitor, editor):
        asked = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/json"}
        assert sender.send(path, **asked, body=DEEP) < 500
        form = b"comments=" + DEEP + b"&data=" + DEEP
        assert sender.send(path, **{**asked, "CONTENT_TYPE": FORM}, body=form) < 500


def test_no_address_breaks_on_purpose(editor):
    assert editor.send("/admin/failwhale/") == 404


class TestFaults:
    """What is no answer to bad input stays a fault, or is told to who runs the site."""

    def test_of_ours_stays_one(self, application, monkeypatch):
        def broken(*args, **kwargs):
            raise ValueError("of ours")

        monkeypatch.setattr("commons.members.views.change_profile", broken)
        sender = Sender(application, factories.member())
        asked = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": FORM}
        assert sender.send("/compte/", **asked, body=b"display_name=Zoe&language=fr") == 500

    def test_of_a_request_that_asks_for_nothing_stays_one(self, editor, monkeypatch):
        monkeypatch.setattr("wagtail.admin.views.account.AccountView.get_context_data", None)
        assert editor.send("/admin/account/") == 500
        assert editor.send("/admin/account/", "p=1") == 400

    def test_that_may_be_one_is_told_with_its_traceback(self, editor, caplog, monkeypatch):
        monkeypatch.setattr("wagtail.admin.views.account.AccountView.get_context_data", None)
        assert editor.send("/admin/account/", "p=1") == 400
        [record] = [one for one in caplog.records if one.exc_info]
        assert (record.name, record.levelname) == ("django.request", "ERROR")
        assert record.exc_info[0] is TypeError

    def test_of_the_request_is_a_warning(self, editor, caplog):
        assert editor.send("/admin/images/chooser/chosen-multiple/", "id=abc") == 400
        [record] = [one for one in caplog.records if one.exc_info]
        assert record.levelname == "WARNING"

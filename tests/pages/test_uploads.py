"""Files that lie about what they are, by every door: none runs, none costs much."""

import re
import struct
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.users.models import UserProfile

from commons.members.permissions import COMMITTEE, EDITOR
from tests import factories
from tests.contributions.form_data import posted
from tests.pages.test_pictures import PLACE, taken

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">%s</svg>' % SCRIPT
# A picture of one dot, for whoever looks at its first bytes; a page, for a browser that guesses.
POLYGLOT = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xfe"
    + bytes([len(SCRIPT)])
    + SCRIPT
    + b"\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


def bomb(side: int = 11_000) -> bytes:
    """A PNG of `side` by `side` dots (121 megapixels) in a few kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    lines = zlib.compressobj(9)
    line = b"\x00" * (side // 8 + 1)
    data = b"".join(lines.compress(line) for _ in range(side)) + lines.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


BAD_PICTURES = {
    "bombe.png": bomb(),
    "bombe.webp": bomb(),
    "plus grosse.png": bomb(20_000),
    "dessin.svg": SVG,
    "dessin.png": SVG,
    "page.html": b"<!doctype html>" + SCRIPT,
    "page.png": b"<!doctype html>" + SCRIPT,
    "page.gif.html": POLYGLOT,
    "vide.png": b"",
    "cassée.png": bomb(8)[:40],
}
BAD_DOCUMENTS = {
    "page.html": SCRIPT,
    "page.xhtml": SCRIPT,
    "dessin.svg": SVG,
    "page.pdf.html": b"%PDF-1.4" + SCRIPT,
    "script.js": b"alert(1)",
    "sans": SCRIPT,
}


@pytest.fixture
def editor(client, library):
    client.force_login(factories.member(groups=[EDITOR]))
    return client


def sent(editor, door: str, name: str, content: bytes):
    root = Collection.get_first_root_node().pk
    file = SimpleUploadedFile(name, content, "image/png")
    form = {"title": "Fichier", "collection": root, "file": file, "tags": ""}
    if "multiple" in door:
        form["files[]"] = form.pop("file")
    return editor.post(door, {**form, **{f"image-chooser-upload-{k}": v for k, v in form.items()}})


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", BAD_PICTURES)
@pytest.mark.parametrize("door", ["add", "multiple/add", "chooser/create"])
def test_the_admin_refuses_what_is_no_reasonable_picture(editor, settings, door, name):
    answer = sent(editor, f"/admin/images/{door}/", name, BAD_PICTURES[name])
    assert answer.status_code in {200, 400, 403}
    assert not get_image_model().objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
@pytest.mark.parametrize("door", ["add", "multiple/add", "chooser/create"])
def test_the_admin_refuses_documents_that_a_browser_would_run(editor, door, name):
    assert sent(editor, f"/admin/documents/{door}/", name, BAD_DOCUMENTS[name]).status_code < 500
    assert not get_document_model().objects.exists()


def test_a_picture_that_is_also_a_page_is_shown_as_a_picture(editor, client):
    assert sent(editor, "/admin/images/add/", "point.gif", POLYGLOT).status_code == 302
    image = get_image_model().objects.get()
    assert_harmless(client.get(image.file.url), "image/gif")


@pytest.mark.parametrize(
    ("name", "kind"), [("page.pdf", "application/pdf"), ("page.txt", "text/plain")]
)
def test_a_document_that_is_also_a_page_is_never_shown_as_one(editor, client, name, kind):
    assert sent(editor, "/admin/documents/add/", name, b"%PDF-1.4" + SCRIPT).status_code == 302
    document = get_document_model().objects.get()
    assert_harmless(client.get(document.url), kind)


def assert_harmless(answer, kind: str):
    assert answer.status_code == 200
    assert answer["Content-Type"].split(";")[0] == kind
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in answer["Content-Security-Policy"]
    assert re.search("default-src '(self|none)'", answer["Content-Security-Policy"])
    assert b"".join(answer)
    answer.close()


# Pillow warns of half of what it refuses; a real site goes on.
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_portrait_is_as_reasonable_as_a_picture(client, site, settings, name):
    member = portrait_of(client, COMMITTEE, name, BAD_PICTURES[name])
    assert not UserProfile.get_for_user(member).avatar
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_portrait_does_not_tell_where_it_was_taken(client, site):
    member = portrait_of(client, COMMITTEE, "moi.jpg", taken("jpeg"))
    content = Path(UserProfile.get_for_user(member).avatar.path).read_bytes()
    assert PLACE not in content


def portrait_of(client, group, name, content):
    member = factories.member(groups=[group], display_name="Ada")
    client.force_login(member)
    form = {
        "avatar-avatar": SimpleUploadedFile(name, content, "image/png"),
        "locale-preferred_language": "",
        "locale-current_time_zone": "",
        "theme-theme": "system",
        "theme-density": "default",
        "theme-contrast": "system",
        "theme-keyboard_shortcuts": "on",
        "name_email-first_name": "Ada",
        "name_email-last_name": "Petit",
    }
    assert client.post("/admin/account/", form).status_code in {200, 302}
    return member


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_public_forms_take_no_file(client, library, settings, name):
    files = {
        field: SimpleUploadedFile(name, BAD_PICTURES[name]) for field in ("cover", "file", "text")
    }
    answer = client.post("/fr/se-documenter/proposer/article/", {**posted(), **files})
    assert answer.status_code in {200, 302}
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

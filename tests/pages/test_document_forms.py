"""Subtitles are WebVTT, or they are refused with a sentence; other documents pass."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Collection

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
CUE = b"\n\n00:00.000 --> 00:02.000\n\xc3\x80 table\n"
SRT = b"1\n00:00:00,000 --> 00:00:02,000\nBonjour\n"
DOORS = ["wagtaildocs:add", "wagtaildocs:add_multiple", "wagtaildocs_chooser:create"]


@pytest.fixture
def upload(client):
    client.force_login(factories.member(is_superuser=True, is_staff=True))

    def sent(door, name, content):
        field = {"wagtaildocs:add_multiple": "files[]"}.get(door, "file")
        prefix = "document-chooser-upload-" if "chooser" in door else ""
        form = {
            f"{prefix}title": "Sous-titres",
            f"{prefix}{field}": SimpleUploadedFile(name, content),
            f"{prefix}collection": Collection.get_first_root_node().pk,
        }
        return client.post(reverse(door), form).content.decode()

    return sent


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("content", [SRT, b"", b"WEBVTTY" + CUE, b"<script>alert(1)</script>"])
def test_what_is_no_webvtt_is_refused_at_every_door(upload, door, content):
    told = upload(door, "atelier.VTT", content)
    assert Document.objects.count() == 0
    if content:  # an empty file is told as such
        assert "Ce ne sont pas des sous-titres WebVTT" in told


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "content", [b"WEBVTT" + CUE, b"\xef\xbb\xbfWEBVTT - Atelier\r\n" + CUE, b"WEBVTT"]
)
def test_webvtt_is_taken_at_every_door(upload, door, content):
    upload(door, "atelier.vtt", content)
    with Document.objects.get().file.open() as stored:
        assert stored.read() == content


def test_accents_that_nobody_could_read_are_refused(upload):
    told = upload("wagtaildocs:add", "atelier.vtt", b"WEBVTT\n\n00:00.0 --> 00:01.0\n\xc0 table")
    assert "Enregistrez ces sous-titres en UTF-8" in told
    assert Document.objects.count() == 0


def test_other_documents_pass(upload):
    upload("wagtaildocs:add", "prix.csv", SRT)
    assert Document.objects.count() == 1

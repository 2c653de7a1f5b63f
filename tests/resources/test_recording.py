"""A recording: heard on our own page, read word for word, linked to where it was made."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.models import Collection
from wagtailmedia.models import Media

from commons.resources.recording import Recording, seconds
from search.contract import Query, Scope, search
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

MOMENTS = [{"type": "moment", "value": {"at": "1:02", "title": "Le calcul"}, "id": "m"}]


def recording(**fields) -> Recording:
    if not {"file", "url"} & fields.keys():
        file = ContentFile(b"OggS", "atelier.ogg")
        fields["file"] = Media.objects.create(title="Atelier", type="audio", file=file)
    fields.setdefault("transcript", factories.body("Bonjour, parlons de pressoir."))
    return factories.recording(**fields)


@pytest.mark.parametrize(("at", "total"), [("0:00", 0), ("12:30", 750), ("1:02:30", 3750)])
def test_moment_in_seconds(at, total):
    assert seconds(at) == total


def test_page_plays_our_file_and_its_chapters(client):
    page = recording(title="Atelier", moments=MOMENTS, minutes=12)
    text = client.get(page.get_url()).content.decode()
    assert f'<audio controls preload="none" src="{page.file.url}"' in text
    assert f'href="{page.file.url}#t=62"' in text
    assert "12 min d’écoute" in text
    assert "parlons de pressoir" in text


def test_page_opens_though_its_file_is_gone(client):
    page = recording()
    page.file.file.storage.delete(page.file.file.name)
    assert client.get(page.get_url()).status_code == 200


def test_file_is_served_in_parts(client):
    page = recording()
    answer = client.get(page.file.url, headers={"range": "bytes=0-1"})
    assert (answer.status_code, b"".join(answer)) == (206, b"Og")
    assert answer["Content-Type"] == "audio/ogg"


def test_recording_elsewhere_is_a_link_and_no_player(client):
    page = recording(url="https://videos.exemple.org/w/abc")
    text = client.get(page.get_url()).content.decode()
    assert 'href="https://videos.exemple.org/w/abc"' in text
    assert "<video" not in text
    assert "<iframe" not in text


@pytest.mark.parametrize("url", ["", "http://exemple.org/a", "javascript:alert(1)"])
def test_neither_file_nor_safe_address_is_refused(url):
    page = recording()
    page.file, page.url = None, url
    with pytest.raises(ValidationError):
        page.full_clean()


def test_words_of_the_transcript_are_searchable():
    page = recording(title="Atelier")
    results = search(Query("pressoir", Scope(language="fr")))
    assert results.ids[:] == [page.pk]


def test_page_leads_to_the_session_recorded_unless_it_is_hidden(client):
    page = recording()
    training = factories.training(title="Fixer un prix")
    hidden = factories.training(title="Entre nous", live=False)
    for page_of_session in (training, hidden):
        factories.session(page_of_session, in_days=-3, replay=page.page_ptr)
    text = client.get(page.get_url()).content.decode()
    assert "Fixer un prix" in text
    assert "Entre nous" not in text


def test_subtitles_are_uploaded_in_the_admin_and_served_beside_the_film(client):
    client.force_login(factories.member(is_superuser=True, is_staff=True))
    upload = SimpleUploadedFile("atelier.vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nBonjour\n")
    collection = Collection.get_first_root_node().pk
    form = {"title": "Sous-titres", "file": upload, "collection": collection}
    client.post(reverse("wagtaildocs:add"), form)
    captions = Document.objects.get()
    film = Media.objects.create(
        title="Atelier", type="video", file=ContentFile(b"\0\0\0\x18ftyp", "atelier.mp4")
    )
    page = recording(file=film, captions=captions)
    page.full_clean()
    client.logout()
    text = client.get(page.get_url()).content.decode()
    assert f'<track kind="captions" src="{captions.url}" srclang="fr" label="Sous-titres"' in text
    answer = client.get(captions.url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/vtt")
    assert b"".join(answer).startswith(b"WEBVTT")

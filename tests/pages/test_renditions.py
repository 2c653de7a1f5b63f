"""A picture that cannot be made or is gone leaves a page without it: never an error."""

import errno
import gc
import io
import logging
import shutil
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from PIL import Image as Pillow
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtailmedia.models import get_media_model

from commons.members.permissions import EDITOR
from commons.pages import renditions
from tests import factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Wagtail’s, of what it wrote
]
SHOWN = 'src="/media/images/'


@pytest.fixture(autouse=True)
def _forgotten():
    renditions._failed.clear()
    yield
    gc.collect()  # what an error kept is freed here, not in a test that takes warnings as errors


@pytest.fixture
def image(library):
    out = io.BytesIO()
    noise = Pillow.effect_noise((130, 80), 90).convert("RGB")
    noise.save(out, "jpeg")
    file = ContentFile(out.getvalue(), name="marche.jpg")
    found = get_image_model()(title="Le marché", file=file, description="Un étal")
    found.file_size = len(out.getvalue())
    found._set_file_hash()
    found.save()
    return found


@pytest.fixture
def article(image):
    body = [
        *factories.body("Un texte."),
        {
            "type": "figure",
            "value": {
                "image": {"image": image.pk, "decorative": False, "alt_text": "Un étal de choux"},
                "caption": "Le samedi",
            },
        },
    ]
    return factories.article(cover=image, cover_alt="Un étal", body=body)


def missing(image, media):
    Path(image.file.path).unlink()


def truncated(image, media):
    content = Path(image.file.path).read_bytes()
    Path(image.file.path).write_bytes(content[: len(content) // 2])


def emptied(image, media):
    Path(image.file.path).write_bytes(b"")


def no_picture(image, media):
    Path(image.file.path).write_bytes(b"<!doctype html>" * 50)


def turned_to_nonsense(image, media):
    content = bytearray(Path(image.file.path).read_bytes())
    content[20:400] = bytes(380)
    Path(image.file.path).write_bytes(content)


def a_folder(image, media):
    Path(image.file.path).unlink()
    Path(image.file.path).mkdir()


def unwritable(image, media):
    shutil.rmtree(media / "images", ignore_errors=True)
    (media / "images").write_text("")


def unsupported(image, media):
    Pillow.new("RGB", (60, 40)).save(image.file.path, "PCX")


BREAKS = [missing, truncated, emptied, no_picture, turned_to_nonsense, a_folder, unwritable]
BREAKS += [unsupported]
ADDRESSES = ["/fr/", "/fr/se-documenter/", "/fr/se-documenter/flux.xml", "/fr/flux.xml"]


@pytest.mark.parametrize("broken", BREAKS)
def test_pages_stand_without_a_broken_picture(client, article, settings, broken, caplog):
    broken(article.cover, Path(settings.MEDIA_ROOT))
    for address in (*ADDRESSES, f"/fr/recherche/?q={article.title}"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert SHOWN not in answer.content.decode()
        assert "not-found" not in answer.content.decode()
    text = client.get(article.url).content.decode()
    assert SHOWN not in text
    assert "not-found" not in text
    assert "og:image" not in text
    assert "Elle montre : Un étal de choux" in text
    assert "Le samedi" in text
    said = [record for record in caplog.records if record.name == renditions.__name__]
    assert len(said) == 1, "it is told once"
    assert said[0].levelno == logging.ERROR


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_pages_stand_where_media_cannot_be_written(client, article, monkeypatch, number):
    def refuse(*args, **kwargs):
        raise OSError(number, "no")

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)
    for address in (*ADDRESSES, article.url):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert SHOWN not in answer.content.decode()


def test_a_whole_picture_is_shown_everywhere(client, article):
    for address in ("/fr/", article.url):
        assert SHOWN in client.get(address).content.decode()
    text = client.get(article.url).content.decode()
    assert '<meta property="og:image" content="http://localhost:8000/media/images/' in text
    assert "ne peut pas" not in text


def test_what_failed_is_not_tried_at_each_request(client, article, image, settings, monkeypatch):
    truncated(image, settings.MEDIA_ROOT)
    client.get(article.url)
    tried = []
    generate = type(image).generate_rendition_file
    monkeypatch.setattr(
        type(image),
        "generate_rendition_file",
        lambda *args, **kwargs: tried.append(1) or generate(*args, **kwargs),
    )
    client.get(article.url)
    client.get("/fr/")
    assert not tried
    monkeypatch.setattr(renditions, "AGAIN", 0)
    client.get(article.url)
    assert tried


def test_a_picture_put_back_is_shown_again(client, article, image, monkeypatch):
    content = Path(image.file.path).read_bytes()
    missing(image, None)
    assert SHOWN not in client.get(article.url).content.decode()
    Path(image.file.path).write_bytes(content)
    monkeypatch.setattr(renditions, "AGAIN", 0)
    assert SHOWN in client.get(article.url).content.decode()


def test_a_size_whose_file_is_gone_is_made_again(client, article, settings):
    first = client.get(article.url).content
    made = sorted((Path(settings.MEDIA_ROOT) / "images").iterdir())
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "images")
    assert client.get(article.url).content == first
    assert sorted((Path(settings.MEDIA_ROOT) / "images").iterdir()) == made


def test_a_size_whose_file_is_gone_cannot_be_made_again(client, article, image, settings):
    client.get(article.url)
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "images")
    unwritable(image, Path(settings.MEDIA_ROOT))
    answer = client.get(article.url)
    assert answer.status_code == 200
    assert SHOWN not in answer.content.decode()


@pytest.mark.parametrize("broken", BREAKS)
def test_the_admin_stands_with_a_broken_picture(client, article, image, settings, broken):
    client.force_login(factories.member(groups=[EDITOR]))
    broken(image, Path(settings.MEDIA_ROOT))
    for address in (
        "/admin/images/",
        f"/admin/images/{image.pk}/",
        f"/admin/images/{image.pk}/delete/",
        f"/admin/images/usage/{image.pk}/",
        "/admin/images/chooser/",
        reverse("wagtailimages_chooser:chosen", args=[image.pk]),
        reverse("wagtailimages_chooser:select_format", args=[image.pk]),
        f"/admin/pages/{article.pk}/edit/",
        f"/admin/pages/{article.pk}/history/",
    ):
        assert client.get(address, follow=True).status_code == 200, address
    form = {"title": "Autre titre", "collection": image.collection_id, "tags": ""}
    assert client.post(f"/admin/images/{image.pk}/", form).status_code == 302
    assert get_image_model().objects.values_list("title", flat=True).get() == "Autre titre"


def test_the_admin_says_that_nothing_can_be_written(client, library, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(errno.EROFS, "Read-only file system")

    client.force_login(factories.member(groups=[EDITOR]))
    monkeypatch.setattr(FileSystemStorage, "_save", refuse)
    out = io.BytesIO()
    Pillow.new("RGB", (40, 40)).save(out, "png")
    root = Collection.get_first_root_node().pk
    form = {"title": "Photo", "collection": root, "tags": ""}
    form["file"] = ContentFile(out.getvalue(), name="photo.png")
    answer = client.post("/admin/images/add/", form)
    assert answer.status_code == 503
    assert "Rien ne peut être enregistré" in answer.content.decode()


def test_a_document_whose_file_is_gone_is_not_found(client, library):
    document = get_document_model().objects.create(
        title="Statuts", file=ContentFile(b"%PDF-1.4", name="statuts.pdf")
    )
    Path(document.file.path).unlink()
    answer = client.get(document.url)
    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()
    client.force_login(factories.member(groups=[EDITOR]))
    for address in ("/admin/documents/", f"/admin/documents/edit/{document.pk}/"):
        assert client.get(address, follow=True).status_code == 200, address
    form = {"title": "Statuts signés", "collection": document.collection_id, "tags": ""}
    assert client.post(f"/admin/documents/edit/{document.pk}/", form).status_code in {302, 200}


def test_a_recording_whose_file_is_gone_stands(client, library):
    media = get_media_model().objects.create(
        title="Réunion", type="audio", duration=60, file=ContentFile(b"ID3", name="reunion.mp3")
    )
    page = factories.recording(file=media)
    assert client.get(media.file.url).status_code == 200
    Path(media.file.path).unlink()
    assert client.get(media.file.url).status_code == 404
    text = client.get(page.get_url())
    assert text.status_code == 200
    client.force_login(factories.member(groups=[EDITOR]))
    for address in ("/admin/media/", f"/admin/media/edit/{media.pk}/"):
        assert client.get(address, follow=True).status_code == 200, address

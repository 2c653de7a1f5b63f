"""Pictures are for all; a document has one door, which asks who is there."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(library):
    root = Collection.get_first_root_node()
    closed = root.add_child(instance=Collection(name="Comité"))
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    return get_document_model().objects.create(
        title="Comptes", file=ContentFile(b"prive", name="comptes.txt"), collection=closed
    )


@pytest.mark.parametrize(
    "way",
    ["{0}", "./{0}", "/{0}", "images/../{0}", "images/%2e%2e/{0}", "%2e/{0}", "images/.//../{0}"],
)
def test_a_closed_document_is_not_given_as_media(client, document, way):
    assert document.file.name.startswith("documents/")
    assert client.get("/media/" + way.format(document.file.name), follow=True).status_code == 404
    assert client.get(document.url).status_code == 302


@pytest.fixture
def picture(settings, library):
    (settings.MEDIA_ROOT / "images").mkdir(parents=True)
    (settings.MEDIA_ROOT / "images" / "a.png").write_bytes(b"0123456789")
    return "/media/images/a.png"


def read(answer) -> bytes:
    body = b"".join(answer.streaming_content)
    answer.close()
    return body


def test_a_picture_is(client, picture):
    answer = client.get(picture)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert (answer["Content-Type"], answer["Content-Length"]) == ("image/png", "10")
    assert answer["Cache-Control"] == "public, max-age=31536000"
    assert read(answer) == b"0123456789"


@pytest.mark.parametrize("path", ["images/b.png", "images/", "images/%00", "images/" + "a" * 5000])
def test_what_is_no_picture_is_not_found(client, picture, path):
    assert client.get(f"/media/{path}", follow=True).status_code == 404


@pytest.mark.parametrize(
    ("asked", "given", "body"),
    [
        ("bytes=2-4", "bytes 2-4/10", b"234"),
        ("bytes=7-", "bytes 7-9/10", b"789"),
        ("bytes=-3", "bytes 7-9/10", b"789"),
        ("bytes=5-400", "bytes 5-9/10", b"56789"),
    ],
)
def test_a_part_of_a_picture(client, picture, asked, given, body):
    answer = client.get(picture, headers={"range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (206, given)
    assert read(answer) == body


def test_a_part_that_is_not_there(client, picture):
    answer = client.get(picture, headers={"range": "bytes=40-50"})
    answer.close()
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10")


@pytest.mark.parametrize("asked", ["lines=1-2", "bytes=a-b", "bytes=1-2,4-5", "bytes"])
def test_a_range_that_means_nothing_gives_the_whole(client, picture, asked):
    answer = client.get(picture, headers={"range": asked})
    assert (answer.status_code, read(answer)) == (200, b"0123456789")


def test_a_picture_that_the_browser_has_is_not_sent_again(client, picture):
    first = client.get(picture)
    first.close()
    again = client.get(picture, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, read(again)) == (304, b"")

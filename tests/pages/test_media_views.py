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


def test_a_picture_is(client, settings, library):
    (settings.MEDIA_ROOT / "images").mkdir(parents=True)
    (settings.MEDIA_ROOT / "images" / "a.png").write_bytes(b"png")
    answer = client.get("/media/images/a.png")
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert b"".join(answer.streaming_content) == b"png"
    assert client.get("/media/images/b.png", follow=True).status_code == 404

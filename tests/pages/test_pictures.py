"""A picture tells nobody where it was taken."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from commons.pages.pictures import without_notes

pytestmark = pytest.mark.django_db
PLACE = b"Chez-Madeleine"


def taken(kind: str, *, pictures: int = 1, **more) -> bytes:
    """A picture of a telephone: held upright, with its place and its owner."""
    exif = Pillow.Exif()
    exif[Base.Orientation] = 6
    exif[Base.Artist] = PLACE.decode()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (44.0, 45.0, 12.0)
    out = io.BytesIO()
    frames = [Pillow.new("RGB", (60, 40), (20 * n, 90, 60)) for n in range(pictures)]
    if pictures > 1:
        more |= {"save_all": True, "append_images": frames[1:]}
    frames[0].save(out, kind, exif=exif.tobytes(), **more)
    return out.getvalue()


def uploaded(content: bytes, name: str):
    """The picture as the admin's form stores it."""
    image_model = get_image_model()
    form = get_image_form(image_model)(
        {"title": "Une photo", "collection": Collection.get_first_root_node().pk},
        {"file": SimpleUploadedFile(name, content)},
    )
    assert form.is_valid(), form.errors
    image = form.save()
    image.refresh_from_db()
    return image


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # Wagtail's, of a rendition
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif"])
def test_neither_the_original_nor_a_rendition_tells_the_place(kind):
    image = uploaded(taken(kind), f"photo.{kind}")
    small = image.get_rendition("width-20|format-jpeg")
    for file in (image.file, small.file):
        content = Path(file.path).read_bytes()
        assert PLACE not in content
        with Pillow.open(io.BytesIO(content)) as picture:
            assert not picture.getexif().get_ifd(IFD.GPSInfo)
    assert image.file_size == Path(image.file.path).stat().st_size
    assert small.height > small.width, "it is still shown upright"


def test_words_beside_the_pixels_are_dropped():
    words = PngInfo()
    words.add_text("Comment", PLACE.decode())
    assert PLACE not in without_notes(io.BytesIO(taken("png", pnginfo=words)))
    assert PLACE not in without_notes(io.BytesIO(taken("jpeg", xmp=b"<x>%s</x>" % PLACE)))
    assert PLACE not in without_notes(io.BytesIO(taken("jpeg", comment=PLACE)))


@pytest.mark.parametrize("kind", ["webp", "png"])
def test_a_moving_picture_still_moves(kind):
    with Pillow.open(io.BytesIO(without_notes(io.BytesIO(taken(kind, pictures=3))))) as picture:
        assert picture.n_frames == 3


def test_a_picture_without_notes_is_left_as_it_is():
    plain = io.BytesIO()
    Pillow.new("RGB", (4, 4)).save(plain, "png")
    assert without_notes(plain) is None
    assert without_notes(io.BytesIO(b"<svg/>")) is None


def test_pixels_stay_the_same():
    content = taken("jpeg")
    with (
        Pillow.open(io.BytesIO(content)) as before,
        Pillow.open(io.BytesIO(without_notes(io.BytesIO(content)))) as after,
    ):
        assert before.tobytes() == after.tobytes()

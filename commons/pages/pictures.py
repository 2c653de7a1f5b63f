"""What an uploaded picture keeps of the camera's notes: which way is up, and nothing else."""

import io

from django.core.files.base import ContentFile
from PIL import Image as Pillow
from PIL.ExifTags import Base

# Where Pillow puts what a camera or a program wrote beside the pixels: place, owner, device, words.
NOTES = ("exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "mp")


def forget_the_camera(image) -> None:
    """Before `image` is stored: a new file loses its notes, so that no rendition repeats them."""
    if not image.file or image.file._committed:
        return
    image.file.seek(0)
    content = without_notes(image.file)
    image.file.seek(0)
    if content is not None:
        image.file = ContentFile(content, name=image.file.name)
        image._set_image_file_metadata()


def forget_the_camera_of_portrait(profile) -> None:
    """The same for the picture that somebody of the team gives of themself."""
    if not profile.avatar or profile.avatar._committed:
        return
    profile.avatar.seek(0)
    content = without_notes(profile.avatar)
    profile.avatar.seek(0)
    if content is not None:
        profile.avatar = ContentFile(content, name=profile.avatar.name)


def without_notes(file) -> bytes | None:
    """The picture in `file` without its notes; None when it has none, or is not of pixels."""
    try:
        picture = Pillow.open(file)
    except (Pillow.UnidentifiedImageError, ValueError):
        return None
    with picture:
        if not any(picture.info.get(name) for name in NOTES) and not getattr(picture, "text", None):
            return None
        up = Pillow.Exif()
        if Base.Orientation in picture.getexif():
            up[Base.Orientation] = picture.getexif()[Base.Orientation]
        kept = {
            "exif": up.tobytes(),
            "icc_profile": picture.info.get("icc_profile"),
            "comment": b"",
        }
        moving = {"save_all": True} if getattr(picture, "is_animated", False) else {}
        # The same tables again: a JPEG loses nothing but its notes.
        kind = "JPEG" if picture.format == "MPO" else picture.format
        quality = "keep" if picture.format == "JPEG" else 92
        if kind == "JPEG":
            moving = {}
        out = io.BytesIO()
        picture.save(out, kind, quality=quality, **kept, **moving)
        return out.getvalue()

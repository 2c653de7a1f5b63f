"""Whether the pictures, documents and recordings that the site shows are where it keeps them."""

from collections.abc import Iterator

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model


def damaged() -> Iterator[str]:
    """For each kind, how many of its files are missing or not whole, and the first by name."""
    kinds = {
        "pictures": get_image_model(),
        "documents": get_document_model(),
        "recordings": get_media_model(),
    }
    for kind, model in kinds.items():
        ill = [file.name for file, size in _files(model) if not _is_whole(file, size)]
        if ill:
            yield f"{len(ill)} {kind} are missing or damaged, such as {ill[0]}"


def _files(model) -> Iterator[tuple]:
    for stored in model.objects.order_by("pk").iterator():
        yield stored.file, getattr(stored, "file_size", None)


def _is_whole(file, size: int | None) -> bool:
    """Whether the file is there, of the size that it had when it was stored."""
    try:
        return file.size == size if size else file.size > 0
    except (OSError, ValueError):
        return False

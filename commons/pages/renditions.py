"""Pictures in the sizes that pages show; one that cannot be made is left out, and told once."""

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext

from django.db import connection, transaction
from wagtail.images.models import Filter, ResponsiveImage

logger = logging.getLogger(__name__)
AGAIN = 300  # seconds until what failed is tried once more
MOST = 1000
NOWHERE = "not-found"  # as Wagtail names the file of a picture without one
# By picture and content, when it failed last: to read a broken original may cost a second.
_failed: dict[tuple, float] = {}


def sized(image, specs: str) -> ResponsiveImage | None:
    """`image` in the sizes of `specs`, as Wagtail's `srcset_image` writes them, if it has all."""
    if not image:
        return None
    renditions = image.get_renditions(*Filter.expand_spec(specs.split()))
    whole = all(_has_its_file(image, found) for found in renditions.values())
    return ResponsiveImage(renditions) if whole else None


def careful(model) -> None:
    """Make Wagtail give a picture without file wherever it would fail to make one."""
    create_one, create_many = model.create_rendition, model.create_renditions

    def one(image, spec):
        return _attempt(image, lambda: create_one(image, spec)) or _nothing(image, spec)

    def many(image, *specs):
        if len(specs) == 1:  # Wagtail's own would ask for one
            return {spec: one(image, spec) for spec in specs}
        found = _attempt(image, lambda: create_many(image, *specs))
        return {spec: _nothing(image, spec) for spec in specs} if found is None else found

    model.create_rendition, model.create_renditions = one, many


def _attempt(image, make: Callable):
    """What `make` gives; None when it fails, or failed a moment ago."""
    key = (image.pk, image.file.name, image.file_hash)
    if time.monotonic() - _failed.get(key, -AGAIN) < AGAIN:
        return None
    try:
        # Nobody waits for the database while a picture is made, unless somebody does already.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            found = make()
    except Exception as error:  # of any kind: decoders raise what they like
        if key not in _failed:
            logger.error("Picture %s is not shown: %s", image.file.name, repr(error))
        if len(_failed) >= MOST:
            _failed.clear()
        _failed[key] = time.monotonic()
        return None
    _failed.pop(key, None)
    return found


def _nothing(image, spec: Filter):
    """What Wagtail shows for a picture that it does not find."""
    rendition = image.get_rendition_model()(image=image, width=0, height=0)
    rendition.filter_spec, rendition.focal_point_key = spec.spec, spec.get_cache_key(image)
    rendition.file.name = NOWHERE
    rendition._from_cache = True  # it is not worth a write
    return rendition


def _has_its_file(image, rendition) -> bool:
    """Whether the file of `rendition` is there; one that got lost is made again."""
    file = rendition.file
    if file.name == NOWHERE:
        return False
    if file.storage.exists(file.name):
        return True

    def write():
        name = file.storage.save(file.name, image.generate_rendition_file(rendition.filter))
        if name != file.name:  # somebody else made it meanwhile
            file.storage.delete(name)
        return True

    return bool(_attempt(image, write))

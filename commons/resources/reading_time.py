"""How long a page takes to read, from all the text that it shows."""

import math
import re

from django.db import models
from django.db.models import prefetch_related_objects
from wagtail.fields import StreamField

# A calm pace for French prose on a screen, in words a minute.
PACE = 200
HIDDEN = {"editor_note", "search_description", "draft_title"}
TAG = re.compile(r"<[^<>]+>")


def words(page) -> int:
    """The number of words in the texts of `page`, lessons of a case study included."""
    texts: list[str] = []
    for field in page._meta.fields:
        if field.name in HIDDEN:
            continue
        value = field.value_from_object(page)
        if isinstance(field, StreamField):
            texts += field.get_searchable_content(value)
        elif isinstance(field, models.TextField) and value:
            texts.append(TAG.sub(" ", value))
    if hasattr(page, "lessons"):
        prefetch_related_objects([page], "lessons")  # the page shows them too
        texts += [lesson.text for lesson in page.lessons.all()]
    return sum(len(str(text).split()) for text in texts)


def reading_time(page) -> int:
    """Minutes needed to read `page`, rounded up; never less than one."""
    return max(1, math.ceil(words(page) / PACE))

"""The part of an address that a title becomes, the same wherever a title is given."""

import unicodedata

from anyascii import anyascii
from django.utils.text import slugify as django_slugify
from wagtail.admin.widgets import SlugInput

from search.accents import strip_excess_accents

# What the browser's own downcoding drops; the server reads every letter by `anyascii`.
BROWSER_LETTERS = [("œ", "oe"), ("Œ", "OE")]


def slugify(text: str, *, fallback: str = "") -> str:
    """`text` as Django's slug, but with its letters written out: « Œufs » gives « oeufs ».

    Django drops each letter that is no ASCII letter with an accent: ligatures, ß, ø, ł, other
    scripts. Signs stay dropped. `fallback` is returned for a text without letter nor digit.
    """
    letters = unicodedata.normalize("NFKD", strip_excess_accents(text))
    plain = "".join(
        anyascii(sign) if not sign.isascii() and sign.isalnum() else sign for sign in letters
    )
    return django_slugify(plain) or fallback


def free_slug(wanted: str, taken) -> str:
    """`wanted`, or `wanted-2`, `wanted-3`…: the first that is not in `taken`."""
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


class LetteredSlugInput(SlugInput):
    """Wagtail's field of a slug, whose browser side keeps the letters that `slugify` keeps."""

    def __init__(self, attrs=None, **options):
        options.setdefault("formatters", BROWSER_LETTERS)
        super().__init__(attrs, **options)

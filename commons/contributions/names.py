"""The name that a mail may greet with, when a stranger may have typed it for somebody else."""

import re
import unicodedata

from commons.contributions.rate_limits import looks_like_a_link
from search.accents import strip_excess_accents

LONGEST = 50
# Letters with their accents, joined by what names are joined by: no figure, no sentence.
NAME = re.compile(r"[^\W\d_]+(?:(?:['’.·-]|\.-|[.,]? )[^\W\d_]+){0,5}\.?")


def name_for_email(typed: str) -> str:
    """`typed` if it can only be a name, else nothing: no address, number, nor long sentence."""
    name = " ".join(unicodedata.normalize("NFKC", strip_excess_accents(typed)).split())
    apart = unicodedata.normalize("NFD", name)
    base_letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    if len(name) > LONGEST or not NAME.fullmatch(base_letters) or looks_like_a_link(name):
        return ""
    return name

"""The name to greet with in an e-mail, where a stranger may have typed name and address."""

import re
import unicodedata

from commons.contributions.rate_limits import looks_like_a_link
from search.accents import strip_excess_accents

LONGEST = 50
# Letters with their accents, joined by what names are joined by: no figure, no sentence.
NAME = re.compile(r"[^\W\d_]+(?:(?:['’.·-]|\.-|[.,]? )[^\W\d_]+){0,5}\.?")


def name_for_email(typed: str) -> str:
    """`typed` if it looks like a name, else "": no link, number or long sentence is sent."""
    name = " ".join(unicodedata.normalize("NFKC", strip_excess_accents(typed)).split())
    apart = unicodedata.normalize("NFD", name)
    base_letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    if len(name) > LONGEST or not NAME.fullmatch(base_letters) or looks_like_a_link(name):
        return ""
    return name

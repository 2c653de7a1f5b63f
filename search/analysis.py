"""An entry in the words of the index, the same for every database.

A stem is kept at the best level where it stands: title, then summary, headings and tags, then body;
and besides in `often` when the body speaks much of it. These four facts are all that ranking knows
of a word in a page, so that every database puts pages in the same order.
"""

from collections import Counter
from dataclasses import dataclass

from search.aloud import Aloud
from search.analyzer import forms_to_index, known_words
from search.extract import Entry

LEVELS = ("title", "heads", "often", "body")
OFTEN = 3  # times in a body of up to `SHORT` words; more in a longer one
SHORT = 400


@dataclass(frozen=True)
class Prepared:
    """Stems of each of `LEVELS`; the words of the title as written.

    `known` holds the words that a typing error may be nearest to, with their stems.
    """

    page_id: int
    language: str
    levels: tuple[frozenset[str], ...]
    words: str
    known: dict[str, str]


def prepare(entry: Entry, aloud: Aloud) -> Prepared:
    """`aloud` is the list of acronyms in the language of the entry."""
    language = entry.language
    title = forms_to_index(entry.title, language)
    heads = forms_to_index(f"{entry.summary}\n{entry.headings}\n{entry.tags}", language)
    body = forms_to_index(f"{entry.keywords}\n{entry.body}", language)
    in_title = frozenset(aloud.stems(title))
    in_heads = frozenset(aloud.stems(heads)) - in_title
    counted = Counter(aloud.stems(body))
    letters = sum(times for stem, times in counted.items() if not stem[0].isdigit())
    enough = OFTEN * max(1.0, letters / SHORT)
    often = frozenset(stem for stem, times in counted.items() if times >= enough)
    return Prepared(
        page_id=entry.page_id,
        language=language,
        levels=(in_title, in_heads, often, counted.keys() - in_title - in_heads - often),
        words=" ".join(title),
        known=known_words((*title, *heads, *body), language),
    )

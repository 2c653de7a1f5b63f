"""An entry in the terms of the index, the same for every database.

A stem is kept at the best level where it stands: title, then summary, headings and tags, then body;
and besides in `often` when the body repeats it. These four facts are all that ranking knows of a
word in a page, so that every database puts pages in the same order.
"""

from collections import Counter
from dataclasses import dataclass

from search.analyzer import forms_to_index, vocabulary_words
from search.extract import Entry
from search.synonyms import Synonyms

LEVELS = ("title", "heads", "often", "body")
OFTEN = 3  # times in a body of up to `SHORT` words; more in a longer one
SHORT = 400


@dataclass(frozen=True)
class AnalyzedEntry:
    """The stems of each of `LEVELS`, and the words of the title as written.

    `vocabulary` holds the words that may correct a misspelt one, with their stems.
    """

    page_id: int
    language: str
    levels: tuple[frozenset[str], ...]
    title_words: str
    vocabulary: dict[str, str]


def analyze(entry: Entry, synonyms: Synonyms) -> AnalyzedEntry:
    """`synonyms` is the list in the language of the entry."""
    language = entry.language
    title = forms_to_index(entry.title, language)
    headings = forms_to_index(f"{entry.summary}\n{entry.headings}\n{entry.tags}", language)
    body = forms_to_index(f"{entry.keywords}\n{entry.body}", language)
    in_title = frozenset(synonyms.index_terms(title))
    in_headings = frozenset(synonyms.index_terms(headings)) - in_title
    counts = Counter(synonyms.index_terms(body))
    length = sum(count for term, count in counts.items() if not term[0].isdigit())
    threshold = OFTEN * max(1.0, length / SHORT)
    often = frozenset(term for term, count in counts.items() if count >= threshold)
    return AnalyzedEntry(
        page_id=entry.page_id,
        language=language,
        levels=(in_title, in_headings, often, counts.keys() - in_title - in_headings - often),
        title_words=" ".join(title),
        vocabulary=vocabulary_words((*title, *headings, *body), language),
    )

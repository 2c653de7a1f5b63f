"""An entry in the words of the index, the same for every database."""

from dataclasses import dataclass

from search.extract import Entry
from search.words import forms, known_words, stems


@dataclass(frozen=True)
class Prepared:
    """Stems of the title, of what counts nearly as much, and of the rest; the title as written.

    `known` holds the words that a typing error may be nearest to, with their stems.
    """

    page_id: int
    language: str
    title: str
    heads: str
    body: str
    words: str
    known: dict[str, str]


def prepare(entry: Entry) -> Prepared:
    language = entry.language
    title = forms(entry.title, language)
    heads = forms(f"{entry.summary}\n{entry.headings}", language)
    body = forms(f"{entry.keywords}\n{entry.body}", language)
    return Prepared(
        page_id=entry.page_id,
        language=language,
        title=stems(title, language),
        heads=stems(heads, language),
        body=stems(body, language),
        words=" ".join(title),
        known=known_words((*title, *heads, *body), language),
    )

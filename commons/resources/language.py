"""Classify a page by its language when it is published."""

from commons.pages.models import ContributedPage
from commons.pages.untranslated import language_to_file
from commons.resources.models import ExternalResource
from commons.taxonomy.models import Classification, Term, Vocabulary


def file_under_language(page: ContributedPage, *, only: list[str] | None = None) -> None:
    """Give a page about to be saved as published its language, with its other terms.

    Our own pages take the language of their tree, or of their source while untranslated; an
    external resource keeps the language that its editor chose.
    Before the save, since search reads the page while it is saved: a term added afterwards would
    be on the page and in no list. `only`: the fields that are saved, where not all are.
    """
    if not page.live or only is not None:
        return
    classifications = list(page.classifications.select_related("term"))
    language_rows = [row for row in classifications if row.term.vocabulary == Vocabulary.LANGUAGE]
    if isinstance(page, ExternalResource) and language_rows:
        return
    language = language_to_file(page)
    if [row.term.slug for row in language_rows] == [language]:
        return
    own = Term.objects.canonical().filter(vocabulary=Vocabulary.LANGUAGE, slug=language)
    others = [row for row in classifications if row not in language_rows]
    page.classifications = [*others, *(Classification(term=term) for term in own)]

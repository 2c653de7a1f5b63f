"""Create a draft question from a search query that had no result."""

from django.db import transaction
from django.utils.text import capfirst

from commons.resources.models import LibraryPage, Question
from search.models import Gap


def library_of(gap: Gap) -> LibraryPage | None:
    """The library in the language of the search, or in the site's first one."""
    libraries = LibraryPage.objects.order_by("pk")
    return libraries.filter(locale__language_code=gap.language).first() or libraries.first()


@transaction.atomic
def start_question(gap: Gap, library: LibraryPage, *, author) -> Question:
    """Create a draft question titled with the query, and delete the record of the query."""
    # Two children added at once would get the same place in the tree.
    library = LibraryPage.objects.select_for_update(of=("self",)).get(pk=library.pk)
    page = Question(
        title=capfirst(gap.words), live=False, locale=library.locale, owner=author, summary=""
    )
    library.add_child(instance=page)
    # Nothing is written yet: a draft needs no more than its title.
    page.save_revision(user=author, log_action=True, clean=False)
    gap.delete()
    return page

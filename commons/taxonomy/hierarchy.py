"""Rules of the term tree: valid parents, moving a term, whether it may be deleted."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.refused import Refused
from commons.taxonomy.models import Classification, Term
from search.index import refresh


def check_parent(term: Term, parent: Term | None) -> None:
    """Refuse a parent of another list or language, and a term that would stand above itself."""
    if parent is None:
        return
    if parent.vocabulary != term.vocabulary:
        raise Refused(_("Le terme parent doit appartenir à la même liste."))
    if parent.locale_id != term.locale_id:
        raise Refused(_("Le terme parent doit être dans la même langue."))
    if term.pk and term.pk in {step.pk for step in ancestors(parent, inclusive=True)}:
        raise Refused(_("Un terme ne peut pas être rangé sous lui-même."))


def ancestors(term: Term | None, *, inclusive: bool = False) -> list[Term]:
    """The terms above `term`, nearest first; stops if the parents form a cycle."""
    above: list[Term] = []
    current = term if inclusive or term is None else term.parent
    while current is not None and current not in above:
        above.append(current)
        current = current.parent
    return above


@transaction.atomic
def reparent(term: Term, *, parent: Term | None) -> int:
    """Move `term` under `parent`; returns how many pages were reclassified.

    A page loses the ancestors that only this term gave it, and gains the new ones.
    """
    term = Term.objects.select_for_update().get(pk=term.pk)
    check_parent(term, parent)
    before = ancestors(term)
    term.parent = parent
    term.save(update_fields=["parent"])
    after = ancestors(term)
    gone = [step for step in before if step not in after]
    pages = set(Classification.objects.filter(term=term).values_list("page_id", flat=True))
    for step in gone:
        _declassify(pages, step)
    Classification.objects.bulk_create(
        [Classification(page_id=page, term=step) for page in pages for step in after],
        ignore_conflicts=True,
    )
    refresh(pages)
    return len(pages)


def _declassify(pages: set[int], term: Term) -> None:
    """Take `term` from the pages that have none of its children."""
    kept = Classification.objects.filter(page__in=pages, term__parent=term).values("page")
    Classification.objects.filter(page__in=pages, term=term).exclude(page__in=kept).delete()


def check_unused(term: Term) -> None:
    """Raise Refused if pages are classified by `term` or if it has children."""
    pages = term.classifications.count()
    if pages:
        raise Refused(
            ngettext(
                "« %(name)s » classe encore %(count)d page : reclassez-la d’abord.",
                "« %(name)s » classe encore %(count)d pages : reclassez-les d’abord.",
                pages,
            )
            % {"name": term.name, "count": pages}
        )
    if term.children.exists():
        raise Refused(
            _("« %(name)s » contient d’autres termes : déplacez-les d’abord.") % {"name": term.name}
        )

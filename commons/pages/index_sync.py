"""Keep search true when what pages are filed under changes its name: terms and tags."""

from taggit.models import Tag

from commons.pages.models import PageTag
from commons.taxonomy.models import Classification, Term
from search import contract, index


def rename_term(term: Term) -> None:
    """Before `term` is saved: filters follow its new identifier at once, on however many pages."""
    before = Term.objects.filter(pk=term.pk).first()
    if before is not None:
        old, new = (f"{t.vocabulary}:{t.slug}" for t in (before, term))
        contract.rename_label(old, new)


def refile(term: Term) -> None:
    """After `term` was saved: its pages are found by its name, those in other languages too."""
    filed = Classification.objects.filter(term__translation_key=term.translation_key)
    index.refresh(filed.values_list("page_id", flat=True))


def rename_tag(tag: Tag) -> None:
    before = Tag.objects.filter(pk=tag.pk).first()
    if before is not None:
        contract.rename_label(f"tag:{before.slug}", f"tag:{tag.slug}")


def retag(tag: Tag) -> None:
    index.refresh(PageTag.objects.filter(tag=tag).values_list("content_object_id", flat=True))


def untag(tag: Tag) -> None:
    """Before `tag` is deleted: no page can be filtered by it any more."""
    contract.rename_label(f"tag:{tag.slug}", "")

"""The language that a resource is filed under."""

from django.db import transaction
from wagtail.models import Page

from commons.pages.models import ContributedPage
from commons.resources.models import ExternalResource
from commons.taxonomy.models import Classification, Term, Vocabulary


@transaction.atomic
def file_under_language(page: Page) -> None:
    """What is written here is in the language of its tree; what is elsewhere, as its editor said.

    Called at each publication: a translation starts with the classification of its source.
    """
    if not isinstance(page, ContributedPage):
        return
    filed = Classification.objects.filter(page=page, term__vocabulary=Vocabulary.LANGUAGE)
    if isinstance(page, ExternalResource) and filed.exists():
        return
    spoken = Term.objects.canonical().filter(
        vocabulary=Vocabulary.LANGUAGE, slug=page.locale.language_code
    )
    filed.exclude(term__in=spoken).delete()
    for term in spoken:
        Classification.objects.get_or_create(page_id=page.pk, term=term)

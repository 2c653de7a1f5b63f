"""Proposals to the library, and what stands under a resource; pages are Wagtail's."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from commons.contributions.urls import proposals
from commons.pages.section_addresses import under_section
from commons.resources import views
from commons.resources.contribution_forms import (
    ArticleForm,
    CaseStudyForm,
    ExternalResourceForm,
    QuestionForm,
)
from commons.resources.models import LibraryPage

urlpatterns = [
    under_section(
        LibraryPage,
        _("se-documenter/proposer/"),
        proposals(LibraryPage, ExternalResourceForm, CaseStudyForm, ArticleForm, QuestionForm),
    ),
    path(_("<path:path>/citer/"), views.cite, name="cite"),
]

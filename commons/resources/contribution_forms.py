"""The forms by which people propose resources, with the few fields that they can fill in."""

from typing import ClassVar

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import (
    ContributionForm,
    FormattedField,
    LinesField,
    WebAddressField,
)
from commons.pages.formatting import blocks_from_text, html_from_text
from commons.pages.visibility import visible_pages
from commons.resources.case_study import CaseOrganisation, CaseStudy, Lesson
from commons.resources.external_resource import existing_resource
from commons.resources.models import Article, ExternalResource, Question


class ExternalResourceForm(ContributionForm):
    kind = "ressource-externe"
    choice = _("Une ressource qui existe ailleurs")
    invitation = _("Un site, un outil, un document ou une vidéo qui vous a servi.")

    url = WebAddressField(
        label=_("Adresse de la page"),
        help_text=_("Par exemple https://exemple.org/guide"),
    )
    text = FormattedField(label=_("Ce que l’on y trouve"), required=False, rows=6)

    class Meta:
        model = ExternalResource
        fields = ["url", "title", "summary", "publisher", "format", "price", "credit"]
        formsets: ClassVar[list] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["publisher"].label = _("Qui la publie ?")

    def clean_url(self):
        url = self.cleaned_data["url"]
        resource = existing_resource(url, exclude=self.instance.pk)
        if resource is None:
            return url
        self.existing_page = visible_pages(AnonymousUser()).filter(pk=resource.pk).first()
        if self.existing_page is None:
            raise forms.ValidationError(
                _("Cette adresse a déjà été proposée : elle est en lecture.")
            )
        raise forms.ValidationError(_("Cette adresse est déjà dans la bibliothèque."))

    def fill(self, page):
        page.body = blocks_from_text(self.cleaned_data["text"])


class CaseStudyForm(ContributionForm):
    kind = "etude-de-cas"
    choice = _("Une expérience à raconter")
    invitation = _("Ce que vous avez fait, ce qui a marché, ce qui a coincé.")

    organisation = forms.CharField(label=_("Qui porte le projet ?"), max_length=200, required=False)
    commune = forms.CharField(label=_("Commune"), max_length=120, required=False)
    context = FormattedField(label=_("Comment cela a commencé"), rows=6)
    actions = FormattedField(label=_("Ce qui a été fait"), rows=8, help_text="")
    results = FormattedField(label=_("Ce que cela a donné"), rows=6, required=False, help_text="")
    difficulties = LinesField(label=_("Les difficultés"))
    solutions = LinesField(label=_("Les solutions trouvées"))
    success_factors = LinesField(label=_("Ce qui a aidé à réussir"))

    class Meta:
        model = CaseStudy
        fields = ["title", "summary", "start_year", "place", "credit"]
        formsets: ClassVar[list] = []

    field_order = [
        *("title", "summary", "organisation", "commune", "place", "start_year"),
        *("context", "actions", "results", "difficulties", "solutions", "success_factors"),
    ]

    def fill(self, page):
        values = self.cleaned_data
        for name in ("context", "actions", "results"):
            setattr(page, name, html_from_text(values[name]))
        if values["organisation"] or values["commune"]:
            name = values["organisation"] or values["title"]
            page.organisations = [CaseOrganisation(name=name[:200], commune=values["commune"])]
        page.lessons = [
            Lesson(kind=kind, text=text, locale=page.locale)
            for kind, name in (
                (Lesson.Kind.DIFFICULTY, "difficulties"),
                (Lesson.Kind.SOLUTION, "solutions"),
                (Lesson.Kind.SUCCESS_FACTOR, "success_factors"),
            )
            for text in values[name]
        ]


class ArticleForm(ContributionForm):
    kind = "article"
    choice = _("Un article")
    invitation = _("Une actualité, une analyse, un savoir-faire à partager.")

    text = FormattedField(label=_("Votre texte"), rows=16, max_length=60_000)

    class Meta:
        model = Article
        fields = ["title", "summary", "credit"]
        formsets: ClassVar[list] = []

    def fill(self, page):
        page.body = blocks_from_text(self.cleaned_data["text"])


class QuestionForm(ContributionForm):
    kind = "question"
    choice = _("Une question et sa réponse")
    invitation = _("Une question que l’on vous pose souvent, avec la réponse que vous donnez.")

    answer = FormattedField(label=_("La réponse, en quelques phrases"), rows=6, max_length=3_000)
    text = FormattedField(label=_("Pour aller plus loin"), rows=8, required=False, help_text="")

    class Meta:
        model = Question
        fields = ["title", "summary", "contact", "credit"]
        formsets: ClassVar[list] = []

    field_order = ["title", "summary", "answer", "text", "contact"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("La question")
        self.fields["contact"].widget.attrs["rows"] = 2
        self.fields["contact"].label = _("Qui peut aider ?")
        self.fields["contact"].help_text = _("Une structure ou un service, pas une adresse privée.")

    def fill(self, page):
        page.short_answer = html_from_text(self.cleaned_data["answer"])
        page.body = blocks_from_text(self.cleaned_data["text"])

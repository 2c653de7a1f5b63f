"""The library and its shorter page types; the longer ones have a module each."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from commons.pages.blocks import INLINE, BodyBlock, ChapterBlock, ComparisonBlock, ShortItemsBlock
from commons.pages.models import (
    CONTRIBUTED,
    ContributedPage,
    VisiblePageManager,
    tabs,
)
from commons.resources.case_study import CaseStudy  # noqa: F401
from commons.resources.external_resource import ExternalResource  # noqa: F401
from commons.resources.forms import GuidePageForm
from commons.resources.listing import LIBRARY
from commons.resources.recording import Recording  # noqa: F401
from search.config import Searched


class LibraryPage(Page):
    """*Se documenter*: the parent of every resource, with search, facets and feed."""

    lead = models.TextField(_("Accroche"), max_length=400)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    searched = Searched(summary="lead")
    filed_by_theme = True  # a search without result leads there
    objects = VisiblePageManager()
    parent_page_types = ["pages.HomePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("bibliothèque")
        verbose_name_plural = _("bibliothèques")

    @property
    def shelving(self):
        return LIBRARY

    def get_context(self, request, *args, **kwargs):
        from commons.pages.browsing import browse  # noqa: PLC0415 - a page type names its view
        from commons.pages.page_views import client_address  # noqa: PLC0415 - a page type names its view

        base = self.get_url(request)
        browsed = browse(
            self,
            self.shelving,
            request.GET,
            user=request.user,
            source=client_address(request),
        )
        context = super().get_context(request, *args, **kwargs)
        return {**context, **browsed, "base": base, "feed": f"{base}flux.xml{browsed['here']}"}


class Article(ContributedPage):
    """News, background or analysis."""

    body = StreamField(BodyBlock(), verbose_name=_("Contenu"))

    page_description = _("Une actualité, une analyse : un texte à lire d’un trait.")
    edit_handler = tabs(FieldPanel("body"))
    search_fields = [*ContributedPage.search_fields, index.SearchField("body")]
    searched = CONTRIBUTED.also("body")
    parent_page_types = ["resources.LibraryPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class Guide(ContributedPage):
    """Ordered chapters on one page, with the essentials first and a checklist last."""

    in_short = StreamField(ShortItemsBlock(), verbose_name=_("En bref"), blank=True)
    chapters = StreamField([("chapter", ChapterBlock())], verbose_name=_("Chapitres"))
    checklist = StreamField(ShortItemsBlock(), verbose_name=_("À vérifier"), blank=True)
    legal_warning = models.TextField(_("Avertissement juridique"), blank=True, max_length=600)
    legal_date = models.DateField(_("Droit vérifié le"), null=True, blank=True)

    page_description = _("Une marche à suivre : en bref, des chapitres, une liste à cocher.")
    base_form_class = GuidePageForm
    edit_handler = tabs(
        FieldPanel("in_short"),
        FieldPanel("chapters"),
        FieldPanel("checklist"),
        MultiFieldPanel(
            [FieldPanel("legal_warning"), FieldPanel("legal_date")], heading=_("Droit")
        ),
    )
    search_fields = [
        *ContributedPage.search_fields,
        index.SearchField("in_short"),
        index.SearchField("chapters"),
        index.SearchField("checklist"),
    ]
    searched = CONTRIBUTED.also("in_short", "chapters", "checklist", "legal_warning")
    parent_page_types = ["resources.LibraryPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")


class GenericModel(ContributedPage):
    """A way of doing, drawn from cases, that others can take up."""

    definition = RichTextField(_("Définition"), features=["ul", *INLINE])
    characteristics = RichTextField(
        _("Caractéristiques"), features=["h3", "ul", *INLINE], blank=True
    )
    modules = StreamField([("chapter", ChapterBlock())], verbose_name=_("Modules"), blank=True)
    comparison = StreamField(
        [("row", ComparisonBlock())], verbose_name=_("Comparaison"), blank=True
    )
    obstacles = StreamField(ShortItemsBlock(), verbose_name=_("Freins"), blank=True)
    levers = StreamField(ShortItemsBlock(), verbose_name=_("Leviers"), blank=True)
    sources = RichTextField(_("Sources"), features=["ul", *INLINE], blank=True)

    page_description = _("Une façon de faire tirée de plusieurs cas, à reprendre.")
    edit_handler = tabs(
        *(
            FieldPanel(name)
            for name in (
                "definition",
                "characteristics",
                "modules",
                "comparison",
                "obstacles",
                "levers",
                "sources",
            )
        )
    )
    search_fields = [
        *ContributedPage.search_fields,
        index.SearchField("definition"),
        index.SearchField("characteristics"),
        index.SearchField("modules"),
        index.SearchField("obstacles"),
        index.SearchField("levers"),
    ]
    searched = CONTRIBUTED.also(
        *("definition", "characteristics", "modules", "comparison", "obstacles", "levers")
    )
    parent_page_types = ["resources.LibraryPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("modèle générique")
        verbose_name_plural = _("modèles génériques")


class Question(ContributedPage):
    """A recurring question, its short dependable answer, and where to go next."""

    short_answer = RichTextField(_("Réponse courte"), features=["ul", *INLINE])
    body = StreamField(BodyBlock(), verbose_name=_("Pour aller plus loin"), blank=True)
    contact = models.TextField(_("Qui appeler"), max_length=400, blank=True)
    on_home = models.BooleanField(_("Proposer à l’accueil"), default=False, db_index=True)

    page_description = _("Une question qui revient souvent : sa réponse courte, puis où aller.")
    edit_handler = tabs(
        FieldPanel("short_answer"),
        FieldPanel("body"),
        FieldPanel("contact"),
        FieldPanel("on_home"),
    )
    search_fields = [
        *ContributedPage.search_fields,
        index.SearchField("short_answer"),
        index.SearchField("body"),
    ]
    searched = CONTRIBUTED.also("short_answer", "body", "contact")
    parent_page_types = ["resources.LibraryPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")

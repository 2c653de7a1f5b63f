"""Home, sections, plain pages, and what every contributed page is."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from commons.pages.blocks import INLINE, BodyBlock
from commons.pages.forms import ClassifiedPageForm, PublishedPageForm
from commons.pages.site_settings import SiteDetails  # noqa: F401
from commons.pages.visibility import VisibleQuerySet
from commons.taxonomy.classification import names_of
from commons.taxonomy.models import COMMON, Vocabulary
from search.config import Filing, Searched

VisiblePageManager = PageManager.from_queryset(VisibleQuerySet)


def publication_panel() -> MultiFieldPanel:
    """When the page appears and goes: in the form itself, in one step with « Publier »."""
    return MultiFieldPanel(
        [
            HelpPanel(
                _(
                    "Laissez vide pour publier tout de suite. Sinon, choisissez le jour et "
                    "l’heure. Puis, en bas, ouvrez la flèche à côté d’« Enregistrer le "
                    "brouillon » et cliquez sur « Publier » : la page paraîtra ce jour-là."
                )
            ),
            FieldRowPanel([FieldPanel("go_live_at"), FieldPanel("expire_at")]),
        ],
        heading=_("Quand publier"),
    )


def help_panel(chapter: str) -> HelpPanel:
    """A link to this chapter of the team's guide."""
    return HelpPanel(chapter, template="pages/admin/help_link.html")


class HomePage(Page):
    """The front door: what this is, the recurring questions, what is new, how to take part."""

    lead = models.TextField(_("Accroche"), max_length=400)
    contribute = RichTextField(_("Comment contribuer"), features=INLINE, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("contribute")]
    searched = None  # one is on it, or a click away
    objects = VisiblePageManager()
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("page d’accueil")
        verbose_name_plural = _("pages d’accueil")


class PlainPage(Page):
    """A page of the site itself: about, legal notice, privacy, accessibility."""

    summary = models.TextField(_("Résumé"), max_length=300, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Contenu"), blank=True)
    in_footer = models.BooleanField(_("Afficher en pied de page"), default=False)

    page_description = _("Une page du site lui-même : à propos, mentions légales, vie privée.")
    base_form_class = PublishedPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        publication_panel(),
    ]
    promote_panels = [*Page.promote_panels, FieldPanel("in_footer")]
    settings_panels: list = []
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    searched = Searched(summary="summary", body=["body"])
    objects = VisiblePageManager()
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("page simple")
        verbose_name_plural = _("pages simples")


class SectionPage(Page):
    """One of the site's great parts; it introduces and lists its own children."""

    lead = models.TextField(_("Accroche"), max_length=400)
    body = StreamField(BodyBlock(), verbose_name=_("Contenu"), blank=True)

    page_description = _("Une grande partie du site, qui présente et range d’autres pages.")
    base_form_class = PublishedPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        publication_panel(),
    ]
    settings_panels: list = []
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    searched = Searched(summary="lead", body=["body"])
    objects = VisiblePageManager()
    parent_page_types = ["pages.HomePage"]

    class Meta:
        verbose_name = _("rubrique")
        verbose_name_plural = _("rubriques")


class PageTag(TaggedItemBase):
    content_object = ParentalKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="tagged_items"
    )


class PageAuthor(Orderable):
    """A member credited for a page, with their consent."""

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="page_authors")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="credits"
    )

    panels = [FieldPanel("member")]


class RelatedPage(Orderable):
    """A link that an editor chose between two pages."""

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="related_links")
    target = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("Page"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("target")]


class UntranslatedText(models.Model):
    """A translation of which the text, or a part, is still that of its source: readers are told.

    `language` is that of the whole text, which an editor leaves so on purpose; empty where a part
    only is not translated.
    """

    public = True  # see commons/cache_invalidation.py

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="untranslated_text"
    )
    language = models.CharField(max_length=12, blank=True)

    def __str__(self):
        return f"{self.page_id} · {self.language}"


class Licence(models.TextChoices):
    CC_BY_SA = "CC BY-SA 4.0", _("Creative Commons Attribution, partage à l’identique 4.0")
    CC_BY = "CC BY 4.0", _("Creative Commons Attribution 4.0")
    CC0 = "CC0 1.0", _("Creative Commons Zéro (domaine public)")
    ETALAB = "Etalab 2.0", _("Licence ouverte Etalab 2.0")
    RESERVED = "©", _("Tous droits réservés")


CONTRIBUTED = Searched(
    summary="summary",
    reviewed="reviewed_on",
    prefetch=["classifications__term", "tagged_items__tag"],
)


class ContributedPage(Page):
    """What everyone may propose and correct: classified, credited, licensed, dated for review."""

    summary = models.TextField(
        _("Résumé"),
        max_length=300,
        help_text=_("Une ou deux phrases : ce que la personne va y trouver."),
    )
    cover = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("Image de couverture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cover_alt = models.CharField(
        _("Texte de remplacement de l’image"),
        max_length=200,
        blank=True,
        help_text=_("Décrivez l’image pour qui ne la voit pas. Vide si elle est décorative."),
    )
    credit = models.CharField(_("Crédit"), max_length=200, blank=True)
    licence = models.CharField(
        _("Licence"), max_length=20, choices=Licence, default=Licence.CC_BY_SA
    )
    reviewed_on = models.DateField(_("Relu le"), null=True, blank=True)
    next_review_on = models.DateField(
        _("À relire avant le"),
        null=True,
        blank=True,
        help_text=_("Passé ce jour, la page prévient que l’information a pu changer."),
    )
    editor_note = models.TextField(
        _("Note interne"), blank=True, help_text=_("Jamais publiée. Visible de l’équipe seulement.")
    )
    tags = ClusterTaggableManager(through=PageTag, blank=True, verbose_name=_("Étiquettes"))

    # Each type adds its own text: `searched = CONTRIBUTED.also("body")`.
    searched = CONTRIBUTED
    objects = VisiblePageManager()
    base_form_class = ClassifiedPageForm
    # Whether it has a kind of meeting, and sessions in the agenda.
    dated = False
    # Which vocabularies the admin form and the page itself offer, beyond the common ones.
    grid: list[str] = []
    # Where its text comes from, among its credits.
    origin = _("Écrite pour le commun")

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("credit"),
    ]
    settings_panels = [FieldPanel("editor_note")]
    # Names are not translated; an editor may still override them in one language.
    override_translatable_fields = [
        SynchronizedField("credit"),
        SynchronizedField("editor_note", overridable=False),
    ]

    search_origin = "commun"  # whether it was written here: see `resources.listing`

    class Meta:
        abstract = True

    @property
    def review_overdue(self) -> bool:
        """Whether the date before which the page should have been read again is past."""
        return bool(self.next_review_on and self.next_review_on < timezone.localdate())

    def search_filing(self) -> Filing:
        """What lists filter and count this page by, the names of that, and the tags."""
        filed, tagged = list(self.classifications.all()), list(self.tagged_items.all())
        prefetch_related_objects(filed, "term")
        prefetch_related_objects(tagged, "tag")
        terms, tags = [row.term for row in filed], [row.tag for row in tagged]
        labels = [*(f"{t.vocabulary}:{t.slug}" for t in terms), *(f"tag:{t.slug}" for t in tags)]
        names = [*names_of(terms, self.locale_id), self.credit]
        labels.append(f"origin:{self.search_origin}")
        return Filing(labels, names, [tag.name for tag in tags])

    def clean(self):
        super().clean()
        if self.reviewed_on and self.next_review_on and self.next_review_on < self.reviewed_on:
            raise ValidationError(
                {"next_review_on": _("La prochaine relecture vient après la dernière.")}
            )


def identity_panels() -> list:
    """Title, summary and cover, the same for every contributed page."""
    return [
        help_panel("ecrire-une-page"),
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [FieldPanel("cover"), FieldPanel("cover_alt")], heading=_("Image de couverture")
        ),
    ]


def classification_panels(vocabularies) -> list:
    """Check boxes by vocabulary, the long list of territories folded; parents add themselves."""
    return [
        HelpPanel(_("Cochez le plus précis : les termes parents s’ajoutent tout seuls.")),
        *(
            FieldPanel(
                f"terms_{vocabulary}",
                classname="collapsed" if vocabulary == Vocabulary.TERRITORY else "",
            )
            for vocabulary in vocabularies
        ),
        FieldPanel("tags"),
    ]


def credit_panels() -> list:
    """Who wrote it, under which licence, when it was read and when it must be read again."""
    return [
        FieldRowPanel([FieldPanel("credit"), FieldPanel("licence")]),
        InlinePanel("page_authors", heading=_("Membres crédités"), label=_("Membre")),
        FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("next_review_on")]),
        MultipleChooserPanel(
            "related_links", chooser_field_name="target", heading=_("Pages liées"), label=_("Page")
        ),
    ]


def tabs(*content) -> TabbedInterface:
    """The admin form of a contributed page, in four tabs."""
    return TabbedInterface(
        [
            ObjectList([*identity_panels(), *content, publication_panel()], heading=_("Contenu")),
            ObjectList(classification_panels(COMMON), heading=_("Classement")),
            ObjectList(credit_panels(), heading=_("Crédits et relecture")),
            ObjectList(
                [*ContributedPage.promote_panels, *ContributedPage.settings_panels],
                heading=_("Réglages"),
            ),
        ]
    )

"""The case study: a programme, its organisations, nine narrative parts, lessons as short items."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)
from wagtail.fields import RichTextField
from wagtail.models import Orderable, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from commons.pages.blocks import INLINE
from commons.pages.models import (
    CONTRIBUTED,
    ContributedPage,
    classification_panels,
    credit_panels,
    identity_panels,
    publication_panel,
)
from commons.resources.forms import CaseStudyPageForm
from commons.taxonomy.models import COMMON, GRID

NARRATIVE = {
    "context": _("Origine et contexte"),
    "objectives": _("Objectifs"),
    "actions": _("Actions mises en œuvre"),
    "results": _("Résultats et impacts"),
    "originality": _("Originalité"),
    "partnerships": _("Partenariats"),
    "improvements": _("Améliorations possibles"),
    "research_ideas": _("Idées de recherche"),
    "further_reading": _("Pour en savoir plus"),
}


def narrative(name: str) -> RichTextField:
    return RichTextField(NARRATIVE[name], features=["h3", "ul", "ol", *INLINE], blank=True)


class CaseStudy(ContributedPage):
    """An initiative described by the whole RESOLIS grid."""

    start_year = models.PositiveSmallIntegerField(
        _("Année de démarrage"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2100)],
    )
    start_month = models.PositiveSmallIntegerField(
        _("Mois de démarrage"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    place = models.CharField(_("Lieu de réalisation"), max_length=200, blank=True)
    budget_amount = models.DecimalField(
        _("Budget"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    budget_currency = models.CharField(
        _("Monnaie"),
        max_length=3,
        blank=True,
        help_text=_("Code à trois lettres (EUR, CHF…). Vide si elle n’est pas connue."),
    )
    funding = models.TextField(_("Financement"), max_length=600, blank=True)
    context = narrative("context")
    objectives = narrative("objectives")
    actions = narrative("actions")
    results = narrative("results")
    originality = narrative("originality")
    partnerships = narrative("partnerships")
    improvements = narrative("improvements")
    research_ideas = narrative("research_ideas")
    further_reading = narrative("further_reading")
    committee_date = models.DateField(_("Lecture du comité"), null=True, blank=True)
    committee_opinion = models.TextField(_("Avis du comité"), max_length=600, blank=True)

    override_translatable_fields = [
        *ContributedPage.override_translatable_fields,
        SynchronizedField("place"),
        SynchronizedField("budget_currency", overridable=False),
    ]
    page_description = _("Une initiative racontée de bout en bout, avec ses chiffres et leçons.")
    base_form_class = CaseStudyPageForm
    grid = GRID
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *identity_panels(),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel("start_month"), FieldPanel("start_year")]),
                            FieldPanel("place"),
                            FieldRowPanel(
                                [FieldPanel("budget_amount"), FieldPanel("budget_currency")]
                            ),
                            FieldPanel("funding"),
                        ],
                        heading=_("Programme"),
                    ),
                    InlinePanel("organisations", heading=_("Structures"), label=_("Structure")),
                    MultiFieldPanel([FieldPanel(name) for name in NARRATIVE], heading=_("Récit")),
                    InlinePanel("lessons", heading=_("Retour d’expérience"), label=_("Élément")),
                    MultipleChooserPanel(
                        "inspirations",
                        chooser_field_name="source",
                        heading=_("Inspirée de"),
                        label=_("Étude de cas"),
                    ),
                    publication_panel(),
                ],
                heading=_("Contenu"),
            ),
            ObjectList(classification_panels(COMMON), heading=_("Classement")),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("committee_date"), FieldPanel("committee_opinion")]),
                    *(FieldPanel(f"terms_{vocabulary}") for vocabulary in GRID),
                ],
                heading=_("Grille"),
            ),
            ObjectList(credit_panels(), heading=_("Crédits et relecture")),
            ObjectList(
                [*ContributedPage.promote_panels, *ContributedPage.settings_panels],
                heading=_("Réglages"),
            ),
        ]
    )
    search_fields = [
        *ContributedPage.search_fields,
        *(index.SearchField(name) for name in NARRATIVE),
        index.SearchField("place"),
        index.RelatedFields("organisations", [index.SearchField("name")]),
        index.RelatedFields("lessons", [index.SearchField("text")]),
    ]
    searched = CONTRIBUTED.also(*NARRATIVE, "place", "organisations.name+commune", "lessons.text")
    parent_page_types = ["resources.LibraryPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("étude de cas")
        verbose_name_plural = _("études de cas")


class CaseOrganisation(Orderable):
    """A structure that carries the initiative; counts of people as the sheet gives them."""

    case_study = ParentalKey(CaseStudy, on_delete=models.CASCADE, related_name="organisations")
    name = models.CharField(_("Nom"), max_length=200)
    address = models.CharField(_("Adresse publique"), max_length=200, blank=True)
    postcode = models.CharField(_("Code postal"), max_length=12, blank=True)
    commune = models.CharField(_("Commune"), max_length=120, blank=True)
    employees = models.PositiveIntegerField(_("Personnes salariées"), null=True, blank=True)
    volunteers = models.PositiveIntegerField(_("Bénévoles"), null=True, blank=True)
    members = models.PositiveIntegerField(_("Adhésions"), null=True, blank=True)

    panels = [
        FieldPanel("name"),
        FieldPanel("address"),
        FieldRowPanel([FieldPanel("postcode"), FieldPanel("commune")]),
        FieldRowPanel([FieldPanel("employees"), FieldPanel("volunteers"), FieldPanel("members")]),
    ]

    def __str__(self):
        return self.name


class Lesson(TranslatableMixin, Orderable):
    """One difficulty, solution or success factor, in one or two sentences."""

    class Kind(models.TextChoices):
        DIFFICULTY = "difficulty", _("Difficulté")
        SOLUTION = "solution", _("Solution")
        SUCCESS_FACTOR = "success_factor", _("Facteur de réussite")

    case_study = ParentalKey(CaseStudy, on_delete=models.CASCADE, related_name="lessons")
    kind = models.CharField(_("Nature"), max_length=16, choices=Kind)
    text = models.TextField(_("Texte"), max_length=600)

    panels = [FieldPanel("kind"), FieldPanel("text")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self):
        return self.text


class Inspiration(Orderable):
    """The case study that this one says it was inspired by."""

    case_study = ParentalKey(CaseStudy, on_delete=models.CASCADE, related_name="inspirations")
    source = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="inspired")

    panels = [PageChooserPanel("source", "resources.CaseStudy")]

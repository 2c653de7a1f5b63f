"""The classification: one table of terms in several vocabularies, and the terms of pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import TranslatableMixin
from wagtail_localize.fields import SynchronizedField


class Vocabulary(models.TextChoices):
    """The lists that terms belong to; the values are also the names of the library's filters."""

    THEME = "theme", _("Thème")
    CHANNEL = "channel", _("Mode de vente")
    AUDIENCE = "audience", _("Profil")
    STAGE = "stage", _("Étape")
    NEED = "need", _("Besoin")
    TERRITORY = "territory", _("Territoire")
    LANGUAGE = "language", _("Langue")
    STRUCTURE_TYPE = "structure_type", _("Type de structure")
    BENEFICIARY = "beneficiary", _("Bénéficiaires")
    ACTION_TYPE = "action_type", _("Type d’action")
    DOMAIN = "domain", _("Domaine")
    SCOPE = "scope", _("Envergure")
    ACTOR_TYPE = "actor_type", _("Type d’acteur")
    OBJECTIVE = "objective", _("Objectif")
    FIELD_OF_ACTION = "field_of_action", _("Champ d’action")
    INSTRUMENT = "instrument", _("Outil d’intervention")
    APPRECIATION = "appreciation", _("Appréciation du comité")


# What every resource may be classified by, and what only a case study has (the RESOLIS grid).
COMMON = [
    Vocabulary.THEME,
    Vocabulary.CHANNEL,
    Vocabulary.AUDIENCE,
    Vocabulary.STAGE,
    Vocabulary.NEED,
    Vocabulary.TERRITORY,
    Vocabulary.LANGUAGE,
]
GRID = [vocabulary for vocabulary in Vocabulary if vocabulary not in COMMON]


class TermQuerySet(models.QuerySet):
    def canonical(self):
        """Terms in the site's first language: the only ones that pages point at."""
        return self.filter(locale__language_code="fr")


class TermManager(models.Manager.from_queryset(TermQuerySet)):
    def get_by_natural_key(self, language, vocabulary, slug):
        return self.get(locale__language_code=language, vocabulary=vocabulary, slug=slug)


class Term(TranslatableMixin):
    """One entry of a vocabulary; its translations share `slug`, so that filters never change."""

    public = True  # see commons/cache_invalidation.py

    vocabulary = models.CharField(_("Liste"), max_length=20, choices=Vocabulary)
    name = models.CharField(_("Nom"), max_length=160)
    slug = models.SlugField(_("Identifiant dans les adresses"), max_length=160)
    description = models.TextField(_("Description"), blank=True, max_length=1000)
    code = models.CharField(
        _("Code"), max_length=12, blank=True, help_text=_("Code INSEE ou ISO d’un territoire.")
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("Terme parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    sort_order = models.PositiveSmallIntegerField(_("Ordre"), default=0)

    objects = TermManager()
    # Addresses and filters are the same in every language.
    override_translatable_fields = [
        SynchronizedField("slug", overridable=False),
        SynchronizedField("code", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("terme de classement")
        verbose_name_plural = _("termes de classement")
        ordering = ["vocabulary", "sort_order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "vocabulary", "slug"], name="one_term_per_slug_and_language"
            )
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.locale.language_code, self.vocabulary, self.slug)


class Classification(models.Model):
    """A page is classified by the chosen terms and all their parents, in canonical form."""

    public = True  # see commons/cache_invalidation.py

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="classifications")
    term = models.ForeignKey(
        Term, on_delete=models.CASCADE, related_name="classifications", db_index=False
    )

    class Meta:
        # The last pages under a term, however many it has (see pages/related.py).
        indexes = [models.Index(fields=["term", "page"], name="pages_of_a_term")]
        constraints = [
            models.UniqueConstraint(fields=["page", "term"], name="one_classification_per_term")
        ]

    def __str__(self):
        return f"{self.page_id} · {self.term_id}"

"""A training, and who teaches or tells in it; its dates are sessions of the agenda."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from commons.agenda.card_notes import card_notes_of
from commons.agenda.models import Session
from commons.agenda.panels import SessionsPanel
from commons.agenda.places import places_of
from commons.pages.blocks import INLINE, BodyBlock
from commons.pages.credits import credited_members
from commons.pages.models import (
    CONTRIBUTED,
    ContributedPage,
    tabs,
)
from commons.trainings.date_facets import dates
from search.config import Filing


def with_dates(
    filing: Filing, page: ContributedPage, keys: Iterable, labels: list[str], kind: str
) -> Filing:
    """`filing` with these labels, its kind, and the dates of the trainings with these keys."""
    days = [page.first_published_at and page.first_published_at.date(), page.reviewed_on]
    when = dates(keys, fresh=max(filter(None, days), default=None))
    return replace(
        filing,
        labels=[*filing.labels, *labels, *when.labels],
        keywords=[*filing.keywords, kind],
        rank=when.rank,
        expires=when.expires,
    )


class Training(ContributedPage):
    """A webinar, workshop, course or farm visit, ours or somebody else's."""

    class Kind(models.TextChoices):
        WEBINAR = "webinar", _("Webinaire")
        WORKSHOP = "workshop", _("Atelier")
        COURSE = "course", _("Formation longue")
        FARM_VISIT = "farm_visit", _("Visite de ferme")

    class Price(models.TextChoices):
        FREE = "free", _("Gratuit")
        CHOSEN = "chosen", _("Prix libre")
        PAID = "paid", _("Payant")

    kind = models.CharField(_("Genre"), max_length=12, choices=Kind, default=Kind.WEBINAR)
    external_url = models.URLField(
        _("Adresse de la formation"),
        max_length=500,
        blank=True,
        help_text=_("Seulement si elle est organisée ailleurs : l’inscription s’y fait."),
    )
    organiser = models.CharField(_("Organisée par"), max_length=160, blank=True)
    objectives = RichTextField(_("Objectifs"), features=["ul", *INLINE])
    for_whom = models.TextField(_("Pour qui"), max_length=400, blank=True)
    programme = StreamField(BodyBlock(), verbose_name=_("Programme"), blank=True)
    prerequisites = models.TextField(_("Avant de venir"), max_length=400, blank=True)
    price = models.CharField(_("Prix"), max_length=10, choices=Price, default=Price.FREE)
    price_note = models.CharField(
        _("Précision sur le prix"),
        max_length=200,
        blank=True,
        help_text=_("Montant, prise en charge, tarif réduit."),
    )

    override_translatable_fields = [
        *ContributedPage.override_translatable_fields,
        SynchronizedField("organiser"),
    ]
    page_description = _("Un webinaire, un atelier, un stage, une visite, avec ses dates.")
    edit_handler = tabs(
        FieldRowPanel([FieldPanel("kind"), FieldPanel("price")]),
        FieldPanel("price_note"),
        MultiFieldPanel(
            [FieldPanel("organiser"), FieldPanel("external_url")], heading=_("Qui l’organise")
        ),
        FieldPanel("objectives"),
        FieldPanel("for_whom"),
        FieldPanel("programme"),
        FieldPanel("prerequisites"),
        InlinePanel("people", heading=_("Intervenants et témoins"), label=_("Personne")),
        SessionsPanel(),
    )
    search_fields = [
        *ContributedPage.search_fields,
        index.SearchField("objectives"),
        index.SearchField("programme"),
        index.SearchField("organiser"),
    ]
    searched = CONTRIBUTED.also(
        *("objectives", "for_whom", "programme", "organiser"),
        *("people.name+organisation", "places"),
    )
    dated = True
    telling = staticmethod(card_notes_of)
    parent_page_types = ["trainings.TrainingsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("formation")
        verbose_name_plural = _("formations")

    @property
    def is_external(self) -> bool:
        return bool(self.external_url)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return {**context, "sessions": list(Session.objects.of(self))}

    @property
    def places(self) -> list[str]:
        return places_of(self)

    @property
    def external_host(self) -> str:
        return (urlsplit(self.external_url).hostname or "").removeprefix("www.")

    @property
    def organised_by(self) -> str:
        """As was said, else the members who proposed it and agreed to be named."""
        return self.organiser or ", ".join(credited_members(self))

    @property
    def origin(self) -> str:
        return self.organised_by or _("Proposée par le commun")

    def search_filing(self) -> Filing:
        with override(self.locale.language_code):
            kind = str(self.get_kind_display())
        labels = [f"kind:{self.kind}", f"price:{self.price}"]
        return with_dates(super().search_filing(), self, [self.translation_key], labels, kind)

    def search_dependents(self) -> set[int]:
        """The series that it is a part of, in any language: their dates are those of its parts."""
        parts = Training.objects.filter(translation_key=self.translation_key)
        parts = parts.filter(in_series__isnull=False)
        return set(parts.values_list("in_series__series", flat=True))

    def clean(self):
        super().clean()
        if self.external_url and not self.organiser:
            raise ValidationError({"organiser": _("Dites qui organise cette formation.")})


class TrainingPerson(Orderable):
    """Somebody who teaches or tells, named with their agreement."""

    class Role(models.TextChoices):
        TRAINER = "trainer", _("Anime")
        WITNESS = "witness", _("Témoigne")

    training = ParentalKey(Training, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(_("Nom"), max_length=120)
    organisation = models.CharField(_("Structure"), max_length=160, blank=True)
    role = models.CharField(_("Rôle"), max_length=10, choices=Role, default=Role.TRAINER)

    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("organisation"), FieldPanel("role")])]

    def __str__(self):
        return self.name

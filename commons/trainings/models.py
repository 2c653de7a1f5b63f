"""Trainings and series of trainings, under *Se former*; their dates are sessions of the agenda."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
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
    MultipleChooserPanel,
    PageChooserPanel,
)
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
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
    VisiblePageManager,
    tabs,
)
from commons.trainings.date_facets import dates
from search.config import Filing, Searched


class TrainingsPage(Page):
    """*Se former*: the parent of trainings and series, with search, facets and feed."""

    lead = models.TextField(_("Accroche"), max_length=400)
    body = StreamField(BodyBlock(), verbose_name=_("Contenu"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    searched = Searched(summary="lead", body=["body"])
    objects = VisiblePageManager()
    parent_page_types = ["pages.HomePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("liste des formations")
        verbose_name_plural = _("listes des formations")

    @property
    def shelving(self):
        from commons.trainings.listing import TRAININGS

        return TRAININGS

    def get_context(self, request, *args, **kwargs):
        from commons.pages.page_views import client_address
        from commons.trainings.browsing import browse_trainings

        base = self.get_url(request)
        browsed = browse_trainings(
            self, request.GET, user=request.user, source=client_address(request)
        )
        context = super().get_context(request, *args, **kwargs)
        calendar = f"{base}calendrier.ics{browsed['here']}"
        return {
            **context,
            **browsed,
            "base": base,
            "feed": f"{base}flux.xml{browsed['here']}",
            "calendar": calendar,
            "webcal": f"webcal://{request.get_host()}{calendar}",
        }


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
        return _dated(super().search_filing(), self, [self.translation_key], labels, kind)

    def search_dependents(self) -> set[int]:
        """The series that it is a part of, in any language: their dates are those of its parts."""
        steps = SeriesStep.objects.filter(training__translation_key=self.translation_key)
        return set(steps.values_list("series", flat=True))

    def clean(self):
        super().clean()
        if self.external_url and not self.organiser:
            raise ValidationError({"organiser": _("Dites qui organise cette formation.")})


def _dated(
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


class Series(ContributedPage):
    """Trainings in order, tied to a guide; one signs up once for all of them."""

    # Named by label: the library stands beside this section, not below it.
    linked_guide = models.ForeignKey(
        "resources.Guide",
        verbose_name=_("Guide lié"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="series",
    )
    body = StreamField(BodyBlock(), verbose_name=_("Présentation"), blank=True)

    page_description = _("Des formations dans l’ordre, auxquelles on s’inscrit en une fois.")
    edit_handler = tabs(
        PageChooserPanel("linked_guide", "resources.Guide"),
        FieldPanel("body"),
        MultipleChooserPanel(
            "steps", chooser_field_name="training", heading=_("Formations"), label=_("Formation")
        ),
    )
    # Names the page of the first language: `browsing.guide_of` finds the reader's.
    override_translatable_fields = [
        *ContributedPage.override_translatable_fields,
        SynchronizedField("linked_guide"),
    ]
    search_fields = [*ContributedPage.search_fields, index.SearchField("body")]
    searched = CONTRIBUTED.also("body")
    parent_page_types = ["trainings.TrainingsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")

    @staticmethod
    def telling(pages, *, user):
        from commons.trainings.card_notes import card_notes_of

        return card_notes_of(pages, user=user)

    def get_context(self, request, *args, **kwargs):
        from commons.trainings.curriculum import Progress, steps_of, still_open

        steps = steps_of(self, user=request.user)
        followed = sum(step.followed for step in steps)
        return {
            **super().get_context(request, *args, **kwargs),
            "steps": steps,
            "progress": Progress(self, followed, [step.page for step in steps]),
            "offer": still_open(steps),
        }

    def search_filing(self) -> Filing:
        with override(self.locale.language_code):
            kind = str(self.get_verbose_name())
        parts = Training.objects.visible_to(AnonymousUser()).filter(in_series__series=self.pk)
        keys = list(parts.values_list("translation_key", flat=True))
        return _dated(super().search_filing(), self, keys, ["kind:series"], kind)


class SeriesStep(Orderable):
    """One training of a series, at its place."""

    series = ParentalKey(Series, on_delete=models.CASCADE, related_name="steps")
    training = models.ForeignKey(
        Training, verbose_name=_("Formation"), on_delete=models.CASCADE, related_name="in_series"
    )

    panels = [PageChooserPanel("training", "trainings.Training")]

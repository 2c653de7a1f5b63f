"""A series: trainings in order, which one joins at once."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    MultipleChooserPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from commons.pages.blocks import BodyBlock
from commons.pages.models import (
    CONTRIBUTED,
    ContributedPage,
    tabs,
)
from commons.trainings.card_notes import card_notes_of
from commons.trainings.curriculum import Progress, steps_of, still_open
from commons.trainings.training import Training, with_dates
from search.config import Filing


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
    telling = staticmethod(card_notes_of)
    parent_page_types = ["trainings.TrainingsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")

    def get_context(self, request, *args, **kwargs):
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
        return with_dates(super().search_filing(), self, keys, ["kind:series"], kind)


class SeriesStep(Orderable):
    """One training of a series, at its place."""

    series = ParentalKey(Series, on_delete=models.CASCADE, related_name="steps")
    training = models.ForeignKey(
        Training, verbose_name=_("Formation"), on_delete=models.CASCADE, related_name="in_series"
    )

    panels = [PageChooserPanel("training", "trainings.Training")]

"""*Se former*, the page of all trainings; trainings and series have a module each."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from commons.pages.blocks import BodyBlock
from commons.pages.models import VisiblePageManager
from commons.trainings.browsing import browse_trainings
from commons.trainings.listing import TRAININGS
from commons.trainings.series import Series, SeriesStep  # noqa: F401 - models of this app
from commons.trainings.training import Training, TrainingPerson  # noqa: F401 - the same
from search.config import Searched


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
        return TRAININGS

    def get_context(self, request, *args, **kwargs):
        # It imports Wagtail's views, which need all models loaded.
        from commons.pages.page_views import client_address  # noqa: PLC0415 - a page type names its view and its list

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

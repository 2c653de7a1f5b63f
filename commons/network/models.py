"""The agenda and the events that stand under it; their dates are sessions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from commons.agenda.card_notes import card_notes_of
from commons.agenda.panels import SessionsPanel
from commons.agenda.places import places_of
from commons.pages.blocks import BodyBlock, ProgrammeBlock
from commons.pages.models import (
    CONTRIBUTED,
    ContributedPage,
    VisiblePageManager,
    tabs,
)
from search.config import Searched


class AgendaPage(Page):
    """*Agenda*: trainings and events by date, as a list or a month; the parent of events."""

    lead = models.TextField(_("Accroche"), max_length=400)

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    searched = Searched(summary="lead")
    objects = VisiblePageManager()
    parent_page_types = ["pages.SectionPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("agenda")
        verbose_name_plural = _("agendas")

    def get_context(self, request, *args, **kwargs):
        from commons.network.browsing import browse  # noqa: PLC0415 - a page type names its view

        base = self.get_url(request)
        context = super().get_context(request, *args, **kwargs)
        browsed = browse(self, request.GET, user=request.user)
        calendar = f"{base.rstrip('/')}.ics{browsed['all_dates']}"
        return {
            **context,
            **browsed,
            "base": base,
            "feed": f"{base}flux.xml{browsed['all_dates']}",
            "calendar": calendar,
            "webcal": f"webcal://{request.get_host()}{calendar}",
        }


class Event(ContributedPage):
    """A market, an open day, a meeting: what happens on a day, somewhere or online."""

    class Kind(models.TextChoices):
        MARKET = "market", _("Marché")
        DISTRIBUTION = "distribution", _("Distribution")
        OPEN_DAY = "open_day", _("Portes ouvertes")
        GENERAL_MEETING = "general_meeting", _("Assemblée générale")
        GATHERING = "gathering", _("Rencontre")
        FESTIVAL = "festival", _("Fête ou foire")

    kind = models.CharField(_("Genre"), max_length=16, choices=Kind, default=Kind.GATHERING)
    organiser = models.CharField(_("Organisé par"), max_length=160, blank=True)
    url = models.URLField(_("Site de l’événement"), max_length=500, blank=True)
    price_note = models.CharField(_("Prix d’entrée"), max_length=200, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Présentation"), blank=True)
    programme = StreamField([("entry", ProgrammeBlock())], verbose_name=_("Programme"), blank=True)

    override_translatable_fields = [
        *ContributedPage.override_translatable_fields,
        SynchronizedField("organiser"),
    ]
    page_description = _("Un marché, des portes ouvertes, une rencontre : ce qui a lieu un jour.")
    edit_handler = tabs(
        FieldRowPanel([FieldPanel("kind"), FieldPanel("organiser")]),
        FieldRowPanel([FieldPanel("url"), FieldPanel("price_note")]),
        FieldPanel("body"),
        FieldPanel("programme"),
        SessionsPanel(),
    )
    search_fields = [
        *ContributedPage.search_fields,
        index.SearchField("body"),
        index.SearchField("programme"),
        index.SearchField("organiser"),
    ]
    searched = CONTRIBUTED.also("body", "programme", "organiser", "places")
    dated = True
    telling = staticmethod(card_notes_of)
    comes_back = True
    parent_page_types = ["network.AgendaPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("événement")
        verbose_name_plural = _("événements")

    @property
    def places(self) -> list[str]:
        return places_of(self)

"""A recording in the library: video or audio, with its chapters and its transcript."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField
from wagtailmedia.edit_handlers import MediaChooserPanel

from commons.agenda.models import Session
from commons.pages.blocks import BodyBlock, MomentBlock
from commons.pages.models import (
    CONTRIBUTED,
    ContributedPage,
    tabs,
)


class Recording(ContributedPage):
    """Something to watch or to listen to; the file is ours, or the page leads to where it is."""

    file = models.ForeignKey(
        "wagtailmedia.Media",
        verbose_name=_("Fichier"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # A recording elsewhere is a link: a player would tell that site who reads this page.
    url = models.URLField(
        _("Adresse, si elle est ailleurs"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["https"])],
    )
    captions = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("Sous-titres"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Un fichier WebVTT (.vtt), pour une vidéo."),
    )
    minutes = models.PositiveSmallIntegerField(_("Durée en minutes"), null=True, blank=True)
    recorded_on = models.DateField(_("Enregistrée le"), null=True, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Présentation"), blank=True)
    moments = StreamField(
        [("moment", MomentBlock())],
        verbose_name=_("Chapitres"),
        blank=True,
    )
    transcript = StreamField(
        BodyBlock(),
        verbose_name=_("Transcription"),
        help_text=_("Tout ce qui est dit, pour qui n’entend pas, lit plus vite ou cherche un mot."),
    )

    override_translatable_fields = [
        *ContributedPage.override_translatable_fields,
        SynchronizedField("file"),
        SynchronizedField("captions"),
    ]
    page_description = _("Une rediffusion, un entretien, un reportage : avec tout ce qui est dit.")
    edit_handler = tabs(
        MultiFieldPanel(
            [MediaChooserPanel("file"), FieldPanel("url"), FieldPanel("captions")],
            heading=_("Enregistrement"),
        ),
        FieldRowPanel([FieldPanel("minutes"), FieldPanel("recorded_on")]),
        FieldPanel("body"),
        FieldPanel("moments"),
        FieldPanel("transcript"),
    )
    search_fields = [
        *ContributedPage.search_fields,
        index.SearchField("body"),
        index.SearchField("moments"),
        index.SearchField("transcript"),
    ]
    searched = CONTRIBUTED.also("body", "moments", "transcript")
    parent_page_types = ["resources.LibraryPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("vidéo ou audio")
        verbose_name_plural = _("vidéos et audios")

    @property
    def size(self) -> int | None:
        """Bytes to download; None when the file is not where it should be."""
        with suppress(OSError):
            return self.file.file.size
        return None

    def search_dependents(self) -> set[int]:
        """The pages of the sessions that it records: lists say that one may see them again."""
        sessions = Session.objects.filter(replay__translation_key=self.translation_key)
        keys = sessions.values("page__translation_key")
        return set(Page.objects.filter(translation_key__in=keys).values_list("pk", flat=True))

    def clean(self):
        super().clean()
        if not (self.file_id or self.url):
            raise ValidationError({"file": _("Choisissez un fichier, ou donnez son adresse.")})
        if self.captions_id and not self.captions.filename.lower().endswith(".vtt"):
            raise ValidationError({"captions": _("Choisissez un fichier WebVTT (.vtt).")})


def seconds(at: str) -> int:
    """« 1:02:30 » in seconds."""
    total = 0
    for part in at.split(":"):
        total = total * 60 + int(part)
    return total

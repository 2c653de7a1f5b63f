"""The external resource: a link to a work published elsewhere, described here."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from commons.pages.blocks import BodyBlock
from commons.pages.models import CONTRIBUTED, ContributedPage, tabs
from commons.resources.addresses import canonical_address


class ExternalResource(ContributedPage):
    """A site, tool or document elsewhere, with what one finds there."""

    class Format(models.TextChoices):
        SITE = "site", _("Site")
        TOOL = "tool", _("Outil")
        DOCUMENT = "document", _("Document")
        VIDEO = "video", _("Vidéo ou audio")
        NETWORK = "network", _("Réseau")
        DIRECTORY = "directory", _("Annuaire")
        LAW = "law", _("Texte de droit")

    class Price(models.TextChoices):
        FREE = "free", _("Gratuit")
        FREEMIUM = "freemium", _("Gratuit en partie")
        PAID = "paid", _("Payant")
        UNKNOWN = "unknown", _("Non précisé")

    url = models.URLField(_("Adresse"), max_length=500)
    url_key = models.CharField(max_length=500, editable=False, db_index=True)
    publisher = models.CharField(_("Éditeur"), max_length=160, blank=True)
    format = models.CharField(_("Format"), max_length=12, choices=Format, default=Format.SITE)
    price = models.CharField(_("Prix"), max_length=12, choices=Price, default=Price.UNKNOWN)
    seen_on = models.DateField(_("Vue le"), null=True, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Présentation"), blank=True)

    override_translatable_fields = [
        *ContributedPage.override_translatable_fields,
        SynchronizedField("publisher"),
    ]

    page_description = _("Un site, un outil, un document ailleurs, et ce qu’on y trouve.")
    edit_handler = tabs(
        FieldPanel("url"),
        FieldRowPanel([FieldPanel("publisher"), FieldPanel("seen_on")]),
        FieldRowPanel([FieldPanel("format"), FieldPanel("price")]),
        FieldPanel("body"),
    )
    search_fields = [
        *ContributedPage.search_fields,
        index.SearchField("publisher"),
        index.SearchField("body"),
    ]
    searched = CONTRIBUTED.also("publisher", "body")
    search_origin = "externe"
    parent_page_types = ["resources.LibraryPage"]
    subpage_types: list[str] = []

    origin = _("Ressource externe")

    class Meta:
        verbose_name = _("ressource externe")
        verbose_name_plural = _("ressources externes")

    def clean(self):
        super().clean()
        existing = existing_resource(self.url, locale=self.locale_id, exclude=self.pk)
        if existing is not None and self.alias_of_id is None:
            link = reverse("wagtailadmin_pages:edit", args=[existing.pk])
            phrase = _('Cette adresse est déjà dans la bibliothèque : <a href="{}">{}</a>.')
            raise ValidationError({"url": format_html(phrase, link, existing.title)})

    def full_clean(self, *args, **kwargs):
        self.url_key = canonical_address(self.url)
        super().full_clean(*args, **kwargs)

    def minimal_clean(self):
        # All that Wagtail checks of a draft; without its key a draft would be proposed twice.
        self.url_key = canonical_address(self.url)
        super().minimal_clean()


def existing_resource(
    url: str, *, locale=None, exclude: int | None = None
) -> ExternalResource | None:
    """The first external resource at the same address, published ones first."""
    key = canonical_address(url)
    if not key:
        return None
    same = ExternalResource.objects.filter(url_key=key, alias_of=None)
    if locale is not None:
        same = same.filter(locale=locale)
    return same.exclude(pk=exclude).order_by("-live", "pk").first()

"""The pages app."""

from django.apps import AppConfig
from django.conf import settings
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "commons.pages"
    verbose_name = _("Pages")

    def ready(self):
        self._close_doors_of_libraries()
        self._write_out_letters()
        self._name_columns()
        self._hear()
        self._hear_restrictions()
        self._hear_what_pages_use()

    def _close_doors_of_libraries(self):
        from defusedcsv import csv
        from PIL import Image as Pillow
        from wagtail.admin.views import mixins
        from wagtail.images import get_image_model

        from commons.pages import renditions

        # The tables that the admin exports hold what visitors typed: no cell may be a formula.
        mixins.csv = csv
        # Wherever a picture comes in: nobody decodes more than twice this.
        Pillow.MAX_IMAGE_PIXELS = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
        # Whoever shows a picture, the admin too: a file that is broken breaks no page.
        renditions.careful(get_image_model())

    def _write_out_letters(self):
        """Addresses that Wagtail and taggit make themselves keep « œ » as « oe » too."""
        from django.db.models import SlugField
        from taggit import models as tags
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.models import pages

        from commons.pages.slugs import LetteredSlugInput, slugify

        # A page whose address the browser left empty is given one; other models ask for theirs.
        register_form_field_override(
            SlugField,
            override=lambda field: {
                "widget": LetteredSlugInput,
                "required": field.model is not pages.Page,
            },
        )
        pages.slugify = lambda title, allow_unicode: slugify(title, fallback="page")
        # Where taggit looks for the package of this name.
        tags.unidecode = lambda name: slugify(name, fallback="etiquette")

    def _name_columns(self):
        """Two headings of Wagtail's list of sites are English by nature: they have no msgid."""
        from wagtail.sites.views import IndexView

        headings = {"site_name": _("Nom du site"), "root_page": _("Page d’accueil")}
        for column in IndexView.columns:
            column.label = headings.get(column.name, column.label)

    def _hear(self):
        """Wagtail offers nothing but signals to hear of every way in which a page gets hidden."""
        from wagtail.models import Page, get_page_models
        from wagtail.signals import page_published, post_page_move

        from commons.pages import restrictions, translation, untranslated

        def follow_saved_page(event):
            fields = event["update_fields"] or ()
            if event["created"] or "alias_of" in fields or "alias_of_id" in fields:
                restrictions.follow_place(event["instance"])
            translation.follow(event["instance"])

        def follow_move(page):
            restrictions.follow_place(page)
            translation.withdraw_orphans(restrictions.at_or_below_page(page))

        for model in get_page_models():
            hear(pre_save, model, lambda event: translation.silence_alias(event["instance"]))
            hear(pre_save, model, untranslated.hear_saving)
            # Wagtail saves a page inside a transaction, so page and translations change together.
            hear(post_save, model, follow_saved_page)
        hear(pre_delete, Page, lambda event: translation.withdraw_translations(event["instance"]))
        hear(page_published, None, lambda event: translation.settle(event["instance"]))
        hear(post_page_move, None, lambda event: follow_move(event["instance"]))

    def _hear_restrictions(self):
        from wagtail.models import PageViewRestriction

        from commons.pages import restrictions, translation
        from search import index

        def follow(restriction, *, lifted=False):
            restrictions.follow_restriction(restriction, lifted=lifted)
            pages = restrictions.at_or_below_page(restriction.page)
            if lifted:  # perhaps with its page, which must not be indexed while it is deleted
                transaction.on_commit(lambda: index.refresh_dependents(pages))
            else:
                translation.mirror_restrictions(pages)
                index.refresh_dependents(pages)

        def follow_groups(restriction):
            if isinstance(restriction, PageViewRestriction):
                follow(restriction)
            translation.mirror_groups(restriction)

        hear(post_save, PageViewRestriction, lambda event: follow(event["instance"]))
        hear(post_delete, PageViewRestriction, lambda event: follow(event["instance"], lifted=True))
        groups = PageViewRestriction.groups.through
        hear(m2m_changed, groups, lambda event: follow_groups(event["instance"]))

    def _hear_what_pages_use(self):
        """Pictures lose what their camera wrote; search follows the names of terms and tags."""
        from taggit.models import Tag
        from wagtail.images import get_image_model
        from wagtail.users.models import UserProfile

        from commons.pages import index_sync, pictures
        from commons.taxonomy.models import Term

        hear(
            pre_save, get_image_model(), lambda event: pictures.forget_the_camera(event["instance"])
        )
        hear(
            pre_save,
            UserProfile,
            lambda event: pictures.forget_the_camera_of_portrait(event["instance"]),
        )
        hear(pre_save, Term, lambda event: index_sync.rename_term(event["instance"]))
        hear(
            post_save, Term, lambda event: event["created"] or index_sync.refile(event["instance"])
        )
        hear(pre_save, Tag, lambda event: index_sync.rename_tag(event["instance"]))
        hear(post_save, Tag, lambda event: event["created"] or index_sync.retag(event["instance"]))
        hear(pre_delete, Tag, lambda event: index_sync.untag(event["instance"]))


def hear(signal, sender, rule):
    signal.connect(lambda sender, **kwargs: rule(kwargs), sender=sender, weak=False)

"""Template tags for what surrounds every page."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.coreutils import camelcase_to_underscore
from wagtail.models import Site

from commons.pages import navigation as rules
from commons.pages.card_notes import with_card_notes
from commons.pages.covers import with_covers
from commons.pages.credits import authors
from commons.pages.dates import moment
from commons.pages.languages import elsewhere
from commons.pages.languages import languages as in_languages
from commons.pages.page_rows import in_order
from commons.pages.presentation import filed
from commons.pages.presentation import near as near_pages
from commons.pages.renditions import sized
from commons.pages.section_addresses import reverse_real
from commons.pages.text import unbreakable
from commons.pages.untranslated import (
    is_partly_translated,
    language_name,
    language_of,
    written_in,
)
from commons.pages.visibility import visible

register = template.Library()
HEADING = re.compile(r"<(/?)h([2-5])\b")


@register.simple_tag(takes_context=True)
def navigation(context):
    """The home, sections and footer pages; read once a request."""
    request = context["request"]
    if not hasattr(request, "_navigation"):
        site = Site.find_for_request(request)
        request._navigation = rules.navigation(site=site, user=request.user)
    return request._navigation


@register.simple_tag(takes_context=True)
def languages(context):
    """The languages of the site, each with the address of what is being read in it."""
    request = context["request"]
    if not hasattr(request, "_languages"):
        page = context.get("page") if hasattr(context.get("page"), "translation_key") else None
        request._languages = in_languages(
            page=page,
            path=request.path,
            query=dict(request.GET.lists()),
            site=Site.find_for_request(request),
            user=request.user,
        )
    return request._languages


@register.simple_tag(takes_context=True)
def in_another_language(context):
    """Where there is no page: the pages with that address in another language."""
    request = context["request"]
    return elsewhere(path=request.path, user=request.user)


register.simple_tag(reverse_real, name="section_url")


@register.simple_tag
def picture(image, specs, **attributes):
    """An `img` of `image` in these sizes; nothing when the picture cannot be shown."""
    found = sized(image, specs)
    if found is not None:
        found.attrs = attributes
    return found or ""


@register.simple_tag
def picture_address(image, spec):
    """The whole address of `image` in this size; nothing when it cannot be shown."""
    found = sized(image, spec)
    return found.renditions[0].full_url if found else ""


@register.simple_tag(takes_context=True)
def children(context, parent):
    """The visible children of a page, in the order of the tree, with their covers."""
    user = context["request"].user
    pages = visible(parent.get_children(), user=user)
    ids = list(pages.order_by("path").values_list("pk", flat=True))
    return with_card_notes(with_covers(in_order(pages, ids)), user=user)


@register.simple_tag(takes_context=True)
def newest(context, parent, count):
    """The last `count` visible pages published under a page, with their covers."""
    pages = visible(parent.get_children(), user=context["request"].user)
    last = pages.order_by("-first_published_at", "-pk").values_list("pk", flat=True)[:count]
    return with_covers(in_order(pages, list(last)))


@register.filter
def spaced(text):
    """`text` with the unbreakable spaces that French typography wants around its punctuation.

    HTML of ours stays HTML; what people typed stays to be escaped.
    """
    text = str(text)
    spread = unbreakable(text)
    return mark_safe(spread) if isinstance(text, SafeString) else spread  # noqa: S308


@register.filter
def lang(page):
    """The attribute of what holds the text of `page`, where it is not in the language around it."""
    code = language_of(page) if page else get_language()
    return format_html(' lang="{}"', code) if code != get_language() else ""


@register.filter
def other_language(page):
    """What readers call the language of an untranslated page; "" for all others."""
    return language_name(written_in(page)) if page else ""


register.filter(is_partly_translated)
register.filter(moment)
register.filter(language_of)


@register.filter
def under_a_heading(text):
    """A body whose titles are one level lower, where a heading of ours stands above it."""
    return mark_safe(HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}", str(text)))  # noqa: S308


@register.filter
def is_optional(field):
    """Whether one may always leave it: neither required nor so in some cases (`sometimes`)."""
    needed = field.field.required or getattr(field.field, "sometimes", False)
    return not needed and field.widget_type != "checkbox"


@register.filter
def teaser(page):
    """The templates, best first, that show on the home page what is new in a section."""
    name = camelcase_to_underscore(page.specific_class.__name__)
    app = page.specific_class._meta.app_label
    return [f"{app}/{name}_teaser.html", "pages/section_page_teaser.html"]


@register.filter
def others(pages):
    """The pages that are in no menu: a section shows those that are by themselves, first."""
    return [page for page in pages if not page.show_in_menus]


register.simple_tag(filed, name="classification")
register.simple_tag(authors)


@register.simple_tag(takes_context=True)
def near(context, page):
    return near_pages(page, user=context["request"].user)

"""Template tags for what surrounds every page."""

from django import template
from django.conf import settings
from wagtail.models import Site

from commons.pages import navigation as rules

register = template.Library()


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
    """The languages of the site, each with the translation of the page being read."""
    request = context["request"]
    if not hasattr(request, "_languages"):
        page = context.get("page") if hasattr(context.get("page"), "translation_key") else None
        request._languages = rules.languages(page, user=request.user)
    return request._languages


@register.simple_tag
def source_code_url():
    return getattr(settings, "SOURCE_CODE_URL", "")

"""What machines read of a resource: schema.org in JSON-LD, and Open Graph's few properties.

Types are those of https://schema.org/CreativeWork and its children.
"""

import json

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from commons.pages.models import Licence
from commons.pages.text import clean_line
from commons.resources.citation import authors
from commons.resources.shelving import LIBRARY

TYPES = {"article": "Article", "case_study": "Report", "external_resource": "CreativeWork"}
LICENCES = {
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.ETALAB: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
# Nothing in the text can then close the script element or start another.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def described(page) -> dict:
    """`page` as a schema.org object; what is not known is left out."""
    names = {model: name for name, model in LIBRARY.kinds().items()}
    facts = {
        "@context": "https://schema.org",
        "@type": TYPES.get(names.get(type(page), ""), "LearningResource"),
        "@id": page.full_url,
        "url": page.full_url,
        "name": clean_line(page.title),
        "headline": clean_line(page.title)[:110],
        "description": clean_line(page.summary),
        "inLanguage": page.locale.language_code,
        "datePublished": page.first_published_at and page.first_published_at.isoformat(),
        "dateModified": page.last_published_at and page.last_published_at.isoformat(),
        "license": LICENCES.get(page.licence),
        "author": [{"@type": "Organization", "name": name} for name in authors(page)],
        "publisher": {"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
        "isBasedOn": getattr(page, "url_key", "") and page.url,
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in facts.items() if value}


def json_ld(page) -> SafeString:
    """The data block of `page`; browsers do not run it, so the policy on scripts lets it stand."""
    text = json.dumps(described(page), ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308

"""What machines read of a contributed page: schema.org in JSON-LD.

Types are those of https://schema.org/CreativeWork and its children.
"""

import json

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from commons.pages.credits import authors
from commons.pages.models import Licence
from commons.pages.text import clean_line
from commons.pages.untranslated import language_of

LICENCES = {
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.ETALAB: "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}
# Nothing in the text can then close the script element or start another.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def organisation(name: str) -> dict[str, str]:
    return {"@type": "Organization", "name": clean_line(name)}


def described(page, kind: str, **facts) -> dict:
    """`page` as a schema.org object of that type; what is not known is left out."""
    found = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": page.full_url,
        "url": page.full_url,
        "name": clean_line(page.title),
        "headline": clean_line(page.title)[:110],
        "description": clean_line(page.summary),
        "inLanguage": language_of(page),
        "datePublished": page.first_published_at and page.first_published_at.isoformat(),
        "dateModified": page.last_published_at and page.last_published_at.isoformat(),
        "license": LICENCES.get(page.licence),
        "author": [organisation(name) for name in authors(page)],
        "publisher": organisation(settings.WAGTAIL_SITE_NAME),
        **facts,
    }
    return {name: value for name, value in found.items() if value}


def data_block(facts: dict) -> SafeString:
    """The block that holds `facts`; browsers do not run it, so the policy on scripts lets it be."""
    text = json.dumps(facts, ensure_ascii=False).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308

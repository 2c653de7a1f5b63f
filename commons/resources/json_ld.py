"""The JSON-LD of a resource (schema.org)."""

from django.utils.safestring import SafeString

from commons.pages.json_ld import data_block, described
from commons.resources.listing import LIBRARY

TYPES = {"article": "Article", "case_study": "Report", "external_resource": "CreativeWork"}


def json_ld(page) -> SafeString:
    """The JSON-LD script element of `page`."""
    names = {model: name for name, model in LIBRARY.kinds().items()}
    facts = described(
        page,
        TYPES.get(names.get(type(page), ""), "LearningResource"),
        isBasedOn=getattr(page, "url_key", "") and page.url,
        isAccessibleForFree=True,
    )
    return data_block(facts)

"""Load the reference data: adds what is missing, leaves alone what editors renamed."""

import json
from pathlib import Path

from django.db import transaction
from wagtail.models import Locale

from commons.taxonomy.models import Term


@transaction.atomic
def load_reference(folder: Path) -> int:
    """Create the missing terms of the fixtures in `folder`; returns how many were created.

    The files have the shape of `loaddata` with natural keys (locale, vocabulary, slug); parents
    come first, French files before their translations.
    """
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    terms = {
        (term.locale.language_code, term.vocabulary, term.slug): term
        for term in Term.objects.select_related("locale")
    }
    before = len(terms)
    for file in sorted(folder.glob("*.json"), key=lambda file: (file.stem.count("."), file.stem)):
        for record in json.loads(file.read_text(encoding="utf-8")):
            fields = record["fields"]
            language = fields.pop("locale")[0]
            key = (language, fields["vocabulary"], fields["slug"])
            if language in locales and key not in terms:
                parent = fields.pop("parent")
                terms[key] = Term.objects.create(
                    **fields,
                    locale=locales[language],
                    parent=terms[tuple(parent)] if parent else None,
                )
    return len(terms) - before

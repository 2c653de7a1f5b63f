"""Remove a person's e-mail address or name from the text columns of every table."""

import json
import re
from collections.abc import Collection, Iterable, Iterator

from django.apps import apps
from django.db import connection, models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

REPLACEMENT = "…"
TEXTS = (models.TextField, models.CharField, models.JSONField)
# Kept in step with the pages by the search itself; locks of files are no text of anybody.
SKIPPED_APPS = {"search", "wagtailsearch", "contenttypes", "auth"}


def address_pattern(addresses: Collection[str]) -> re.Pattern:
    """Whole addresses: « zoe@example.org » is no part of « azoe@example.org »."""
    return _pattern(addresses, r"[\w.+%-]", r"[\w-]|\.\w")


def name_pattern(names: Collection[str]) -> re.Pattern:
    """Whole names: « Marie » is no part of « Sainte-Marie »."""
    return _pattern(names, r"[\w-]", r"[\w-]")


def _pattern(needles: Collection[str], before: str, after: str) -> re.Pattern:
    either = "|".join(sorted(map(re.escape, spellings(needles)), key=len, reverse=True))
    # In JSON, an end of line is the two characters \n.
    start = rf"(?:(?<!{before})|(?<=\\n)|(?<=\\r)|(?<=\\t))"
    return re.compile(rf"{start}(?:{either})(?!{after})", re.IGNORECASE)


def redact(value, patterns: Iterable[re.Pattern]):
    """A JSON value in which all matches of the patterns are replaced by `REPLACEMENT`."""
    if isinstance(value, list):
        return [redact(item, patterns) for item in value]
    if isinstance(value, dict):
        return {name: redact(held, patterns) for name, held in value.items()}
    if isinstance(value, str):
        for pattern in patterns:
            value = pattern.sub(REPLACEMENT, value)
    return value


def long_names(names: Iterable[str]) -> list[str]:
    """The names of several words; a single word may be an ordinary one, or part of another name."""
    return [name for name in names if " " in name]


def spellings(needles: Collection[str]) -> set[str]:
    """Each string as plain text and as JSON escapes it (accents become \\u sequences)."""
    return {form for needle in needles for form in (needle, json.dumps(needle)[1:-1])}


def text_columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column of every table that may hold words; names of files are left alone."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in SKIPPED_APPS or model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, TEXTS) and not field.primary_key and not field.choices:
                yield model, field


def remove_everywhere(needles: Collection[str], pattern: re.Pattern) -> dict:
    """Replace what `pattern` finds in every table; {model: numbers of the rows changed}."""
    changed: dict[type[models.Model], set] = {}
    for model, field in text_columns():
        rows = model._base_manager.all()
        for number in remove_from(rows, field, needles, pattern):
            changed.setdefault(model, set()).add(number)
    return changed


def remove_from(
    rows: models.QuerySet, field: models.Field, needles: Collection[str], pattern: re.Pattern
) -> Iterator:
    """Replace what `pattern` finds in one column of `rows`; the numbers of those changed."""
    condition = Q()
    for form in spellings(needles):
        condition |= Q(raw_text__icontains=form)
    matching = rows.alias(raw_text=Cast(field.name, TextField())).filter(condition)
    for number, text in list(matching.values_list("pk", Cast(field.name, TextField()))):
        redacted = pattern.sub(REPLACEMENT, text)
        if redacted != text:
            store_raw(rows.model, field, number, redacted)
            yield number


def store_raw(model: type[models.Model], field: models.Field, number, text: str) -> None:
    """Store `text` as the database itself writes the column: no field reads it on the way."""
    quote = connection.ops.quote_name
    kind = "::jsonb" if isinstance(field, models.JSONField) else ""
    value = f"%s{kind}" if connection.vendor == "postgresql" else "%s"
    key = model._meta.pk
    table, column = quote(model._meta.db_table), quote(field.column)
    sql = f"UPDATE {table} SET {column} = {value} WHERE {quote(key.column)} = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [text, key.get_db_prep_value(number, connection)])


def containing(rows: models.QuerySet, field: str, parts: Iterable[str]) -> models.QuerySet:
    """Those of `rows` whose column, as text, holds one of `parts`."""
    condition = Q()
    for part in parts:
        condition |= Q(raw_text__contains=part)
    return rows.alias(raw_text=Cast(field, TextField())).filter(condition)

"""Describe what was typed in a form by its labels, for the preview and the data export."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from commons.contributions import registry
from commons.contributions.models import Contribution
from commons.pages.formatting import html_from_text


@dataclass(frozen=True)
class Preview:
    """What was typed, as its readers will see it: `facts` are (label, lines of plain text),
    `texts` (label, clean HTML), of what is not empty."""

    facts: list[tuple[str, list[str]]]
    texts: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.texts)


def preview(data: dict[str, list[str]], form_class: type[forms.BaseForm]) -> Preview:
    """What `data`, as it was typed, says in each field of the form but those never published."""
    form = form_class()
    published = {name: f for name, f in form.fields.items() if name not in form.unpublished}
    shown = {
        name: [value[: getattr(published[name], "max_length", None)] for value in values]
        for name, values in data.items()
        if name in published
    }
    facts, texts = [], []
    for field, lines in _described(shown, form):
        if getattr(field, "formatted", False):
            texts.append((field.label, html_from_text("\n".join(lines))))
        else:
            facts.append((field.label, lines))
    return Preview(facts, texts)


def describe_contribution(row) -> list[tuple[str, str]]:
    """(label, value) of each field that holds something; nothing for rows of other models."""
    kind = registry.find(row.kind) if isinstance(row, Contribution) and row.data else None
    if kind is None:
        return []
    pairs = [(_("Genre"), str(kind.form.choice))]
    for field, lines in _described(row.data, kind.form()):
        pairs.append((str(field.label), "\n".join(lines)))
    return pairs


def _described(
    data: dict[str, list[str]], form: forms.BaseForm
) -> Iterator[tuple[forms.Field, list[str]]]:
    """Each field that holds something, in the order of the form, and its lines of plain text."""
    for name, field in form.fields.items():
        values = [value for value in data.get(name, []) if value.strip()]
        if not values or field.widget.is_hidden:
            continue
        description = form.describe(name, data)
        lines = [description] if description else _lines_of(field, values)
        if lines:
            yield field, lines


def _lines_of(field: forms.Field, values: list[str]) -> list[str]:
    """The values in the words of the form; what was typed on a line of its own keeps it."""
    if getattr(field, "formatted", False):
        return values
    if isinstance(field.widget, forms.Textarea):
        lines = [line.strip() for value in values for line in value.splitlines()]
        return [line for line in lines if line]
    if isinstance(field, forms.BooleanField):
        return [_("oui")] if any(map(field.to_python, values)) else []
    names = dict(_flat(getattr(field, "choices", ())))
    # One a line, as names hold commas; without the spaces by which a list shows what is below what.
    return [str(names.get(value, value)).strip() for value in values]


def _flat(choices):
    for value, name in choices:
        if isinstance(name, list | tuple):
            yield from _flat(name)
        else:
            yield str(value), name

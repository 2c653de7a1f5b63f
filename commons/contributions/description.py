"""Say what somebody typed in a contribution by the words of its form, for their export."""

from django import forms
from django.utils.translation import gettext as _

from commons.contributions import kinds
from commons.contributions.models import Contribution


def describe_contribution(row) -> list[tuple[str, str]]:
    """(label, value) of each field that holds something; nothing for rows of other models."""
    if not isinstance(row, Contribution) or not row.data:
        return []
    kind = kinds.find(row.kind)
    fields = kinds.bound_form(row).fields if kind else {}
    found = [
        (str(fields[name].label), _words(fields[name], values))
        for name, values in row.data.items()
        if name in fields
    ]
    choice = [(_("Genre"), str(kind.form.choice))] if kind else []
    return choice + [pair for pair in found if pair[1]]


def _words(field: forms.Field, values: list[str]) -> str:
    """What was chosen, by its name; what was ticked, by « oui »; what was typed, as it was."""
    if isinstance(field, forms.BooleanField):
        return _("oui") if any(field.to_python(value) for value in values) else ""
    names = dict(_flat(getattr(field, "choices", ())))
    return " ; ".join(str(names.get(value, value)) for value in values if value)


def _flat(choices):
    for value, name in choices:
        if isinstance(name, list | tuple):
            yield from _flat(name)
        else:
            yield str(value), name

"""Template tags of events."""

from django import template

from commons.network import json_ld, occurrences
from commons.network.filters import AgendaFilters

register = template.Library()
register.simple_tag(json_ld.json_ld, name="event_data")


@register.filter
def indent(depth):
    """Room before a name in a list, as deep as it stands in its tree."""
    return "\u2003" * depth


@register.simple_tag
def next_dates(agenda, user, count):
    """The next `count` dates of the agenda, as one reader sees them."""
    dates = list(occurrences.listed(AgendaFilters(), user=user)[:count])
    return occurrences.entries(dates, language=agenda.locale.language_code, user=user)

"""Template tags of events."""

from django import template

from commons.network import dates, metadata
from commons.network.selection import Asked

register = template.Library()
register.simple_tag(metadata.json_ld, name="event_data")


@register.filter
def indent(depth):
    """Room before a name in a list, as deep as it stands in its tree."""
    return "\u2003" * depth


@register.simple_tag
def next_dates(agenda, user, count):
    """The next `count` dates of the agenda, as one reader sees them."""
    found = list(dates.listed(Asked(), user=user)[:count])
    return dates.entries(found, language=agenda.locale.language_code, user=user)

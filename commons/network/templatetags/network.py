"""Template tags of events."""

from django import template

from commons.network import metadata

register = template.Library()
register.simple_tag(metadata.json_ld, name="event_data")

"""Template tags for the sessions of a page."""

from django import template

from commons.agenda import wording
from commons.agenda.presentation import sessions_of

register = template.Library()
register.filter(wording.day)
register.filter(wording.hour)
register.filter(wording.rhythm)


@register.simple_tag
def page_sessions(page, user):
    """Each session of `page` as `user` sees it, those to come first."""
    return sessions_of(page, user=user)


@register.filter
def iso(at):
    """The moment with its own zone, for `<time datetime>`."""
    return at.isoformat()

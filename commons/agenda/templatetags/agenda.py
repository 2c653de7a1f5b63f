"""Template tags for the sessions of a page."""

from django import template

from commons.agenda import date_formats
from commons.agenda.attendees import is_dated, pages_organised_by
from commons.agenda.panels import sessions_in_admin
from commons.agenda.permissions import may_organise, sessions_organised_by
from commons.agenda.presentation import sessions_of

register = template.Library()
register.filter(is_dated)
register.filter(date_formats.day)
register.filter(date_formats.hour)
register.filter(date_formats.ending)
register.filter(date_formats.hours)
register.filter(date_formats.rhythm)
register.filter(date_formats.off)
register.filter(date_formats.called_off)


@register.simple_tag
def page_sessions(page, user):
    """Each session of `page` as `user` sees it, those to come first."""
    return sessions_of(page, user=user)


@register.filter
def iso(at):
    """The moment with its own zone, for `<time datetime>`."""
    return at.isoformat()


@register.simple_tag
def organises(user):
    """Whether `user` has sessions to look after, or pages to add one to."""
    return sessions_organised_by(user).exists() or bool(pages_organised_by(user, most=20))


@register.inclusion_tag("agenda/admin/sessions.html")
def sessions_of_page_in_admin(page, user):
    """The sessions of a page in its form of the admin; of an unsaved one, what to do first."""
    return sessions_in_admin(page, user=user)


register.simple_tag(may_organise)

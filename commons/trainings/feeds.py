"""The sessions of a selection of trainings, for calendars."""

from django.http import Http404
from django.utils.translation import get_language

from commons.agenda.ics import calendar
from commons.agenda.views import calendar_response
from commons.pages.addresses import page_at
from commons.trainings.browsing import calendar_of
from commons.trainings.models import TrainingsPage


def trainings_calendar(request, slug):
    section = page_at(slug, language=get_language(), user=request.user)
    if not isinstance(section, TrainingsPage):
        raise Http404
    sessions = calendar_of(section, request.GET, user=request.user)
    return calendar_response(calendar(sessions, name=section.title, language=get_language()))

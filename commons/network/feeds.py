"""The agenda for other programs: a calendar and an Atom feed, with the filters of the page."""

from django.http import Http404, HttpResponse
from django.utils.translation import get_language

from commons.agenda.ics import calendar
from commons.agenda.views import calendar_response
from commons.network import occurrences
from commons.network.filters import known_names, read
from commons.network.models import AgendaPage
from commons.pages.addresses import page_at
from commons.pages.atom import A_FEED, CONTENT_TYPE, atom
from commons.pages.card_notes import with_card_notes
from commons.pages.languages import readable_in
from commons.pages.page_rows import in_order
from commons.pages.visibility import visible_pages

MOST = 1000  # sessions in one calendar


def agenda_calendar(request, path):
    """The sessions to come that pass the filters, as iCalendar."""
    agenda, filters = _agenda_and_filters(request, path)
    sessions = list(occurrences.sessions(filters, user=request.user)[:MOST])
    pages = readable_in([s.page for s in sessions], language=get_language(), user=request.user)
    for session in sessions:
        session.page = pages[session.page.translation_key]
    return calendar_response(calendar(sessions, name=agenda.title, language=get_language()))


def agenda_feed(request, path):
    """The events last published that pass the filters and are to come, as Atom."""
    agenda, filters = _agenda_and_filters(request, path)
    pages = occurrences.sessions(filters, user=request.user).order_by().values("page_id")
    last = visible_pages(request.user).filter(pk__in=pages).order_by("-first_published_at")[:A_FEED]
    readable = readable_in(last, language=get_language(), user=request.user)
    ids = [readable[page.translation_key].pk for page in last]
    feed = atom(
        with_card_notes(in_order(visible_pages(request.user), ids), user=request.user),
        title=agenda.title,
        page_address=agenda.full_url + filters.address(),
        own_address=request.build_absolute_uri(request.path + filters.address()),
        language=get_language(),
    )
    return HttpResponse(feed, content_type=CONTENT_TYPE)


def _agenda_and_filters(request, path):
    agenda = page_at(path, language=get_language(), user=request.user)
    if not isinstance(agenda, AgendaPage):
        raise Http404
    return agenda, read(request.GET, known_names(tags=request.GET.getlist("tag"))).only_filters()

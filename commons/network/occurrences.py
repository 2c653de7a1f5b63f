"""The dates that a reader of the agenda may see, with the page that tells of each."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from commons.agenda.availability import Phase, phase, seats_of
from commons.agenda.models import Occurrence, Session
from commons.network.filters import TERMS, TERRITORY, AgendaFilters, kind_names
from commons.network.proximity import within
from commons.pages.languages import readable_in
from commons.pages.page_rows import with_column
from commons.pages.untranslated import language_of
from commons.pages.visibility import visible_pages
from commons.taxonomy.models import Classification


@dataclass(frozen=True)
class Entry:
    """One date in a list: when, and the page to read, in the reader's language if there is one."""

    occurrence: Occurrence
    session: Session
    page: Page
    kind: str
    phase: Phase
    foreign: str = ""  # the page's language, when it is another

    @property
    def start(self) -> datetime.datetime:
        """On the clock of the place, like `end`."""
        return self.occurrence.starts_at.astimezone(self.session.zone)

    @property
    def end(self) -> datetime.datetime:
        return self.occurrence.ends_at.astimezone(self.session.zone)


def occurrences(asked: AgendaFilters, *, user) -> QuerySet[Occurrence]:
    """Every date that passes the filters of `asked`, in order, whenever it is."""
    pages = visible_pages(user)
    for vocabulary in TERMS:
        slugs = asked.chosen.get(vocabulary)
        if slugs and not (asked.around and vocabulary == TERRITORY):
            filed = Classification.objects.filter(term__vocabulary=vocabulary, term__slug__in=slugs)
            pages = pages.filter(pk__in=filed.values("page_id"))
    if "tag" in asked.chosen:
        pages = pages.filter(tagged_items__tag__slug__in=asked.chosen["tag"])
    if "kind" in asked.chosen:
        kinds = with_column(pages, "kind", "kind")
        pages = kinds.filter(kind__in=asked.chosen["kind"])
    found = Occurrence.objects.filter(session__page_id__in=pages.values("pk"))
    if asked.around:
        found = found.filter(within(asked.chosen[TERRITORY]))
    if "format" in asked.chosen:
        found = found.filter(session__format__in=asked.chosen["format"])
    return found.select_related("session__page", "session__replay").order_by("starts_at", "pk")


def sessions(asked: AgendaFilters, *, user) -> QuerySet[Session]:
    """The sessions not over that pass the filters of `asked`, for calendars and feeds."""
    ahead = occurrences(asked, user=user).filter(ends_at__gt=timezone.now())
    found = Session.objects.filter(pk__in=ahead.order_by().values("session_id"))
    return found.select_related("page")


def listed(asked: AgendaFilters, *, user) -> QuerySet[Occurrence]:
    """Those of the list: to come, from a day on, or past with the last first.

    What comes back stands there once, on its next date: a weekly market would hide the rest.
    """
    found = occurrences(asked, user=user)
    if asked.past:
        return found.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")
    ahead = Q(last_day__gte=asked.since) if asked.since else Q(ends_at__gt=timezone.now())
    sooner = Occurrence.objects.filter(
        ahead, session=OuterRef("session"), starts_at__lt=OuterRef("starts_at")
    )
    return found.filter(ahead, ~Exists(sooner))


def during(asked: AgendaFilters, first: datetime.date, last: datetime.date, *, user):
    """Those that touch the days from `first` to `last`, each by the clock of its place."""
    return occurrences(asked, user=user).filter(last_day__gte=first, first_day__lte=last)


def entries(found: list[Occurrence], *, language: str, user) -> list[Entry]:
    """What a list in `language` shows of these dates. Three queries."""
    sessions = {occurrence.session.pk: occurrence.session for occurrence in found}.values()
    pages = readable_in([s.page for s in sessions], language=language, user=user)
    told = with_column(visible_pages(user), "kind", "kind")
    told = told.filter(pk__in=[page.pk for page in pages.values()])
    kinds = dict(told.values_list("pk", "kind"))
    seats, names, now = seats_of(sessions), kind_names(), timezone.now()
    made = []
    for occurrence in found:
        session = occurrence.session
        page = pages.get(session.page.translation_key)
        if page is None:
            continue
        session.page = page
        code = language_of(page)
        kind, stage = names.get(kinds[page.pk], ""), phase(session, seats[session.pk], now)
        made.append(Entry(occurrence, session, page, kind, stage, code if code != language else ""))
    return made

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


def occurrences(filters: AgendaFilters, *, user) -> QuerySet[Occurrence]:
    """Every date that passes `filters`, in order, whenever it is."""
    pages = visible_pages(user)
    for vocabulary in TERMS:
        slugs = filters.chosen.get(vocabulary)
        if slugs and not (filters.around and vocabulary == TERRITORY):
            filed = Classification.objects.filter(term__vocabulary=vocabulary, term__slug__in=slugs)
            pages = pages.filter(pk__in=filed.values("page_id"))
    if "tag" in filters.chosen:
        pages = pages.filter(tagged_items__tag__slug__in=filters.chosen["tag"])
    if "kind" in filters.chosen:
        kinds = with_column(pages, "kind", "kind")
        pages = kinds.filter(kind__in=filters.chosen["kind"])
    rows = Occurrence.objects.filter(session__page_id__in=pages.values("pk"))
    if filters.around:
        rows = rows.filter(within(filters.chosen[TERRITORY]))
    if "format" in filters.chosen:
        rows = rows.filter(session__format__in=filters.chosen["format"])
    return rows.select_related("session__page", "session__replay").order_by("starts_at", "pk")


def sessions(filters: AgendaFilters, *, user) -> QuerySet[Session]:
    """The sessions not over that pass `filters`, for calendars and feeds."""
    ahead = occurrences(filters, user=user).filter(ends_at__gt=timezone.now())
    rows = Session.objects.filter(pk__in=ahead.order_by().values("session_id"))
    return rows.select_related("page")


def listed(filters: AgendaFilters, *, user) -> QuerySet[Occurrence]:
    """Those of the list: to come, from a day on, or past with the last first.

    What comes back stands there once, on its next date: a weekly market would hide the rest.
    """
    rows = occurrences(filters, user=user)
    if filters.past:
        return rows.filter(ends_at__lte=timezone.now()).order_by("-starts_at", "-pk")
    ahead = Q(last_day__gte=filters.since) if filters.since else Q(ends_at__gt=timezone.now())
    earlier = Occurrence.objects.filter(
        ahead, session=OuterRef("session"), starts_at__lt=OuterRef("starts_at")
    )
    return rows.filter(ahead, ~Exists(earlier))


def during(filters: AgendaFilters, first: datetime.date, last: datetime.date, *, user):
    """Those that touch the days from `first` to `last`, each by the clock of its place."""
    return occurrences(filters, user=user).filter(last_day__gte=first, first_day__lte=last)


def entries(dates: list[Occurrence], *, language: str, user) -> list[Entry]:
    """What a list in `language` shows of these dates. Three queries."""
    sessions = {occurrence.session.pk: occurrence.session for occurrence in dates}.values()
    pages = readable_in([s.page for s in sessions], language=language, user=user)
    typed = with_column(visible_pages(user), "kind", "kind")
    typed = typed.filter(pk__in=[page.pk for page in pages.values()])
    kinds = dict(typed.values_list("pk", "kind"))
    seats, names, now = seats_of(sessions), kind_names(), timezone.now()
    listed_entries = []
    for occurrence in dates:
        session = occurrence.session
        page = pages.get(session.page.translation_key)
        if page is None:
            continue
        session.page = page
        code = language_of(page)
        kind, stage = names.get(kinds[page.pk], ""), phase(session, seats[session.pk], now)
        listed_entries.append(
            Entry(occurrence, session, page, kind, stage, code if code != language else "")
        )
    return listed_entries

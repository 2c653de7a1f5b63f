"""All that the list of trainings shows at one address."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.http import QueryDict
from wagtail.models import Page

from commons.agenda.card_notes import main_session
from commons.agenda.models import Session
from commons.agenda.presentation import SessionPresenter, sessions_by_key
from commons.pages.browsing import browse, first
from commons.pages.filters import known_names, read
from commons.pages.listing import Listing
from commons.pages.page_rows import in_order
from commons.pages.visibility import visible_pages
from commons.trainings.curriculum import trainings_of
from commons.trainings.listing import TRAININGS, kind_names
from commons.trainings.series import Series
from commons.trainings.training import Training

MOST = 1000  # sessions in one calendar


@dataclass(frozen=True)
class Entry:
    """A training or a series in a list: what it is, its price, and the session to tell of."""

    page: Page
    kind: str
    price: str = ""
    item: SessionPresenter | None = None
    elsewhere: bool = False  # its dates are told on another site


def browse_trainings(section: Page, params: QueryDict, *, user, source: str = "") -> dict:
    """What the template needs for this address. A fixed number of queries."""
    browsed = browse(section, TRAININGS, params, user=user, source=source)
    return {**browsed, "entries": entries(browsed["results"].object_list, user=user)}


def entries(pages: Iterable[Page], *, user) -> list[Entry]:
    """`pages`, listed trainings and series, each with the session to tell of."""
    pages, names, prices = list(pages), kind_names(), dict(Training.Price.choices)
    rows = Training.objects.filter(pk__in=[page.pk for page in pages])
    trainings = {pk: rest for pk, *rest in rows.values_list("pk", "kind", "price", "external_url")}
    series = [page for page in pages if page.pk not in trainings]
    below = trainings_of(series, user=user) if series else {}
    own = [page for page in pages if page.pk in trainings]
    sessions = sessions_by_key(chain(*below.values(), own), user=user)
    listed = []
    for page in pages:
        items = chain(*(sessions[p.translation_key] for p in below.get(page.pk, [page])))
        kind, price, away = trainings.get(page.pk, ("series", "", ""))
        items = main_session(list(items))
        listed.append(Entry(page, names[kind], prices.get(price, ""), items, bool(away)))
    return listed


def next_trainings(section: Page, *, user, count: int) -> list[Entry]:
    """The first `count` of the list: what comes next."""
    return entries(first(section, TRAININGS, user=user, count=count), user=user)


def calendar_of(section: Page, params: QueryDict, *, user) -> list[Session]:
    """The sessions of the trainings that an address selects, to come first, at most `MOST`."""
    names = known_names(TRAININGS, tags=params.getlist("tag"))
    ids = Listing(section, read(params, names, TRAININGS), user=user).ids
    pages = in_order(visible_pages(user), ids[:])
    below = trainings_of([p for p in pages if p.specific_class is Series], user=user)
    own = {page.translation_key: page for page in chain(*below.values(), pages)}
    rows = Session.objects.filter(page__translation_key__in=own).select_related("page")
    sessions = list(rows.order_by("-starts_at", "-pk")[:MOST])
    for session in sessions:
        session.page = own[session.page.translation_key]
    return sessions[::-1]


def series_about(page: Page, *, user) -> list[Page]:
    """The visible series in the language of `page` that hold it, a training, or prepare a guide."""
    series, key = Series.objects.visible_to(user), page.translation_key
    if isinstance(page, Training):
        series = series.filter(steps__training__translation_key=key).distinct()
    else:
        series = series.filter(linked_guide__translation_key=key)
    # Asked for a language or an order, SQLite would first go through all the pages of it.
    rows = sorted(series.order_by().values_list("path", "pk", "locale"))
    ids = [pk for _path, pk, locale in rows if locale == page.locale_id]
    return in_order(visible_pages(user), ids)


def guide_of(series: Series, *, user) -> Page | None:
    """The guide that a series is tied to, in its language if it exists there."""
    if series.linked_guide_id is None:
        return None
    key = series.linked_guide.translation_key
    translations = visible_pages(user).filter(translation_key=key)
    ids = dict(translations.values_list("locale_id", "pk"))
    pk = ids.get(series.locale_id) or ids.get(series.linked_guide.locale_id)
    return next(iter(in_order(translations, [pk])), None) if pk else None

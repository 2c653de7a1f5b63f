"""Trainings, events and recordings of the demo, dated from the day of loading: they never age."""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Page
from wagtailmedia.models import Media

from commons.agenda.models import Registration, Session, SignUp, State
from commons.agenda.scheduling import save_session
from commons.demo import (
    FOLDER,
    Prose,
    block,
    child,
    fill_resource,
    load_covers,
    publish,
    put_cover,
    records,
)
from commons.network.models import AgendaPage, Event
from commons.pages.cache_version import invalidate
from commons.resources.models import LibraryPage
from commons.resources.recording import Recording
from commons.taxonomy.models import Term
from commons.trainings.models import Series, SeriesStep, Training, TrainingPerson, TrainingsPage

# Who signed up in the demo: first names that belong to nobody.
NAMES = ["Aline", "Bastien", "Chloé", "Driss", "Élise", "Farid", "Gaëlle", "Hugo", "Inès", "Jules"]
TIMES = {"in_days", "weekday", "at", "minutes", "opens_in_days"}
PEOPLE = {"registered", "waiting", "present"}


def plant_agenda(home: Page) -> AgendaPage:
    """The agenda under *Se mettre en réseau*, made once."""
    network = home.get_children().get(slug="se-mettre-en-reseau")
    record = records("events")["agenda"]
    page, new = child(network, AgendaPage, "agenda", title=record["title"], lead=record["lead"])
    page.show_in_menus = True
    return publish(page) if new else page


def load_recordings(library: LibraryPage, pages: dict[str, Page]) -> None:
    """The replays that trainings of the demo lead to; `pages` gains them by slug."""
    terms = {(term.vocabulary, term.slug): term for term in Term.objects.canonical()}
    covers = load_covers()
    for record in records("recordings")["page"]:
        page, new = _draft(library, Recording, record)
        pages[record["slug"]] = page
        if not new:
            continue
        name = record.pop("media")
        content = ContentFile((FOLDER / "media" / name).read_bytes(), name)
        page.file = Media.objects.create(title=record["title"], type="audio", file=content)
        page.minutes = 1
        put_cover(page, covers)
        page.recorded_on = _day(record.pop("recorded_in_days"))
        page.moments = [block("moment", moment) for moment in record.pop("moments")]
        record["transcript"] = "\n\n".join(record["transcript"])
        record["published"] = _day(record.pop("published_in_days"))
        fill_resource(page, record, Prose(pages), terms)
        publish(page)


def load_agenda(home: Page, pages: dict[str, Page]) -> None:
    """Every training, series and event that is not there yet; `pages` gains them by slug."""
    agenda = pages["agenda"] = plant_agenda(home)
    trainings = TrainingsPage.objects.child_of(home).get()
    texts = records("trainings")
    new = [
        (page, record)
        for parent, model, found in (
            (trainings, Training, texts["training"]),
            (trainings, Series, texts["series"]),
            (agenda, Event, records("events")["event"]),
        )
        for record in found
        for page, made in [_draft(parent, model, record)]
        if pages.setdefault(record["slug"], page) is page and made
    ]
    terms = {(term.vocabulary, term.slug): term for term in Term.objects.canonical()}
    prose, covers = Prose(pages), load_covers()
    for page, record in new:
        put_cover(page, covers)
        _fill(page, record, prose, pages)
        fill_resource(page, record, prose, terms)
        publish(page)
        for dated in record.get("session", []):
            _add_session(page, dated, pages)


def _draft(parent: Page, model, record: dict) -> tuple[Page, bool]:
    summary = record["summary"].strip()
    return child(parent, model, record["slug"], title=record["title"], summary=summary)


def _fill(page: Page, record: dict, prose: Prose, pages: dict[str, Page]) -> None:
    """What records of this section say that those of the library do not; taken out of `record`."""
    if isinstance(page, Training):
        page.people = [
            TrainingPerson(sort_order=i, **person)
            for i, person in enumerate(record.pop("people", []))
        ]
    elif isinstance(page, Series):
        page.linked_guide = pages[record.pop("guide")]
        page.steps = [
            SeriesStep(training=pages[slug], sort_order=i)
            for i, slug in enumerate(record.pop("steps"))
        ]
    else:
        page.programme = [block("entry", entry) for entry in record.pop("programme", [])]


def _add_session(page: Page, record: dict, pages: dict[str, Page]) -> None:
    """One session, its days, and who signed up; written as they would be by now, without mail."""
    starts = _start(record)
    chosen = {key: value for key, value in record.items() if key not in TIMES | PEOPLE}
    replay = pages.get(chosen.pop("replay", ""))
    wanted = SignUp.HERE if "registered" in record or "capacity" in record else SignUp.NONE
    session = Session(
        page=Page.objects.get(pk=page.pk),
        starts_at=starts,
        ends_at=starts + datetime.timedelta(minutes=record["minutes"]),
        replay=replay and Page.objects.get(pk=replay.pk),
        **{"sign_up": wanted, **chosen},
    )
    if "opens_in_days" in record:
        session.sign_up_opens_at = _at(record["opens_in_days"], "08:00")
    _sign_people_up(save_session(session, by=None), record)


def _sign_people_up(session: Session, record: dict) -> None:
    seated, waiting = record.get("registered", 0), record.get("waiting", 0)
    present = record.get("present")
    first = min(session.starts_at, timezone.now()) - datetime.timedelta(days=9)
    Registration.objects.bulk_create(
        Registration(
            session=session,
            name=f"{NAMES[i % len(NAMES)]} {chr(65 + i // len(NAMES))}.",
            email=f"inscription-{i + 1}@example.org",
            state=State.CONFIRMED if i < seated else State.WAITING,
            queued_at=None if i < seated else first + datetime.timedelta(hours=i),
            attended=i < present if present is not None else None,
            created_at=first + datetime.timedelta(hours=i),
        )
        for i in range(seated + waiting)
    )
    invalidate()  # `bulk_create` sends no signal


def _start(record: dict) -> datetime.datetime:
    """The moment « in_days » from today, moved on to « weekday » (0: Monday) when there is one."""
    days = record["in_days"]
    if "weekday" in record:
        day = timezone.localdate() + datetime.timedelta(days=days)
        days += (record["weekday"] - day.weekday()) % 7
    return _at(days, record["at"], record.get("time_zone"))


def _day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def _at(days: int, clock: str, zone: str | None = None) -> datetime.datetime:
    moment = datetime.datetime.combine(_day(days), datetime.time.fromisoformat(clock))
    return moment.replace(tzinfo=Session(**({"time_zone": zone} if zone else {})).zone)

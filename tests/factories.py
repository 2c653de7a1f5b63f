"""Real objects for tests, published unless `live=False`: one plain function for each thing."""

import datetime
import itertools

from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from commons.agenda.models import Registration, Session, State
from commons.agenda.places import reindex
from commons.agenda.recurrence import sync_occurrences
from commons.members.accounts import confirm_address
from commons.members.models import Member
from commons.network.models import AgendaPage, Event
from commons.pages.formatting import blocks_from_text
from commons.pages.models import HomePage, SectionPage
from commons.resources.case_study import CaseStudy
from commons.resources.models import (
    Article,
    ExternalResource,
    GenericModel,
    Guide,
    LibraryPage,
    Question,
    Recording,
)
from commons.taxonomy.classification import classify
from commons.taxonomy.models import Term
from commons.trainings.models import Series, SeriesStep, Training, TrainingsPage

PASSWORD = "une-phrase-assez-longue"
_number = itertools.count(1)


def site() -> Site:
    """The small site that tests stand on; calling it again changes nothing."""
    french, _ = Locale.objects.get_or_create(language_code="fr")
    Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=french)
    home = HomePage.objects.filter(slug="fr").first()
    if home is None:
        home = HomePage(title="Le Commun", slug="fr", lead="Trouver, apprendre, rencontrer.")
        home.locale = french
        root.add_child(instance=home)
        library_page = LibraryPage(
            title="Se documenter",
            slug="se-documenter",
            lead="Des réponses.",
            locale=french,
            show_in_menus=True,
        )
        home.add_child(instance=library_page)
    found, _ = Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": "Le Commun"},
    )
    root.get_children().exclude(pk=home.pk).filter(slug="home").delete()
    return found


def library() -> LibraryPage:
    return LibraryPage.objects.get(slug="se-documenter", locale__language_code="fr")


def body(text: str = "Un paragraphe clair.") -> list[dict]:
    """The raw value of a body that holds this text, as it is typed."""
    return blocks_from_text(text)


def chapters(*titles: str) -> list[dict]:
    return [
        {"type": "chapter", "value": {"title": title, "body": body(f"À propos de {title}.")}}
        for title in titles
    ]


def _add(model, defaults: dict, fields: dict):
    """A page of `model` under the library, or under `parent=`, classified by `terms=`."""
    number = next(_number)
    parent = fields.pop("parent", None) or library()
    terms = fields.pop("terms", ())
    tags = fields.pop("tags", ())
    title = fields.pop("title", f"{model._meta.verbose_name.capitalize()} {number}")
    fields.setdefault("slug", f"{slugify(title)[:200]}-{number}")
    fields.setdefault("locale", parent.locale)
    page = model(title=title, **{**defaults, **fields})
    classify(page, terms)
    with disable_reference_index_auto_update():  # Wagtail's list of uses, a tenth of the time
        parent.add_child(instance=page)
        if tags:
            page.tags.add(*tags)
            page.save()
        page.save_revision()
        if page.live:
            page.get_latest_revision().publish()
    page.refresh_from_db()
    return page


def article(**fields) -> Article:
    return _add(Article, {"summary": "Ce que l’on trouve ici.", "body": body()}, fields)


def guide(**fields) -> Guide:
    defaults = {
        "summary": "Un guide pas à pas.",
        "in_short": [{"type": "item", "value": "Commencez petit."}],
        "chapters": chapters("Se décider", "Se lancer"),
        "checklist": [{"type": "item", "value": "Le budget est écrit."}],
    }
    return _add(Guide, defaults, fields)


def case_study(**fields) -> CaseStudy:
    defaults = {"summary": "Une expérience.", "context": "<p>Tout part d’un marché.</p>"}
    return _add(CaseStudy, defaults, fields)


def external_resource(**fields) -> ExternalResource:
    defaults = {
        "summary": "Un site utile.",
        "url": f"https://exemple.org/ressource-{next(_number)}",
        "body": body(),
    }
    return _add(ExternalResource, defaults, fields)


def generic_model(**fields) -> GenericModel:
    defaults = {
        "summary": "Une façon de faire.",
        "definition": "<p>Un atelier partagé.</p>",
        "modules": chapters("Le lieu"),
    }
    return _add(GenericModel, defaults, fields)


def question(**fields) -> Question:
    defaults = {
        "summary": "Une question fréquente.",
        "short_answer": "<p>Oui, sous conditions.</p>",
    }
    return _add(Question, defaults, fields)


def recording(**fields) -> Recording:
    return _add(Recording, {"summary": "À écouter.", "transcript": body()}, fields)


def term(vocabulary: str, slug: str, name: str = "", parent: Term | None = None, **fields) -> Term:
    """A term in French; `fields` may hold locale, translation_key, code, sort_order."""
    fields.setdefault("locale", Locale.objects.get_or_create(language_code="fr")[0])
    return Term.objects.create(
        vocabulary=vocabulary, slug=slug, name=name or slug.capitalize(), parent=parent, **fields
    )


def _child(parent: Page, model, slug: str, **fields):
    """The child of `parent` at `slug`, made when there is none."""
    found = model.objects.child_of(parent).filter(slug=slug).first()
    if found is None:
        found = model(slug=slug, locale=parent.locale, show_in_menus=True, **fields)
        parent.add_child(instance=found)
    return found


def trainings_page() -> TrainingsPage:
    home = site().root_page
    return _child(home, TrainingsPage, "se-former", title="Se former", lead="Apprendre ensemble.")


def agenda_page() -> AgendaPage:
    title = "Se mettre en réseau"
    network = _child(
        site().root_page, SectionPage, "se-mettre-en-reseau", title=title, lead="Se rencontrer."
    )
    return _child(network, AgendaPage, "agenda", title="Agenda", lead="Les rendez-vous.")


def training(**fields) -> Training:
    fields.setdefault("parent", trainings_page())
    defaults = {"summary": "Une formation.", "objectives": "<p>Savoir fixer un prix.</p>"}
    return _add(Training, defaults, fields)


def series(*trainings: Training, **fields) -> Series:
    fields.setdefault("parent", trainings_page())
    steps = [SeriesStep(training=step, sort_order=i) for i, step in enumerate(trainings)]
    return _add(Series, {"summary": "Un cycle.", "steps": steps}, fields)


def event(**fields) -> Event:
    fields.setdefault("parent", agenda_page())
    return _add(Event, {"summary": "Un rendez-vous.", "body": body()}, fields)


def session(page: Page | None = None, *, in_days: float = 7, hours: float = 2, **fields) -> Session:
    """A session of `page`, or of a new training, that starts in so many days for so many hours."""
    day = timezone.now().replace(minute=0, second=0, microsecond=0)
    fields.setdefault("starts_at", day + datetime.timedelta(days=in_days))
    fields.setdefault("ends_at", fields["starts_at"] + datetime.timedelta(hours=hours))
    made = Session.objects.create(page=Page.objects.get(pk=(page or training()).pk), **fields)
    sync_occurrences(made)
    reindex(made.page)
    return made


def registration(session: Session, **fields) -> Registration:
    """A row as it is, confirmed unless told: no rule is called, no mail is written."""
    who = fields.get("member")
    fields.setdefault("email", who.email if who else f"personne-{next(_number)}@example.org")
    fields.setdefault("name", "Une personne")
    fields.setdefault("state", State.CONFIRMED)
    if fields["state"] == State.WAITING:
        fields.setdefault("queued_at", timezone.now())
    return Registration.objects.create(session=session, **fields)


def member(email: str = "", groups=(), *, confirmed: bool = True, **fields) -> Member:
    """A member whose password is PASSWORD; `groups` are names of groups that migrations made."""
    email = email or f"personne-{next(_number)}@example.org"
    person = Member.objects.create_user(email, PASSWORD, **fields)
    person.groups.set([Group.objects.get(name=name) for name in groups])
    if confirmed:
        confirm_address(person)
    return person

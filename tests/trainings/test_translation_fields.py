"""What of a training and of a series is translated, what follows the source."""

import pytest
from wagtail.models import Locale

from commons.trainings.models import Series, SeriesStep, Training, TrainingPerson
from tests import factories
from tests.pages.test_translation_fields import COMMON, followed
from tests.pages.translating import translate, update

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Training, COMMON | {"kind", "price", "external_url", "organiser", "people"}),
        (Series, COMMON | {"linked_guide", "steps"}),
    ],
)
def test_fields_that_follow_the_source(model, fields):
    assert followed(model) == fields


@pytest.fixture
def train():
    """The English pages under which translations stand."""
    english = Locale.objects.get(language_code="en")
    for page in (factories.site().root_page, factories.library(), factories.trainings_page()):
        if not page.has_translation(english):
            slug = {"se-former": "train", "se-documenter": "learn", "fr": "en"}[page.slug]
            copy = page.copy_for_translation(english)
            copy.slug = slug
            copy.title = f"EN {copy.title}"
            copy.save_revision().publish()
    return factories.trainings_page().get_translation(english)


def test_words_of_a_training_are_translated_and_its_people_and_dates_follow(client, train):
    page = factories.training(
        title="Prix",
        for_whom="Tous.",
        programme=factories.body("Un tour."),
        people=[TrainingPerson(name="Ana Petit", organisation="Une ferme")],
    )
    factories.session(page, commune="Die")
    copy = translate(page, {"Prix": "Prices"})
    assert (copy.title, copy.for_whom, copy.objectives) == (
        *("Prices", "EN Tous.", "<p>EN Savoir fixer un prix.</p>"),
    )
    assert [person.name for person in copy.people.all()] == ["Ana Petit"]
    html = client.get(copy.get_url()).content.decode()
    assert "Die" in html
    (session,) = page.sessions.all()
    address = f"{copy.get_url()}sessions/{session.pk}/sign-up/"
    assert address in html
    assert client.get(address).status_code == 200
    page.refresh_from_db()
    page.people = [TrainingPerson(name="Léo Blanc", role="witness")]
    page.price = "paid"
    page.save_revision().publish()
    copy = update(page)
    assert [(p.name, p.role) for p in copy.people.all()] == [("Léo Blanc", "witness")]
    assert copy.price == "paid"


def test_an_english_series_shows_its_trainings_in_english_where_they_exist(client, train):
    done, todo = factories.training(title="Un"), factories.training(title="Deux")
    guide = factories.guide(title="Le guide")
    series = factories.series(done, todo, title="Le cycle", linked_guide=guide)
    factories.session(done, in_days=3)
    translate(done, {"Un": "One"})
    copy = translate(series, {"Le cycle": "The series"})
    assert [step.training_id for step in SeriesStep.objects.filter(series=copy)] == [
        done.pk,
        todo.pk,
    ]
    html = client.get(copy.get_url()).content.decode()
    assert ">One</a>" in html
    assert ">Deux</a>" in html
    assert guide.get_url() in html
    address = f"/en/train/{copy.slug}/sign-up/"
    assert address in html
    assert "The series" in client.get(address).content.decode()
    assert "The series" in client.get("/en/train/?kind=series").content.decode()
    english = translate(guide, {"Le guide": "The guide"})
    assert english.get_url() in client.get(copy.get_url()).content.decode()
    assert copy.get_url() in client.get(english.get_url()).content.decode()

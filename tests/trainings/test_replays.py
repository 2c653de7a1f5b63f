"""A training seen again: its recording is told on all pages it belongs to, and tells of them."""

import pytest

from commons.trainings.models import TrainingPerson
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def training():
    people = [
        TrainingPerson(name="Ana Lune", organisation="La ferme"),
        TrainingPerson(name="Bo Vent", role="witness"),
    ]
    return factories.training(title="Atelier sur les prix", people=people)


@pytest.fixture
def guide():
    return factories.guide(title="Le guide des prix")


@pytest.fixture
def series(training, guide):
    return factories.series(training, title="Le cycle des prix", linked_guide=guide)


@pytest.fixture
def recording(training, series):
    page = factories.recording(title="Les prix, à réécouter", url="https://son.example.org/a")
    factories.session(training, in_days=-5, replay=page.page_ptr)
    factories.session(training, in_days=5)
    return page


def read(client, page) -> str:
    return client.get(page.get_url()).content.decode()


def test_training_series_and_guide_lead_to_the_recording(
    client, training, series, guide, recording
):
    for page in (training, series, guide):
        assert f'href="{recording.get_url()}"' in read(client, page), page
    for page in (training, guide):
        for name in ("Ana Lune", "La ferme", "Bo Vent"):
            assert name in read(client, page), (page, name)


def test_recording_leads_to_all_it_belongs_to_and_names_who_speaks(
    client, training, series, guide, recording
):
    html = read(client, recording)
    for page in (training, series, guide):
        assert f'href="{page.get_url()}"' in html, page
    for name in ("Ana Lune", "La ferme", "Bo Vent"):
        assert name in html


def test_a_recording_that_one_may_not_see_is_told_nowhere(
    client, training, series, guide, recording
):
    recording.view_restrictions.create(restriction_type="login")
    for page in (training, series, guide):
        assert recording.get_url() not in read(client, page), page


def test_what_a_recording_belongs_to_is_told_only_to_who_may_see_it(
    client, training, series, guide, recording
):
    for page in (series, guide):
        page.view_restrictions.create(restriction_type="login")
    html = read(client, recording)
    assert "Le cycle des prix" not in html
    assert "Le guide des prix" not in html


def test_a_recording_is_not_told_before_its_session_is_over(client, training, guide, series):
    factories.session(
        training, in_days=5, replay=factories.recording(url="https://son.example.org/b").page_ptr
    )
    assert "À revoir" not in read(client, training)

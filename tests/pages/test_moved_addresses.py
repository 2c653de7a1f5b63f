"""What lives under the address of a page follows it: renamed, moved, or under one that was."""

import pytest
from django.test import TestCase

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def training(site):
    section = factories.trainings_page()
    page = factories.training(parent=section, title="Vendre", slug="vendre")
    page.only_session = factories.session(page)
    return page


def rename(page, slug: str):
    page = page.specific
    page.slug = slug
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision().publish()
    page.refresh_from_db()
    return page


def led(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 301, path
    return answer["Location"]


def under(page) -> list[str]:
    number = page.only_session.pk
    return [f"seances/{number}.ics", f"seances/{number}/inscription/"]


def test_a_renamed_page_takes_its_calendar_and_its_form_along(client, training):
    rename(training, "mieux-vendre")
    for rest in under(training):
        new = f"/fr/se-former/mieux-vendre/{rest}"
        assert led(client, f"/fr/se-former/vendre/{rest}?format=online&a=1") == (
            f"{new}?format=online&a=1"
        )
        assert client.get(new).status_code == 200


def test_a_renamed_section_too_twice(client, training):
    section = rename(training.get_parent(), "apprendre")
    rename(section, "se-former-ensemble")
    for old in ("se-former", "apprendre"):
        assert led(client, f"/fr/{old}/flux.xml?kind=a") == (
            "/fr/se-former-ensemble/flux.xml?kind=a"
        )
        for rest in under(training):
            assert led(client, f"/fr/{old}/vendre/{rest}") == (
                f"/fr/se-former-ensemble/vendre/{rest}"
            )


def test_the_agenda_follows_the_page_above_it(client, site):
    agenda = factories.agenda_page()
    rename(agenda.get_parent(), "se-rencontrer")
    old, new = "/fr/se-mettre-en-reseau/agenda", "/fr/se-rencontrer/agenda"
    for rest in (".ics", ".ics?format=online", "/flux.xml"):
        assert led(client, old + rest) == new + rest
    rename(agenda, "calendrier")
    for before in (old, new):
        for rest in (".ics?format=online", "/flux.xml"):
            assert led(client, before + rest) == "/fr/se-rencontrer/calendrier" + rest


def test_a_moved_page_too(client, training, library):
    other = factories.article(parent=library, slug="dossier")
    with TestCase.captureOnCommitCallbacks(execute=True):
        training.move(other, pos="last-child")
    for rest in under(training):
        assert led(client, f"/fr/se-former/vendre/{rest}") == (
            f"/fr/se-documenter/dossier/vendre/{rest}"
        )


def test_a_page_that_took_the_old_address_wins(client, training):
    rename(training, "mieux-vendre")
    factories.training(parent=training.get_parent(), title="Autre", slug="vendre")
    assert client.get("/fr/se-former/vendre/").status_code == 200
    for rest in under(training):
        assert client.get(f"/fr/se-former/vendre/{rest}").status_code == 404


def test_nothing_is_found_where_nothing_is(client, training):
    rename(training, "mieux-vendre")
    for path in ("/fr/se-former/vendre/rien/", "/fr/rien/vendre/seances/1.ics", "/fr/x/" * 20):
        assert client.get(path).status_code == 404
    training.refresh_from_db()
    training.unpublish()
    assert client.get(f"/fr/se-former/vendre/{under(training)[0]}").status_code == 404


def test_it_never_leads_out_of_the_site(client, training):
    rename(training, "mieux-vendre")
    for path in ("/fr/se-former/vendre//evil.example/", "//evil.example/fr/se-former/vendre/"):
        answer = client.get(path)
        assert "Location" not in answer or answer["Location"].startswith("/fr/")


def test_it_costs_few_questions(client, training, django_assert_max_num_queries):
    rename(training, "mieux-vendre")
    with django_assert_max_num_queries(40):
        client.get(f"/fr/se-former/vendre/{under(training)[0]}")

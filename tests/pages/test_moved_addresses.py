"""What lives under the address of a page follows it: renamed, moved, or under one that was."""

import pytest
from django.test import TestCase
from wagtail.models import Locale, PageViewRestriction

from tests import factories

pytestmark = pytest.mark.django_db
# Questions of the database where nothing is remembered, the page « not found » included.
MOVED, NOTHING = 14, 7


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


def test_proposing_follows_its_section(client, training, library):
    for old, new, page in (
        ("se-documenter", "lire", library),
        ("se-former", "apprendre", training.get_parent()),
    ):
        kind = "question" if page == library else "formation"
        rename(page, new)
        for rest in ("", f"{kind}/"):
            assert led(client, f"/fr/{old}/proposer/{rest}?title=a") == (
                f"/fr/{new}/proposer/{rest}?title=a"
            )
            answer = client.get(f"/fr/{new}/proposer/{rest}?title=a")
            assert answer.status_code == 200
        text = client.get(f"/fr/{new}/proposer/").content.decode()
        assert f'href="/fr/{new}/proposer/{kind}/"' in text
    assert "/fr/lire/proposer/" in client.get("/fr/lire/?q=zzz").content.decode()
    rename(library, "lire-encore")
    for old in ("se-documenter", "lire"):
        assert led(client, f"/fr/{old}/proposer/") == "/fr/lire-encore/proposer/"


def test_proposing_an_event_follows_the_page_above(client, site):
    agenda = factories.agenda_page()
    rename(agenda.get_parent(), "se-rencontrer")
    new = "/fr/se-rencontrer/agenda/proposer/evenement/"
    assert led(client, "/fr/se-mettre-en-reseau/agenda/proposer/evenement/") == new
    assert client.get(new).status_code == 200


def test_a_language_without_the_section_keeps_the_address_by_default(client, library):
    rename(library, "lire")
    assert client.get("/en/learn/propose/").status_code == 200


def test_a_section_has_its_own_address_in_each_language(client, library):
    translated_section(library)
    assert client.get("/en/read/propose/").status_code == 200
    assert led(client, "/en/learn/propose/?a=1") == "/en/read/propose/?a=1"
    assert client.get("/fr/se-documenter/proposer/").status_code == 200


def translated_section(library):
    english = Locale.objects.get(language_code="en")
    library.get_parent().specific.copy_for_translation(english)
    section = library.copy_for_translation(english)
    section.slug = "read"
    section.save()


def test_what_a_form_sends_follows_too(client, training):
    rename(training, "mieux-vendre")
    address = f"/fr/se-former/vendre/{under(training)[1]}"
    typed = {"name": "Nina", "email": "nina@exemple.fr"}
    answer = client.post(address, typed)
    assert answer.status_code == 308
    assert answer["Location"] == f"/fr/se-former/mieux-vendre/{under(training)[1]}"
    assert client.post(address, typed, follow=True).status_code == 200


def test_who_may_not_read_a_page_is_not_told_where_it_is(client, training):
    rename(training, "mieux-vendre")
    address = f"/fr/se-former/vendre/{under(training)[0]}"
    PageViewRestriction.objects.create(page=training, restriction_type="login")
    assert client.get(address).status_code == 404
    client.force_login(factories.member())
    assert led(client, address) == f"/fr/se-former/mieux-vendre/{under(training)[0]}"


def test_two_pages_that_swapped_their_addresses_do_not_loop(client, training):
    rename(training, "mieux-vendre")
    rename(training, "vendre")
    rest = under(training)[0]
    assert client.get(f"/fr/se-former/vendre/{rest}").status_code == 200
    assert led(client, f"/fr/se-former/mieux-vendre/{rest}") == f"/fr/se-former/vendre/{rest}"


def redirects_asked(queries) -> int:
    return sum("wagtailredirects_redirect" in query["sql"] for query in queries.captured_queries)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("one_long_day")
def test_it_costs_few_questions(client, training, django_assert_max_num_queries):
    rename(training, "mieux-vendre")
    address = f"/fr/se-former/vendre/{under(training)[0]}"
    client.get(address)
    with django_assert_max_num_queries(MOVED) as queries:
        assert client.get(address).status_code == 301
    assert redirects_asked(queries) == 1
    client.get("/fr/rien/du/tout/")
    with django_assert_max_num_queries(NOTHING) as queries:
        assert client.get("/fr/rien/du/tout/").status_code == 404
    assert redirects_asked(queries) == 2, "ours, then Wagtail's"

"""A change that the public sees drops every answer; one that it does not see drops none."""

import threading
from traceback import walk_stack
from unittest.mock import Mock, call

import pytest
from django.apps import apps
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from modelcluster.fields import ParentalKey
from wagtail.models import Page, PageViewRestriction, Site, get_page_models

from commons import cache_invalidation
from commons.agenda.models import Registration
from commons.pages import cache_version as generations
from commons.pages.cache_version import change, generation, remembered, structure
from commons.pages.models import HomePage, PlainPage
from commons.pages.site_settings import SiteDetails
from tests import factories
from tests.asking import Given, hits, process, read_before, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_long_day")]


@pytest.fixture
def page(library):
    return read_before()


@pytest.fixture
def app(page):
    return process()


def rename(page):
    page.title = "Un titre tout neuf"
    page.save_revision().publish()


def alias(page):
    page.create_alias(update_slug="un-alias")


def describe_site(page):
    SiteDetails.objects.update_or_create(
        site=Site.objects.get(), defaults={"publisher": "Un éditeur tout neuf"}
    )


def restrict(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def put_in_menu(page):
    home = HomePage.objects.get(slug="fr")
    home.add_child(
        instance=PlainPage(title="Neuf", slug="neuf", show_in_menus=True, locale=home.locale)
    )


CHANGES = {
    "publish": rename,
    "unpublish": lambda page: page.unpublish(),
    "delete": lambda page: page.delete(),
    "move": lambda page: page.move(HomePage.objects.get(slug="fr"), pos="last-child"),
    "slug": lambda page: (setattr(page, "slug", "ailleurs"), page.save()),
    "alias": alias,
    "restriction": restrict,
    "settings": describe_site,
    "menu": put_in_menu,
    "term": lambda page: factories.term("theme", "un-theme-neuf"),
    "site": lambda page: Site.objects.get().save(),
    "tag": lambda page: (page.tags.add("neuve"), page.save()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_shows_at_the_next_request_of_every_process(
    app, page, name, django_capture_on_commit_callbacks
):
    processes = [app, process()]
    addresses = [page.url, "/fr/se-documenter/", "/fr/", "/fr/flux.xml", "/sitemap.xml"]
    for reader in processes:
        for address in addresses:
            Given(reader, address)
    with django_capture_on_commit_callbacks(execute=True):
        CHANGES[name](Page.objects.get(pk=page.pk).specific)
    for reader in processes:
        assert hits(reader, *addresses) == 0
        for address in addresses:
            assert Given(reader, address).text == Given(WSGIHandler(), address).text


@pytest.mark.django_db(transaction=True)
def test_a_publication_by_another_process_shows_at_the_next_request(app, page):
    """The number moves with the real commit, here of another thread with its own connection."""
    assert hits(app, page.url, page.url) == 1
    thread = threading.Thread(target=lambda: (rename(page), connection.close()))
    thread.start()
    thread.join()
    assert "tout neuf" in Given(app, page.url).text


def test_what_the_public_does_not_see_keeps_the_answers(app, page):
    Given(app, page.url)
    page.title = "Un brouillon"
    page.save_revision()
    member = factories.member()
    member.save(update_fields=["last_login"])
    Client().force_login(member)
    assert hits(app, page.url) == 1


def test_who_signs_up_changes_the_answers(app, django_capture_on_commit_callbacks):
    page = factories.training()
    session = factories.session(page, capacity=5)
    settle()
    assert "5 places" in Given(app, page.get_url()).text
    with django_capture_on_commit_callbacks(execute=True):
        factories.registration(session)
    assert "4 places" in Given(app, page.get_url()).text


def test_what_is_remembered_asks_nothing_of_who_signed_up(page, client):
    """A registration leaves it as it is: it would go on telling of seats that are taken."""
    training = factories.training(terms=[factories.term("theme", "prix")])
    series, session = factories.series(training), factories.session(training)
    factories.registration(session)
    asked = set()

    def listen(execute, sql, *args):
        inside = any(frame.f_code is remembered.__code__ for frame, _line in walk_stack(None))
        asked.add((inside, Registration._meta.db_table in sql))
        return execute(sql, *args)

    addresses = [page.url, training.get_url(), series.get_url(), "/fr/se-former/?when=upcoming"]
    with connection.execute_wrapper(listen):
        for address in [*addresses, "/fr/", "/fr/se-documenter/", "/fr/recherche/?q=formation"]:
            assert client.get(address).status_code == 200
    assert asked == {(True, False), (False, True), (False, False)}


def test_what_answers_are_made_of_changes_before_them(
    monkeypatch, django_capture_on_commit_callbacks
):
    moved = Mock()
    monkeypatch.setattr(structure(), "move", moved.structure)
    monkeypatch.setattr(generation(), "move", moved.generation)
    with django_capture_on_commit_callbacks(execute=True):
        change()
    assert moved.mock_calls == [call.structure(), call.generation()]


def test_a_page_that_changes_while_it_is_rendered_is_not_kept(page):
    django = WSGIHandler()

    def slow(environ, start_response):
        answer = django(environ, start_response)
        generation().move()
        return answer

    app = process(slow)
    Given(app, page.url)
    assert not app.kept


def test_nothing_is_kept_while_a_change_waits_for_its_commit(app):
    generation().announce()
    assert hits(app, "/fr/", "/fr/") == 0
    generation().move()
    assert hits(app, "/fr/", "/fr/") == 1


def test_a_process_killed_before_its_commit_stops_nothing_for_long(app, monkeypatch):
    generation().announce()
    monkeypatch.setattr(generations, "PATIENCE", 0)
    assert hits(app, "/fr/", "/fr/") == 1


def test_answers_grow_old(app, monkeypatch):
    Given(app, "/fr/")
    monkeypatch.setattr(generations, "LIFE", 10**9)
    assert hits(app, "/fr/") == 0


def test_private_models_exist_and_none_is_a_page_or_a_part_of_one():
    models = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
    assert models.keys() >= cache_invalidation.PRIVATE | cache_invalidation.UNSEEN_WHEN_NEW
    assert {config.label for config in apps.get_app_configs()} >= cache_invalidation.PRIVATE_APPS
    shown = {
        field.related_model
        for model in get_page_models()
        for field in model._meta.get_fields()
        if isinstance(getattr(field, "field", None), ParentalKey)
    }
    private = {
        m._meta.label for m in (*get_page_models(), *shown) if cache_invalidation.is_private(m)
    }
    assert private == {"wagtailcore.Comment"}

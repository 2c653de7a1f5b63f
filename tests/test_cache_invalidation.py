"""A change that the public sees drops every kept page; one that it does not see drops none."""

import re
import threading

import pytest
from django.apps import apps
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import Client
from modelcluster.fields import ParentalKey
from wagtail.models import Page, PageViewRestriction, Site

from commons.cache_invalidation import is_public
from commons.members.models import Consent, Purpose
from commons.pages import cache_version
from commons.pages.cache_version import shared_version
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


def test_what_the_public_does_not_see_drops_nothing(app, page):
    Given(app, page.url)
    page.title = "Un brouillon"
    page.save_revision()
    member = factories.member()
    member.save(update_fields=["last_login"])
    Client().force_login(member)
    assert hits(app, page.url) == 1


def test_who_signs_up_changes_the_page(app, django_capture_on_commit_callbacks):
    page = factories.training()
    session = factories.session(page, capacity=5)
    settle()
    assert "5 places" in Given(app, page.get_url()).text
    with django_capture_on_commit_callbacks(execute=True):
        factories.registration(session)
    assert "4 places" in Given(app, page.get_url()).text


def test_a_page_that_changes_while_it_is_rendered_is_not_kept(page):
    django = WSGIHandler()

    def slow(environ, start_response):
        answer = django(environ, start_response)
        shared_version().renew()
        return answer

    app = process(slow)
    Given(app, page.url)
    assert not app.kept


@pytest.mark.django_db(transaction=True)
def test_what_is_read_before_a_commit_is_dropped_by_it(app, page):
    """Another thread writes, and waits before its commit until the old page was read and kept."""
    written, was_read = threading.Event(), threading.Event()

    def publish():
        with transaction.atomic():
            rename(page)
            written.set()
            was_read.wait()
        connection.close()

    Given(app, page.url)
    thread = threading.Thread(target=publish)
    thread.start()
    written.wait()
    assert hits(app, page.url) == 0
    assert hits(app, page.url) == 1
    assert "tout neuf" not in Given(app, page.url).text
    was_read.set()
    thread.join()
    assert "tout neuf" in Given(app, page.url).text


def test_kept_pages_grow_old(app, monkeypatch):
    Given(app, "/fr/")
    monkeypatch.setattr(cache_version, "LIFETIME", 10**9)
    assert hits(app, "/fr/") == 0


# Pages that are kept show them, and nothing needs to be dropped when they change.
WRITTEN_WITH_A_PAGE = {"search_document", "search_label", "search_change"}
WRITTEN_WITH_A_PAGE |= {"pages_restrictedpage", "pages_restrictionset", "agenda_occurrence"}
NEVER_CHANGED = {"django_content_type", "wagtailimages_rendition"}


def test_every_table_that_a_kept_page_reads_is_public(site, client):
    theme = factories.term("theme", "prix")
    library, training = factories.library(), factories.training(terms=[theme])
    factories.registration(factories.session(training, capacity=3))
    shown = [
        *(factories.article(terms=[theme], tags=["a"]), factories.guide(), factories.question()),
        *(factories.case_study(), training, factories.series(training), factories.event()),
    ]
    addresses = [page.get_url() for page in shown]
    addresses += ["/fr/", "/en/", library.url, f"{library.url}?theme=prix", "/fr/se-former/"]
    addresses += ["/fr/se-mettre-en-reseau/agenda/", "/fr/flux.xml", "/sitemap.xml", "/robots.txt"]
    shown[0].page_authors.create(member=factories.member())
    tables = set()

    def listen(execute, sql, *args):
        tables.update(re.findall(r'(?:FROM|JOIN) "(\w+)"', sql))
        return execute(sql, *args)

    with connection.execute_wrapper(listen):
        statuses = {address: client.get(address).status_code for address in addresses}
    assert set(statuses.values()) <= {200}, statuses
    models = apps.get_models(include_auto_created=True)
    public = {model._meta.db_table for model in models if is_public(model)}
    parts = {model._meta.db_table for model in models if is_part_of_a_page(model)}
    assert tables - public - parts - WRITTEN_WITH_A_PAGE - NEVER_CHANGED == set()


def is_part_of_a_page(model):
    """Whether its rows are written with their page, which drops what is kept."""
    keys = [field for field in model._meta.get_fields() if isinstance(field, ParentalKey)]
    return any(issubclass(key.related_model, Page) for key in keys)


def test_whom_a_restriction_lets_in_is_public():
    """Values are kept for members too."""
    assert is_public(PageViewRestriction.groups.through)
    assert not is_public(Consent)


def test_a_table_that_no_page_shows_drops_nothing(app, page, django_capture_on_commit_callbacks):
    member = factories.member()
    Given(app, page.url)
    with django_capture_on_commit_callbacks(execute=True):
        Consent.objects.create(member=member, purpose=Purpose.CREDIT, text_version="2026-11")
    assert hits(app, page.url) == 1

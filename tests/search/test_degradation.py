"""Whatever is damaged in the index: the site answers, pages are published, `doctor` tells,
`rebuild_search` mends."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from commons.health_checks import admin_search, findings
from commons.members.models import Member
from search import admin_index
from search.backends import store
from search.engine import Scope, find
from search.integrity import faults
from search.models import Acronym, Change, Document, Label, Text, Word
from search.rebuild import rebuild
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
FRENCH = Scope(language="fr")
TABLES = ["label", "change", "text", "document", "word", "acronym", "gap"]


@pytest.fixture
def page(library):
    theme = factories.term("theme", "elevage", "Élevage")
    return factories.article(
        title="Un casier", body=factories.body("Une légumerie."), terms=[theme]
    )


def found(query: str) -> list[int]:
    return find(query, FRENCH).ids()[:]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def drop(table: str) -> None:
    run(f"DROP TABLE search_{table}{' CASCADE' if connection.vendor == 'postgresql' else ''}")


def mended(page) -> bool:
    list(rebuild())
    told = faults()
    return (told, found("légumerie"), found("casier")) == ([], [page.pk], [page.pk])


@pytest.mark.parametrize("table", TABLES)
def test_a_table_that_is_missing(page, client, table):
    drop(table)
    try:
        for address in (
            *("/fr/", page.get_url(), page.get_parent().get_url(), "/fr/recherche/?q=casier"),
            *("/fr/recherche/suggestions/?q=casi", "/fr/se-documenter/?q=casier&theme=elevage"),
        ):
            assert client.get(address).status_code == 200, address
        assert client.get("/fr/recherche/?q=zzyzx").status_code == 200
        page.specific.save_revision().publish()
        assert faults() == [f"search_{table} is missing"]
    finally:
        assert mended(page)


@pytest.mark.parametrize("table", ["change", "document"])
def test_titles_are_searched_without_the_documents(page, client, table):
    drop(table)
    try:
        told = find("un casier", FRENCH)
        assert told.degraded
        assert told.ids()[:] == [page.pk]
        assert "Un casier" in client.get("/fr/recherche/?q=casier").content.decode()
    finally:
        assert mended(page)


def test_words_that_are_lost_leave_titles_and_a_notice(page):
    assert not find("légumerie zzyzx", FRENCH).degraded
    if connection.vendor == "postgresql":
        run("UPDATE search_document SET vector = '', titles = ''")
    else:
        run("DELETE FROM search_words")
    Change.tell_all()
    told = find("casier", FRENCH)
    assert told.degraded
    assert told.ids()[:] == [page.pk]
    assert faults() != []
    assert mended(page)


def no_labels():
    Label.objects.all().delete()


def other_labels():
    Document.objects.update(labels="\u0fff")


def labels_of_another():
    Label.objects.create(name="theme:autre")
    Document.objects.update(labels=Label.objects.get(name="theme:autre").sign)


def no_texts():
    Text.objects.all().delete()


def no_words():
    Word.objects.all().delete()


def stale_places():
    Document.objects.update(path="00010001000100010001")


def other_dates():
    Document.objects.update(published=1)


def older_stems():
    Word.objects.update(stem="ancien")


def pages_to_read():
    Text.objects.update(stale=True)


@pytest.mark.parametrize(
    "damage",
    [
        *(no_labels, other_labels, labels_of_another, no_texts, no_words, stale_places),
        *(other_dates, older_stems, pages_to_read),
    ],
)
def test_data_that_is_damaged_is_told_and_mended(page, client, damage):
    assert faults() == []
    damage()
    Change.tell_all()
    for address in ("/fr/", page.get_url(), page.get_parent().get_url(), "/fr/recherche/?q=casier"):
        assert client.get(address).status_code == 200, address
    assert faults() != []
    assert mended(page)


def test_what_is_published_while_an_ill_index_is_rebuilt_is_in_the_new_one(page, monkeypatch):
    monkeypatch.setattr("search.rebuild.A_BATCH", 1)
    store().drop()
    running = rebuild()
    next(running)
    during = factories.article(title="Un canari")
    list(running)
    assert found("canari") == [during.pk]
    assert faults() == []


def test_acronyms_are_edited_while_the_index_is_ill(page):
    store().drop()
    acronym = Acronym.objects.create(short="LEG", long="légumerie")
    acronym.save()
    acronym.delete()
    assert mended(page)


def break_schema(name: str) -> None:
    """What FTS5 needs to open a table is gone: even to drop it raises."""
    run(f"DROP TABLE {name}_config")
    run(f"DROP TABLE {name}_data")
    connection.close()


def break_content(name: str) -> None:
    run(f"UPDATE {name}_data SET block = x'00ff00ff'")
    connection.close()


sqlite_only = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps words in columns of a plain table"
)


@sqlite_only
@pytest.mark.parametrize("damage", [break_schema, break_content])
@pytest.mark.parametrize("name", ["search_words", "search_titles"])
def test_a_table_that_cannot_even_be_dropped_is_mended(page, client, name, damage):
    damage(name)
    for address in ("/fr/recherche/?q=casier", "/fr/recherche/suggestions/?q=casi"):
        assert client.get(address).status_code == 200, address
    assert faults() != []
    assert mended(page)


@sqlite_only
def test_what_a_killed_rebuild_left_damaged_is_no_hindrance(page):
    store().begin()
    break_schema("search_words_next")
    assert mended(page)


@pytest.fixture
def ill_admin(page):
    if connection.vendor == "sqlite":
        break_schema("wagtailsearch_indexentry_fts")
    else:
        run("ALTER TABLE wagtailsearch_indexentry DROP COLUMN title, DROP COLUMN autocomplete")
    yield page
    admin_index.make_again()


def test_an_ill_index_of_the_admin_is_told_found_around_and_mended(ill_admin, client):
    assert admin_index.faults() != []
    (told,) = findings([admin_search])
    assert not told.ok
    assert "rebuild_search" in told.mend
    client.force_login(factories.member(is_superuser=True))
    for address in (
        "/admin/pages/search/?q=casier",
        "/admin/images/?q=casier",
        "/admin/users/?q=a",
    ):
        assert client.get(address).status_code == 200, address
    assert "Un casier" in client.get("/admin/pages/search/?q=casier").content.decode()
    ill_admin.specific.save_revision().publish()
    call_command("rebuild_search", verbosity=0)
    assert admin_index.faults() == []
    assert "Un casier" in client.get("/admin/pages/search/?q=casiers").content.decode()


@pytest.mark.parametrize("door", ["users/delete/{}/", "bulk/members/member/delete/?id={}"])
def test_an_ill_index_of_the_admin_keeps_nobody_from_deleting_a_member(ill_admin, client, door):
    client.force_login(factories.member(is_superuser=True))
    gone = factories.member(display_name="Zoé Panier")
    answer = client.post(f"/admin/{door.format(gone.pk)}", {})
    assert answer.status_code == 302
    assert not Member.objects.filter(pk=gone.pk).exists()


def test_an_ill_index_of_the_admin_keeps_nobody_from_erasing_themselves(ill_admin, client):
    gone = factories.member(display_name="Zoé Panier")
    client.force_login(gone)
    answer = client.post("/compte/supprimer/", {"password": factories.PASSWORD})
    assert answer.status_code == 302
    assert not Member.objects.filter(pk=gone.pk).exists()


def test_an_ill_index_of_the_admin_keeps_nobody_from_unpublishing_nor_deleting(
    ill_admin, client, library
):
    client.force_login(factories.member(is_superuser=True))
    picture = Image.objects.create(title="Œufs", file=get_test_image_file())
    other, third = factories.article(title="Un autre"), factories.article(title="Un troisième")
    name = "wagtailadmin_pages:"
    for address in (
        reverse(f"{name}unpublish", args=[ill_admin.pk]),
        reverse(f"{name}delete", args=[ill_admin.pk]),
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={other.pk}",
        reverse("wagtailimages:delete", args=[picture.pk]),
    ):
        assert client.post(address).status_code == 302, address
    move = reverse(f"{name}move_confirm", args=[third.pk, library.get_parent().pk])
    assert client.post(move).status_code == 302
    assert not Page.objects.filter(pk__in=[ill_admin.pk, other.pk]).exists()
    assert not Image.objects.exists()
    assert admin_index.faults() != []
    call_command("rebuild_search", verbosity=0)
    assert admin_index.faults() == []


def test_a_missing_index_of_the_admin_is_made_again(page):
    assert admin_index.faults() == []
    run("DROP TABLE wagtailsearch_indexentry")
    try:
        assert admin_index.faults() == ["wagtailsearch_indexentry is missing"]
    finally:
        admin_index.make_again()
    assert admin_index.faults() == []

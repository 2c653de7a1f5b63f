"""Whatever is damaged in the index: the site answers, pages are published, `doctor` reports,
`rebuild_search` repairs."""

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
from search.contract import Query, Scope, faults, rebuild, search
from search.embedded.backends import store
from search.models import Acronym, Change, Document, Label, Text, Word
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


def find(query: str) -> list[int]:
    return search(Query(query, FRENCH)).ids[:]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def drop(table: str) -> None:
    run(f"DROP TABLE search_{table}{' CASCADE' if connection.vendor == 'postgresql' else ''}")


def is_repaired(page) -> bool:
    list(rebuild())
    return (faults(), find("légumerie"), find("casier")) == ([], [page.pk], [page.pk])


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
        assert is_repaired(page)


@pytest.mark.parametrize("table", ["change", "document"])
def test_titles_are_searched_without_the_documents(page, client, table):
    drop(table)
    try:
        results = search(Query("un casier", FRENCH))
        assert results.degraded
        assert results.ids[:] == [page.pk]
        assert "Un casier" in client.get("/fr/recherche/?q=casier").content.decode()
    finally:
        assert is_repaired(page)


def test_lost_words_leave_a_search_in_titles(page):
    assert not search(Query("légumerie zzyzx", FRENCH)).degraded
    if connection.vendor == "postgresql":
        run("UPDATE search_document SET vector = '', titles = ''")
    else:
        run("DELETE FROM search_words")
    Change.record_all()
    results = search(Query("casier", FRENCH))
    assert results.degraded
    assert results.ids[:] == [page.pk]
    assert faults() != []
    assert is_repaired(page)


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
def test_damaged_data_is_reported_and_repaired(page, client, damage):
    assert faults() == []
    damage()
    Change.record_all()
    for address in ("/fr/", page.get_url(), page.get_parent().get_url(), "/fr/recherche/?q=casier"):
        assert client.get(address).status_code == 200, address
    assert faults() != []
    assert is_repaired(page)


def test_what_is_published_while_a_damaged_index_is_rebuilt_is_in_the_new_one(page, monkeypatch):
    monkeypatch.setattr("search.embedded.rebuild.A_BATCH", 1)
    store().drop()
    running = rebuild()
    next(running)
    during = factories.article(title="Un canari")
    list(running)
    assert find("canari") == [during.pk]
    assert faults() == []


def test_acronyms_are_edited_while_the_index_is_damaged(page):
    store().drop()
    acronym = Acronym.objects.create(short="LEG", long="légumerie")
    acronym.save()
    acronym.delete()
    assert is_repaired(page)


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
def test_a_table_that_cannot_even_be_dropped_is_repaired(page, client, name, damage):
    damage(name)
    for address in ("/fr/recherche/?q=casier", "/fr/recherche/suggestions/?q=casi"):
        assert client.get(address).status_code == 200, address
    assert faults() != []
    assert is_repaired(page)


@sqlite_only
def test_what_a_killed_rebuild_left_damaged_is_no_hindrance(page):
    store().begin()
    break_schema("search_words_next")
    assert is_repaired(page)


@pytest.fixture
def damaged_admin_index(page):
    if connection.vendor == "sqlite":
        break_schema("wagtailsearch_indexentry_fts")
    else:
        run("ALTER TABLE wagtailsearch_indexentry DROP COLUMN title, DROP COLUMN autocomplete")
    yield page
    admin_index.rebuild()


def test_a_damaged_admin_index_is_reported_bypassed_and_repaired(damaged_admin_index, client):
    assert admin_index.faults() != []
    (finding,) = findings([admin_search])
    assert not finding.ok
    assert "rebuild_search" in finding.mend
    client.force_login(factories.member(is_superuser=True))
    for address in (
        "/admin/pages/search/?q=casier",
        "/admin/images/?q=casier",
        "/admin/users/?q=a",
    ):
        assert client.get(address).status_code == 200, address
    assert "Un casier" in client.get("/admin/pages/search/?q=casier").content.decode()
    damaged_admin_index.specific.save_revision().publish()
    call_command("rebuild_search", verbosity=0)
    assert admin_index.faults() == []
    assert "Un casier" in client.get("/admin/pages/search/?q=casiers").content.decode()


@pytest.mark.parametrize("door", ["users/delete/{}/", "bulk/members/member/delete/?id={}"])
def test_a_damaged_admin_index_keeps_nobody_from_deleting_a_member(
    damaged_admin_index, client, door
):
    client.force_login(factories.member(is_superuser=True))
    gone = factories.member(display_name="Zoé Panier")
    answer = client.post(f"/admin/{door.format(gone.pk)}", {})
    assert answer.status_code == 302
    assert not Member.objects.filter(pk=gone.pk).exists()


def test_a_damaged_admin_index_keeps_nobody_from_erasing_themselves(damaged_admin_index, client):
    gone = factories.member(display_name="Zoé Panier")
    client.force_login(gone)
    answer = client.post("/compte/supprimer/", {"password": factories.PASSWORD})
    assert answer.status_code == 302
    assert not Member.objects.filter(pk=gone.pk).exists()


def test_a_damaged_admin_index_keeps_nobody_from_unpublishing_nor_deleting(
    damaged_admin_index, client, library
):
    client.force_login(factories.member(is_superuser=True))
    picture = Image.objects.create(title="Œufs", file=get_test_image_file())
    other, third = factories.article(title="Un autre"), factories.article(title="Un troisième")
    name = "wagtailadmin_pages:"
    for address in (
        reverse(f"{name}unpublish", args=[damaged_admin_index.pk]),
        reverse(f"{name}delete", args=[damaged_admin_index.pk]),
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={other.pk}",
        reverse("wagtailimages:delete", args=[picture.pk]),
    ):
        assert client.post(address).status_code == 302, address
    move = reverse(f"{name}move_confirm", args=[third.pk, library.get_parent().pk])
    assert client.post(move).status_code == 302
    assert not Page.objects.filter(pk__in=[damaged_admin_index.pk, other.pk]).exists()
    assert not Image.objects.exists()
    assert admin_index.faults() != []
    call_command("rebuild_search", verbosity=0)
    assert admin_index.faults() == []


def test_a_missing_admin_index_is_created_again(page):
    assert admin_index.faults() == []
    run("DROP TABLE wagtailsearch_indexentry")
    try:
        assert admin_index.faults() == ["wagtailsearch_indexentry is missing"]
    finally:
        admin_index.rebuild()
    assert admin_index.faults() == []

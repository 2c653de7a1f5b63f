"""The snapshot of a process is what the database holds, at every moment."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from search import index
from search.contract import Query, Scope, rebuild, search
from search.embedded.facet_counts import facet_counts
from search.embedded.snapshot import Snapshot, current_snapshot
from search.models import Change, Document
from tests import factories

FRENCH = Scope(language="fr")


def find(query: str) -> list[int]:
    return search(Query(query, FRENCH)).ids[:]


def contents(snapshot: Snapshot) -> tuple:
    """All that a snapshot holds, without the positions, which may have gaps."""
    rows = [row._replace(position=0) for row in snapshot.rows if row]
    counts = {label: bits.bit_count() for label, bits in snapshot.labels.items() if bits}
    return rows, counts, snapshot.in_scope(FRENCH).bit_count()


def elsewhere(act) -> None:
    """`act` in a thread, hence with a connection of its own, as another process would."""

    def run():
        act()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_what_another_process_publishes_is_found_at_once(library):
    first = factories.article(title="Canari")
    assert find("canari") == [first.pk]
    elsewhere(lambda: factories.article(title="Canari deux"))
    assert len(find("canari")) == 2
    elsewhere(first.specific.unpublish)
    assert first.pk not in find("canari")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_read_again_while_nothing_changes(library):
    factories.article(title="Canari")
    snapshot = current_snapshot()
    with CaptureQueriesContext(connection) as queries:
        assert current_snapshot() is snapshot
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_only_what_changed_is_read_again_and_it_comes_to_the_same(library):
    term = factories.term("theme", "elevage")
    pages = [factories.article(title=f"Canari {n}", terms=[term]) for n in range(4)]
    current_snapshot()
    pages[0].title = "Serin"
    pages[0].save_revision().publish()
    pages[1].unpublish()
    pages[3].delete()
    factories.article(title="Canari tardif", tags=["Oiseau"])
    with CaptureQueriesContext(connection) as queries:
        patched = current_snapshot()
    (read,) = [q["sql"] for q in queries if 'FROM "search_document"' in q["sql"]]
    assert " IN (" in read
    Change.reset()
    whole = current_snapshot()
    assert whole is not patched
    assert contents(patched) == contents(whole)
    # Published again, an old page takes its old place among equals.
    pages[1].save_revision().publish()
    Document.objects.update(published=0)
    Change.record_all()
    before = find("canari")
    Change.reset()
    assert find("canari") == before


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_is_known_to_nobody_else(library):
    page = factories.article(title="Canari")
    try:
        with transaction.atomic():
            factories.article(title="Canari deux")
            assert len(find("canari")) == 2
            raise RuntimeError
    except RuntimeError:
        assert find("canari") == [page.pk]


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_and_a_long_journal_are_followed(library, monkeypatch):
    page = factories.article(title="Canari")
    assert find("canari") == [page.pk]
    Document.objects.all().delete()
    list(rebuild())
    assert find("canari") == [page.pk]
    assert Change.objects.count() == 1
    monkeypatch.setattr(index, "JOURNAL", 1)
    index.refresh([page.pk])
    index.refresh_stale()
    assert Change.objects.count() == 1
    assert find("canari") == [page.pk]


def test_sets_and_places_are_one_is_another_word():
    snapshot = Snapshot([None] * 200)
    for positions in ([], [0], [199], [0, 7, 8, 63, 64, 199]):
        assert list(snapshot.positions(snapshot.bitset(positions))) == positions


@pytest.mark.django_db
def test_few_and_many_are_counted_alike(library, monkeypatch):
    term = factories.term("theme", "elevage")
    for number in range(4):
        factories.article(title=f"Canari {number}", terms=[term][: number % 2], tags=["Oiseau"])
    results = search(Query("canari", FRENCH))
    facets = ["theme", "tag"]
    few = facet_counts(results.matches, results.snapshot, facets)
    monkeypatch.setattr("search.embedded.facet_counts.FEW", 1)
    assert facet_counts(results.matches, results.snapshot, facets) == few
    assert few == {"theme": {"elevage": 2}, "tag": {"oiseau": 4}}

"""What a process knows of the documents is what the database holds, at every moment."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from search import index
from search.engine import Scope, find
from search.facet_counts import label_counts
from search.models import Change, Document
from search.rebuild import rebuild
from search.snapshot import Memory, memory
from tests import factories

FRENCH = Scope(language="fr")


def found(query: str) -> list[int]:
    return find(query, FRENCH).ids()[:]


def told(known: Memory) -> tuple:
    """All that a memory knows, without the places, which may have gaps."""
    rows = [row._replace(place=0) for row in known.rows if row]
    counts = {label: bits.bit_count() for label, bits in known.labels.items() if bits}
    return rows, counts, known.within(FRENCH).bit_count()


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
    assert found("canari") == [first.pk]
    elsewhere(lambda: factories.article(title="Canari deux"))
    assert len(found("canari")) == 2
    elsewhere(first.specific.unpublish)
    assert first.pk not in found("canari")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_read_again_while_nothing_changes(library):
    factories.article(title="Canari")
    known = memory()
    with CaptureQueriesContext(connection) as queries:
        assert memory() is known
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_only_what_changed_is_read_again_and_it_comes_to_the_same(library):
    term = factories.term("theme", "elevage")
    pages = [factories.article(title=f"Canari {n}", terms=[term]) for n in range(4)]
    memory()
    pages[0].title = "Serin"
    pages[0].save_revision().publish()
    pages[1].unpublish()
    pages[3].delete()
    factories.article(title="Canari tardif", tags=["Oiseau"])
    with CaptureQueriesContext(connection) as queries:
        patched = memory()
    (read,) = [q["sql"] for q in queries if 'FROM "search_document"' in q["sql"]]
    assert " IN (" in read
    Change.start_again()
    whole = memory()
    assert whole is not patched
    assert told(patched) == told(whole)
    # Published again, an old page takes its old place among equals.
    pages[1].save_revision().publish()
    Document.objects.update(published=0)
    Change.tell_all()
    before = found("canari")
    Change.start_again()
    assert found("canari") == before


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_is_known_to_nobody_else(library):
    page = factories.article(title="Canari")
    try:
        with transaction.atomic():
            factories.article(title="Canari deux")
            assert len(found("canari")) == 2
            raise RuntimeError
    except RuntimeError:
        assert found("canari") == [page.pk]


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_and_a_long_journal_are_followed(library, monkeypatch):
    page = factories.article(title="Canari")
    assert found("canari") == [page.pk]
    Document.objects.all().delete()
    list(rebuild())
    assert found("canari") == [page.pk]
    assert Change.objects.count() == 1
    monkeypatch.setattr(index, "JOURNAL", 1)
    index.refresh([page.pk])
    index.refresh_stale()
    assert Change.objects.count() == 1
    assert found("canari") == [page.pk]


def test_sets_and_places_are_one_another():
    known = Memory([None] * 200)
    for places in ([], [0], [199], [0, 7, 8, 63, 64, 199]):
        assert list(known.places(known.bits(places))) == places


@pytest.mark.django_db
def test_few_and_many_are_counted_alike(library, monkeypatch):
    term = factories.term("theme", "elevage")
    for number in range(4):
        factories.article(title=f"Canari {number}", terms=[term][: number % 2], tags=["Oiseau"])
    results = find("canari", FRENCH)
    few = label_counts(results.bits, results.known)
    monkeypatch.setattr("search.facet_counts.FEW", 1)
    assert label_counts(results.bits, results.known) == few
    assert few == {"theme:elevage": 2, "tag:oiseau": 4}
    assert label_counts(results.bits, results.known, facet="theme") == {"theme:elevage": 2}

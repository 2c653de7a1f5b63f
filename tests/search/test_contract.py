"""What any back end of search must do, asked through `search.contract` alone.

Runs on the back end of the settings: today's on SQLite, and on PostgreSQL by DATABASE_URL.
"""

import pytest
from django.db import transaction
from wagtail.models import Page

from commons.pages.models import PlainPage
from search import contract
from search.analyzer import stem
from search.contract import Query, Scope, search, suggest
from search.extract import Entry
from tests import factories
from tests.search.hostile import HOSTILE

FRENCH = Scope(language="fr")


@pytest.fixture(autouse=True)
def empty_index(library):
    """Nothing of the pages that hold the library."""
    contract.delete(Page.objects.values_list("pk", flat=True))


def entry(title: str = "Casier", *, page=None, **fields) -> Entry:
    """A document of an article that is not published: only what is put here is indexed."""
    page = page or factories.article(title=title, live=False)
    fields = {"language": "fr", "kind": page.content_type_id, "path": page.path} | fields
    return Entry(page_id=page.pk, title=title, **fields)


def put(title: str = "Casier", **fields) -> int:
    """The page of a new document."""
    document = entry(title, **fields)
    contract.put([document])
    return document.page_id


def ids(text: str = "", scope: Scope = FRENCH, **options) -> list[int]:
    return search(Query(text, scope, **options)).ids[:]


def counts(facets: list[str], text: str = "", **options) -> dict[str, tuple[int, dict]]:
    results = search(Query(text, FRENCH, facets=facets, **options))
    return {name: (facet.total, dict(facet.counts)) for name, facet in results.facets.items()}


def test_a_document_is_found_once_put_and_not_once_deleted():
    page = put("Casier", body="Une légumerie.")
    assert ids("légumeries") == ids("casier") == ids() == [page]
    contract.delete([page])
    assert ids("casier") == ids() == suggest("casi", FRENCH) == []
    contract.delete([page])


def test_what_is_put_again_replaces_what_was():
    first = entry("Casier", labels=["theme:a"])
    contract.put([first])
    contract.put([entry("Panier", page=Page.objects.get(pk=first.page_id))])
    assert (ids("casier"), ids("panier")) == ([], [first.page_id])
    assert counts(["theme"]) == {"theme": (1, {})}


def test_what_is_rolled_back_is_not_found():
    try:
        with transaction.atomic():
            page = put("Canari")
            assert ids("canari") == [page]
            raise RuntimeError
    except RuntimeError:
        assert ids("canari") == []


def test_the_orders():
    first = put("Zoé", published=300, reviewed=5, rank=2)
    second = put("Âne", published=100, reviewed=9, rank=3)
    third = put("mule", published=200, reviewed=7, rank=1)
    orders = {order: ids(order=order) for order in contract.ORDERS}
    assert orders == {
        "relevance": [first, third, second],
        "recent": [first, third, second],
        "reviewed": [second, third, first],
        "title": [second, third, first],
        "rank": [third, first, second],
    }


def test_the_latest_come_first_among_equals():
    pages = [put(f"Casier {number}") for number in range(3)]
    assert ids(order="recent") == ids(order="reviewed") == ids(order="rank") == pages[::-1]


@pytest.mark.parametrize("order", contract.ORDERS)
def test_a_slice_of_the_list_is_a_part_of_it(order):
    pages = {put(f"Casier {number}", rank=number % 3) for number in range(7)}
    results = search(Query("casier", FRENCH, order=order))
    whole = results.ids[:]
    assert set(whole) == pages
    assert len(results.ids) == results.total == results.matching == 7
    assert results.ids[2:5] == whole[2:5]
    assert results.ids[5:99] == whole[5:]


def test_title_then_summary_and_headings_then_body():
    body = put("Un", body="Une légumerie.")
    heading = put("Deux", headings="La légumerie")
    title = put("La légumerie")
    assert ids("légumerie") == [title, heading, body]


def test_one_value_of_a_facet_and_all_facets():
    one = put(labels=["theme:a", "stage:x"])
    two = put(labels=["theme:b", "stage:x"])
    put(labels=["theme:a", "stage:y"])
    put(labels=["theme:c"])
    filters = {"theme": ["a", "b"], "stage": ["x"]}
    results = search(Query("casier", FRENCH, filters=filters))
    assert set(results.ids[:]) == {one, two}
    assert (results.total, results.matching) == (2, 4)
    assert ids(filters={"theme": ["unknown"]}) == ids(filters={"unknown": ["a"]}) == []


@pytest.mark.parametrize("copies", [1, 70])
def test_each_facet_is_counted_under_the_filters_of_the_others(copies):
    for _ in range(copies):
        contract.put([entry(labels=["theme:a", "stage:x"]), entry(labels=["theme:b", "stage:y"])])
    put(labels=["theme:a", "stage:y", "tag:t:u"])
    facets = ["theme", "stage", "tag", "none"]
    assert counts(facets) == {
        "theme": (2 * copies + 1, {"a": copies + 1, "b": copies}),
        "stage": (2 * copies + 1, {"x": copies, "y": copies + 1}),
        "tag": (2 * copies + 1, {"t:u": 1}),
        "none": (2 * copies + 1, {}),
    }
    assert counts(facets, "casier", filters={"theme": ["a"]}) == {
        "theme": (2 * copies + 1, {"a": copies + 1, "b": copies}),
        "stage": (copies + 1, {"x": copies, "y": 1}),
        "tag": (copies + 1, {"t:u": 1}),
        "none": (copies + 1, {}),
    }
    assert counts(["stage"], filters={"theme": ["b"], "stage": ["x"]}) == {
        "stage": (copies, {"y": copies})
    }


def test_a_scope_keeps_to_a_language_types_and_places():
    page, other = put(), put(language="en")
    guide = factories.guide(title="Casier", live=False)
    third = put(page=guide)
    paths = dict(Page.objects.values_list("pk", "path"))
    assert ids("casier", Scope(language="en")) == [other]
    assert set(ids("", Scope())) == {page, other, third}
    assert ids("casier", Scope("fr", kinds=(guide.content_type_id,))) == [third]
    assert ids("casier", Scope("fr", within=paths[page])) == [page]
    assert ids("casier", Scope("fr", closed=frozenset([paths[page]]))) == [third]
    assert ids("casier", Scope("fr", closed=frozenset([paths[page][:-4]]))) == []


def test_a_closed_document_tells_nothing():
    """No result, count, suggestion, correction nor related page comes from it."""
    secret = entry("Quadrilatère", body="Un topinambour.", labels=["theme:secret"])
    contract.put([secret])
    page = put("Casier", labels=["theme:ouvert"])
    scope = Scope("fr", closed=frozenset([secret.path]))
    for text in ("quadrilatère", "quadrilatre", "topinambour", "topinanbour"):
        results = search(Query(text, scope, facets=["theme"]))
        assert (results.total, results.matching, results.corrected_query) == (0, 0, ""), text
        assert results.facets["theme"].counts == {}
        assert suggest(text, scope) == suggest(text[:5], scope) == []
    assert search(Query("", scope, facets=["theme"])).facets["theme"] == (1, {"ouvert": 1})
    weights = {"theme:secret": 3.0, "theme:ouvert": 1.0}
    assert contract.similar(weights, scope, exclude=0, count=9) == [page]


def test_a_misspelt_word_is_corrected_as_most_titles_write_it():
    page = put("La Légumerie")
    put("Les légumeries", body="legumerie")
    results = search(Query("legumerrie", FRENCH))
    assert (page in results.ids[:], results.partial) == (True, False)
    assert results.corrected_query.lower() == "légumerie"
    assert search(Query("légumerie", FRENCH)).corrected_query == ""


def test_documents_that_lack_a_word_are_told():
    both, one = put("Casier réfrigéré"), put("Casier partagé")
    assert search(Query("casier réfrigéré", FRENCH)).partial is False
    results = search(Query("casier zzyzx", FRENCH))
    assert (set(results.ids[:]), results.partial) == ({both, one}, True)


def test_snippets_mark_the_words_and_are_safe():
    page = put("Un", body="Rien ici.\nUne <b>légumerie</b> & un marché.")
    snippets = search(Query("légumeries", FRENCH)).snippets([page])
    marked = "Une &lt;b&gt;<mark>légumerie</mark>&lt;/b&gt; &amp; un marché."
    assert snippets == {page: marked}
    assert search(Query("", FRENCH)).snippets([page]) == {}


def test_suggestions_begin_with_titles_then_understand():
    text, title = put("Un", summary="Le casier."), put("Le casier bleu")
    assert suggest("casi", FRENCH) == [title, text]
    assert suggest("casi", FRENCH, count=1) == [title]
    body = put("Deux", body="Un topinambour.")
    assert suggest("topinamb", FRENCH) == [body]
    assert suggest("topinamb", FRENCH, texts=False) == suggest("t", FRENCH) == []


def test_similar_documents_weigh_most_and_the_latest_come_first():
    both = put(labels=["theme:a", "stage:x"])
    one, other = put(labels=["theme:a"]), put(labels=["theme:a"])
    put(labels=["stage:x"])
    put(labels=["theme:b"])
    weights = {"theme:a": 3.0, "stage:x": 1.0, "theme:unknown": 9.0}
    assert contract.similar(weights, FRENCH, exclude=one, count=2) == [both, other]


def test_a_label_is_renamed_or_taken_away_at_once():
    put(labels=["tag:a", "theme:a"])
    contract.rename_label("tag:a", "tag:b")
    contract.rename_label("tag:none", "tag:c")
    assert counts(["tag"]) == {"tag": (1, {"b": 1})}
    contract.rename_label("tag:b", "")
    assert counts(["tag", "theme"]) == {"tag": (1, {}), "theme": (1, {"a": 1})}


def test_moved_documents_are_in_their_new_place(library):
    page = factories.article(title="Casier")
    other = library.get_parent().add_child(
        instance=PlainPage(title="Ailleurs", slug="ailleurs", locale=library.locale)
    )
    page.move(other, pos="last-child")
    assert ids("casier", Scope("fr", within=other.path)) == [page.pk]
    assert ids("casier", Scope("fr", within=library.path)) == []


def test_pages_holding_all_the_terms_of_a_variant():
    one, two = put("Casier bleu"), put("Casier", language="en")
    casier = stem("casier", "fr")
    assert contract.pages_holding([(casier, "bleu")]) == {one}
    assert contract.pages_holding([("zzyzx",), (casier,), ("casier",)]) == {one, two}
    assert contract.pages_holding([]) == set()


def test_an_erased_word_corrects_nothing_any_more():
    page = put("Topinambour")
    contract.delete([page])
    contract.erase_words("topinambour")
    put("Casier")
    assert search(Query("topinanbour", FRENCH)).corrected_query == ""


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_indexes_what_is_published_and_nothing_else():
    page = factories.article(title="Casier")
    draft = put("Casier parti")
    assert set(ids("casier")) == {page.pk, draft}
    assert sum(contract.rebuild()) == search(Query()).total
    assert ids("casier") == [page.pk]
    assert contract.faults() == []


def test_nothing_typed_breaks_a_search():
    page = put("Casier")
    for text in HOSTILE:
        results = search(Query(text, FRENCH, filters={text[:50]: [text[:50]]}, facets=["theme"]))
        assert results.total == len(results.ids) <= results.matching
        assert results.degraded is False
        suggest(text, FRENCH)
    assert ids("casier") == [page]

"""The index is in step with pages at each change, in the same transaction."""

import pytest
from django.core.checks.registry import registry
from django.db import transaction
from taggit.models import Tag
from wagtail.models import Locale, Page

from commons.pages.models import PlainPage
from commons.resources.case_study import CaseOrganisation
from commons.scheduled_jobs import finish_index
from commons.taxonomy.hierarchy import reparent
from search import config, index
from search.contract import Query, Scope, faults, rebuild, search
from search.models import Document, Text, Word, sign
from tests import factories

FRENCH = Scope(language="fr")


def find(query: str, scope: Scope = FRENCH) -> list[int]:
    return sorted(search(Query(query, scope)).ids[:])


def counts() -> dict[str, int]:
    facets = search(Query("", FRENCH, facets=["theme", "tag"])).facets
    return {f"{name}:{value}": n for name, f in facets.items() for value, n in f.counts.items()}


def test_a_draft_is_not_found_then_published_then_not(library):
    page = factories.article(title="Canari", live=False)
    assert find("canari") == []
    page.save_revision().publish()
    assert find("canari") == [page.pk]
    page.refresh_from_db()
    page.unpublish()
    assert find("canari") == []
    assert not Document.objects.filter(pk=page.pk).exists()


def test_the_draft_of_a_published_page_is_not_found(library):
    page = factories.article(title="Casier")
    page.title, page.body = "Canari", factories.body("Un canari jaune.")
    page.save_revision()
    assert find("canari") == []
    assert find("casier") == [page.pk]
    page.get_latest_revision().publish()
    assert find("canari jaune") == [page.pk]
    assert find("casier") == []


def test_a_deleted_page_and_its_children_are_forgotten(library):
    page = factories.article(title="Canari")
    library.delete()
    assert find("canari") == []
    assert not Text.objects.filter(pk=page.pk).exists()


def test_a_moved_page_is_found_in_its_new_place(library):
    page = factories.article(title="Canari")
    other = PlainPage(title="Ailleurs", slug="ailleurs", locale=library.locale)
    library.get_parent().add_child(instance=other)
    page.move(other, pos="last-child")
    assert find("canari", Scope(language="fr", within=other.path)) == [page.pk]
    assert find("canari", Scope(language="fr", within=library.path)) == []


def test_siblings_that_a_move_shifts_keep_their_places(library):
    pages = [factories.article(title=f"Canari {n}") for n in range(3)]
    pages[2].move(pages[0], pos="left")
    places = dict(Page.objects.filter(pk__in=[p.pk for p in pages]).values_list("pk", "path"))
    assert dict(Document.objects.filter(pk__in=places).values_list("pk", "path")) == places


def test_a_copy_and_a_translation_are_found_each_in_its_language(library):
    page = factories.article(title="Canari")
    copy = page.copy(update_attrs={"slug": "copie"}, keep_live=True)
    english = Locale.objects.get(language_code="en")
    translated = page.copy_for_translation(english, copy_parents=True)
    assert find("canari") == [page.pk, copy.pk]
    translated.title = "Canary birds"
    translated.save_revision().publish()
    page.refresh_from_db()
    assert find("canary bird", Scope(language="en")) in ([translated.pk], [])
    assert find("bird") == []


def test_what_is_rolled_back_is_not_found(library):
    try:
        with transaction.atomic():
            factories.article(title="Canari")
            assert len(find("canari")) == 1
            raise RuntimeError
    except RuntimeError:
        assert find("canari") == []


def test_a_case_study_is_found_by_who_carries_it_and_where(library):
    who = CaseOrganisation(name="Asurif", commune="Felletin")
    page = factories.case_study(title="Sans rapport", organisations=[who])
    assert find("asurif") == find("felletin") == [page.pk]
    assert "Asurif, Felletin" in Text.objects.get(pk=page.pk).body.split("\n")


def test_a_page_is_found_by_what_it_is_filed_under(library):
    term = factories.term("theme", "elevage", "Élevage caprin")
    page = factories.article(title="Sans rapport", terms=[term], tags=["Chèvrerie"])
    assert find("caprins") == find("chevreries") == [page.pk]
    assert counts() == {"theme:elevage": 1, "tag:chevrerie": 1}


def test_a_renamed_term_is_followed(library):
    term = factories.term("theme", "elevage", "Élevage caprin")
    page = factories.article(title="Sans rapport", terms=[term])
    term.name, term.slug = "Apiculture", "abeilles"
    term.save()
    assert find("caprin") == []
    assert find("apiculture") == [page.pk]
    assert counts() == {"theme:abeilles": 1}


def test_a_renamed_or_deleted_tag_is_followed(library):
    page = factories.article(title="Sans rapport", tags=["Chèvrerie"])
    tag = Tag.objects.get(slug="chevrerie")
    tag.name, tag.slug = "Bergerie", "bergerie"
    tag.save()
    assert find("bergerie") == [page.pk]
    assert counts() == {"tag:bergerie": 1}
    tag.delete()
    assert counts() == {}


def test_a_term_moved_gives_its_pages_other_labels(library):
    old, new = factories.term("theme", "ancien"), factories.term("theme", "nouveau")
    term = factories.term("theme", "elevage", parent=old)
    factories.article(terms=[term])
    reparent(term, parent=new)
    assert counts() == {"theme:elevage": 1, "theme:nouveau": 1}


def test_many_pages_at_once_are_finished_by_the_periodic_run(library, monkeypatch):
    monkeypatch.setattr(index, "AT_ONCE", 1)
    term = factories.term("theme", "elevage", "Élevage")
    pages = [factories.article(title="Sans rapport", terms=[term]) for _ in range(3)]
    term.name = "Apiculture"
    term.save()
    assert len(find("apiculture")) == 1
    assert finish_index() == "2 pages"
    assert find("apiculture") == [page.pk for page in pages]


def test_publishing_costs_a_bounded_number_of_queries(library, django_assert_max_num_queries):
    terms = [factories.term("theme", f"theme-{n}") for n in range(6)]
    page = factories.article(terms=terms, tags=["a", "b"])
    page = page.specific_class.objects.get(pk=page.pk)
    with django_assert_max_num_queries(22):
        index.put([page])


def test_the_rebuilt_index_is_the_same_and_forgets_what_is_gone(library):
    page = factories.article(title="Canari", body=factories.body("Une légumerie."))
    gone = factories.article(title="Canari parti")
    Page.objects.filter(pk=gone.pk).update(live=False)
    Word.objects.create(language="fr", word="disparu", stem="disparu")
    assert faults() != []
    steps = list(rebuild())
    assert sum(steps) == Document.objects.count()
    assert faults() == []
    assert find("canari") == find("légumerie") == [page.pk]
    assert not Word.objects.filter(word="disparu").exists()


def test_the_site_searches_and_publishes_while_the_index_is_rebuilt(library, monkeypatch):
    monkeypatch.setattr("search.embedded.rebuild.A_BATCH", 1)
    before = factories.article(title="Canari un")
    deleted = factories.article(title="Canari deux")
    running = rebuild()
    next(running)
    next(running)
    during = factories.article(title="Canari trois")
    assert find("canari") == [before.pk, deleted.pk, during.pk]
    deleted.delete()
    list(running)
    assert find("canari") == [before.pk, during.pk]


def test_a_missing_index_is_rebuilt(library):
    page = factories.article(title="Canari")
    from search.embedded.backends import store

    store().drop()
    assert search(Query("canari", FRENCH)).degraded
    list(rebuild())
    assert not search(Query("canari", FRENCH)).degraded
    assert find("canari") == [page.pk]
    assert store().faults() == []


@pytest.mark.parametrize("number", [1, 0xD6FF, 0xD700, 0xD701, 0xDFFF, 70_000])
def test_each_label_has_a_character_of_its_own(number):
    assert len({sign(number + other) for other in range(-1, 2)}) == 3
    sign(number).encode()


def test_every_type_of_page_says_what_search_reads(monkeypatch):
    assert config.check_page_types(None) == []
    from commons.resources.models import Article

    mute = type("Mute", (), {"_meta": Article._meta})
    monkeypatch.setattr(config, "get_page_models", lambda: [Page, mute])
    assert config.check_page_types in registry.get_checks()
    (error,) = config.check_page_types(None)
    assert error.id == "search.E001"

"""Search finds a page by where its sessions take place, in every language of the page."""

import datetime

import pytest
from django.utils import timezone
from wagtail.models import Locale

from commons.agenda import scheduling
from commons.agenda.models import Session
from commons.refused import Refused
from search.contract import Query, Scope, search
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def found(query: str, language: str = "fr") -> list[int]:
    return sorted(search(Query(query, Scope(language=language))).ids[:])


def session(page, **fields) -> Session:
    start = timezone.now() + datetime.timedelta(days=3)
    fields |= {"starts_at": start, "ends_at": start + datetime.timedelta(hours=1)}
    made = Session(page=page.page_ptr, **fields)
    return scheduling.save_session(made, by=factories.member(is_superuser=True))


@pytest.mark.parametrize("kind", [factories.training, factories.event])
def test_a_page_is_found_by_the_places_of_its_sessions(kind):
    page = kind(title="Un rendez-vous")
    made = session(page, label="Atelier canari", place="Halle couverte", commune="Felletin")
    assert found("felletin") == found("halle") == found("atelier canari") == [page.pk]
    made.commune = "Billom"
    scheduling.save_session(made, by=factories.member(is_superuser=True))
    assert (found("felletin"), found("billom")) == ([], [page.pk])
    scheduling.delete_session(made, by=factories.member(is_superuser=True))
    assert found("billom") == []


def test_the_place_is_shown_in_its_line():
    page = factories.event()
    session(page, place="Halle couverte", commune="Felletin")
    results = search(Query("felletin", Scope(language="fr")))
    assert results.snippets([page.pk])[page.pk] == "Halle couverte, <mark>Felletin</mark>"


def test_translations_follow():
    page = factories.event(title="Un rendez-vous")
    made = session(page, commune="Felletin")
    for text in (*page.get_ancestors().filter(depth__gt=1), page):
        copied = text.specific.copy_for_translation(Locale.objects.get(language_code="en"))
        copied.title = f"EN {copied.title}"
        copied.save_revision().publish()
    english = copied
    assert found("felletin", "en") == [english.pk]
    made.commune = "Billom"
    scheduling.save_session(made, by=factories.member(is_superuser=True))
    assert (found("billom"), found("billom", "en")) == ([page.pk], [english.pk])


def test_what_is_refused_changes_nothing():
    page = factories.event()
    made = session(page, commune="Felletin")
    factories.registration(made)
    with pytest.raises(Refused, match="inscrites"):
        scheduling.delete_session(made, by=factories.member(is_superuser=True))
    assert found("felletin") == [page.pk]


def test_many_sessions_cost_search_one_question(django_assert_num_queries):
    page = factories.event()
    for number in range(3):
        session(page, commune=f"Commune {number}")
    with django_assert_num_queries(1):
        assert len(page.places) == 3

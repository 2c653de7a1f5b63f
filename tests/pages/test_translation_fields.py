"""Which fields of a page are translated, which follow the source, and that both come back."""

import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail_localize.fields import get_translatable_fields

from commons.pages.models import RelatedPage
from commons.resources.case_study import CaseStudy, Lesson
from commons.resources.models import ExternalResource
from commons.taxonomy.classification import classify
from commons.taxonomy.models import Term
from tests import factories
from tests.pages.translating import english_library, submit, translate, translated, update, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def followed(model) -> set[str]:
    return {
        field.field_name
        for field in get_translatable_fields(model)
        if not field.is_translated(None)
    }


COMMON = {
    "show_in_menus",
    "cover",
    "credit",
    "licence",
    "reviewed_on",
    "next_review_on",
    "editor_note",
    "tags",
    "tagged_items",
    "page_authors",
    "related_links",
    "classifications",
}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (ExternalResource, COMMON | {"url", "publisher", "format", "price", "seen_on"}),
        (
            CaseStudy,
            COMMON
            | {"start_year", "start_month", "place", "budget_amount", "budget_currency"}
            | {"committee_date", "organisations", "inspirations"},
        ),
        (Lesson, {"kind"}),
        (Term, {"vocabulary", "slug", "code", "sort_order"}),
    ],
)
def test_fields_that_follow_the_source(model, fields):
    assert followed(model) == fields


@pytest.fixture
def learn():
    return english_library()


def test_every_text_of_a_guide_is_translated_and_comes_back(learn):
    image = get_image_model().objects.create(title="Marché", file=get_test_image_file())
    body = [
        {"type": "text", "value": "<h2>Un titre</h2><p>Un <b>mot</b> fort.</p>", "id": "t"},
        {"type": "quote", "value": {"text": "Une phrase.", "source": "Une ferme"}, "id": "q"},
        {"type": "callout", "value": {"tone": "warning", "text": "<p>Attention.</p>"}, "id": "c"},
        {
            "type": "figure",
            "value": {
                "image": {"image": image.pk, "alt_text": "Un étal", "decorative": False},
                "caption": "Le samedi",
            },
            "id": "f",
        },
    ]
    page = factories.guide(
        title="Démarrer",
        summary="Par où commencer.",
        in_short=[{"type": "item", "value": "Court.", "id": "s"}],
        chapters=[{"type": "chapter", "value": {"title": "Chapitre", "body": body}, "id": "k"}],
        checklist=[{"type": "item", "value": "Vérifié.", "id": "v"}],
        legal_warning="Le droit change.",
    )
    copy = translate(page, {"Démarrer": "Starting"})
    assert (copy.title, copy.live, copy.get_parent().pk) == ("Starting", True, learn.pk)
    assert copy.summary == "EN Par où commencer."
    assert [item.value for item in copy.in_short] == ["EN Court."]
    assert [item.value for item in copy.checklist] == ["EN Vérifié."]
    assert copy.legal_warning == "EN Le droit change."
    [chapter] = copy.chapters
    text, quote, callout, figure = chapter.value["body"]
    assert chapter.value["title"] == "EN Chapitre"
    assert text.value.source == "<h2>EN Un titre</h2><p>EN Un <b>mot</b> fort.</p>"
    assert dict(quote.value) == {"text": "EN Une phrase.", "source": "EN Une ferme"}
    assert callout.value["tone"] == "warning"
    assert callout.value["text"].source == "<p>EN Attention.</p>"
    assert figure.value["image"].pk == image.pk
    assert figure.value["image"].contextual_alt_text == "EN Un étal"
    assert figure.value["caption"] == "EN Le samedi"


def test_comparison_and_short_items_of_a_model_come_back(learn):
    row = {"constraint": "Livrer", "alone": "Seul.", "model": "Ensemble."}
    page = factories.generic_model(
        comparison=[{"type": "row", "value": row, "id": "r"}],
        levers=[{"type": "item", "value": "Un levier.", "id": "l"}],
    )
    copy = translate(page)
    assert dict(copy.comparison[0].value) == {key: f"EN {text}" for key, text in row.items()}
    assert copy.levers[0].value == "EN Un levier."
    assert copy.definition == "<p>EN Un atelier partagé.</p>"


def test_lessons_are_translated_and_numbers_follow(learn):
    page = factories.case_study(budget_amount=1200, budget_currency="EUR", place="Lyon")
    page.lessons = [
        Lesson(kind=Lesson.Kind.DIFFICULTY, text="Trop loin.", locale=page.locale, sort_order=0),
        Lesson(kind=Lesson.Kind.SOLUTION, text="Un relais.", locale=page.locale, sort_order=1),
    ]
    page.save_revision().publish()
    copy = translate(page)
    assert [(lesson.kind, lesson.text) for lesson in copy.lessons.order_by("sort_order")] == [
        ("difficulty", "EN Trop loin."),
        ("solution", "EN Un relais."),
    ]
    page.refresh_from_db()
    page.budget_amount = 1500
    page.save_revision().publish()
    copy = update(page)
    assert (copy.budget_amount, copy.budget_currency, copy.place) == (1500, "EUR", "Lyon")
    assert copy.lessons.count() == 2


def test_address_of_an_external_resource_follows_with_its_key(learn):
    page = factories.external_resource(url="https://exemple.org/ancien")
    translate(page)
    page.url = "https://exemple.org/nouveau"
    page.save_revision().publish()
    copy = update(page)
    assert (copy.url, copy.url_key) == (page.url, page.url_key)


def test_classification_tags_and_links_stay_the_source_s_own(learn):
    theme = factories.term("theme", "amap")
    factories.term(
        "theme", "amap", "CSA", locale=learn.locale, translation_key=theme.translation_key
    )
    stage = factories.term("stage", "idee")
    other = factories.article()
    page = factories.article(terms=[theme], tags=["panier", "légumes"])
    page.related_links = [RelatedPage(target=other, sort_order=0)]
    page.save_revision().publish()
    copy = translate(page)
    assert [row.term for row in copy.classifications.all()] == [theme]
    assert sorted(tag.name for tag in copy.tags.all()) == ["légumes", "panier"]
    assert [link.target_id for link in copy.related_links.all()] == [other.pk]

    page = page.specific_class.objects.get(pk=page.pk)
    classify(page, [stage])
    page.tags.set(["panier"])
    page.save_revision().publish()
    copy = update(page)
    assert [row.term for row in copy.classifications.all()] == [stage]
    assert [tag.name for tag in copy.tags.all()] == ["panier"]
    assert [link.target_id for link in copy.related_links.all()] == [other.pk]
    page.refresh_from_db()
    assert [row.term for row in page.classifications.all()] == [stage]


def test_note_of_the_team_is_never_a_text_to_translate(learn):
    page = factories.article(editor_note="À vérifier avec la préfecture")
    texts = submit(page).source.stringsegment_set.values_list("string__data", flat=True)
    assert "À vérifier avec la préfecture" not in texts


def test_submitted_translation_is_a_draft(learn):
    page = factories.article()
    submit(page)
    assert not translated(page).live


def test_term_is_translated_with_the_slug_of_the_source(learn):
    parent = factories.term("theme", "vendre")
    term = factories.term("theme", "marches", "Marchés", parent=parent)
    translation = submit(term)
    write(translation, {"Marchés": "Markets"})
    translation.save_target(publish=True)
    copy = term.get_translation(learn.locale)
    assert (copy.name, copy.slug, copy.vocabulary) == ("Markets", "marches", "theme")
    assert copy.parent == parent.get_translation(learn.locale)

"""An editor finds what a visitor finds, whatever is typed, and saving stays cheap."""

from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from commons.members.permissions import EDITOR
from tests import factories
from tests.search.hostile import HOSTILE


def find(words: str) -> set[int]:
    return {page.pk for page in Page.objects.search(words)}


def test_editors_find_drafts_by_the_same_words_as_visitors(library):
    page = factories.article(
        title="La légumerie", body=factories.body("Des maraîchères."), live=False
    )
    for words in ("legumeries", "l'légumerie", "MARAICHER", "les légumeries maraîchers"):
        assert find(words) == {page.pk}, words


def test_completion_takes_accents_and_plurals_as_they_come(library):
    page = factories.article(title="Légumerie partagée")
    for words in ("legu", "Légumer", "legumeries", "partagee leg"):
        assert {p.pk for p in Page.objects.autocomplete(words)} == {page.pk}, words


def test_nothing_typed_in_the_admin_breaks_it(library):
    for query in HOSTILE:
        list(Page.objects.search(query)[:5])
        list(Page.objects.autocomplete(query)[:5])


def test_pictures_are_found_too(site, tmp_path):
    Image.objects.create(title="Les œufs du marché", file=get_test_image_file())
    backend = get_search_backend()
    assert [i.title for i in backend.search("oeuf marches", Image)] == ["Les œufs du marché"]


def test_saving_does_not_read_the_whole_index(library, django_assert_max_num_queries):
    page = factories.article(title="Un casier")
    backend = get_search_backend()
    with django_assert_max_num_queries(4) as queries:  # two of them a savepoint
        backend.add(page)
    assert not any("AVG(" in query["sql"] for query in queries)


def test_the_list_of_pages_of_the_admin_searches(client, library):
    factories.article(title="La légumerie")
    client.force_login(factories.member(groups=[EDITOR]))
    html = client.get("/admin/pages/", {"q": "legumeries"}).content.decode()
    assert "La légumerie" in html

"""What a moderator sees and does in the admin, through Wagtail's own pages."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from commons.contributions import submission
from commons.contributions.models import State
from tests import factories
from tests.contributions.typed import submitted, task_state

pytestmark = pytest.mark.usefixtures("library")
QUEUE = "/admin/relecture/"


@pytest.fixture
def contribution(db):
    return submitted(factories.member(display_name="Léa"), message="C’est urgent")


@pytest.fixture
def moderator(client):
    person = factories.member(groups=["Modération"])
    client.force_login(person)
    return person


def decide(client, contribution, action, state=None, **fields):
    state = state or task_state(contribution)
    address = reverse(
        "wagtailadmin_pages:workflow_action", args=[contribution.page_id, action, state.pk]
    )
    return client.post(address, {"comment": "", **fields}, follow=True)


def publish_form(page, **fields) -> dict:
    """What the page editor posts."""
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": page.summary,
            "licence": page.licence,
            "body": streamfield([("text", rich_text("<p>Relu.</p>"))]),
            "tags": "",
            "loaded_revision_id": page.latest_revision_id,
            "page_authors": inline_formset([]),
            "related_links": inline_formset([]),
            "comments": inline_formset([]),
            **fields,
        }
    )


def test_queue_shows_what_waits(client, contribution, moderator):
    page = client.get(QUEUE).content.decode()
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    assert f'href="{edit}"' in page
    assert "Léa" in page
    assert "C’est urgent" in page


def test_queue_filters_by_state(client, contribution, moderator):
    assert contribution.title not in client.get(f"{QUEUE}?state=refused").content.decode()
    assert client.get(f"{QUEUE}?state=nimporte").status_code == 200


def test_queue_is_for_moderators(client, contribution):
    client.force_login(contribution.author)
    assert client.get(QUEUE).status_code == 302


def test_home_counts_what_waits(client, contribution, moderator):
    def shown():
        return " ".join(client.get("/admin/").content.decode().split())

    assert "<span>1</span> contribution à lire" in shown()
    decide(client, contribution, "reject", comment="Un chiffre manque.")
    contribution.refresh_from_db()
    assert contribution.state == State.CHANGES_ASKED
    assert "<span>1</span> contribution à lire" not in shown(), "it is its author's turn"


def test_editor_says_whose_text_it_is(client, contribution, moderator):
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    page = client.get(edit).content.decode()
    assert "Proposition de Léa" in page
    assert "C’est urgent" in page


def test_moderator_publishes(client, contribution, moderator):
    decide(client, contribution, "approve")
    contribution.refresh_from_db()
    assert contribution.state == State.ACCEPTED
    assert client.get(contribution.page.get_url()).status_code == 200


def test_moderator_refuses_with_a_reason_only(client, contribution, moderator):
    decide(client, contribution, "refuse")
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW
    decide(client, contribution, "refuse", comment="Hors sujet.")
    contribution.refresh_from_db()
    assert contribution.state == State.REFUSED


def test_stale_decision_says_so(client, contribution, moderator):
    read = task_state(contribution)
    submission.revise(contribution, author=contribution.author)
    response = decide(client, contribution, "approve", state=read)
    assert "Cette page a changé" in response.content.decode()
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW


def test_moderator_publishes_from_the_editor(client, contribution, moderator):
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    client.post(edit, publish_form(contribution.page.specific) | {"action-publish": "1"})
    contribution.refresh_from_db()
    assert contribution.state == State.ACCEPTED
    assert contribution.events.last().by == moderator


def test_author_cannot_publish_from_the_editor(client, moderator):
    own = submitted(moderator)
    edit = reverse("wagtailadmin_pages:edit", args=[own.page_id])
    form = publish_form(own.page.specific) | {"action-publish": "1"}
    response = client.post(edit, form, follow=True)
    own.page.refresh_from_db()
    assert "Une autre personne doit publier" in response.content.decode()
    assert own.page.live is False


def test_author_cannot_publish_in_bulk(client, moderator):
    own = submitted(moderator)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(f"{address}?id={own.page_id}", follow=True)
    assert "Une autre personne doit publier" in response.content.decode()
    own.page.refresh_from_db()
    assert own.page.live is False


def test_nor_with_the_section_above(client, moderator, library):
    contribution = submitted(moderator)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?next=/admin/&id={library.pk}", {"include_descendants": "on"})
    contribution.page.refresh_from_db()
    assert not contribution.page.live


def test_version_unread_is_not_published_from_the_editor(client, contribution, moderator):
    form = publish_form(contribution.page.specific) | {"action-publish": "1"}
    submission.revise(contribution, author=contribution.author)
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    response = client.post(edit, form, follow=True)
    assert "Cette page a changé" in response.content.decode()
    contribution.page.refresh_from_db()
    assert contribution.page.live is False

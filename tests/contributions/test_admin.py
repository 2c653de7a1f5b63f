"""What a moderator sees and does in the admin, through Wagtail's own pages."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from commons.contributions import moderation, queue, submission
from commons.contributions.models import State
from tests import factories
from tests.contributions.form_data import act, data, drafted, submitted

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


def at(contribution) -> str:
    return reverse("moderation_decision", args=[contribution.pk])


def posted(contribution, decision, **fields) -> dict:
    """What the page of the decision posts, as it was rendered now."""
    return {
        "decision": decision,
        "version": moderation.version_of(contribution),
        "comment": "",
        **fields,
    }


def decide(client, contribution, decision, **fields):
    return client.post(at(contribution), posted(contribution, decision, **fields), follow=True)


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
            # Without both, an autosave is answered that the text changed meanwhile.
            "loaded_revision_id": page.latest_revision_id or "",
            "loaded_revision_created_at": (
                page.latest_revision.created_at.isoformat() if page.latest_revision_id else ""
            ),
            "page_authors": inline_formset([]),
            "related_links": inline_formset([]),
            "comments": inline_formset([]),
            **fields,
        }
    )


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_queue_shows_what_waits(client, contribution, moderator):
    page = text(client.get(QUEUE))
    assert f'href="{at(contribution)}"' in page
    assert "1 texte attend votre décision." in page
    assert "Un article" in page
    assert "Léa" in page


def test_the_oldest_comes_first_and_ones_own_apart(client, contribution, moderator):
    own = submitted(moderator, title="Le mien")
    later = submitted(factories.member(), title="Plus tard")
    page = text(client.get(QUEUE))
    places = [page.index(at(one)) for one in (contribution, later, own)]
    assert places == sorted(places)
    assert "2 textes attendent votre décision." in page
    assert "une autre personne en décidera" in page
    assert queue.waiting_count(moderator) == 2


def test_the_queue_says_who_asked_for_changes_and_when_they_came(client, contribution, moderator):
    moderator.display_name = "Marc"
    moderator.save()
    decide(client, contribution, "ask", comment="Un chiffre manque.")
    page = text(client.get(QUEUE))
    assert "Rien n’attend votre décision" in page
    assert "Marc a demandé des modifications le" in page
    contribution.refresh_from_db()
    submission.revise(contribution, author=contribution.author)
    assert "Nouvelle version, après une demande" in text(client.get(QUEUE))


def test_the_old_address_leads_to_the_queue(client, moderator):
    assert client.get("/admin/contributions/").headers["Location"] == QUEUE


def test_all_contributions_by_state(client, contribution, moderator):
    history = reverse("moderation_history")
    assert contribution.title in text(client.get(history))
    assert contribution.title not in text(client.get(f"{history}?state=refused"))
    assert client.get(f"{history}?state=nimporte").status_code == 200


@pytest.mark.parametrize("groups", [[], ["Comité d’échange"]])
def test_the_queue_and_a_decision_are_for_moderators(client, contribution, groups):
    client.force_login(factories.member(groups=groups))
    preview = reverse("moderation_preview", args=[contribution.pk])
    for address in (QUEUE, at(contribution), preview):
        assert client.get(address).status_code in {302, 404}
    assert decide(client, contribution, "accept").status_code in {200, 403, 404}
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW


@pytest.mark.parametrize("number", [0, 10**9, 10**30])
def test_a_decision_that_does_not_exist_is_not_found(client, moderator, number):
    assert client.get(f"{QUEUE}{number}/").status_code == 404
    assert client.post(f"{QUEUE}{number}/", {"decision": "accept"}).status_code == 404


def test_a_draft_is_nobodys_to_decide(client, moderator):
    draft = drafted(factories.member())
    assert client.get(at(draft)).status_code == 404


def test_home_counts_what_waits(client, contribution, moderator):
    assert "Propositions à lire (1)" in text(client.get("/admin/"))
    decide(client, contribution, "ask", comment="Un chiffre manque.")
    assert queue.waiting_count(moderator) == 0, "it is its author's turn"


def test_home_offers_no_decision_of_wagtails(client, contribution, moderator):
    assert "data-workflow-action-url" not in text(client.get("/admin/"))


def test_the_page_says_who_proposes_and_the_message(client, contribution, moderator):
    page = text(client.get(at(contribution)))
    for said in ("proposition de <strong>Léa</strong>", "C’est sa première proposition.", "urgent"):
        assert said in page
    assert page.count('name="decision"') == 3
    act(contribution, "accept", by=moderator)
    second = submitted(contribution.author, title="Le suivant")
    said = "C’est sa 2e proposition. 1 a déjà été acceptée."
    assert said in text(client.get(at(second)))


def test_the_text_is_shown_as_its_readers_will_see_it(client, contribution, moderator):
    preview = reverse("moderation_preview", args=[contribution.pk])
    version = moderation.version_of(contribution)
    assert f'src="{preview}?version={version}"' in text(client.get(at(contribution)))
    shown = client.get(f"{preview}?version={version}")
    assert "<h1>Vendre à la ferme</h1>" in text(shown)
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    submission.revise(contribution, author=contribution.author)
    assert "Ce texte vient de changer" in text(client.get(f"{preview}?version={version}"))


def test_no_comparison_is_shown_before_the_author_answers(client, contribution, moderator):
    decide(client, contribution, "ask", comment="Dites où.")
    assert "Le texte est le même" not in text(client.get(at(contribution)))
    contribution.refresh_from_db()
    submission.revise(contribution, author=contribution.author)
    assert "Le texte est le même" in text(client.get(at(contribution)))


def test_changes_since_the_last_review_are_shown(client, contribution, moderator):
    assert "Ce qui a changé" not in text(client.get(at(contribution)))
    act(contribution, "ask", by=moderator, comment="Des prix ?")
    contribution.refresh_from_db()
    contribution.data = data(text="## Ouvrir\n\nCommencez petit, à 20 €.\n\n- un stand")
    contribution.save()
    submission.revise(contribution, author=contribution.author)
    page = text(client.get(at(contribution)))
    assert "Ce qui a changé" in page
    assert "<ins><small>ajouté :</small> , à 20 €</ins>" in page.replace("\u00a0", " ")
    assert "<del><small>retiré :</small> un frigo</del>" in page
    assert "Résumé</h3>" not in page


def test_after_a_decision_comes_the_next_text(client, contribution, moderator):
    later = submitted(factories.member(), title="Plus tard")
    response = decide(client, contribution, "accept")
    assert response.redirect_chain[-1][0] == at(later)
    assert "« Vendre à la ferme » est acceptée et en ligne." in text(response)
    contribution.refresh_from_db()
    assert client.get(contribution.page.get_url()).status_code == 200
    response = decide(client, later, "refuse", comment="Hors sujet.")
    assert response.redirect_chain[-1][0] == QUEUE
    assert "Rien n’attend votre décision" in text(response)


@pytest.mark.parametrize("decision", ["ask", "refuse"])
def test_without_a_reason_nothing_is_decided(client, contribution, moderator, decision):
    response = decide(client, contribution, decision)
    assert "Donnez la raison" in text(response)
    html = response.content.decode()
    assert 'aria-invalid="true" autofocus' in html  # far down a telephone's screen
    assert html.count("Donnez la raison") == 1
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW


@pytest.mark.parametrize("decision", ["", "approve", "x" * 9000])
def test_no_decision_decides_nothing(client, contribution, moderator, decision):
    assert "Choisissez ce que vous décidez." in text(decide(client, contribution, decision))


@pytest.mark.parametrize("decision", ["accept", "ask", "refuse"])
def test_a_form_sent_twice_answers_twice_the_same(client, contribution, moderator, decision):
    form = posted(contribution, decision, comment="Un mot.")
    answers = [client.post(at(contribution), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert contribution.events.count() == 2


def test_a_form_that_comes_too_late_keeps_its_words(client, contribution, moderator):
    form = posted(contribution, "refuse", comment="Voici pourquoi.")
    submission.revise(contribution, author=contribution.author)
    page = text(client.post(at(contribution), form))
    assert "Ce texte a changé" in page
    assert "Voici pourquoi.</textarea>" in page
    act(contribution, "accept", by=factories.member(display_name="Marc", groups=["Modération"]))
    page = text(client.post(at(contribution), form))
    assert "Déjà décidé par Marc" in page
    assert "Voici pourquoi." in page
    assert 'name="decision"' not in page


def test_what_was_taken_back_says_so(client, contribution):
    client.force_login(factories.member(is_superuser=True))
    form = posted(contribution, "accept")
    submission.withdraw(contribution, author=contribution.author)
    page = text(client.post(at(contribution), form))
    assert "a retiré ce texte" in page


def test_ones_own_text_is_read_but_not_decided(client, moderator):
    own = submitted(moderator)
    page = text(client.get(at(own)))
    assert "une autre personne doit en décider" in page
    assert 'name="decision"' not in page
    assert "une autre personne doit en décider" in text(decide(client, own, "accept"))
    own.page.refresh_from_db()
    assert own.page.live is False


def test_the_editor_leads_to_the_decision(client, contribution, moderator):
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    page = text(client.get(edit))
    assert "Proposition de Léa" in page
    assert page.count(f'href="{at(contribution)}"') >= 2
    assert "data-workflow-action-name" not in page


def test_moderator_publishes_from_the_editor(client, contribution, moderator):
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    form = publish_form(contribution.page.specific) | {"action-publish": "1"}
    for _ in range(2):
        assert client.post(edit, form).status_code == 302
    contribution.refresh_from_db()
    contribution.page.refresh_from_db()
    assert (contribution.state, contribution.page.live) == (State.ACCEPTED, True)
    assert contribution.events.last().by == moderator
    assert contribution.events.count() == 2


def test_author_cannot_publish_from_the_editor(client, moderator):
    own = submitted(moderator)
    edit = reverse("wagtailadmin_pages:edit", args=[own.page_id])
    form = publish_form(own.page.specific) | {"action-publish": "1"}
    response = client.post(edit, form, follow=True)
    own.page.refresh_from_db()
    assert "Une autre personne doit publier" in response.content.decode()
    assert own.page.live is False


API_ACTIONS = ["publish", "unpublish", "delete", "copy", "move", "create_alias", "convert_alias"]
API_ACTIONS += ["copy_for_translation", "revert_to_page_revision"]


@pytest.mark.parametrize("action", API_ACTIONS)
def test_no_page_is_acted_on_beside_the_screens(client, moderator, contribution, action):
    """The admin's own API asks neither hooks nor locks: one would publish one's own text there."""
    own = submitted(moderator)
    everywhere = factories.member(is_superuser=True)
    for person, text in [(moderator, own), (moderator, contribution), (everywhere, contribution)]:
        client.force_login(person)
        address = f"/admin/api/main/pages/{text.page_id}/action/{action}/"
        assert client.post(address).status_code == 404
        text.refresh_from_db()
        assert (text.state, text.page.live) == (State.IN_REVIEW, False)


def test_nothing_unread_is_published_in_bulk(client, moderator, contribution):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(f"{address}?id={contribution.page_id}", follow=True)
    assert "décidez d’abord de chacune" in response.content.decode()
    contribution.page.refresh_from_db()
    assert contribution.page.live is False


def test_nor_with_the_section_above(client, moderator, library, contribution):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?next=/admin/&id={library.pk}", {"include_descendants": "on"})
    contribution.page.refresh_from_db()
    assert not contribution.page.live


def test_version_unread_is_not_published_from_the_editor(client, contribution, moderator):
    form = publish_form(contribution.page.specific) | {"action-publish": "1"}
    submission.revise(contribution, author=contribution.author)
    edit = reverse("wagtailadmin_pages:edit", args=[contribution.page_id])
    response = client.post(edit, form, follow=True)
    assert "Ce texte a changé" in response.content.decode()
    contribution.page.refresh_from_db()
    assert contribution.page.live is False


def test_the_menu_says_how_many_wait(client, contribution, moderator):
    assert "Propositions (1)" in text(client.get("/admin/"))
    act(contribution, "accept", by=moderator)
    assert "Propositions (" not in text(client.get("/admin/"))

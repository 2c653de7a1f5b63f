"""In the browser: what is typed is kept, whatever happens; others' drafts do not exist."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons.contributions import emails, submission
from commons.contributions.models import Contribution, State
from commons.resources.models import Article, ExternalResource
from tests import factories
from tests.contributions.form_data import (
    ARTICLE,
    BY_KIND,
    SENDER,
    act,
    posted,
    solved,
    submitted,
    summed,
    ticket,
)

pytestmark = pytest.mark.usefixtures("library")
CHOOSE = "/fr/se-documenter/proposer/"
WRITE = "/fr/se-documenter/proposer/article/"
MINE = "/compte/contributions/"


@pytest.fixture
def member(db):
    return factories.member(display_name="Léa")


def page_of(response) -> str:
    return response.content.decode()


def test_choose_offers_each_kind(client):
    page = page_of(client.get(CHOOSE))
    for kind in BY_KIND:
        assert f'href="{CHOOSE}{kind}/"' in page


@pytest.mark.parametrize("kind", BY_KIND)
def test_form_opens_without_a_cookie_and_without_a_row(client, kind):
    response = client.get(f"{CHOOSE}{kind}/")
    assert response.status_code == 200
    assert response.cookies == {}
    assert Contribution.objects.count() == 0


def test_unknown_kind_is_not_found(client):
    assert client.get(f"{CHOOSE}inconnu/").status_code == 404


@pytest.mark.parametrize("kind", BY_KIND)
def test_visitor_sends_confirms_and_enters_moderation(client, kind):
    response = client.post(f"{CHOOSE}{kind}/", posted(kind))
    contribution = Contribution.objects.get()
    assert response.url == f"{CHOOSE}brouillon/{contribution.token}/"
    assert "Un message est parti à ana@example.org" in page_of(client.get(response.url))
    link = f"{CHOOSE}confirmer/{emails.confirmation_key(contribution)}/"
    for _ in range(2):
        assert "Oui, envoyer ma proposition" in page_of(client.get(link))
    contribution.refresh_from_db()
    assert contribution.state == State.UNCONFIRMED, "reading a link sends nothing"
    for _ in range(2):
        assert client.post(link).status_code == 302
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW
    assert client.cookies == {}


def test_confirmation_mail_holds_the_link(client, django_capture_on_commit_callbacks, settings):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(WRITE, posted())
    (message,) = mail.outbox
    assert message.to == ["ana@example.org"]
    assert "/fr/se-documenter/proposer/confirmer/" in message.body
    assert "/fr/se-documenter/proposer/confirmer/" in message.alternatives[0].content


def test_forged_confirmation_is_not_found(client):
    assert client.get(f"{CHOOSE}confirmer/abc:def:ghi/").status_code == 404
    assert client.post(f"{CHOOSE}confirmer/abc:def:ghi/").status_code == 404


def test_member_sends_at_once(client, member):
    client.force_login(member)
    response = client.post(WRITE, {**ARTICLE, "ticket": ticket(), "do": "send"}, follow=True)
    assert response.redirect_chain == [(MINE, 302)]
    assert "En cours de lecture" in page_of(response)
    assert Article.objects.get().owner == member


def test_same_post_twice_is_one_page(client, member):
    client.force_login(member)
    form = {**ARTICLE, "ticket": ticket(), "do": "send"}
    for _ in range(2):
        assert client.post(WRITE, form).status_code == 302
    assert Article.objects.count() == Contribution.objects.count() == 1


def test_autosave_keeps_a_draft_and_says_where(client):
    form = posted(do="autosave", title="", licence_ok="")
    answer = client.post(WRITE, form).json()
    contribution = Contribution.objects.get()
    assert answer["address"] == f"{CHOOSE}brouillon/{contribution.token}/"
    assert answer["text"].startswith("Brouillon enregistré à")
    page = page_of(client.get(answer["address"]))
    assert "Commencez petit." in page
    assert 'value="Ana Petit"' in page


def test_draft_button_without_javascript(client):
    response = client.post(WRITE, posted(do="save"))
    assert "Commencez petit." in page_of(client.get(response.url))
    assert Article.objects.count() == 0


def test_preview_shows_clean_html(client):
    text = "## Bonjour\n\n<script>alert(1)</script>"
    page = page_of(client.post(WRITE, posted(do="preview", text=text), follow=True))
    assert "<h2>Bonjour</h2>" in page
    assert "<script>alert" not in page
    assert Contribution.objects.get().state == State.DRAFT


def test_preview_stands_at_the_private_address_and_asks_for_nothing_yet(client):
    form = posted(do="preview", sender_name="", sender_email="", message="Pour vous seuls")
    response = client.post(WRITE, form)
    contribution = Contribution.objects.get()
    private = f"/fr/se-documenter/proposer/brouillon/{contribution.token}/"
    assert response.url.startswith(f"{private}?apercu=1&")
    assert response.url.endswith("#apercu")
    page = page_of(client.get(response.url))
    shown = page[page.index('class="preview"') :].split("<form")[0]
    assert 'role="alert"' not in page
    assert "Remplissez" not in page
    assert "Pour vous seuls" not in shown
    assert ">oui<" in shown.replace(" ", "").replace("\n", "")
    assert f'href="{private}"' in page


def test_preview_keeps_the_lines_of_a_list_apart(client):
    address = "/fr/se-documenter/proposer/etude-de-cas/"
    form = posted("etude-de-cas", do="preview", difficulties="Trouver l’argent\nSe voir")
    page = page_of(client.post(address, form, follow=True))
    shown = "".join(page[page.index('class="preview"') :].split("<form")[0].split())
    assert "Trouverl’argent<br>Sevoir" in shown


def test_after_publication_the_author_finds_the_page(client):
    contribution = submitted(factories.member())
    act(contribution, "accept", by=factories.member(groups=["Modération"]))
    client.force_login(contribution.author)
    address = f"/fr/se-documenter/proposer/brouillon/{contribution.token}/"
    page = page_of(client.get(address))
    contribution.refresh_from_db()
    assert f'href="{contribution.page.get_url()}"' in page
    assert "<strong>Publiée</strong>" in page
    assert ">Aperçu<" not in "".join(page.split())
    contribution.page.specific.unpublish()
    page = page_of(client.get(address))
    assert "La page n’est pas en ligne en ce moment." in page
    assert "<strong>Acceptée</strong>" in page


def test_error_keeps_what_was_typed_and_names_the_field(client):
    response = client.post(WRITE, posted(title="", text="Un texte à garder"))
    page = page_of(response)
    assert response.status_code == 200
    assert 'href="#id_title"' in page
    assert "Un texte à garder" in page
    assert Contribution.objects.get().data["text"] == ["Un texte à garder"]
    assert page.count("Remplissez ce champ.") == 2  # in the summary, and beside the field


def test_missing_sum_is_shown_with_the_other_errors_and_an_answer_is_kept(client):
    form = posted(title="")
    page = page_of(client.post(WRITE, form | {"sum": ""}))
    assert "Remplissez ce champ." in page
    assert "Répondez au petit calcul" in page
    page = page_of(client.post(WRITE, form))
    assert "Répondez au petit calcul" not in page
    assert f'value="{form["sum"]}"' in page
    page = page_of(client.post(WRITE, form | {"ticket": "forged"}))
    assert f'value="{form["sum"]}"' not in page  # another sum is asked


def test_missing_sum_alone_is_shown_at_the_top(client):
    page = page_of(client.post(WRITE, posted(sum="")))
    assert page.index("Répondez au petit calcul") < page.index("id_title")


def test_once_sent_what_happens_next_comes_before_the_text(client, member):
    contribution = submitted(member)
    client.force_login(member)
    page = page_of(client.get(f"{CHOOSE}brouillon/{contribution.token}/"))
    assert page.index("En cours de lecture") < page.index("Modifier mon texte")
    assert "Commencez petit." in page


def test_refused_text_can_still_be_read_by_its_author(client, member):
    contribution = submitted(member)
    act(contribution, "refuse", by=factories.member(groups=["Modération"]), comment="Déjà dit.")
    client.force_login(member)
    page = page_of(client.get(f"{CHOOSE}brouillon/{contribution.token}/"))
    assert "Commencez petit." in page
    assert '<form method="post" class="writing"' not in page


def test_proof_of_work_replaces_the_sum(client):
    given = ticket()
    form = posted(ticket=given, sum="", proof=solved(given))
    client.post(WRITE, form)
    assert Contribution.objects.get().state == State.UNCONFIRMED


def test_the_small_sum_never_takes_the_place_of_a_question_s_answer(client):
    form = posted("question")
    client.post(WRITE.replace("article", "question"), form)
    assert form["answer"] in str(Contribution.objects.get().data)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"website": "http://spam.example"}, "champ caché"),
        ({"sum": "0", "proof": "12"}, "petit calcul"),
        ({"sum": "", "proof": ""}, "petit calcul"),
        ({"ticket": "forged"}, "ouverte trop longtemps"),
        ({"ticket": ""}, "ouverte trop longtemps"),
    ],
)
def test_robot_is_refused_and_the_draft_kept(client, change, sentence):
    page = page_of(client.post(WRITE, posted(**change)))
    assert sentence in page
    assert "Commencez petit." in page
    assert Contribution.objects.get().state == State.DRAFT


def test_form_sent_at_once_is_refused(client):
    given = ticket(age=0)
    page = page_of(client.post(WRITE, posted(ticket=given, sum=summed(given))))
    assert "très vite" in page


def test_ticket_of_another_contribution_is_refused(client):
    client.post(WRITE, posted(do="save"))
    token = Contribution.objects.get().token
    given = ticket()
    form = posted(ticket=given, sum=summed(given))
    assert "ouverte trop longtemps" in page_of(client.post(f"{CHOOSE}brouillon/{token}/", form))


def test_existing_address_links_to_the_page(client):
    known = factories.external_resource(url="https://exemple.org/outil/", title="Déjà là")
    page = page_of(client.post(f"{CHOOSE}ressource-externe/", posted("ressource-externe")))
    assert "déjà dans la bibliothèque" in page
    assert f'href="{known.get_url()}"' in page


def test_address_under_moderation_gives_no_link(client, member):
    submitted(member, "ressource-externe")
    page = page_of(client.post(f"{CHOOSE}ressource-externe/", posted("ressource-externe")))
    assert "déjà été proposée" in page
    assert ExternalResource.objects.count() == 1


@pytest.mark.parametrize("who", ["visitor", "other", "moderator"])
def test_somebody_elses_draft_is_not_found(client, member, who):
    contribution = submitted(member)
    if who != "visitor":
        groups = ["Modération"] if who == "moderator" else []
        client.force_login(factories.member(groups=groups))
    address = f"{CHOOSE}brouillon/{contribution.token}/"
    assert client.get(address).status_code == 404
    assert client.post(address, posted()).status_code == 404
    withdrawn = client.post(f"{MINE}{contribution.token}/retirer/", follow=True)
    assert withdrawn.status_code == 404
    # Nor can a ticket that one forges for its token reach it.
    assert client.post(WRITE, posted(ticket=ticket(contribution.token))).status_code == 404
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW


def test_forged_fields_change_nothing(client, member):
    client.force_login(member)
    other = factories.member()
    forged = {"live": "1", "owner": other.pk, "slug": "x", "path": "0001", "state": "accepted"}
    forged |= {
        "author": other.pk,
        "page": 1,
        "locale": 2,
        "editor_note": "x",
        "next": "//evil.example",
    }
    response = client.post(WRITE, {**ARTICLE, **forged, "ticket": ticket(), "do": "send"})
    page = Article.objects.get()
    assert response.url == MINE
    assert (page.live, page.owner, page.slug) == (False, member, "vendre-a-la-ferme")
    assert page.editor_note == ""
    assert "live" not in Contribution.objects.get().data


def test_members_are_protected_from_forged_requests(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    assert client.post(WRITE, posted()).status_code == 403
    assert Client(enforce_csrf_checks=True).post(WRITE, posted()).status_code == 302


def test_mine_needs_an_account(client):
    assert client.get(MINE).url == f"{reverse('account_login')}?next={MINE}"


def test_mine_lists_ones_own_with_each_step(client, member):
    submitted(member, title="La mienne")
    submitted(factories.member(), title="La sienne")
    client.force_login(member)
    page = page_of(client.get(MINE))
    assert "La mienne" in page
    assert "La sienne" not in page


@pytest.mark.django_db(transaction=True)  # where sections stand is remembered outside of one
def test_mine_costs_the_same_for_one_and_three(client, member):
    client.force_login(member)
    counts = []
    for wanted in (1, 1, 3):  # the first fills what each process keeps
        while Contribution.objects.count() < wanted:
            submitted(member)
        client.get(MINE)  # a new page empties Wagtail's own caches
        with CaptureQueriesContext(connection) as queries:
            client.get(MINE)
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_withdraw_by_its_author(client, member):
    contribution = submitted(member)
    client.force_login(member)
    address = f"{MINE}{contribution.token}/retirer/"
    assert client.get(address).status_code == 405
    assert client.post(address).url == MINE
    contribution.refresh_from_db()
    assert contribution.state == State.WITHDRAWN
    closed = client.post(f"{CHOOSE}brouillon/{contribution.token}/", posted())
    assert "est close" in page_of(closed)


def test_visitor_comes_back_to_changes_by_the_private_link(client):
    client.post(WRITE, posted())
    contribution = submission.confirm(Contribution.objects.get())
    act(contribution, "ask", by=factories.member(groups=["Modération"]), comment="Sourcez.")
    address = f"{CHOOSE}brouillon/{contribution.token}/"
    assert "Sourcez." in page_of(client.get(address))
    form = {**ARTICLE, "title": "Mieux", "do": "send", "ticket": ticket(contribution.token)}
    assert client.post(address, form).status_code == 302
    contribution.refresh_from_db()
    assert contribution.state == State.IN_REVIEW
    assert contribution.email == SENDER["sender_email"]
    assert Article.objects.get().title == "Mieux"


def test_mine_offers_every_kind_of_proposal(client, member):
    client.force_login(member)
    html = client.get(MINE).content.decode()
    for address in (
        "/fr/se-documenter/proposer/article/",
        "/fr/se-former/proposer/formation/",
        "/fr/se-mettre-en-reseau/agenda/proposer/evenement/",
    ):
        assert f'href="{address}"' in html

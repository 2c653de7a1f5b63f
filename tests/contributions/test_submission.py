"""Sending: the page exists from then on, not before, and once."""

from unittest import mock

import pytest
from django.core import mail
from wagtail.models import Page

from commons.contributions import drafting, emails, submission
from commons.contributions.models import Contribution, State
from commons.members import consents
from commons.members.models import OutgoingMail
from commons.refused import Refused
from commons.resources.models import Article, ExternalResource, Question
from commons.taxonomy.models import Vocabulary
from tests import factories
from tests.contributions.form_data import BY_KIND, drafted, submitted, task_state, visitor

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def member(db):
    return factories.member(display_name="Léa")


def test_a_draft_makes_no_page(member):
    before = Page.objects.count()
    drafted(member)
    assert Page.objects.count() == before


@pytest.mark.parametrize("kind", BY_KIND)
def test_submit_makes_a_page_that_nobody_sees_yet(member, library, kind):
    contribution = submitted(member, kind)
    page = contribution.page.specific
    assert (page.live, page.owner, page.get_parent().specific) == (False, member, library)
    assert page.locale.language_code == "fr"
    assert contribution.state == State.IN_REVIEW
    assert task_state(contribution).status == "in_progress"
    assert page.get_latest_revision().user == member
    assert Page.find_problems() == ([], [], [], [], [])


def test_submit_twice_is_one_page(member):
    contribution = drafted(member)
    first = submission.submit(contribution, by=member)
    second = submission.submit(contribution, by=member)
    assert first.page == second.page
    assert Article.objects.count() == 1


def test_markdown_becomes_clean_blocks(member):
    text = "## Titre\n\n<script>alert(1)</script> [x](javascript:alert(1)) **oui**"
    page = submitted(member, text=text).page.specific
    html = str(page.body)
    assert "<script" not in html
    assert "javascript:" not in html.replace("(javascript:", "")
    assert "<strong>oui</strong>" in html


def test_case_study_keeps_each_item_apart(member):
    page = submitted(member, "etude-de-cas").page.specific
    assert [lesson.text for lesson in page.lessons.all()] == [
        "Trouver l’argent",
        "Se mettre d’accord",
    ]
    assert page.organisations.get().commune == "Die"
    assert page.start_year == 2019


def test_terms_and_their_parents_are_kept(member):
    france = factories.term(Vocabulary.TERRITORY, "france", "France")
    factories.term(Vocabulary.TERRITORY, "drome", "Drôme", parent=france)
    factories.term(Vocabulary.THEME, "vente")
    page = submitted(member, terms_territory="drome", terms_theme=["vente"]).page
    assert {row.term.slug for row in page.classifications.all()} == {"france", "drome", "vente"}


def test_titles_alike_get_addresses_of_their_own(member):
    slugs = [submitted(member).page.slug for _ in range(2)]
    assert slugs == ["vendre-a-la-ferme", "vendre-a-la-ferme-1"]


@pytest.mark.parametrize(("title", "slug"), [("!!!", "article"), ("Proposer", "proposer-1")])
def test_title_without_a_free_address_gets_one(member, title, slug):
    assert submitted(member, title=title).page.slug == slug


def test_author_is_credited_with_consent_only(member):
    assert submitted(member).page.specific.page_authors.count() == 0
    consents.give("credit", member=member)
    assert submitted(member).page.specific.page_authors.get().member == member


def test_what_is_missing_is_refused_and_kept(member):
    contribution = drafted(member, title="")
    with pytest.raises(Refused, match="champs à corriger"):
        submission.submit(contribution, by=member)
    contribution.refresh_from_db()
    assert contribution.state == State.DRAFT
    assert contribution.data["summary"] == ["Trois fermes racontent leur magasin."]


def test_existing_address_is_refused(member):
    factories.external_resource(url="http://www.exemple.org/outil/?utm_source=x")
    with pytest.raises(Refused):
        submitted(member, "ressource-externe")
    assert ExternalResource.objects.count() == 1


def test_visitor_confirms_by_mail_first(db):
    by = visitor("ana@example.org")
    contribution = submission.submit(drafted(by), by=by)
    assert (contribution.state, contribution.page) == (State.UNCONFIRMED, None)
    contribution = submission.confirm(contribution)
    contribution = submission.confirm(contribution)
    assert contribution.state == State.IN_REVIEW
    assert Article.objects.get().owner is None


def test_confirmation_key_is_for_one_contribution_and_address(db):
    by = visitor("ana@example.org")
    contribution = submission.submit(drafted(by), by=by)
    key = emails.confirmation_key(contribution)
    assert emails.read_confirmation_key(key) == contribution
    assert emails.read_confirmation_key(key[:-1] + "x") is None
    Contribution.objects.update(email="autre@example.org")
    assert emails.read_confirmation_key(key) is None


def test_confirmation_key_expires(db):
    by = visitor("ana@example.org")
    contribution = submission.submit(drafted(by), by=by)
    key = emails.confirmation_key(contribution)
    with mock.patch.object(emails, "CONFIRM_SECONDS", -1):
        assert emails.read_confirmation_key(key) is None


def test_sending_a_changed_text_in_review_is_a_new_version(member):
    contribution = submitted(member)
    for _ in range(2):
        drafting.save_draft(
            token=contribution.token,
            kind="article",
            data={**contribution.data, "title": ["Mieux dit"]},
            language="fr",
            by=member,
        )
        submission.submit(contribution, by=member)
    page = Article.objects.get()
    assert (page.title, page.revisions.count()) == ("Mieux dit", 2)


def test_revise_is_a_new_reading_of_the_same_page(member):
    contribution = submitted(member)
    first = task_state(contribution)
    drafting.save_draft(
        token=contribution.token,
        kind="article",
        data={**contribution.data, "title": ["Vendre chez soi"]},
        language="fr",
        by=member,
    )
    contribution = submission.revise(contribution, author=member)
    first.refresh_from_db()
    assert first.status == "cancelled"
    assert task_state(contribution).pk != first.pk
    assert contribution.page.specific.title == "Vendre chez soi"
    assert contribution.page.revisions.count() == 2


def test_withdraw_takes_the_page_away(member):
    contribution = submitted(member, "question")
    contribution = submission.withdraw(contribution, author=member)
    contribution = submission.withdraw(contribution, author=member)
    assert (contribution.state, contribution.page) == (State.WITHDRAWN, None)
    assert contribution.data["title"]
    assert not Question.objects.exists()
    assert Page.find_problems() == ([], [], [], [], [])


def test_withdrawn_stays_withdrawn(member):
    contribution = submission.withdraw(drafted(member), author=member)
    with pytest.raises(Refused):
        submission.submit(contribution, by=member)


def test_author_and_each_moderator_get_one_mail(
    member, django_capture_on_commit_callbacks, settings
):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    moderator = factories.member(groups=["Modération"])
    factories.member(is_superuser=True)
    with django_capture_on_commit_callbacks(execute=True):
        contribution = submitted(member, message="Merci de relire <b>vite</b>")
    assert sorted(m.to[0] for m in mail.outbox) == sorted([member.email, moderator.email])
    to_author = next(m for m in mail.outbox if m.to == [member.email])
    assert "/admin/" not in str(to_author.body) + to_author.alternatives[0].content
    to_moderator = next(m for m in mail.outbox if m.to == [moderator.email])
    assert to_moderator.subject == "À lire : « Vendre à la ferme »"
    assert "Merci de relire <b>vite</b>" in to_moderator.body
    assert "&lt;b&gt;vite" in to_moderator.alternatives[0].content
    decision = f"/admin/relecture/{contribution.pk}/"
    for said in (to_moderator.body, to_moderator.alternatives[0].content):
        assert decision in said
        assert "/admin/pages/" not in said


def test_mail_server_down_keeps_the_contribution_and_the_mail(
    member, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        contribution = submitted(member)
    assert contribution.state == State.IN_REVIEW
    message = OutgoingMail.objects.get()
    assert (message.to, message.sent_at) == ([member.email], None)
    assert message.error.startswith("ConnectionRefusedError")

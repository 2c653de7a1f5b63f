"""Nothing about a person is forgotten when they ask to be."""

import pytest
from django.apps import apps
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

from commons.members import privacy, readable_export
from commons.members.accounts import open_account
from commons.members.consents import give
from commons.members.erasure import erase
from commons.members.models import Member, OutgoingMail, Purpose
from commons.pages.models import PageAuthor
from commons.refused import Refused
from search import zero_result_queries
from search.analyzer import fold
from search.contract import Query, Scope, search
from search.embedded.backends import store
from search.models import Gap, Word
from tests import factories

pytestmark = pytest.mark.django_db
NAME = "Zoé Unique-Nom"
EMAIL = "zoe.unique@example.org"


def test_every_relation_to_a_member_is_declared():
    assert privacy.relations() == sorted(privacy.RELATIONS)


def test_every_relation_that_is_not_kept_is_shown_in_words():
    declared = privacy.RELATIONS | privacy.ADDRESSES
    kept = {name for name, fate in declared.items() if fate is privacy.OnErasure.KEEP}
    assert set(readable_export.ROW_FORMATS) == set(declared) - kept


def test_every_address_column_is_declared():
    assert privacy.address_columns() == sorted(privacy.ADDRESSES)


@pytest.mark.parametrize("name", [*privacy.RELATIONS, *privacy.ADDRESSES])
def test_declared_fate_is_possible(name):
    model, field = privacy.resolve_field(name)
    fate = (privacy.RELATIONS | privacy.ADDRESSES)[name]
    column = model._meta.get_field(field)
    assert fate is not privacy.OnErasure.ANONYMISE or column.null or column.blank


@pytest.fixture
def member(site):
    return open_account(EMAIL, display_name=NAME, groups=["Rédaction"], password=factories.PASSWORD)


@pytest.fixture
def page(member):
    """A page that the member owns, revised and signed."""
    page = factories.article(owner=member, credit=f"Ada, {NAME}")
    page.page_authors = [PageAuthor(member=member)]
    page.save_revision(user=member, log_action=True).publish(user=member)
    page.save_revision(user=member)
    return page


def everything() -> str:
    """The whole database as text."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [str(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def test_erased_member_leaves_no_trace(member, page, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "commons.members.outbox.QueueBackend"
    EmailMessage("Bonjour", "…", to=[EMAIL]).send()
    give(Purpose.CREDIT, member=member)
    ModelLogEntry.objects.log_action(member, "wagtail.edit", user=member)
    assert NAME in everything()
    assert EMAIL in everything()
    pk = member.pk
    with django_capture_on_commit_callbacks(execute=True):
        erase(member)
    trace = everything()
    assert EMAIL not in trace
    assert NAME not in trace
    assert not OutgoingMail.objects.exists()
    page.refresh_from_db()
    assert (page.live, page.owner, page.credit) == (True, None, "Ada")
    for journal in (PageLogEntry, ModelLogEntry):
        assert not journal.objects.filter(user_id=pk).exists()
    for revision in Revision.objects.for_instance(page):
        assert revision.content["page_authors"] == []
        assert revision.content["owner"] is None
        assert revision.as_object().credit == "Ada"


@pytest.mark.parametrize("view", ["users/delete/{}/", "bulk/members/member/delete/?id={}"])
def test_deleting_from_the_admin_leaves_no_trace(client, member, page, view):
    client.force_login(Member.objects.create_superuser("boss@example.org", "x"))
    ModelLogEntry.objects.log_action(member, "wagtail.edit", user=member)
    assert client.get(f"/admin/{view.format(member.pk)}").status_code == 200
    assert client.post(f"/admin/{view.format(member.pk)}").status_code == 302
    trace = everything()
    assert [said for said in (EMAIL, NAME) if said in trace] == []


def test_no_word_of_an_erased_name_is_left_in_what_was_made_for_search(site):
    """Neither to mend a typing error, nor among the searches in vain, nor in the admin's search."""
    member = open_account(EMAIL, display_name="Zébulonne Quistinic-Panier")
    page = factories.article(owner=member, credit=f"Ada, {member.display_name}")
    factories.article(title="Le panier de Quistinics")
    for words in ("quistinic", "Zébulonne Quistinic", "panier quistinic", "panier sans fond"):
        zero_result_queries.record(words, "fr")
    assert fold("Zébulonne") in fold(everything())
    assert suggested("zibulonne") == "zébulonne"
    erase(member)
    assert "zebulon" not in fold(everything())
    assert suggested("zibulonne") == ""
    assert set(Gap.objects.values_list("words", flat=True)) == {"panier sans fond"}
    words = Word.objects.filter(language="fr", word__in=["quistinic", "quistinics", "panier"])
    assert set(words.values_list("word", flat=True)) == {"quistinics", "panier"}
    page.refresh_from_db()
    assert page.credit == "Ada"


def suggested(typed: str) -> str:
    return search(Query(typed, Scope(language="fr"))).corrected_query


def test_words_of_a_kept_credit_stay_in_the_vocabulary(member, page):
    erase(member, keep_credit=True)
    assert Word.objects.filter(word="unique").exists()


def test_erasure_works_while_the_search_index_is_damaged(member, page):
    store().drop()
    assert erase(member)
    assert not Word.objects.filter(word="unique").exists()


def test_credit_is_kept_as_text_at_the_persons_choice(member, page):
    erase(member, keep_credit=True)
    page.refresh_from_db()
    assert page.credit == f"Ada, {NAME}"
    assert not PageAuthor.objects.exists()
    assert page.get_latest_revision().as_object().credit == f"Ada, {NAME}"


def test_keeping_the_credit_never_signs_a_page_that_was_not(member):
    page = factories.article(owner=member, credit="Ada")
    erase(member, keep_credit=True)
    page.refresh_from_db()
    assert page.credit == "Ada"


def test_erasing_twice_does_nothing_more(member):
    assert erase(member)
    assert not erase(Member(pk=member.pk))


def test_others_stay_whole(member, page):
    other = factories.member("ada@example.org", display_name="Ada")
    give(Purpose.CREDIT, member=other)
    erase(member)
    assert other.consents.count() == 1
    assert Member.objects.get() == other


def test_last_administrator_is_kept(db):
    boss = Member.objects.create_superuser("boss@example.org", "x")
    with pytest.raises(Refused):
        erase(boss)
    Member.objects.create_superuser("next@example.org", "x")
    erase(boss)
    assert Member.objects.get().email == "next@example.org"


def test_erase_member_command_tries_before_it_acts(member, capsys):
    call_command("erase_member", EMAIL.upper(), dry_run=True)
    assert "would be erased" in capsys.readouterr().out
    assert Member.objects.exists()
    call_command("erase_member", EMAIL)
    assert not Member.objects.exists()
    with pytest.raises(CommandError, match="No account"):
        call_command("erase_member", EMAIL)


def test_export_names_every_declared_relation_that_has_rows(member, page):
    linked = privacy.export_of(member)["linked"]
    assert {"account.EmailAddress.user", "wagtailcore.Page.owner"} <= set(linked)
    assert all(apps.get_model(name.rsplit(".", 1)[0]) for name in linked)

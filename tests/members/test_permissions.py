"""Who may do what, as the groups say and as the admin obeys."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import GroupPagePermission, Page

from commons.members.models import Member
from commons.members.permissions import (
    ADMINISTRATOR,
    COMMITTEE,
    EDITOR,
    MODERATOR,
    access_table,
    grant_access,
)
from tests import factories

pytestmark = pytest.mark.django_db
HOME = "/admin/"
TERMS = "/admin/snippets/taxonomy/term/"
PEOPLE = "/admin/users/"
REDIRECTS = "/admin/redirects/"
IMAGES = "/admin/images/add/"
SITES = "/admin/sites/"


def test_migrations_made_the_groups_and_removed_wagtails_own(db):
    names = set(Group.objects.values_list("name", flat=True))
    assert names == {EDITOR, MODERATOR, COMMITTEE, ADMINISTRATOR}


def test_granting_twice_changes_nothing_and_keeps_what_was_added(db):
    before = access_table()
    grant_access()
    assert access_table() == before
    root = Page.get_first_root_node()
    group = Group.objects.get(name=COMMITTEE)
    GroupPagePermission.objects.create(
        group=group,
        page=root,
        permission=Group.objects.get(name=EDITOR).page_permissions.first().permission,
    )
    grant_access()
    assert group.page_permissions.count() == 1


@pytest.mark.parametrize(
    ("group", "opens", "closed"),
    [
        (EDITOR, [HOME, TERMS, REDIRECTS, IMAGES], [PEOPLE, SITES]),
        (MODERATOR, [HOME], [TERMS, PEOPLE, REDIRECTS, IMAGES, SITES]),
        (COMMITTEE, [HOME], [TERMS, PEOPLE, REDIRECTS, IMAGES, SITES]),
        (ADMINISTRATOR, [HOME, TERMS, PEOPLE, REDIRECTS, IMAGES, SITES], []),
    ],
)
def test_admin_opens_what_the_group_needs(client, site, group, opens, closed):
    client.force_login(factories.member(groups=[group]))
    assert {path: client.get(path).status_code for path in opens} == dict.fromkeys(opens, 200)
    assert {path: client.get(path).status_code for path in closed} == dict.fromkeys(closed, 302)


def test_plain_member_has_no_way_into_the_admin(client, site):
    client.force_login(factories.member())
    assert client.get(HOME).status_code == 302
    staff = factories.member(is_staff=True)
    client.force_login(staff)
    assert client.get(HOME).status_code == 302, "the staff mark alone opens nothing"


@pytest.mark.parametrize(("group", "may"), [(EDITOR, True), (MODERATOR, True), (COMMITTEE, False)])
def test_publishing(site, group, may):
    page = factories.article()
    member = factories.member(groups=[group])
    assert page.permissions_for_user(member).can_publish() is may
    assert page.permissions_for_user(member).can_edit() is may


def test_show_access_prints_a_table(db, capsys):
    call_command("show_access")
    table = capsys.readouterr().out.splitlines()
    assert EDITOR in table[0]
    [line] = [row for row in table if row.startswith("taxonomy.change_term")]
    assert line.count("x") == 3, "the name holds one"


@pytest.fixture
def boss(client, site):
    boss = factories.member(groups=[ADMINISTRATOR])
    client.force_login(boss)
    return client


def answers(**changed):
    return {"email": "Ada@Example.org", "display_name": "Ada", "language": "fr"} | changed


def test_administrator_opens_an_account_that_works(boss, client):
    assert boss.get("/admin/users/new/").status_code == 200
    words = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    assert boss.post("/admin/users/new/", answers(**words)).status_code == 302
    assert Member.objects.get(email="ada@example.org").display_name == "Ada"
    boss.post("/compte/logout/")
    client.post("/compte/login/", {"login": "ada@example.org", "password": factories.PASSWORD})
    assert client.get("/compte/").status_code == 200


def test_administrator_changes_a_member(boss):
    ada = factories.member("ada@example.org")
    path = f"/admin/users/edit/{ada.pk}/"
    assert boss.get(path).status_code == 200
    group = Group.objects.get(name=EDITOR)
    answer = boss.post(path, answers(display_name="Ada B", is_active="on", groups=[group.pk]))
    assert answer.status_code == 302
    ada.refresh_from_db()
    assert (ada.display_name, ada.groups.get(), ada.is_active) == ("Ada B", group, True)


def test_administrator_cannot_give_one_address_to_two(boss):
    factories.member("ada@example.org")
    answer = boss.post("/admin/users/new/", answers(email="ADA@example.org"))
    assert answer.status_code == 200
    assert Member.objects.filter(email__iexact="ada@example.org").count() == 1


def test_deleting_from_the_admin_erases(boss):
    ada = factories.member("ada@example.org")
    boss.post(f"/admin/users/delete/{ada.pk}/")
    assert not Member.objects.filter(pk=ada.pk).exists()


def test_members_list_and_own_account_page_open(boss):
    factories.member("ada@example.org", display_name="Ada")
    assert "Ada" in boss.get("/admin/users/?q=ada").content.decode()
    assert boss.get("/admin/account/").status_code == 200

"""Nobody rises above what they were given, nor guesses a shared password, nor forges a link."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.core import mail, signing
from django.utils import timezone
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupPagePermission,
    Page,
    PageViewRestriction,
)

from commons.members.honeypot import SALT
from commons.members.models import Member
from commons.members.permissions import (
    ADMINISTRATOR,
    COMMITTEE,
    EDITOR,
    MODERATOR,
    may_grant,
    may_manage,
    rights_of,
)
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
USERS, GROUPS = "/admin/users/", "/admin/groups/"


@pytest.fixture
def administrator(client):
    person = factories.member("ada@example.org", [ADMINISTRATOR])
    client.force_login(person)
    return person


@pytest.fixture
def superuser():
    return factories.member("racine@example.org", is_superuser=True, is_staff=True)


@pytest.fixture
def stronger():
    """No superuser, but somebody with a right that no administrator has."""
    person = factories.member("forte@example.org", [EDITOR])
    person.user_permissions.add(Permission.objects.get(codename="delete_page"))
    return person


def typed(member: Member, **changes) -> dict:
    groups = [group.pk for group in member.groups.all()]
    return {
        "email": member.email,
        "display_name": "Prise",
        "language": "fr",
        "is_active": "on",
        "groups": groups,
        **changes,
    }


def test_groups_of_the_team_are_within_what_an_administrator_has(administrator):
    for name in (ADMINISTRATOR, EDITOR, MODERATOR, COMMITTEE):
        assert may_manage(factories.member(groups=[name]), by=administrator), name
    assert may_manage(factories.member(), by=administrator)


def test_a_right_on_one_branch_is_no_right_on_another(administrator, library):
    group = Group.objects.create(name="Une branche")
    permission = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(group=group, page=library, permission=permission)
    narrow = factories.member(groups=["Une branche"])
    assert may_grant(rights_of(group), by=administrator)
    assert may_manage(narrow, by=administrator)
    assert not may_manage(administrator, by=narrow)


class TestAccounts:
    @pytest.fixture(params=["superuser", "stronger"])
    def target(self, request):
        return request.getfixturevalue(request.param)

    @pytest.mark.parametrize(
        "change",
        [
            {"email": "ada+1@example.org"},
            {"password1": "x" * 20, "password2": "x" * 20},
            {"groups": []},
            {"is_active": ""},
        ],
    )
    def test_is_not_changed_by_somebody_with_fewer_rights(
        self, client, administrator, target, change
    ):
        before = (target.email, target.password, target.is_active, target.display_name)
        answer = client.post(f"{USERS}edit/{target.pk}/", typed(target, **change))
        assert answer.status_code == 302
        assert client.get(f"{USERS}edit/{target.pk}/").status_code == 302
        target.refresh_from_db()
        assert (target.email, target.password, target.is_active, target.display_name) == before
        assert target.groups.count() == (0 if target.is_superuser else 1)

    def test_is_not_deleted_either(self, client, administrator, target):
        client.post(f"{USERS}delete/{target.pk}/")
        bulk = "/admin/bulk/members/member"
        client.post(f"{bulk}/delete/?id={target.pk}", {})
        client.post(f"{bulk}/set_active_state/?id={target.pk}", {"mark_as_active": "False"})
        role = Group.objects.get(name=COMMITTEE).pk
        client.post(f"{bulk}/assign_role/?id={target.pk}", {"role": role})
        target.refresh_from_db()
        assert target.is_active
        assert not target.groups.filter(name=COMMITTEE).exists()

    def test_cannot_be_written_over_by_a_copy(self, client, administrator, target):
        answer = client.post(f"{USERS}copy/{target.pk}/", typed(target, email="a@example.org"))
        assert answer.status_code == 404
        target.refresh_from_db()
        assert target.email != "a@example.org"

    def test_others_are_changed_as_before(self, client, administrator):
        person = factories.member("zoe@example.org")
        editor = Group.objects.get(name=EDITOR).pk
        new = typed(person, email="zoe2@example.org", groups=[editor])
        assert client.get(f"{USERS}edit/{person.pk}/").status_code == 200
        client.post(f"{USERS}edit/{person.pk}/", new)
        person.refresh_from_db()
        assert (person.email, [g.pk for g in person.groups.all()]) == ("zoe2@example.org", [editor])
        client.post(
            f"/admin/bulk/members/member/set_active_state/?id={person.pk}",
            {"mark_as_active": "False"},
        )
        person.refresh_from_db()
        assert not person.is_active

    def test_a_superuser_changes_a_superuser(self, client, superuser):
        client.force_login(superuser)
        other = factories.member("autre@example.org", is_superuser=True, is_staff=True)
        client.post(
            f"{USERS}edit/{other.pk}/", typed(other, email="neuve@example.org", is_superuser="on")
        )
        other.refresh_from_db()
        assert (other.email, other.is_superuser) == ("neuve@example.org", True)


class TestGiving:
    @pytest.fixture
    def mighty(self):
        group = Group.objects.create(name="Plus forts")
        group.permissions.add(Permission.objects.get(codename="delete_page"))
        return group

    def test_no_superuser_is_made(self, client, administrator):
        person = factories.member("zoe@example.org")
        client.post(f"{USERS}edit/{person.pk}/", typed(person, is_superuser="on"))
        client.post(
            f"{USERS}new/",
            {"email": "n@example.org", "display_name": "N", "language": "fr", "is_superuser": "on"},
        )
        assert Member.objects.filter(email="n@example.org").exists()
        assert not Member.objects.filter(is_superuser=True).exists()

    def test_no_group_above_ones_own(self, client, administrator, mighty):
        person = factories.member("zoe@example.org")
        for one in (person, administrator):
            client.post(f"{USERS}edit/{one.pk}/", typed(one, groups=[mighty.pk]))
            client.post(f"/admin/bulk/members/member/assign_role/?id={one.pk}", {"role": mighty.pk})
            assert not one.groups.filter(pk=mighty.pk).exists()
        form = client.get(f"{USERS}edit/{person.pk}/").content.decode()
        assert "Plus forts" not in form
        assert EDITOR in form

    def test_no_right_that_one_lacks_through_a_group(self, client, administrator):
        group = Group.objects.get(name=EDITOR)
        secret = Permission.objects.get(codename="delete_member")
        administrator.groups.get().permissions.remove(secret)
        before = rights_of(group)
        for path in (f"{GROUPS}edit/{group.pk}/", f"{GROUPS}new/"):
            page = client.get(path)
            assert page.status_code == 200
            data = {
                "name": "Rédaction",
                "permissions": [secret.pk],
                **dict.fromkeys(
                    re.findall(r'name="([\w-]+-(?:TOTAL|INITIAL)_FORMS)"', page.content.decode()), 0
                ),
            }
            data["name"] += " bis" if "new" in path else ""
            answer = client.post(path, data, follow=True).content.decode()
            assert "Vous ne pouvez pas donner des droits que vous n’avez pas." in answer
        assert rights_of(group) == before
        assert not Group.objects.filter(name="Rédaction bis").exists()


class TestSharedPasswords:
    @pytest.fixture
    def asked(self, library):
        page = factories.article()
        found = PageViewRestriction.objects.create(
            page=page, restriction_type=PageViewRestriction.PASSWORD, password="abricot"
        )
        return f"/fr/_util/authenticate_with_password/{found.pk}/{page.pk}/", page

    @pytest.fixture
    def collection(self):
        found = CollectionViewRestriction.objects.create(
            collection=Collection.get_first_root_node(),
            restriction_type=CollectionViewRestriction.PASSWORD,
            password="abricot",
        )
        return f"/documents/authenticate_with_password/{found.pk}/"

    def test_opens_the_page(self, client, asked):
        path, page = asked
        assert page.title not in client.get(page.url).content.decode().split("<title>")[-1]
        answer = client.post(path, {"password": "abricot", "return_url": page.url})
        assert answer["Location"] == page.url
        assert client.get(page.url).status_code == 200

    @pytest.mark.parametrize("kind", ["page", "collection"])
    def test_is_tried_ten_times_and_no_more(self, client, asked, collection, kind):
        path = asked[0] if kind == "page" else collection
        tries = [
            client.post(path, {"password": f"x{n}", "return_url": "/"}).status_code
            for n in range(11)
        ]
        assert tries == [200] * 10 + [429]
        assert client.post(path, {"password": "abricot", "return_url": "/"}).status_code == 429
        assert client.get(path).status_code == 200

    def test_the_right_one_works_after_too_many_wrong_ones(self, client, asked):
        path, page = asked
        right = {"password": "abricot", "return_url": page.url}
        for number in range(11):
            answer = client.post(path, {"password": f"x{number}", "return_url": "/"})
        assert answer.status_code == 429
        assert "essa" in answer.text  # « trop d’essais », in a page of the site
        other = client.post(path, right, REMOTE_ADDR="203.0.113.9")
        assert other["Location"] == page.url, "others are not kept out"
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert client.post(path, right)["Location"] == page.url
            assert client.get(page.url).status_code == 200

    def test_is_not_tried_from_many_networks_without_end(self, client, asked):
        statuses = [
            client.post(
                asked[0], {"password": "x", "return_url": "/"}, REMOTE_ADDR=f"10.0.{n // 9}.1"
            ).status_code
            for n in range(201)
        ]
        assert statuses[:200] == [200] * 200
        assert statuses[200] == 429

    def test_tells_nothing_of_other_pages(self, client, asked):
        draft = factories.article(live=False)
        path = asked[0].rsplit("/", 2)[0]
        assert client.get(f"{path}/{draft.pk}/").status_code == 404
        assert (
            client.get(f"{path}/{Page.objects.order_by('-pk').first().pk + 9}/").status_code == 404
        )


class TestLinksOfMails:
    """Whatever address a request names, mails lead to the site's own."""

    HOST = "127.0.0.1:1234"

    @pytest.fixture(autouse=True)
    def _site_url(self, settings):
        settings.SITE_URL = "https://commun.example"

    def links(self) -> set[str]:
        texts = [mail.outbox[-1].body, mail.outbox[-1].alternatives[0][0]]
        return {found for text in texts for found in re.findall(r"https?://[\w.:-]+", text)}

    @pytest.mark.parametrize("known", [True, False])
    def test_of_a_reset(self, client, known, django_capture_on_commit_callbacks):
        if known:
            factories.member("zoe@example.org")
        with django_capture_on_commit_callbacks(execute=True):
            client.post(
                "/compte/password/reset/", {"email": "zoe@example.org"}, headers={"host": self.HOST}
            )
        assert self.links() == {"https://commun.example"}

    def test_of_a_confirmation(self, client, django_capture_on_commit_callbacks):
        person = factories.member("zoe@example.org", confirmed=False)
        EmailAddress.objects.create(user=person, email=person.email, primary=True)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(
                "/compte/login/",
                {"login": person.email, "password": factories.PASSWORD},
                headers={"host": self.HOST},
            )
        assert self.links() == {"https://commun.example"}
        assert "/compte/confirm-email/" in mail.outbox[-1].body

    def test_of_a_taken_address(self, client, django_capture_on_commit_callbacks):
        factories.member("zoe@example.org")
        with time_machine.travel(timezone.now() - timedelta(minutes=1)):  # a form read for a while
            stamp = signing.dumps("form", salt=SALT)
        data = {"email": "zoe@example.org", "password1": factories.PASSWORD, "charter": "on"}
        data |= {"display_name": "Z", "shown_at": stamp, "website": ""}
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/compte/signup/", data, headers={"host": self.HOST})
        assert [message.to for message in mail.outbox] == [["zoe@example.org"]]
        assert mail.outbox[0].subject == "Vous avez déjà un compte"
        assert self.links() == {"https://commun.example"}

"""A word that only some may read is told to no one else, at any address, kept in memory or not."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from commons.pages.models import HomePage, SectionPage
from tests import factories
from tests.asking import Given, process, read_before, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_long_day")]
CANARY = "zyglotrope"
PUBLIC = [
    *("/fr/", "/en/", "/fr/flux.xml", "/fr/se-documenter/", "/fr/se-documenter/flux.xml"),
    *("/sitemap.xml", "/fr/se-documenter/?tag=zyglotrope", "/fr/reserve/"),
]
SEARCHES = [
    f"/fr/recherche/?q={CANARY}",
    f"/fr/recherche/suggestions/?q={CANARY[:6]}",
    f"/fr/se-documenter/?q={CANARY}",
    f"/fr/se-documenter/flux.xml?q={CANARY}",
]


def written(parent=None, **fields):
    neighbour = factories.article()
    page = factories.article(
        title=f"Le {CANARY} expliqué",
        slug=CANARY,
        summary=f"Tout sur le {CANARY}.",
        tags=[CANARY],
        **({"parent": parent} if parent else {}),
        **fields,
    )
    neighbour.related_links.create(target=page)
    return page


def draft():
    return written(live=False)


def changed():
    """Published, then changed: the new words wait."""
    page = factories.article(slug=CANARY)
    page.title, page.summary = f"Le {CANARY} expliqué", f"Tout sur le {CANARY}."
    page.save_revision()
    return page


def unpublished():
    page = written()
    page.unpublish()
    return page


def scheduled():
    page = written(live=False)
    page.go_live_at = timezone.now() + datetime.timedelta(days=1)
    page.save_revision().publish()
    return page


def expired():
    page = written()
    page.expire_at = timezone.now() - datetime.timedelta(days=1)
    page.save()
    page.unpublish(set_expired=True)
    return page


def in_review():
    page = written(live=False)
    page.save_revision(user=factories.member())
    return page


def for_members(restriction_type="login"):
    page = written()
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=restriction_type)
    if restriction_type == "groups":
        restriction.groups.add(Group.objects.get_or_create(name="Comité")[0])
    return page


def for_a_group():
    return for_members("groups")


def under_a_restricted_parent():
    home = HomePage.objects.get(slug="fr")
    parent = home.add_child(
        instance=SectionPage(title="Réservé", slug="reserve", lead="À nous.", locale=home.locale)
    )
    PageViewRestriction.objects.create(page=parent, restriction_type="login")
    return written(parent=parent)


HIDDEN = [draft, changed, in_review, unpublished, scheduled, expired]
RESTRICTED = [for_members, under_a_restricted_parent]


def address_of(page) -> str:
    return f"/fr/{page.url_path.removeprefix('/fr/')}"


@pytest.mark.parametrize("state", [*HIDDEN, *RESTRICTED, for_a_group])
def test_a_hidden_word_is_nowhere_for_visitors(library, state):
    page = state()
    settle()
    app = process()
    addresses = [*PUBLIC, *SEARCHES, address_of(page)]
    neighbours = [other.get_url() for other in library.get_children().exclude(pk=page.pk)]
    for _ in range(2):
        for address in [*addresses, *neighbours]:
            text = Given(app, address).text
            shown = f"{CANARY} expliqué" in text or f"le {CANARY}." in text
            assert not shown, f"{state.__name__}: {address}"


@pytest.mark.parametrize("state", RESTRICTED)
def test_a_restricted_word_is_there_for_members_and_never_kept(library, state):
    page = state()
    settle()
    app = process()
    member = Client()
    member.force_login(factories.member())
    cookies = {"HTTP_COOKIE": f"sessionid={member.cookies['sessionid'].value}"}
    for address in [address_of(page), f"/fr/recherche/?q={CANARY}", "/fr/flux.xml"]:
        assert f"{CANARY} expliqué" in Given(app, address, **cookies).text, address
        assert f"{CANARY} expliqué" not in Given(app, address).text, address
    assert not any(CANARY.encode() in answer.body for answer in app.kept.values())


def test_a_public_word_is_told_to_all(library):
    page = written()
    settle()
    app = process()
    for address in ["/fr/flux.xml", "/sitemap.xml", address_of(page), *SEARCHES[:2]]:
        assert CANARY in Given(app, address).text, address
        assert CANARY in Given(app, address).text, address


def test_a_word_withdrawn_is_told_no_more(library, django_capture_on_commit_callbacks):
    read_before()
    page = written()
    settle()
    app = process()
    assert CANARY in Given(app, address_of(page)).text
    with django_capture_on_commit_callbacks(execute=True):
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert Given(app, address_of(page)).status == 302
    assert CANARY not in Given(app, "/fr/flux.xml").text

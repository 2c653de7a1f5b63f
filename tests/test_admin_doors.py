"""No address of the admin tells of an unpublished page to who may neither write nor judge it."""

import datetime
import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from wagtail.models import GroupPagePermission, Locale, ReferenceIndex, TaskState
from wagtail_localize.models import Translation, TranslationSource

from commons.members.permissions import COMMITTEE, EDITOR
from commons.pages.models import HomePage, SectionPage
from tests import factories
from tests.contributions.form_data import submitted

pytestmark = [
    pytest.mark.django_db,
    # The report of translations is not ours, nor its order.
    pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning"),
]
CANARY = "zyglotrope"
TITLE = f"Le {CANARY} expliqué"
HOLE = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")
# What addresses under /admin/ take; the pages' numbers are all tried.
FILLED = {
    "content_type_app_name": "resources",
    "content_type_model_name": "article",
    "app_label": "wagtailcore",
    "app_name": "pages",
    "model_name": "page",
    "action": "move",
    "action_name": "copy",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
    "mode": "",
    "filter_spec": "width-100",
}
QUERIES = {
    "choose-page/": [
        *("user_perms=copy_to", "page_type=resources.article", "locale=en", "multiple=1"),
        *("page_type=pages.homepage", "user_perms=move_to&target_pages[]={page}"),
    ],
    "choose-page/search/": [f"q={CANARY[:5]}", f"q={CANARY}&page_type=resources.article"],
    "choose-page/chosen-multiple/": ["id={page}"],
    "pages/search/": [f"q={CANARY}"],
    "api/main/pages/": [
        *("child_of={parent}&for_explorer=1", f"search={CANARY}", "descendant_of={parent}"),
        *("translation_of={page}", f"slug={CANARY}", "ancestor_of={page}"),
    ],
    "api/main/pages/find/": ["id={page}"],
    "choose-external-link/": ["link_url=http://localhost/fr/se-documenter/"],
    "tag-autocomplete/": [f"term={CANARY[:5]}"],
}


@pytest.fixture
def hidden(library):
    """One page in each state that the public does not see; all hold the same word."""
    draft = factories.article(title=TITLE, slug=CANARY, live=False, tags=[CANARY])
    changed = factories.article(title="Déjà publié")
    changed.title = TITLE
    changed.save_revision()
    scheduled = factories.article(title=TITLE, live=False)
    scheduled.go_live_at = timezone.now() + datetime.timedelta(days=1)
    scheduled.save_revision().publish()
    expired = factories.article(title=TITLE)
    expired.unpublish(set_expired=True)
    proposed = submitted(factories.member(), title=TITLE).page.specific
    pages = [draft, changed, scheduled, expired, proposed]
    drafted_section = library.get_parent().add_child(
        instance=SectionPage(title=TITLE, slug="cachee", lead="…", live=False)
    )
    factories.article(title="Publié au fond", parent=drafted_section)
    source = TranslationSource.update_or_create_from_instance(draft)[0]
    english = Locale.objects.get(language_code="en")
    translation = Translation.objects.create(source=source, target_locale=english)
    translation.save_target(publish=False)
    for page in pages:
        ReferenceIndex.create_or_update_for_object(page)
    factories.article(title="Public").related_links.create(target=draft)
    return [*pages, drafted_section]


def editor_of_one_section(site):
    """An operator may grant less than the whole site: one section and what is below."""
    group = Group.objects.create(name="Une rubrique")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    home = HomePage.objects.get(slug="fr")
    section = home.add_child(
        instance=SectionPage(title="La sienne", slug="sienne", lead="…", locale=home.locale)
    )
    factories.article(title="Le sien, en attente", parent=section, live=False)
    for verb in ("add", "change", "publish"):
        permission = Permission.objects.get(codename=f"{verb}_page")
        GroupPagePermission.objects.create(group=group, page=section, permission=permission)
    return factories.member(groups=[group.name])


def committee(site):
    return factories.member(groups=[COMMITTEE])


def plain_member(site):
    return factories.member()


def patterns(resolver=None, prefix="", name=""):
    for entry in (resolver or get_resolver()).url_patterns:
        place = prefix + str(entry.pattern).replace("^", "").replace("$", "")
        if hasattr(entry, "url_patterns"):
            yield from patterns(entry, place)
        elif place.startswith("admin/") and not place.endswith((".*/", "logout/")):
            yield place


def addresses(page):
    """Every address of the admin, each hole filled with what stands for `page`."""
    task = TaskState.objects.order_by("pk").last()
    numbers = {
        "task_state_id": task.pk,
        "task_id": task.task_id,
        "workflow_state_id": task.workflow_state_id,
        "revision_id": page.latest_revision_id,
        "translation_id": Translation.objects.get().pk,
        "translation_source_id": Translation.objects.get().source_id,
        "destination_id": page.get_parent().pk,
    }

    def fill(hole):
        name = hole[2] or hole[3]
        return str(FILLED.get(name, numbers.get(name, page.pk)))

    for action in ("move", "delete", "publish", "unpublish"):
        yield f"/admin/bulk/wagtailcore/page/{action}/?id={page.pk}"
        yield f"/admin/bulk/wagtailcore/page/{action}/?id=all&childOf={page.get_parent().pk}"
    for place in sorted(set(patterns())):
        address = "/" + HOLE.sub(fill, place).replace("\\", "")
        yield address
        for query in QUERIES.get(address.removeprefix("/admin/"), []):
            yield f"{address}?{query}".format(page=page.pk, parent=page.get_parent().pk)


@pytest.mark.parametrize("who", [committee, plain_member, editor_of_one_section])
def test_no_door_of_the_admin_tells_of_an_unpublished_page(site, hidden, who):
    client = Client()
    client.force_login(who(site))
    told = []
    # Most addresses are those of no page, hence the same for each.
    for address in dict.fromkeys(address for page in hidden for address in addresses(page)):
        answer = client.get(address)
        text = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code < 400 and CANARY in without_ones_own_words(text.decode()):
            told.append(address)
    assert not told, "\n".join(["", *told])


def without_ones_own_words(text: str) -> str:
    """What was typed in a search box comes back in it: that tells nothing."""
    return re.sub(r"""value=["']zyglo\w*["']|q=zyglo\w*|search=\w+|<em>zyglo\w*</em>""", "", text)


def test_who_may_edit_finds_what_waits_at_the_same_doors(client, hidden):
    client.force_login(factories.member(groups=[EDITOR]))
    doors = [
        f"/admin/choose-page/{hidden[0].get_parent().pk}/",
        f"/admin/choose-page/search/?q={CANARY}",
        f"/admin/choose-page/chosen-multiple/?id={hidden[0].pk}",
        f"/admin/pages/search/?q={CANARY}",
        f"/admin/api/main/pages/?search={CANARY}",
    ]
    assert [door for door in doors if CANARY not in client.get(door).content.decode()] == []

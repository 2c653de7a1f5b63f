"""Pages in every state that real work leaves them in: who follows each link learns nothing.

`test_leaks` looks at the addresses that we know; here a reader walks the whole site.
"""

import datetime
import json
import re
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction, TaskState

from commons.contributions import submission
from commons.members.permissions import MODERATOR
from commons.pages.models import HomePage
from search.models import Gap
from tests import factories
from tests.asking import Given, process, settle
from tests.contributions.form_data import act, drafted, submitted, visitor
from tests.pages.translating import english_library, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_long_day")]
WORD = "zyglotrope"
# Said of the page, never by who looks for the word.
TITLE = f"Faut-il un {WORD} ?"
SECRETS = [f"un {WORD}", f"Oui, {WORD}", f"Thème {WORD}", f"theme={WORD}-theme", f"Nom de {WORD}"]
SECRETS += [f"tag={WORD}", "zyglotropes cachés"]
PROPOSED = {"title": TITLE, "summary": f"Oui, {WORD}.", "answer": f"Des {WORD}s cachés."}
DOORS = [
    *("/fr/", "/en/", "/fr/flux.xml", "/en/flux.xml", "/sitemap.xml", "/robots.txt"),
    *("/fr/se-documenter/flux.xml", "/fr/se-documenter/?all=theme", "/en/learn/"),
    f"/fr/se-documenter/?sort=title&q={WORD}",
    *("/fr/se-documenter/?q=ziglotrope", f"/fr/recherche/?q={WORD}", "/fr/recherche/?q=ziglotrope"),
    *(f"/en/recherche/?q={WORD}", f"/en/search/?q={WORD}", "/en/search/?q=ziglotrope"),
    *(f"/fr/recherche/suggestions/?q={WORD[:4]}", f"/fr/recherche/suggestions/?q=theme+{WORD[:4]}"),
    *(f"/en/search/suggestions/?q={WORD[:4]}", f"/fr/se-documenter/flux.xml?q={WORD}"),
]


def written(**fields):
    """A page that says the word everywhere, linked from another, meant for the home page."""
    theme = factories.term("theme", f"{WORD}-theme", f"Thème {WORD}")
    page = factories.question(
        title=TITLE,
        slug=WORD,
        summary=f"Oui, {WORD}.",
        short_answer=f"<p>Des {WORD}s cachés.</p>",
        credit=f"Nom de {WORD}",
        on_home=True,
        terms=[theme],
        tags=[WORD],
        **fields,
    )
    factories.article(title="Voisin").related_links.create(target=page)
    return page


def moderator():
    return factories.member(groups=[MODERATOR])


def in_review():
    submitted(factories.member(), "question", **PROPOSED)


def changes_asked():
    act(submitted(factories.member(), "question", **PROPOSED), "ask", by=moderator(), comment="…")


def refused():
    act(
        submitted(factories.member(), "question", **PROPOSED), "refuse", by=moderator(), comment="…"
    )


def withdrawn():
    author = factories.member()
    submission.withdraw(submitted(author, "question", **PROPOSED), author=author)


def unconfirmed():
    submission.submit(drafted(visitor(), "question", **PROPOSED), by=visitor())


def live_with_a_change_in_review():
    page = factories.question(title="Une question publiée", slug=WORD[:3])
    page.title, page.summary = TITLE, f"Oui, {WORD}."
    page.short_answer, page.on_home = f"<p>Des {WORD}s cachés.</p>", True
    page.save_revision()
    page.get_workflow().start(page, factories.member())
    assert TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).exists()


def scheduled():
    page = written(live=False)
    page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    page.save_revision().publish()
    call_command("publish_scheduled")


def approved_for_later():
    contribution = submitted(factories.member(), "question", **PROPOSED)
    page = contribution.page.specific
    page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
    page.save_revision()
    act(contribution, "accept", by=moderator())
    page.refresh_from_db()
    assert not page.live


def expired():
    page = written()
    page.expire_at = timezone.now() - datetime.timedelta(minutes=1)
    page.save()
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert page.expired


def behind_a_password():
    PageViewRestriction.objects.create(
        page=written(), restriction_type="password", password="ouvre-toi"
    )


def behind_a_group():
    restriction = PageViewRestriction.objects.create(page=written(), restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="Bureau"))


def behind_a_sign_in():
    PageViewRestriction.objects.create(page=written(), restriction_type="login")


def translation_in_progress():
    """Public in French until it is withdrawn; its English copy, still in French, never was."""
    english_library()
    page = written()
    submit(page)
    page.refresh_from_db()
    page.unpublish()


EVERYBODY = [
    *(in_review, changes_asked, refused, withdrawn, unconfirmed, live_with_a_change_in_review),
    *(scheduled, approved_for_later, expired, behind_a_password, behind_a_group),
    translation_in_progress,
]


def as_visitor():
    app = process()
    return lambda address: Given(app, address).text


def as_member():
    client = Client()
    client.force_login(factories.member())
    return lambda address: client.get(address).content.decode()


LINK = re.compile(r"(?:href|src|action)=\"(?:http://localhost)?(/[^\"#]*)")
# Forms offer the whole vocabulary, which is public: a theme's name is no secret there.
ELSEWHERE = re.compile("/(static|media|admin|compte)/|.*/propose")


def walk(read) -> dict[str, str]:
    """Every page of the site that a reader comes to by its links, from the doors above."""
    seen, waiting = {}, list(DOORS)
    while waiting and len(seen) < 100:
        address = waiting.pop(0)
        if address in seen:
            continue
        text = unescape(read(address))
        if text.startswith("{"):
            text = json.dumps(json.loads(text), ensure_ascii=False)
        seen[address] = text
        waiting += [link for link in LINK.findall(text) if not ELSEWHERE.match(link)]
    return seen


def leaks(pages: dict[str, str]) -> list[str]:
    return [f"{where}: {said}" for where, text in pages.items() for said in SECRETS if said in text]


@pytest.mark.parametrize("reader", [as_visitor, as_member])
@pytest.mark.parametrize("state", EVERYBODY)
def test_no_reader_learns_of_a_page_in_this_state(library, state, reader):
    state()
    settle()
    pages = walk(reader())
    assert len(pages) > 20
    assert leaks(pages) == []


def test_a_visitor_learns_nothing_of_what_is_for_members(library):
    behind_a_sign_in()
    settle()
    assert leaks(walk(as_visitor())) == []


def test_the_walk_finds_what_is_public(library):
    """The same walk, once the page is out: each way in which it may be told is looked at."""
    written()
    settle()
    pages = walk(as_visitor())
    told = {said for said in SECRETS for text in pages.values() if said in text}
    assert told == set(SECRETS)
    assert f"un {WORD}" in pages["/fr/"]
    assert f"/{WORD}/" in pages["/sitemap.xml"]
    assert f"Oui, {WORD}" in pages["/fr/flux.xml"]
    assert f"un {WORD}" in pages["/fr/recherche/?q=ziglotrope"]
    assert TITLE in pages[f"/fr/recherche/suggestions/?q={WORD[:4]}"]
    assert f"Thème {WORD}" in pages[f"/fr/recherche/suggestions/?q=theme+{WORD[:4]}"]


def test_a_search_for_what_is_hidden_is_a_search_in_vain(library):
    """Neither a count nor the list of gaps is another for a hidden page than for no page."""
    written(live=False)
    settle()
    read = as_visitor()
    hidden, nothing = (read(f"/fr/recherche/?q={word}") for word in (WORD, "xyloglotte"))
    assert hidden.replace(WORD, "…") == nothing.replace("xyloglotte", "…")
    assert set(Gap.objects.values_list("words", "times")) == {(WORD, 1), ("xyloglotte", 1)}
    assert HomePage.objects.exists()

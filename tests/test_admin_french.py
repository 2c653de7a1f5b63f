"""The admin speaks French: no screen of any group shows an English word, and what we add fits."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from wagtail.models import Page

from commons.members.permissions import ADMINISTRATOR, EDITOR, MODERATOR
from commons.pages import admin_words
from tests import factories
from tests.admin_crawl import english, walk

FOLDER = Path(settings.BASE_DIR) / "commons/locale_overrides/fr/LC_MESSAGES"
# Written in no catalogue: what a page calls itself, names of places, of products and of formats.
NAMES = re.compile(r"Root|Africa/|America/|Antarctica/|Asia/|Atlantic/|Australia/|Europe/|Pacific/")
# What no catalogue reaches: a script of ours says it in French.
UNREACHED = re.compile(
    "|".join(said for _elements, said, _words in admin_words.rules() if english(said))
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture
def furnished(site):
    """A page of each kind, a picture's, document's and recording's screens, a translation."""
    theme = factories.term("theme", "logistique")
    makers = [factories.article, factories.case_study, factories.external_resource]
    makers += [factories.generic_model, factories.question, factories.training, factories.event]
    pages = [make(terms=[theme]) for make in makers]
    factories.recording(url="https://exemple.org/son")
    factories.series(pages[5])
    factories.session(pages[5])
    factories.guide(next_review_on="2020-01-01")
    return theme


def shown(client) -> dict[str, str]:
    """Each sentence with an English word that the admin shows, and where."""
    found, screens = {}, 0
    editors = [f"/admin/pages/{page.pk}/edit/" for page in Page.objects.exclude(depth=1)]
    for start in ("/admin/", *editors):
        for path, screen in walk(client, start, limit=1 if start in editors else 400):
            screens += 1
            for text in screen.texts:
                if english(text) and not NAMES.search(text) and not UNREACHED.fullmatch(text):
                    found.setdefault(text, path)
    assert screens > 30, "the crawler is lost"
    return found


@pytest.mark.django_db
# wagtail-localize orders its report of translations by nothing.
@pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")
@pytest.mark.parametrize("group", [None, ADMINISTRATOR, EDITOR, MODERATOR])
def test_no_screen_speaks_english(client, furnished, group):
    who = {"groups": [group]} if group else {"is_superuser": True}
    client.force_login(factories.member("lecture@exemple.org", **who))
    assert shown(client) == {}


def overrides() -> list:
    return [(path.name, entry) for path in FOLDER.glob("*.po") for entry in polib.pofile(str(path))]


def test_placeholders_of_overrides_exist_in_what_they_translate():
    wrong = []
    for _name, entry in overrides():
        given = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        said = [entry.msgstr, *entry.msgstr_plural.values()]
        wrong += [text for text in said if set(PLACEHOLDER.findall(text)) - given]
    assert wrong == []


def test_every_override_says_something_in_french():
    for _name, entry in overrides():
        assert entry.translated(), entry.msgid
        assert not english(PLACEHOLDER.sub("", re.sub(r"<[^>]*>", "", entry.msgstr))), entry.msgstr


def test_overrides_translate_what_is_installed():
    """An override whose English is gone, after an upgrade, is dead."""
    import taggit
    import wagtail
    import wagtail_localize
    import wagtailmedia

    packages = [Path(p.__file__).parent for p in (taggit, wagtail, wagtail_localize, wagtailmedia)]
    known = {
        sentence
        for package in packages
        for path in package.rglob("locale/en/LC_MESSAGES/*.po")
        for entry in polib.pofile(str(path))
        for sentence in (entry.msgid, entry.msgid_plural)
    }
    unlisted = {"media items"}  # marked in the code, and in no catalogue of theirs
    assert {entry.msgid for _n, entry in overrides()} - known - unlisted == set()


def test_overrides_are_of_others_only():
    """Our own sentences are French already: none is an override."""
    from tests.messages import messages

    ours = {sentence for _context, sentence in messages()}
    assert {entry.msgid for _n, entry in overrides()} & ours == set()

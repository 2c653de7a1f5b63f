"""What drifts apart unless somebody looks: models and migrations, French and English."""

from pathlib import Path

import polib
import pytest
from django.core.management import call_command

from tests.messages import messages

CATALOGUE = Path(__file__).resolve().parent.parent / "commons/locale/en/LC_MESSAGES/django.po"


@pytest.mark.django_db
def test_migrations_say_what_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_sentence_has_its_english():
    entries = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else []
    translated = {(entry.msgctxt or "", entry.msgid) for entry in entries if entry.translated()}
    missing = {key[1]: place for key, place in messages().items() if key not in translated}
    assert missing == {}, f"{len(missing)} sentences: make messages, then translate"


def test_placeholders_survive_translation():
    entries = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else []
    names = lambda text: sorted(polib.re.findall(r"%\(\w+\)\w|{\w*}|%[sd]", text))  # noqa: E731
    wrong = [
        entry.msgid
        for entry in entries
        if entry.msgstr and not entry.fuzzy and names(entry.msgid) != names(entry.msgstr)
    ]
    assert wrong == []

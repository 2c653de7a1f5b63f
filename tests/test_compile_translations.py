"""Catalogues compile by themselves, without gettext."""

import gettext

from commons.compile_translations import compile_catalogues

SOURCE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Bonjour"
msgstr "Hello"
"""


def test_changed_catalogue_is_compiled_once(settings, tmp_path):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(SOURCE)
    settings.LOCALE_PATHS = [tmp_path]
    assert compile_catalogues() == [folder / "django.mo"]
    assert gettext.translation("django", tmp_path, ["en"]).gettext("Bonjour") == "Hello"
    assert compile_catalogues() == []
    assert [path.name for path in folder.iterdir() if path.suffix == ".tmp"] == []

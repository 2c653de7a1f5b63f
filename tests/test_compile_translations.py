"""Catalogues are compiled when the site is installed, without gettext and without Django."""

import gettext
import os
import shutil
import subprocess
import sys

from django.conf import settings

from commons import startup_checks
from commons.compile_translations import FOLDERS, catalogues, compile_translations, outdated

SOURCE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Bonjour"
msgstr "Hello"
"""


def write_catalogue(folder):
    source = folder / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE)
    return source


def test_catalogue_is_compiled_whole_and_leaves_nothing_behind(tmp_path):
    source = write_catalogue(tmp_path)
    compile_translations([tmp_path])
    assert gettext.translation("django", tmp_path, ["en"]).gettext("Bonjour") == "Hello"
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_catalogue_is_outdated_until_it_is_compiled_and_after_it_changed(tmp_path):
    source = write_catalogue(tmp_path)
    assert outdated([tmp_path]) == [source]
    compile_translations([tmp_path])
    assert outdated([tmp_path]) == []
    os.utime(source, (2**31, 2**31))
    assert outdated([tmp_path]) == [source]


def test_every_catalogue_that_django_reads_is_compiled():
    assert sorted(settings.LOCALE_PATHS) == FOLDERS
    assert len(catalogues()) == 3


def test_a_copy_of_the_code_is_compiled_by_the_documented_command(tmp_path):
    ignored = shutil.ignore_patterns("*.mo", "__pycache__")
    for folder in FOLDERS:
        shutil.copytree(folder, tmp_path / "commons" / folder.name, ignore=ignored)
    for name in ("__init__.py", "compile_translations.py"):
        shutil.copy(settings.BASE_DIR / "commons" / name, tmp_path / "commons")
    command = [sys.executable, "-m", "commons.compile_translations"]
    subprocess.run(command, cwd=tmp_path, check=True, env={"PATH": os.defpath})
    assert {path.stem for path in tmp_path.rglob("*.mo")} == {"django", "djangojs"}
    assert len(list(tmp_path.rglob("*.mo"))) == len(catalogues())


def test_an_outdated_catalogue_is_said_with_its_remedy(monkeypatch, tmp_path):
    assert startup_checks.check_translations() == []
    monkeypatch.setattr(startup_checks, "outdated", lambda: outdated([tmp_path]))
    write_catalogue(tmp_path)
    (problem,) = startup_checks.check_translations()
    assert problem.id == "commons.W002"
    assert "commons.compile_translations" in problem.hint


def test_the_start_of_the_demo_compiles():
    script = (settings.BASE_DIR / "bin" / "serve").read_text()
    assert script.index("commons.compile_translations") < script.index("manage.py migrate")

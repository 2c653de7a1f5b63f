"""One stylesheet is served, with a hash in its name, and no rule for the screen hides in print."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

STYLES = settings.BASE_DIR / "static" / "css"
PARTS = re.findall(r'@import url\("(.+)"\)', (STYLES / "main.css").read_text())


@pytest.fixture
def collected(settings, tmp_path):
    """The folder of the static files that a real site serves."""
    settings.STATIC_ROOT = tmp_path
    storage = "commons.pages.static.ModuleManifestStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_the_stylesheet_served_holds_what_it_imports(collected):
    served = (collected / staticfiles_storage.stored_name("css/main.css")).read_text()
    assert re.fullmatch(r"main\.\w{12}\.css", Path(staticfiles_storage.url("css/main.css")).name)
    assert "@import" not in served
    assert served.startswith("@layer base, layout, components, print;\n")
    places = [served.index((STYLES / part).read_text()) for part in PARTS]
    assert places == sorted(places)
    assert len(PARTS) == 12
    assert b"@import" in (STYLES / "main.css").read_bytes()  # the development server's


def test_a_part_that_changes_changes_the_name_of_the_stylesheet(collected, settings, tmp_path):
    before = staticfiles_storage.stored_name("css/main.css")
    copy = tmp_path / "source" / "css"
    copy.mkdir(parents=True)
    for name in ("main.css", *PARTS):
        (copy / name).write_text((STYLES / name).read_text())
    (copy / "base.css").write_text("/* new */")
    settings.STATICFILES_DIRS = [copy.parent, *settings.STATICFILES_DIRS]
    call_command("collectstatic", interactive=False, verbosity=0)
    assert staticfiles_storage.stored_name("css/main.css") != before


@pytest.mark.parametrize("name", ["main.css", *PARTS])
def test_the_layer_of_print_holds_rules_of_print_only(name):
    for layer in re.findall(
        r"^@layer print \{\n(.*?)^\}", (STYLES / name).read_text(), re.M | re.S
    ):
        outside = [line for line in layer.splitlines() if re.match(r"  [^ }]", line)]
        assert all(line.startswith(("  @media print", "  @page")) for line in outside), outside

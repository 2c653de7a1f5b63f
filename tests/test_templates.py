"""Templates compile, are used, stay short, and components say what they need."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.template import engines
from wagtail.models import get_page_models

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
TEMPLATES = sorted(p for p in FOLDER.rglob("*") if p.is_file())
COMPONENTS = sorted((FOLDER / "components").rglob("*.html"))
# Django and Wagtail look for these by name.
BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def overrides_a_package(path: Path) -> bool:
    """Whether an installed package has a template of this name, which ours replaces."""
    places = (Path(config.path) / "templates" / name(path) for config in apps.get_app_configs())
    return any(place.exists() for place in places)


@pytest.fixture(scope="module")
def sources() -> str:
    modules = [p for folder in ("commons", "search") for p in (ROOT / folder).rglob("*.py")]
    return "\n".join(p.read_text(encoding="utf-8") for p in [*modules, *TEMPLATES])


def test_templates_compile():
    for path in TEMPLATES:
        engines["django"].engine.get_template(name(path))


def test_templates_are_used(sources):
    """Delete what this names: nothing else does."""
    of_pages = {
        f"{m._meta.app_label}/{re.sub(r'(?<!^)(?=[A-Z])', '_', m.__name__).lower()}"
        for m in get_page_models()
    }

    def used(path) -> bool:
        own = name(path)
        stem = own.rsplit(".", 1)[0]
        return (
            own in BY_NAME
            or stem.removesuffix("_teaser") in of_pages
            or overrides_a_package(path)
            or f'"{own}"' in sources
            or f'"{stem}"' in sources
            or (own.startswith("emails/") and f'"{Path(stem).name}"' in sources)
        )

    assert [name(path) for path in TEMPLATES if not used(path)] == []


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_templates_are_short():
    assert [name(path) for path in TEMPLATES if len(lines(path)) > 80] == []
    assert [name(path) for path in COMPONENTS if len(lines(path)) > 20] == []


def test_components_say_what_they_need():
    assert [name(path) for path in COMPONENTS if not lines(path)[0].startswith("{#")] == []


def test_loads_are_sorted():
    def loaded(path) -> list[str]:
        loads = re.findall(r"{% load (.*?) %}", path.read_text(encoding="utf-8"))
        return [word for load in loads if " from " not in load for word in load.split()]

    assert [name(path) for path in TEMPLATES if loaded(path) != sorted(loaded(path))] == []


# Read in a mail program, or from a disk: neither has our style sheet nor our policy.
ELSEWHERE = {p for p in TEMPLATES if p.parts[-2] == "emails" or name(p) == "members/export.html"}
INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)")


def test_nothing_is_inline():
    pages = [p for p in TEMPLATES if p.suffix == ".html" and p not in ELSEWHERE]
    assert [name(path) for path in pages if INLINE.search(path.read_text(encoding="utf-8"))] == []

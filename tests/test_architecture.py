"""The pictures and habits of docs/architecture.md, read from the sources with `ast`."""

import ast
import functools
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# From the roof down: a package imports only what stands below it.
# The first are sections: side by side, they never import one another.
FLOORS = [
    *({"resources", "trainings", "network"}, {"agenda"}, {"contributions"}, {"members"}),
    *({"pages"}, {"taxonomy"}, {"tabular"}),
]
# Without models, hence no app of Django.
PLAIN = {"tabular"}
BANNED = {
    *("utils", "helpers", "services", "mixins", "managers", "signals", "common", "core", "base"),
}
SOURCES = sorted(
    path
    for folder in ("commons", "search")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
# What stands at the door and meets a request; every other module states a rule or keeps data.
DOORS = {
    *("urls", "views", "forms", "feeds", "admin", "wagtail_hooks", "middleware", "models"),
    *("context_processors", "apps", "adapter", "panels", "viewsets", "errors"),
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def each(paths):
    return pytest.mark.parametrize("path", paths, ids=name)


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> set[str]:
    """The dotted names that a module imports, wherever it does it."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def floor(module: str) -> int:
    """0 is the roof; the higher the number, the lower the floor; nothing below `search`."""
    parts = module.split(".")
    if parts[0] == "search":
        return len(FLOORS) + 1
    if parts[:2] == ["commons", "refused"]:
        return len(FLOORS) + 2
    named = parts[1] if len(parts) > 1 else ""
    return next((number for number, names in enumerate(FLOORS, 1) if named in names), 0)


def package(module: str) -> str:
    return ".".join(module.split(".")[: 1 if module.startswith("search") else 2])


def is_door(path: Path) -> bool:
    stem = path.stem
    in_doors = stem in DOORS or stem.endswith(("_views", "_forms", "_admin"))
    return in_doors or bool({"templatetags", "management"} & set(path.parts))


def keeps_models(path: Path) -> bool:
    """Whether the module defines fields: a page type may name its admin form."""
    return any(
        isinstance(node, ast.ClassDef)
        and any(isinstance(b, ast.Name) and b.id in {"ContributedPage", "Page"} for b in node.bases)
        for node in tree(path).body
    )


def test_every_package_has_its_floor():
    packages = {p.parent.name for p in (ROOT / "commons").glob("*/apps.py")}
    assert packages | PLAIN == set().union(*FLOORS)


@each(SOURCES)
def test_imports_only_what_stands_below(path):
    own = dotted(path)
    ours = {m for m in imports(path) if m.split(".")[0] in {"commons", "search"} and m != "commons"}
    wrong = {m for m in ours if package(m) != package(own) and floor(m) <= floor(own) > 0}
    assert wrong == set()


@each(SOURCES)
def test_inside_a_package_urls_name_views_that_name_forms_that_name_rules(path):
    own = dotted(path)
    inside = {
        m.removeprefix(package(own) + ".").split(".")[0]
        for m in imports(path)
        if m.startswith(package(own) + ".") and floor(own)
    }
    refused = {"urls"}
    if path.stem not in {"urls", "apps", "wagtail_hooks"} and not path.stem.endswith("views"):
        refused |= {"views"}
    if not is_door(path) and not keeps_models(path):
        refused |= {"forms"}
    assert inside & refused == set()


@each([p for p in SOURCES if p.is_relative_to(ROOT / "search")])
def test_search_names_no_page_type(path):
    assert not {m for m in imports(path) if m.startswith("commons.") and "refused" not in m}


@each(SOURCES + TESTS)
def test_module_says_its_duty_in_a_name_and_a_sentence(path):
    assert path.stem not in BANNED
    assert path.name == "__init__.py" or ast.get_docstring(tree(path)), "first line: its duty"


@each(SOURCES + TESTS)
def test_module_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_settings_fit_in_250_lines():
    settings = ROOT / "commons" / "settings.py"
    assert len(settings.read_text(encoding="utf-8").splitlines()) <= 250


def functions(path):
    return [
        n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@each(SOURCES + TESTS)
def test_functions_are_short(path):
    long = {f.name: f.end_lineno - f.lineno + 1 for f in functions(path)}
    assert {k: v for k, v in long.items() if v > 40} == {}


@each([p for p in SOURCES if not is_door(p) and floor(dotted(p)) and not keeps_models(p)])
def test_rules_know_no_request(path):
    names = {a.arg for f in functions(path) for a in (*f.args.args, *f.args.kwonlyargs)}
    assert "request" not in names


@each([p for p in SOURCES if name(p) != "commons/pages/visibility.py"])
def test_only_the_visibility_rule_asks_what_is_live(path):
    calls = [n for n in ast.walk(tree(path)) if isinstance(n, ast.Call)]
    lines = [c.lineno for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "live"]
    assert lines == []


@each(SOURCES)
def test_classes_have_at_most_two_bases_of_ours(path):
    ours = {n.name for n in ast.walk(tree(path)) if isinstance(n, ast.ClassDef)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in {"commons", "search"}:
            ours |= {alias.asname or alias.name for alias in node.names}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            bases = [b.id for b in node.bases if isinstance(b, ast.Name) and b.id in ours]
            assert len(bases) <= 2, node.name

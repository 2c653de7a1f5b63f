"""The pictures and habits of docs/architecture.md, read from the sources with `ast`."""

import ast
import functools
from pathlib import Path

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
OWN = {"commons", "search"}
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
    *("csrf", "malformed_requests", "moved_addresses"),
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def failing(paths, rule) -> dict[str, object]:
    """What `rule` finds wrong in each of `paths`, by name; nothing where all is well."""
    return {name(path): wrong for path in paths if (wrong := rule(path))}


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


def test_imports_only_what_stands_below():
    def above(path) -> set[str]:
        own = dotted(path)
        ours = {m for m in imports(path) if m.split(".")[0] in OWN} - {"commons"}
        return {m for m in ours if package(m) != package(own) and floor(m) <= floor(own) > 0}

    assert failing(SOURCES, above) == {}


def test_inside_a_package_urls_name_views_that_name_forms_that_name_rules():
    def above(path) -> set[str]:
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
        return inside & refused

    assert failing(SOURCES, above) == {}


def test_no_modules_import_each_other_in_a_circle():
    modules = {dotted(path): path for path in SOURCES}
    graph = {
        module: {m for m in imports(path) if m in modules and not module.startswith(f"{m}.")}
        for module, path in modules.items()
    }
    graph = {module: named - {module} for module, named in graph.items()}
    assert sorted(module for module in graph if module in reachable(graph, module)) == []


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """The modules that `start` imports, directly or through others."""
    reached: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting += graph[module]
    return reached


def test_search_names_no_page_type():
    def named(path) -> set[str]:
        return {m for m in imports(path) if m.startswith("commons.") and "refused" not in m}

    assert failing([p for p in SOURCES if p.is_relative_to(ROOT / "search")], named) == {}


def test_only_search_knows_how_documents_are_kept():
    """A back end stands behind `search.contract`; another one takes its place unseen."""

    def inside(path) -> set[str]:
        return {m for m in imports(path) if m.startswith("search.embedded")}

    outside = [path for path in SOURCES if not path.is_relative_to(ROOT / "search")]
    assert failing(outside, inside) == {}


def test_modules_say_their_duty_in_a_name_and_a_sentence():
    assert [name(path) for path in SOURCES + TESTS if path.stem in BANNED] == []
    silent = [p for p in SOURCES + TESTS if p.name != "__init__.py" and not duty(p)]
    assert [name(path) for path in silent] == []


def duty(path: Path) -> str | None:
    return ast.get_docstring(tree(path))


def test_modules_are_short():
    def lines(path) -> int:
        return len(path.read_text(encoding="utf-8").splitlines())

    assert failing(SOURCES + TESTS, lambda path: max(lines(path) - 400, 0)) == {}
    assert lines(ROOT / "commons" / "settings.py") <= 250


def functions(path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_functions_are_short():
    def long(path) -> list[str]:
        return [f.name for f in functions(path) if f.end_lineno - f.lineno + 1 > 40]

    assert failing(SOURCES + TESTS, long) == {}


def test_rules_know_no_request():
    def asking(path) -> list[str]:
        named = [
            (f.name, {a.arg for a in (*f.args.args, *f.args.kwonlyargs)}) for f in functions(path)
        ]
        return [function for function, arguments in named if "request" in arguments]

    rules = [p for p in SOURCES if not is_door(p) and floor(dotted(p)) and not keeps_models(p)]
    assert failing(rules, asking) == {}


def test_only_the_visibility_rule_asks_what_is_live():
    def asking(path) -> list[int]:
        calls = [n for n in ast.walk(tree(path)) if isinstance(n, ast.Call)]
        return [
            c.lineno for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "live"
        ]

    others = [p for p in SOURCES if name(p) != "commons/pages/visibility.py"]
    assert failing(others, asking) == {}


def test_classes_have_at_most_two_bases_of_ours():
    def heirs(path) -> list[str]:
        classes = [n for n in ast.walk(tree(path)) if isinstance(n, ast.ClassDef)]
        ours = {node.name for node in classes}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] in OWN:
                ours |= {alias.asname or alias.name for alias in node.names}
        bases = {
            c.name: [b for b in c.bases if isinstance(b, ast.Name) and b.id in ours]
            for c in classes
        }
        return [heir for heir, of in bases.items() if len(of) > 2]

    assert failing(SOURCES, heirs) == {}

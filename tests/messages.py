"""The sentences that our sources give to gettext, found without gettext's own tools."""

import ast
import re
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], 1),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], 1),
    **dict.fromkeys(["pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"], 2),
}
CALL = re.compile(r"\b(n?p?gettext|_)\(")


def messages() -> dict[tuple[str, str], str]:
    """(context, sentence) -> the file that says it, for all of our modules and templates."""
    found = {}
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            for call in _template_calls(path.read_text(encoding="utf-8")):
                found[_sentence(call, path)] = str(path.relative_to(ROOT))
    for folder in ("commons", "search"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS:
                    found[_sentence(node, path)] = str(path.relative_to(ROOT))
    return found


def _template_calls(source: str):
    code = templatize(source)
    for match in CALL.finditer(code):
        end = match.end()
        while end := code.find(")", end) + 1:
            try:
                yield ast.parse(code[match.start() : end], mode="eval").body
                break
            except SyntaxError:
                continue


def _sentence(call: ast.Call, path: Path) -> tuple[str, str]:
    texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    place = FUNCTIONS[call.func.id]
    assert len(texts) >= place, f"{path}:{call.lineno} translates something that is not a constant"
    return ("" if place == 1 else texts[0], texts[place - 1])

"""What makes an undefined variable in one of our own templates fail a test."""

import sys
from pathlib import Path

from django.template.base import FilterExpression, Node

OURS = str(Path(__file__).resolve().parent.parent / "templates")
TOLERANT = {"default", "default_if_none"}


class Undefined(str):
    """Django's `string_if_invalid`: empty for the templates of others, an error in ours.

    Django asks whether it is true exactly when a variable could not be resolved; `{% if %}` and
    `{% for %}` never ask, and a `default` filter says that the template expects it.
    """

    __slots__ = ()

    def __bool__(self):
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if not isinstance(expression, FilterExpression):
            return False
        if TOLERANT & {function._filter_name for function, _ in expression.filters[:1]}:
            return False
        template = _template(frame)
        if template.startswith(OURS):
            raise AssertionError(f"{{{{ {expression.token} }}}} is undefined in {template}")
        return False


def _template(frame) -> str:
    """The file of the template being rendered, from the nearest node on the stack."""
    while frame := frame.f_back:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin.name)
    return ""

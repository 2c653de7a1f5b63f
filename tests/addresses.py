"""Every address that the site answers at, from its URL conf, with values of ours in the gaps."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.urls import URLResolver, get_resolver
from django.utils.regex_helper import normalize


class Address(NamedTuple):
    """One address of the URL conf: its name, and its path with a gap for each parameter."""

    name: str
    form: str
    gaps: tuple[str, ...]

    def path(self, value: Callable[[str], str]) -> str:
        """The path, with `value(name)` in each gap."""
        return "/" + self.form % {name: value(name) for name in self.gaps}


def every_address(resolver=None, before: str = "", gaps: tuple = ()) -> Iterator[Address]:
    """All of them, once each, in French where the address tells a language."""
    for pattern in (resolver or get_resolver()).url_patterns:
        form, names = normalize(pattern.pattern.regex.pattern)[0]
        taken = len(gaps)
        renamed = {name: f"{name}_{taken}" if name in gaps else name for name in names}
        for name, new in renamed.items():
            form = form.replace(f"%({name})s", f"%({new})s")
        found = (*gaps, *renamed.values())
        if isinstance(pattern, URLResolver):
            yield from every_address(pattern, before + form, found)
        else:
            yield Address(pattern.name or "", before + form, found)

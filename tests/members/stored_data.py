"""The whole database as bytes: every table, each value as it stands and as it reads."""

import base64
import binascii
import contextlib
import json
import re

from django.contrib.sessions.models import Session
from django.db import connection

ENCODED = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")


def stored_text() -> str:
    """All rows of all tables, JSON and base64 read too, in lower case."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                rows += [f"{table}: {text}" for value in row for text in _texts(value)]
    rows += [f"session: {session.get_decoded()}" for session in Session.objects.all()]
    return "\n".join(rows).lower()


def _texts(value):
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode("utf-8", "replace")
    elif not isinstance(value, str):
        value = str(value)
    yield value
    with contextlib.suppress(ValueError):
        yield json.dumps(json.loads(value), ensure_ascii=False)
    for word in ENCODED.findall(value):
        with contextlib.suppress(binascii.Error, ValueError):
            yield base64.b64decode(word).decode("utf-8", "replace").replace("\r\n ", "")


def occurrences(marker: str) -> list[str]:
    """The lines of `everything` that hold `marker`, cut: what a failing test shows."""
    marker = marker.lower()
    lines = [line for line in stored_text().splitlines() if marker in line]
    cut = [(line.partition(":")[0], line.index(marker)) for line in lines]
    return [
        f"{t}: …{line[max(at - 90, 0) : at + 60]}" for line, (t, at) in zip(lines, cut, strict=True)
    ]

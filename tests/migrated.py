"""Two states of the database to start a test from: as migrated, and with the small site.

To put one back takes milliseconds, where emptying and filling all tables took up to a second. The
migrated SQLite database is also kept between runs: migrating an empty one takes half a minute.
"""

import hashlib
import os
import shutil
import sqlite3
from importlib.metadata import distributions
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from tests import factories

ROOT = Path(__file__).resolve().parent.parent
BARE, SITE = "kept_bare", "kept_site"


def key() -> str:
    """A hash of all that migrating depends on: our migrations, and each package's version."""
    found = hashlib.sha256()
    for folder in ("commons", "search"):
        for path in sorted((ROOT / folder).rglob("migrations/*.py")):
            found.update(path.as_posix().encode() + path.read_bytes())
    for line in sorted(f"{d.name}=={d.version}" for d in distributions()):
        found.update(line.encode())
    return found.hexdigest()[:20]


def restore(folder: Path) -> bool:
    """Put a kept database where the tests want theirs; whether there was one."""
    kept = folder / f"{key()}.sqlite3"
    if connection.vendor != "sqlite" or not kept.exists():
        return False
    shutil.copyfile(kept, settings.DATABASES["default"]["TEST"]["NAME"])
    return True


def keep(folder: Path) -> None:
    """Keep the database that was just migrated, and only that one."""
    if connection.vendor != "sqlite":
        return
    fresh = folder / f"{os.getpid()}.tmp"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(fresh)])
    for old in folder.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    os.replace(fresh, folder / f"{key()}.sqlite3")


class States:
    """The states of the database of this process, and which one it is in."""

    def __init__(self):
        self.copies = InMemory() if connection.vendor == "sqlite" else InSchemas()
        self.copies.take(BARE)
        factories.site()
        self.copies.take(SITE)
        self.now: str | None = SITE

    def bring(self, state: str) -> None:
        """Make the database what it was in this state, outside of any transaction."""
        if self.now != state:
            self.copies.put_back(state)
            self.now = state

    def leave(self) -> None:
        """A test wrote for good: no state is left."""
        self.now = None


class InMemory:
    """Copies of an SQLite database in memory, page by page."""

    def __init__(self):
        self.held: dict[str, sqlite3.Connection] = {}

    def take(self, state: str) -> None:
        self.held[state] = sqlite3.connect(":memory:")
        connection.ensure_connection()
        connection.connection.backup(self.held[state])

    def put_back(self, state: str) -> None:
        connection.ensure_connection()
        self.held[state].backup(connection.connection)


class InSchemas:
    """Copies of PostgreSQL's tables in schemas beside them. Sequences go on, as in a rollback."""

    def __init__(self):
        self.scripts: dict[str, str] = {}

    def take(self, state: str) -> None:
        # Without triggers, and so without foreign keys either.
        script = ["SET LOCAL session_replication_role = replica"]
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {state}")
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'CREATE TABLE {state}."{name}" AS TABLE public."{name}"')
                held = cursor.rowcount
                script.append(f'DELETE FROM public."{name}"')
                if held:  # by name: a table that was made again has its columns in another order
                    cursor.execute(f'SELECT * FROM {state}."{name}" LIMIT 0')
                    columns = ", ".join(f'"{column.name}"' for column in cursor.description)
                    script.append(
                        f'INSERT INTO public."{name}" ({columns})'
                        f' SELECT {columns} FROM {state}."{name}"'
                    )
        self.scripts[state] = ";\n".join(script)

    def put_back(self, state: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self.scripts[state])

"""The whole database as one file, of SQLite or PostgreSQL, taken while the site is served."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from commons.archive import ArchiveError


def file_name() -> str:
    """What the dump of this kind of database is called in an archive."""
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.pgdump"


def dump(path: Path) -> dict[str, int]:
    """Write the database to `path`; how many rows each table has there.

    Raises ArchiveError when the database is damaged or pg_dump is missing or fails.
    """
    return _dump_sqlite(path) if connection.vendor == "sqlite" else _dump_postgresql(path)


def load(path: Path) -> None:
    """Make the empty database what `dump` wrote to `path`, all of it or nothing."""
    if connection.vendor == "sqlite":
        _load_sqlite(path)
    else:
        _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner",
             "--no-privileges", at_end=["--dbname"], file=path)  # fmt: skip


def is_empty() -> bool:
    """Whether the database holds no table yet."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def row_counts(cursor=None) -> dict[str, int]:
    """How many rows each model's table has; asked by `cursor`, of the live database if None."""
    tables = connection.introspection.django_table_names(only_existing=True)
    with contextlib.ExitStack() as stack:
        cursor = cursor or stack.enter_context(connection.cursor())
        counts = {}
        for table in sorted(tables):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            (counts[table],) = cursor.fetchone()
    return counts


def _dump_sqlite(path: Path) -> dict[str, int]:
    # At once rather than in steps, which never end while others write.
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as live,
        closing(sqlite3.connect(path)) as copied,
    ):
        live.backup(copied)
        copied.execute("PRAGMA journal_mode=DELETE")
        try:
            (verdict,) = copied.execute("PRAGMA quick_check(1)").fetchone()
            counts = row_counts(copied.cursor())
        except sqlite3.DatabaseError as error:
            verdict = str(error)
        if verdict != "ok":
            raise ArchiveError(f"The database is damaged, nothing was written: {verdict}")
    return counts


def _load_sqlite(path: Path) -> None:
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    path.replace(target)


@transaction.atomic
def _dump_postgresql(path: Path) -> dict[str, int]:
    with connection.cursor() as cursor:
        # What is counted is what is dumped: both look at the same moment.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
         f"--snapshot={snapshot}", f"--file={path}")  # fmt: skip
    return row_counts()


def _run(
    program: str, *options: str, at_end: list[str] | None = None, file: Path | None = None
) -> None:
    """Run one of PostgreSQL's own programs on our database; its last words if it fails."""
    if shutil.which(program) is None:
        raise ArchiveError(f"{program} is missing: install the client of PostgreSQL.")
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(
        connection.settings_dict, list(options) + (at_end or [])
    )
    done = subprocess.run(  # noqa: S603 - a fixed program; the rest is our settings
        [program, *arguments[1:], *([str(file)] if file else [])],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["no reason given"]
        raise ArchiveError(f"{program} failed: {words[-1]}")

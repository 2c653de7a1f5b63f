"""Keep the migrated SQLite database between runs: migrating an empty one takes half a minute."""

import hashlib
import os
import shutil
from importlib.metadata import distributions
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


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

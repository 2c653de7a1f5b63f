"""Back the whole site up into one file: database, media, and what to compare them with."""

import datetime
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import wagtail
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac

from commons import database_dump
from commons.archive import MEDIA, ArchiveError, ArchiveWriter, written


def back_up(path: Path) -> dict[str, int]:
    """Write the archive to `path`, which it replaces only once it is whole; {what: how much}.

    The site may be served meanwhile. Raises ArchiveError with one line when it cannot be done.
    """
    if not path.parent.is_dir():
        raise ArchiveError(f"The folder {path.parent} does not exist.")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            dumped = Path(folder) / database_dump.file_name()
            rows = database_dump.dump(dumped)
            with written(path) as file, ArchiveWriter(file) as archive:
                archive.add(dumped.name, dumped, compress=connection.vendor == "sqlite")
                # After the database: whatever it names is there, unless deleted since.
                for media in media_files():
                    archive.add(f"{MEDIA}{media.relative_to(settings.MEDIA_ROOT)}", media)
                archive.describe(description(rows))
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written: {error.strerror or error}.") from error
    except UnicodeEncodeError as error:
        raise ArchiveError(f"A media file has an unreadable name: {error.object!r}.") from error
    return {
        "rows": sum(rows.values()),
        "media": len(archive.members) - 1,
        "bytes": path.stat().st_size,
    }


def media_files() -> Iterator[Path]:
    """Every uploaded file and what was made of it; what is being written is left out."""
    for folder, folders, names in os.walk(settings.MEDIA_ROOT):
        folders.sort()
        yield from (Path(folder) / name for name in sorted(names) if not name.endswith(".part"))


def description(rows: dict[str, int]) -> dict:
    """What the manifest says of the archive: when, by which versions, how many rows."""
    return {
        "made_at": datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        "site": settings.SITE_URL,
        "versions": {"django": django.__version__, "wagtail": wagtail.__version__},
        "database": connection.vendor,
        "migrations": sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        "rows": rows,
        "secret_key": secret_key_digest(),
        "demo": settings.DEMO,
    }


def secret_key_digest() -> str:
    """What tells whether the key is the same one, without telling the key."""
    return salted_hmac("commons.backup", "secret key", algorithm="sha256").hexdigest()

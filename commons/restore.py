"""Put a backup back in place of nothing, and make the site ready to serve."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from commons import database_dump, health_checks
from commons.archive import MEDIA, ArchiveError, ArchiveReader
from commons.backup import secret_key_digest
from commons.pages.cache_version import invalidate


def check(path: Path) -> ArchiveReader:
    """The archive, whole and fit to be restored here; nothing is written.

    Raises ArchiveError in one line when it is cut short, altered, of another kind of database or
    of a newer version, or when something stands here already.
    """
    archive = ArchiveReader(path)
    archive.check()
    about = archive.manifest
    if about["database"] != connection.vendor:
        raise ArchiveError(
            f"The backup is of a {about['database']} database, DATABASE_URL names one of "
            f"{connection.vendor}."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = [name for name in about["migrations"] if name not in known]
    if newer:
        raise ArchiveError(
            f"The backup was made by a newer version (it knows {newer[-1]}): install that first."
        )
    if not database_dump.is_empty():
        raise ArchiveError(
            "The database is not empty. Nothing was changed: restore into an empty one, and keep "
            "the old one aside (docs/operating.md, Backup)."
        )
    for name in archive.media():
        there = _media_path(name)
        if there.exists() and _digest(there) != archive.members[name]["sha256"]:
            raise ArchiveError(f"{there} exists and is another file: move {settings.MEDIA_ROOT}.")
    return archive


def restore(archive: ArchiveReader) -> Iterator[str]:
    """Do it step by step, each told in one line; the database comes last, and whole.

    A run that was killed can be started again. Raises ArchiveError when what was restored is not
    what was backed up.
    """
    names = archive.media()
    for name in names:
        if not _media_path(name).exists():
            archive.extract(name, _media_path(name))
    yield f"{len(names)} media files"
    dumped = settings.VAR / f".restoring-{database_dump.file_name()}"
    try:
        archive.extract(database_dump.file_name(), dumped)
        database_dump.load(dumped)
    finally:
        dumped.unlink(missing_ok=True)
    rows, expected = database_dump.row_counts(), archive.manifest["rows"]
    wrong = sorted(table for table, count in expected.items() if rows.get(table) != count)
    if wrong:
        raise ArchiveError(f"Not every row came back, see the table {wrong[0]}.")
    yield f"{sum(rows.values())} rows"
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if archive.manifest["demo"]:
        (settings.VAR / ".demo").touch()  # bin/serve does not load it a second time
    invalidate()
    yield "migrated, static files collected"
    if archive.manifest["secret_key"] != secret_key_digest():
        yield (
            "Beware: SECRET_KEY is not the one of the backup. Links in mails already sent and "
            "sign-ins stop working; set the former one if you have it."
        )


def verify(archive: ArchiveReader) -> Iterator[str]:
    """Read back what was restored and ask the site for its first pages, as visitors would.

    Raises ArchiveError when a file differs or the site cannot serve.
    """
    for name in archive.media():
        if _digest(_media_path(name)) != archive.members[name]["sha256"]:
            raise ArchiveError(f"{_media_path(name)} is not what was backed up.")
    yield "every media file is what was backed up"
    for finding in health_checks.findings():
        if not finding.ok and finding.vital:
            raise ArchiveError(f"{finding.name}: {finding.says}. {finding.mend}")
        if not finding.ok:
            yield f"{finding.name}: {finding.says} ({finding.mend})"
    for address in ("/fr/", "/readyz"):
        status = _status(address)
        if status != 200:
            raise ArchiveError(f"{address} answers {status}.")
    yield "the site answers"


def _status(address: str) -> int:
    from django.test import Client  # noqa: PLC0415 - only for this check

    client = Client(raise_request_exception=False, HTTP_HOST=settings.ALLOWED_HOSTS[0])
    return client.get(address, secure=settings.SECURE_SSL_REDIRECT).status_code


def _media_path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name.removeprefix(MEDIA)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

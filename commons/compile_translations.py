"""Compile the catalogues that changed, so that a clone needs neither a build step nor gettext."""

import os
import tempfile
from pathlib import Path

import polib
from django.conf import settings


def compile_catalogues() -> list[Path]:
    """Write each `.mo` that is missing or older than its `.po`; those written.

    Several processes may do it at once: each file appears whole. Where the code cannot be
    written, the site speaks French, or uses what the installation compiled.
    """
    written = []
    for folder in settings.LOCALE_PATHS:
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            try:
                _write(polib.pofile(str(source)).to_binary(), target)
            except OSError:  # a read-only disk, or somebody else's files
                continue
            written.append(target)
    return written


def _write(content: bytes, target: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    os.replace(file.name, target)

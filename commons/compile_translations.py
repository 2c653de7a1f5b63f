"""Compile the catalogues of the code, without gettext: `python -m commons.compile_translations`.

Part of an installation and of an upgrade; `make run` and the tests do it by themselves.
"""

import os
import tempfile
from pathlib import Path

import polib

FOLDERS = sorted(Path(__file__).parent.glob("locale*"))


def catalogues(folders: list[Path] = FOLDERS) -> list[Path]:
    """The sources: every `.po` below these folders."""
    return [source for folder in folders for source in sorted(folder.glob("*/LC_MESSAGES/*.po"))]


def compile_translations(folders: list[Path] = FOLDERS) -> None:
    """Write the `.mo` beside each `.po`; several processes may do it at once. Raises OSError."""
    for source in catalogues(folders):
        content = polib.pofile(str(source)).to_binary()
        with tempfile.NamedTemporaryFile(dir=source.parent, suffix=".tmp", delete=False) as file:
            file.write(content)
        Path(file.name).chmod(0o644)
        os.replace(file.name, source.with_suffix(".mo"))


def outdated(folders: list[Path] = FOLDERS) -> list[Path]:
    """The sources that changed since they were compiled, or never were."""
    return [
        source
        for source in catalogues(folders)
        if not (compiled := source.with_suffix(".mo")).exists()
        or compiled.stat().st_mtime < source.stat().st_mtime
    ]


if __name__ == "__main__":
    compile_translations()

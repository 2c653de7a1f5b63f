"""A backup's file: a zip whose last member, the manifest, says what the others must be."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

MANIFEST = "manifest.json"
MEDIA = "media/"
CHUNK = 1 << 20  # bytes
FORMAT = 1


class ArchiveError(Exception):
    """The file is no whole backup, or not one for here; the message says it in one line."""


class ArchiveWriter:
    """Members are added one after the other; the manifest comes last."""

    def __init__(self, file: BinaryIO):
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self.members: dict[str, dict] = {}

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(self, *exception) -> None:
        self._zip.close()

    def add(self, name: str, path: Path, *, compress: bool = False) -> None:
        """Copy the file at `path` under `name`. Pictures and recordings are compressed already."""
        member = zipfile.ZipInfo(name)
        member.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        with path.open("rb") as source, self._zip.open(member, "w", force_zip64=True) as target:
            size, digest = copy(source, target)
        self.members[name] = {"size": size, "sha256": digest}

    def describe(self, about: dict) -> None:
        """Write the manifest: `about` and what every member must be."""
        manifest = {"format": FORMAT, **about, "members": self.members}
        self._zip.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file readable by its owner alone that takes the name `path` only once it is whole."""
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def copy(source: BinaryIO, target: BinaryIO | None = None) -> tuple[int, str]:
    """(bytes, SHA-256) of what was read to the end of `source`, and written to `target`."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return size, digest.hexdigest()


class ArchiveReader:
    """A backup whose manifest was read; call `check` before believing anything else of it."""

    def __init__(self, path: Path):
        """Raise ArchiveError when the file is missing, cut short, or of another format."""
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = json.loads(self._zip.read(MANIFEST))
            self.members: dict[str, dict] = self.manifest["members"]
            known = self.manifest["format"] == FORMAT
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read: {error.strerror or error}.") from error
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
            raise ArchiveError(f"{path} is cut short, or is no backup of this site.") from error
        if not known:
            raise ArchiveError(f"{path} was made by a newer version: install that one first.")

    def check(self) -> None:
        """Read every member once; raise ArchiveError unless each is what the manifest says."""
        named = sorted(self._zip.namelist())
        if named != sorted([*self.members, MANIFEST]):
            raise ArchiveError("The archive does not hold the files that its manifest names.")
        for name, expected in self.members.items():
            parts = PurePosixPath(name).parts
            if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
                raise ArchiveError(f"The archive holds an unsafe name: {name!r}.")
            try:
                with self._zip.open(name) as source:
                    size, digest = copy(source)
            except (OSError, zipfile.BadZipFile, zlib.error) as error:
                raise ArchiveError(f"{name} is damaged in the archive: {error}.") from error
            if {"size": size, "sha256": digest} != expected:
                raise ArchiveError(f"{name} is not what was backed up: the archive is damaged.")

    def media(self) -> Iterable[str]:
        return [name for name in self.members if name.startswith(MEDIA)]

    def extract(self, name: str, path: Path) -> None:
        """Write the member to `path`, which is there only once it is whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        try:
            with self._zip.open(name) as source, part.open("wb") as target:
                copy(source, target)
                target.flush()
                os.fsync(target.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

"""Static files with a content hash in each name, inside JavaScript modules too; one stylesheet."""

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/main.css"
IMPORT = re.compile(rb'@import url\("([\w-]+\.css)"\);\n')


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; it also rewrites `import` in modules, and forgives a missing entry."""

    support_js_module_import_aggregation = True
    manifest_strict = False

    def post_process(self, paths, dry_run=False, **options):
        if STYLESHEET in paths:
            source, path = paths[STYLESHEET]
            paths = {**paths, STYLESHEET: (JoinedImports(source), path)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


class JoinedImports:
    """Reads a stylesheet of `source` with what it imports from its own folder in its place.

    A browser asks for one file instead of thirteen, twelve of which it learns of late. The
    development server serves the files as they are.
    """

    def __init__(self, source):
        self.source = source

    def open(self, path: str) -> ContentFile:
        folder = path.rpartition("/")[0]
        joined = IMPORT.sub(
            lambda part: self._read(f"{folder}/{part[1].decode()}"), self._read(path)
        )
        return ContentFile(joined)

    def _read(self, path: str) -> bytes:
        with self.source.open(path) as file:
            return file.read()

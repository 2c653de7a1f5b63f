"""Static files with a content hash in each name, inside JavaScript modules too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; it also rewrites `import` in modules, and forgives a missing entry."""

    support_js_module_import_aggregation = True
    manifest_strict = False

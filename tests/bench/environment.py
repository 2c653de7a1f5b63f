"""A site in a folder of its own, for one benchmark, which imports this before any model.

On SQLite, or on the PostgreSQL of BENCH_DATABASE_URL: an empty database, for one benchmark.
"""

import atexit
import os
import shutil
import tempfile

import django

VAR = tempfile.mkdtemp(prefix="commun-bench-")
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
os.environ |= {"VAR_DIR": VAR, "DJANGO_SETTINGS_MODULE": "commons.settings"}
for name in ("DEBUG", "DEMO", "SITE_URL", "DATABASE_URL", "CACHE_URL"):
    os.environ.pop(name, None)
if "BENCH_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["BENCH_DATABASE_URL"]

django.setup()

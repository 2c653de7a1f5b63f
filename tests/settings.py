"""The site's settings as tests need them: no data of this machine, nothing slow, nothing sent."""

import atexit
import os
import shutil
import tempfile

_VAR = tempfile.mkdtemp(prefix="commun-tests-")
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)
for _name in (
    "DEBUG",
    "DEMO",
    "SITE_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "MEDIA_ROOT",
):
    os.environ.pop(_name, None)
for _name in ("CACHE_URL", "TRUSTED_PROXIES", "FROM_EMAIL"):
    os.environ.pop(_name, None)
os.environ["VAR_DIR"] = _VAR

from commons.compile_translations import compile_translations  # noqa: E402
from commons.settings import *  # noqa: E402, F403
from commons.settings import DATABASES, STORAGES, TEMPLATES  # noqa: E402
from tests.undefined import Undefined  # noqa: E402

compile_translations()

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
# A file, not memory: threads then meet the same locks as on a real site.
DATABASES["default"]["TEST"] = {
    "NAME": f"{_VAR}/test.sqlite3"
    if DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else f"test_commun_{os.getpid()}"
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "commons.environment.cache_key",
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()

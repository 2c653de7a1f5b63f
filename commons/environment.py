"""The environment's variables, as the settings read them."""

import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac


def flag(name: str) -> bool:
    """Whether the environment variable `name` says yes."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated values of the environment variable `name`."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def mail(url: str) -> dict:
    """Django's mail settings from file:///path, console:, smtp:// or smtps://user:password@host:port."""
    parts = urlsplit(url)
    if parts.scheme in {"file", "console"}:
        backend = "filebased" if parts.scheme == "file" else "console"
        return {
            "MAIL_TRANSPORT": f"django.core.mail.backends.{backend}.EmailBackend",
            "EMAIL_FILE_PATH": parts.path or None,
        }
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("EMAIL_URL starts with file:, console:, smtp: or smtps:.")
    return {
        "MAIL_TRANSPORT": "commons.members.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and "plain" not in parse_qs(parts.query),
        "EMAIL_TIMEOUT": 10,  # for each answer; see commons.members.smtp for the whole
    }


def cache_key(key: str, prefix: str, version: int) -> str:
    """What stands for `key` in the cache: the keys of limits hold network addresses."""
    return salted_hmac("commons.cache", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()


def caches(url: str) -> dict:
    """Redis at `url` where several machines serve, else a table of the same database."""
    shared = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    if not url:
        # Above 300, Django's own number, allauth's limits would be forgotten under attack.
        shared = {"BACKEND": "commons.pages.disk_full.HonestDatabaseCache"}
        shared |= {"LOCATION": "cache_entries", "OPTIONS": {"MAX_ENTRIES": 100_000}}
    # Renditions: never write to read.
    dummy = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    shared["KEY_FUNCTION"] = "commons.environment.cache_key"
    return {"default": shared, "renditions": dummy}

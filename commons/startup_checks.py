"""What forbids a start in production, and what to do about it."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from commons.compile_translations import outdated
from commons.demo_people import ACCOUNTS


def make_var_dir() -> None:
    """Make the folder of what changes; raise ImproperlyConfigured when it cannot be made."""
    try:
        settings.VAR.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"VAR_DIR cannot be made: {error}") from error


def check_settings(**kwargs) -> list:
    """Settings that are fit for one machine only, on a site that has a public address."""
    if settings.LOCAL:
        return []
    found = []
    if settings.DEBUG:
        found.append(
            Error(
                "DEBUG is on although SITE_URL is public: errors would show the settings.",
                hint="Start without DEBUG.",
                id="commons.E001",
            )
        )
    key = settings.SECRET_KEY
    if len(key) < 40 or len(set(key)) < 10 or key.startswith("only-for-this-machine-"):
        found.append(
            Error(
                "SECRET_KEY is too weak: sessions and private links could be forged.",
                hint="Set it to what this prints: python -c 'import secrets; "
                "print(secrets.token_urlsafe(50))'",
                id="commons.E002",
            )
        )
    if not settings.SITE_URL.startswith("https:"):
        found.append(
            Warning(
                "SITE_URL is public and not https: passwords travel in clear.",
                hint="Put a TLS proxy in front, then set SITE_URL=https://… and TRUSTED_PROXIES=1.",
                id="commons.W001",
            )
        )
    return found


def check_accounts(**kwargs) -> list:
    """Accounts whose password is in the documentation, elsewhere than in a demo on one machine."""
    if settings.DEMO and settings.LOCAL:
        return []
    accounts = get_user_model().objects.filter(email__in=ACCOUNTS, is_active=True)
    try:
        open_accounts = sorted(accounts.values_list("email", flat=True))
    except DatabaseError:  # before the first migration
        return []
    if not open_accounts:
        return []
    return [
        Error(
            f"Demo accounts, whose password is public, are open: {', '.join(open_accounts)}.",
            hint="Close them with `manage.py close_demo_accounts`; on this machine alone, "
            "DEMO=1 allows them.",
            id="commons.E003",
        )
    ]


def check_translations(**kwargs) -> list:
    """Catalogues that were not compiled since they changed: sentences would stay French."""
    if not (sources := outdated()):
        return []
    return [
        Warning(
            f"Translations are not compiled: {', '.join(map(str, sources))}.",
            hint="Run: python -m commons.compile_translations",
            id="commons.W002",
        )
    ]


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured, saying what to do, when an error above is found."""
    found = [*check_settings(), *check_accounts()]
    errors = [f"{problem.msg} {problem.hint}" for problem in found if isinstance(problem, Error)]
    if errors:
        raise ImproperlyConfigured(" ".join(["This start is refused.", *errors]))

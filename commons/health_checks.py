"""Whether the site is well: each check says what it saw and, when it is ill, how to mend it."""

import dataclasses
import datetime
import uuid
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from commons.members.models import OutgoingMail
from commons.pages.untranslated import published_untranslated
from commons.scheduled_jobs import last_run
from commons.startup_checks import check_accounts, check_settings, check_translations
from commons.stored_files import damaged
from commons.taxonomy.models import COMMON, Term
from search import admin_index
from search.contract import faults

LATE_MAIL = datetime.timedelta(minutes=15)
LATE_JOBS = datetime.timedelta(minutes=15)


@dataclasses.dataclass(frozen=True)
class Finding:
    """One line of the report; the site cannot serve when a `vital` one is not ok."""

    name: str
    ok: bool
    says: str
    mend: str = ""
    vital: bool = False


def database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding("database", True, f"{connection.vendor} answers", vital=True)


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Finding(
        "migrations",
        waiting == 0,
        f"{waiting} to apply" if waiting else "all applied",
        "manage.py migrate",
        vital=True,
    )


def cache_works() -> Finding:
    key = f"doctor-{uuid.uuid4()}"
    cache.set(key, "1", 60)
    kept = cache.get(key) == "1"
    cache.delete(key)
    says = "keeps what it is given" if kept else "forgets what it is given"
    return Finding("cache", kept, says, "manage.py createcachetable, or see CACHE_URL", vital=True)


def media() -> Finding:
    for folder in ("", "images/", "original_images/", "documents/"):
        name = default_storage.save(f"{folder}doctor-{uuid.uuid4()}.txt", ContentFile(b"ok"))
        default_storage.delete(name)
    return Finding("media", True, f"{settings.MEDIA_ROOT} can be written")


def files() -> Finding:
    ills = list(damaged())
    return Finding(
        "files",
        not ills,
        "; ".join(ills) or "every picture, document and recording is there",
        "restore them from a backup, or send them again in the admin",
    )


def static_files() -> Finding:
    if settings.WHITENOISE_USE_FINDERS:
        return Finding("static", True, "served from where they are written", vital=True)
    collected = staticfiles_storage.hashed_files  # as this process knows them since its start
    ours = settings.BASE_DIR / "static"
    names = {str(path.relative_to(ours)) for path in ours.rglob("*") if path.is_file()}
    lost = {name for name in collected if not staticfiles_storage.exists(collected[name])}
    missing = sorted((names - set(collected)) | lost)
    says = f"{len(missing)} are missing, such as {missing[0]}" if missing else "all collected"
    return Finding(
        "static",
        not missing,
        says,
        "manage.py collectstatic --noinput, then restart the site",
        vital=True,
    )


def mails() -> Finding:
    waiting = OutgoingMail.objects.filter(sent_at=None)
    late = waiting.filter(created_at__lt=timezone.now() - LATE_MAIL).count()
    says = f"{waiting.count()} waiting, {late} for more than a quarter of an hour"
    failed = waiting.exclude(error="").order_by("-next_attempt_at").first()
    if failed is not None:  # its name alone: the rest is what a server said
        says += f", the last failure was {failed.error.partition(':')[0]}"
    return Finding("mails", late == 0, says, "check EMAIL_URL, then manage.py run_due")


def jobs() -> Finding:
    last = last_run()
    late = last is None or timezone.now() - last > LATE_JOBS
    says = f"run_due last ended at {last:%Y-%m-%d %H:%M:%S}" if last else "run_due never ran here"
    return Finding("jobs", not late, says, "run manage.py run_due every minute (docs/operating.md)")


def search_index() -> Finding:
    ills = faults()
    return Finding(
        "search",
        not ills,
        "; ".join(ills) or "every page can be found",
        "manage.py rebuild_search",
    )


def admin_search() -> Finding:
    ills = admin_index.faults()
    return Finding(
        "admin search",
        not ills,
        "; ".join(ills) or "the admin finds what it looks for",
        "manage.py rebuild_search",
    )


def reference_data() -> Finding:
    found = set(Term.objects.canonical().values_list("vocabulary", flat=True))
    missing = [vocabulary for vocabulary in COMMON if vocabulary not in found]
    says = f"no term for {', '.join(missing)}" if missing else "every vocabulary has terms"
    return Finding("classification", not missing, says, "manage.py setup YOUR-EMAIL")


def site_root() -> Finding:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    good = site is not None and site.root_page.live and site.root_page.specific_class is not Page
    says = f"the default site starts at « {site.root_page.title} »" if site else "no default site"
    return Finding("site", good, says, "manage.py setup YOUR-EMAIL", vital=True)


def tree() -> Finding:
    problems = sum(len(rows) for rows in Page.find_problems())
    says = f"{problems} pages are misplaced" if problems else "the tree of pages is sound"
    return Finding("tree", problems == 0, says, "manage.py fixtree")


def translations() -> Finding:
    pages = published_untranslated()
    says = ", ".join(f"« {page.title} » ({page.url})" for page in pages[:5])
    addresses = [reverse("leave_untranslated", args=[page.pk]) for page in pages[:5]]
    return Finding(
        "translations",
        not pages,
        f"{len(pages)} online in another language with the text of their source: {says}"
        if pages
        else "no page is in another language than it says",
        f"translate them, or say that it is meant: {' '.join(addresses)}",
    )


def safety() -> Finding:
    found = [*check_settings(), *check_accounts(), *check_translations()]
    says = " ".join(problem.msg for problem in found) or "fit for where it runs"
    return Finding("safety", not found, says, " ".join(problem.hint for problem in found))


CHECKS: list[Callable[[], Finding]] = [
    *(database, migrations, cache_works, static_files, media, files, mails, jobs),
    *(search_index, admin_search, reference_data, site_root, tree, translations, safety),
]
# Cheap enough to be asked every few seconds.
PROBES: list[Callable[[], Finding]] = [
    *(database, migrations, cache_works, static_files, site_root),
    *(mails, jobs),
]


def findings(checks: list[Callable[[], Finding]] = CHECKS) -> Iterator[Finding]:
    """Every check in turn; one that breaks is a finding too, and stops the others when vital."""
    for check in checks:
        try:
            yield check()
        except Exception as error:
            name = check.__name__.removesuffix("_works")
            says = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            yield Finding(name, False, says, _mend(check), vital=check in PROBES[:5])
            if check is database:
                return


def _mend(check: Callable) -> str:
    return {
        database: "check DATABASE_URL and that the server runs",
        cache_works: "manage.py migrate, or check CACHE_URL",
        media: f"make {settings.MEDIA_ROOT} writable for the site's user",
    }.get(check, "manage.py migrate")

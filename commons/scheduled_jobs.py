"""Everything periodic, one run at a time, each step apart from the others' failures."""

import contextlib
import datetime
import fcntl
import logging
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from commons.agenda import recurrence, reminders, retention, waiting_list
from commons.contributions import drafting, rate_limits
from commons.contributions.erasure import delete_refused
from commons.members.delivery import deliver_due
from commons.members.outbox import deliver_later
from commons.members.retention import purge
from commons.pages.translation import withdraw_orphans
from commons.pages.untranslated import withhold_scheduled
from search.index import refresh_stale
from search.zero_result_queries import delete_old

logger = logging.getLogger(__name__)
LOCK_NUMBER = 20_260_711


def publish_scheduled() -> str:
    withheld = withhold_scheduled()
    call_command("publish_scheduled", verbosity=0)
    return f"done, {len(withheld)} withheld: not translated" if withheld else "done"


def send_mails() -> str:
    return f"{deliver_due()} sent"


def past_its_time(*, dry_run: bool = False) -> dict[str, int]:
    """Delete what is not kept for ever; how many of each."""
    uses = {"uses": rate_limits.delete_expired(dry_run=dry_run)}
    return {**purge(dry_run=dry_run), **retention.purge(dry_run=dry_run), **uses}


def forget() -> str:
    done = {**past_its_time(), "searches": delete_old()}
    return ", ".join(f"{count} {name}" for name, count in done.items())


def close_translations() -> str:
    """What was withdrawn or closed by any means must not stay public in another language."""
    return f"{len(withdraw_orphans())} withdrawn"


def clear_drafts() -> str:
    """Proposals that were begun and left, or refused; where one writes says how long they stay."""
    return f"{drafting.clear_drafts()} drafts, {delete_refused()} refused"


def fill_seats() -> str:
    """Seats that nobody confirmed in time go to who waits."""
    done = waiting_list.release_due()
    return ", ".join(f"{count} {name}" for name, count in done.items())


def look_further() -> str:
    """What comes back is listed as far as lists should know; once a day is enough."""
    today = timezone.localdate().isoformat()
    if cache.get("looked_further") == today:
        return "done today"
    found = recurrence.extend_occurrences()
    cache.set("looked_further", today, 86_400)
    return f"{found} dates"


def remind() -> str:
    return f"{reminders.send_reminders()} reminders, {reminders.send_replays()} replays"


def finish_index() -> str:
    """Pages that search must read again after a change of very many, such as a term renamed."""
    return f"{refresh_stale()} pages"


STEPS: list[Callable[[], str]] = [
    publish_scheduled,
    fill_seats,
    remind,
    close_translations,
    forget,
    clear_drafts,
    look_further,
    finish_index,
    # The last: the others neither wait for a mail server, nor write what then waits a minute.
    send_mails,
]


def run_due() -> Iterator[tuple[str, str, bool]]:
    """(step, what it did, whether it succeeded) for each step; nothing when another run is on."""
    with _alone() as alone:
        if not alone:
            return
        for step in STEPS:
            try:
                with deliver_later():
                    done = step()
                yield step.__name__, done, True
            except Exception as error:
                logger.exception("%s failed", step.__name__)
                yield step.__name__, f"{type(error).__name__}: {error}", False
        _stamp().touch()


def last_run() -> datetime.datetime | None:
    """When the last run ended on this machine."""
    with contextlib.suppress(FileNotFoundError):
        return datetime.datetime.fromtimestamp(_stamp().stat().st_mtime, tz=datetime.UTC)
    return None


def _stamp():
    return settings.VAR / "run_due.stamp"


@contextlib.contextmanager
def _alone() -> Iterator[bool]:
    """Whether this is the only run; a killed run lets go by itself."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_NUMBER])
            (alone,) = cursor.fetchone()
            try:
                yield alone
            finally:
                if alone:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])
        return
    with open(settings.VAR / "run_due.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True

"""How much one person may send; all the numbers are here."""

import datetime
import ipaddress
import re
import unicodedata

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from commons.contributions.models import Contribution, State, Use
from commons.refused import Refused

TRUSTED_AFTER = 2  # accepted contributions
NEWCOMER_A_DAY = 3
NEWCOMER_LINKS = 3  # in one text
ANONYMOUS_DRAFTS_AN_HOUR = 30  # new drafts from one network address
ANONYMOUS_SENDS_AN_HOUR = 10  # submissions from one network address
MAILS_A_DAY = 5  # confirmation mails to one e-mail address
VALUE_LENGTH = 200_000  # what a draft keeps of one field, far above what a form accepts
LINK = re.compile(r"(?:https?:|www\.|\]\()", re.IGNORECASE)
# What a mail program makes a link of; « St.Pierre » and « J.-P. » are names.
SITE = re.compile(
    r"@|(?<!\w)(?:\d{1,3}\.){3}\d|[\w-]\.(?i:com|net|org|co)(?!\w)|"
    r"[\w-]{2}\.(?:(?i:info|biz|xyz|top|site|online|shop|store|club|link|click|live|work|icu|vip|"
    r"pro|app|dev|website|space|web|page|cloud|tech|email|win|bid|loan|stream|download|"
    r"fr|eu|be|ch|lu|ca|uk|de|ru|cn|io|me|tv|cc|ly|gg|ai|tk|ml|ga|cf|gq|su)|[a-z]{2})(?!\w)"
)


def is_newcomer(contribution: Contribution) -> bool:
    mine = Contribution.objects.from_address(contribution.address)
    return mine.filter(state=State.ACCEPTED).count() < TRUSTED_AFTER


def check_newcomer(contribution: Contribution, texts: list[str]) -> None:
    """Refuse what a newcomer sends too much of: contributions a day, links in one text."""
    if not is_newcomer(contribution):
        return
    since = timezone.now() - datetime.timedelta(days=1)
    sent = Contribution.objects.from_address(contribution.address).filter(submitted_at__gt=since)
    if sent.exclude(pk=contribution.pk).count() >= NEWCOMER_A_DAY:
        raise Refused(
            _(
                "Vous avez déjà envoyé %(count)d contributions aujourd’hui : "
                "votre brouillon est gardé, envoyez-le demain."
            )
            % {"count": NEWCOMER_A_DAY}
        )
    if any(len(LINK.findall(text)) > NEWCOMER_LINKS for text in texts):
        raise Refused(
            _("Gardez au plus %(count)d liens par texte pour vos premières contributions.")
            % {"count": NEWCOMER_LINKS}
        )


def looks_like_a_link(name: str) -> bool:
    """Whether `name`, written in a mail to somebody who asked for none, would lead anywhere."""
    plain = unicodedata.normalize("NFKC", name).replace("。", ".")
    return bool(LINK.search(plain) or SITE.search(plain))


def spend(action: str, key: str, *, at_most: int, seconds: int) -> None:
    """Count one use of `action` by `key` (a network or e-mail address); refuse above `at_most`."""
    used, _mark = _use(f"{action}:{network_of(key).lower()}", seconds=seconds)
    if used > at_most:
        raise Refused(_("Trop d’envois à la suite : réessayez dans une heure."))


def network_of(source: str) -> str:
    """The network address by which a connection counts: one home has 2^64 of those of IPv6."""
    try:
        found = ipaddress.ip_address(source)
    except ValueError:
        return source
    if found.version == 4:
        return source
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.ip_network((found.packed, 64), strict=False))


def claim(action: str, key: str, *, mark: str, seconds: int) -> bool:
    """Let `key`, which serves once, serve for `mark`; whether it served for nothing else before."""
    _used, known = _use(f"{action}:{key}", mark=mark, seconds=seconds)
    return known == mark


def is_claimed(action: str, key: str) -> bool:
    return Use.objects.filter(name=_digest(f"{action}:{key}"), until__gt=timezone.now()).exists()


def forget_expired(*, dry_run: bool = False) -> int:
    """Delete what counts no more; how many."""
    over = Use.objects.filter(until__lte=timezone.now())
    return over.count() if dry_run else over.delete()[0]


def _use(name: str, *, mark: str = "", seconds: int) -> tuple[int, str]:
    """(uses so far with this one, mark of the first) in one statement: two at once are two."""
    table, now = connection.ops.quote_name(Use._meta.db_table), timezone.now()
    adapt = connection.ops.adapt_datetimefield_value
    sql = f"""
        INSERT INTO {table} AS kept (name, count, mark, until) VALUES (%s, 1, %s, %s)
        ON CONFLICT (name) DO UPDATE SET
            count = CASE WHEN kept.until <= %s THEN 1 ELSE kept.count + 1 END,
            mark = CASE WHEN kept.until <= %s THEN excluded.mark ELSE kept.mark END,
            until = CASE WHEN kept.until <= %s THEN excluded.until ELSE kept.until END
        RETURNING count, mark
    """  # noqa: S608 - the name of our own table
    until = now + datetime.timedelta(seconds=seconds)
    values = [_digest(name), mark, adapt(until), *[adapt(now)] * 3]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def _digest(name: str) -> str:
    return salted_hmac("commons.contributions.limits", name, algorithm="sha256").hexdigest()

"""Rate limits and size limits of what people send, and things that may be used once."""

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
from search.accents import strip_excess_accents

TRUSTED_AFTER = 2  # accepted contributions
NEWCOMER_A_DAY = 3
NEWCOMER_LINKS = 3  # in one text
ANONYMOUS_DRAFTS_AN_HOUR = 30  # new drafts from one network address
ANONYMOUS_SENDS_AN_HOUR = 10  # submissions from one network address
MAILS_A_DAY = 5  # confirmation mails to one e-mail address
VALUE_LENGTH = 60_000  # characters of one field: what the longest box accepts
DRAFT_LENGTH = 200_000  # characters of a whole draft
DRAFTED_AN_HOUR = 3_000_000  # characters by which drafts grow, from one network or one member
MEMBER_DRAFTS_AN_HOUR = 100  # new drafts of one member
PREVIEWS_AN_HOUR = 30  # of one draft
SOURCE_PREVIEWS_AN_HOUR = 120  # of all drafts from one network address
LINK = re.compile(r"\]\((?:https?:)?(?:/*www\.)?|https?:(?:/*www\.)?|www\.", re.IGNORECASE)
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
    """Whether an e-mail program would make a link of `name`."""
    plain = unicodedata.normalize("NFKC", strip_excess_accents(name)).replace("。", ".")
    return bool(LINK.search(plain) or SITE.search(plain))


def consume(action: str, key: str, *, at_most: int, seconds: int, sentence: str = "") -> None:
    """Count one use of `action` by `key` (a network or e-mail address); refuse above `at_most`."""
    used, _mark = _use(f"{action}:{network_of(key).lower()}", seconds=seconds)
    if used > at_most:
        raise Refused(sentence or _("Trop d’envois à la suite : réessayez dans une heure."))


def length_of(data: dict[str, list[str]]) -> int:
    """The characters of a draft."""
    return sum(len(value) for values in data.values() for value in values)


def check_length(data: dict[str, list[str]]) -> None:
    """Refuse what is longer than any page: nothing of it is stored, nor cut in silence."""
    longest = max((len(value) for values in data.values() for value in values), default=0)
    if longest > VALUE_LENGTH:
        text = _(
            "Rien n’est enregistré : l’un de vos textes compte %(length)s caractères, "
            "et %(most)s au plus sont possibles. Raccourcissez-le, ou faites deux propositions."
        )
        raise Refused(text % {"length": longest, "most": VALUE_LENGTH})
    if length_of(data) > DRAFT_LENGTH:
        text = _(
            "Rien n’est enregistré : votre proposition compte %(length)s caractères, "
            "et %(most)s au plus sont possibles. Raccourcissez-la, ou faites-en deux."
        )
        raise Refused(text % {"length": length_of(data), "most": DRAFT_LENGTH})


def consume_draft(key: str, *, new: bool, grown: int, at_most: int) -> None:
    """Count a new draft, or `grown` more characters; raises Refused above the limits."""
    text = _(
        "Rien n’est enregistré : trop de brouillons viennent de votre connexion. "
        "Gardez cette page ouverte, et réessayez dans une heure."
    )
    if new:
        consume("draft", key, at_most=at_most, seconds=3600, sentence=text)
    if grown > 0:
        used, _mark = _use(f"drafted:{network_of(key)}", amount=grown, seconds=3600)
        if used > DRAFTED_AN_HOUR:
            raise Refused(text)


def consume_preview(token: str, *, source: str) -> None:
    """Count a preview of the draft of this token, asked from this network address."""
    text = _(
        "Vous avez demandé beaucoup d’aperçus. Votre texte est enregistré : réessayez plus tard."
    )
    consume("preview", token, at_most=PREVIEWS_AN_HOUR, seconds=3600, sentence=text)
    consume("previews", source, at_most=SOURCE_PREVIEWS_AN_HOUR, seconds=3600, sentence=text)


def network_of(source: str) -> str:
    """The network that is counted: the /64 of an IPv6 address, since one home has all of it."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source
    if address.version == 4:
        return source
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((address.packed, 64), strict=False))


def claim(action: str, key: str, *, mark: str, seconds: int) -> bool:
    """Use the single-use `key` for `mark`; False if it was used for something else before."""
    _used, first_mark = _use(f"{action}:{key}", mark=mark, seconds=seconds)
    return first_mark == mark


def is_claimed(action: str, key: str) -> bool:
    return Use.objects.filter(name=_digest(f"{action}:{key}"), until__gt=timezone.now()).exists()


def delete_expired(*, dry_run: bool = False) -> int:
    """Delete expired counters; returns how many."""
    over = Use.objects.filter(until__lte=timezone.now())
    return over.count() if dry_run else over.delete()[0]


def _use(name: str, *, mark: str = "", amount: int = 1, seconds: int) -> tuple[int, str]:
    """Add `amount` to a counter in one atomic statement; returns (total, mark of the first use)."""
    table, now = connection.ops.quote_name(Use._meta.db_table), timezone.now()
    adapt = connection.ops.adapt_datetimefield_value
    sql = f"""
        INSERT INTO {table} AS kept (name, count, mark, until) VALUES (%s, %s, %s, %s)
        ON CONFLICT (name) DO UPDATE SET
            count = excluded.count + CASE WHEN kept.until <= %s THEN 0 ELSE kept.count END,
            mark = CASE WHEN kept.until <= %s THEN excluded.mark ELSE kept.mark END,
            until = CASE WHEN kept.until <= %s THEN excluded.until ELSE kept.until END
        RETURNING count, mark
    """  # noqa: S608 - the name of our own table
    until = now + datetime.timedelta(seconds=seconds)
    values = [_digest(name), amount, mark, adapt(until), *[adapt(now)] * 3]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def _digest(name: str) -> str:
    return salted_hmac("commons.contributions.rate_limits", name, algorithm="sha256").hexdigest()

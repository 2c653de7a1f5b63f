"""Keep the words of searches without result and how often they were typed, never by whom."""

import contextlib
import datetime
import ipaddress
import re

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from search.analyzer import clean, fold, has_terms
from search.models import Gap

MOST_KEPT = 5_000
NEW_PER_DAY = 30  # different words from one network address
KEPT = datetime.timedelta(days=400)
KEPT_IF_ASKED_ONCE = datetime.timedelta(days=90)  # what was asked once
# An address or a telephone number may be somebody's.
PERSONAL = re.compile(r"@|\d[\d .-]{5,}\d|://|www\.")


def record(query: str, language: str, *, source: str = "") -> None:
    """Count a search that found nothing; never gets in the way of the answer.

    Of one network address, `source`, only so many different ones a day; it is not kept.
    """
    words = normalized(query, language)
    if not words:
        return
    with contextlib.suppress(DatabaseError):
        if connection.in_atomic_block:
            with transaction.atomic():
                _count(words, language, source)
        else:
            _count(words, language, source)


def normalized(query: str, language: str) -> str:
    """The folded words of `query`; "" for one that may name a person or has only stop words."""
    query = clean(query)
    if PERSONAL.search(query) or not has_terms(query, language):
        return ""
    return " ".join(re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", fold(query)))[:200]


def _count(words: str, language: str, source: str) -> None:
    existing = Gap.objects.filter(language=language, words=words)
    if existing.update(times=F("times") + 1, last_on=timezone.localdate()):
        return
    if not _may_add(source):
        return
    _delete_rarest()
    Gap.objects.get_or_create(language=language, words=words)


def _delete_rarest() -> None:
    """Delete the least asked beyond `MOST_KEPT`."""
    beyond = Gap.objects.count() - MOST_KEPT + 1
    if beyond > 0:
        least = Gap.objects.order_by("times", "last_on", "pk").values_list("pk", flat=True)
        Gap.objects.filter(pk__in=list(least[:beyond])).delete()


def _may_add(source: str) -> bool:
    """Whether this address may add one more today; the cache knows it by a digest."""
    if not source:
        return True
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(source)
        if address.version == 6:  # one home has 2^64 of those
            source = str(ipaddress.ip_network((address.packed, 64), strict=False))
    name = f"{timezone.localdate()} {source}"
    key = f"gaps-{salted_hmac('search.zero_result_queries', name, algorithm='sha256').hexdigest()}"
    used = cache.get(key, 0)
    if used < NEW_PER_DAY:
        cache.set(key, used + 1, 86_400)
    return used < NEW_PER_DAY


def delete_old() -> int:
    """Delete what nobody typed in a long while; returns how many."""
    today = timezone.localdate()
    once = Q(times=1, last_on__lt=today - KEPT_IF_ASKED_ONCE)
    return Gap.objects.filter(Q(last_on__lt=today - KEPT) | once).delete()[0]

"""How much one person may send; all the numbers are here."""

import datetime
import re

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from commons.contributions.models import Contribution, State
from commons.refused import Refused

TRUSTED_AFTER = 2  # accepted contributions
NEWCOMER_A_DAY = 3
NEWCOMER_LINKS = 3  # in one text
ANONYMOUS_DRAFTS_AN_HOUR = 30  # new drafts from one network address
ANONYMOUS_SENDS_AN_HOUR = 10  # submissions from one network address
MAILS_A_DAY = 5  # confirmation mails to one e-mail address
VALUE_LENGTH = 200_000  # what a draft keeps of one field, far above what a form accepts
LINK = re.compile(r"(?:https?:|www\.|\]\()", re.IGNORECASE)


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


def spend(action: str, key: str, *, at_most: int, seconds: int) -> None:
    """Count one use of `action` by `key` (a network or e-mail address); refuse above `at_most`."""
    name = f"limit:{action}:{key.lower()}"[:200]
    cache.add(name, 0, seconds)
    try:
        used = cache.incr(name)
    except ValueError:  # it expired between the two lines
        return
    if used > at_most:
        raise Refused(_("Trop d’envois à la suite : réessayez dans une heure."))

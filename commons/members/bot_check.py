"""Refuse forms sent by robots: a signed ticket, its age, and a proof of work or a small sum.

A ticket signs the token of the draft or registration it was issued for, and is valid for that one.
"""

import hashlib
import time

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commons.refused import Refused

MIN_SECONDS = 3
MAX_SECONDS = 7 * 24 * 3600
PROOF_PREFIX = "0000"  # of sha256("<ticket>:<proof>"): about 65,000 tries, a second in a browser
_signer = signing.TimestampSigner(salt="commons.members.ticket")
UNANSWERED = gettext_lazy("Répondez au petit calcul, en bas du formulaire : il écarte les robots.")
NUMBERS = [
    gettext_lazy("deux"),
    gettext_lazy("trois"),
    gettext_lazy("quatre"),
    gettext_lazy("cinq"),
    gettext_lazy("six"),
    gettext_lazy("sept"),
    gettext_lazy("huit"),
    gettext_lazy("neuf"),
]


def issue(token: str) -> str:
    """A signed ticket that holds `token` and the time of issue."""
    return _signer.sign(token)


def read(ticket: str) -> str | None:
    """The token that `ticket` holds, or None if it is forged or older than `MAX_SECONDS`."""
    try:
        return _signer.unsign(ticket, max_age=MAX_SECONDS)
    except signing.BadSignature:
        return None


def question(ticket: str) -> str:
    """The sum to solve, in words; a ticket always gives the same one."""
    first, second = _terms(ticket)
    return _("Combien font %(first)s plus %(second)s ?") % {
        "first": NUMBERS[first - 2],
        "second": NUMBERS[second - 2],
    }


def question_context(ticket: str, post) -> dict[str, str]:
    """Template context: ticket, sum, and the answer already typed if it was for the same ticket."""
    answer = post.get("sum", "") if post.get("ticket") == ticket else ""
    return {"ticket": ticket, "sum": question(ticket), "sum_answer": answer}


def add_missing_answer_error(form, post) -> None:
    """Add a form error if neither proof nor sum is given; `check` refuses everything else."""
    ticket, proof, answer = (post.get(name, "") for name in ("ticket", "proof", "sum"))
    if read(ticket) is not None and not has_correct_answer(ticket, proof=proof, answer=answer):
        form.add_error(None, UNANSWERED)


def check(ticket: str, *, honeypot: str, proof: str, answer: str) -> None:
    """Raise Refused for a filled honeypot, an expired ticket, a fast form or a wrong answer."""
    if honeypot:
        raise Refused(_("Laissez vide le champ caché : il sert à repérer les robots."))
    if read(ticket) is None:
        raise Refused(_("Cette page est restée ouverte trop longtemps : relisez, puis renvoyez."))
    if _age(ticket) < MIN_SECONDS:
        raise Refused(_("C’est allé très vite : attendez quelques secondes, puis renvoyez."))
    if not has_correct_answer(ticket, proof=proof, answer=answer):
        raise Refused(UNANSWERED)


def has_correct_answer(ticket: str, *, proof: str, answer: str) -> bool:
    """Whether the proof of work or the sum is right; the ticket's signature is not checked."""
    digest = hashlib.sha256(f"{ticket}:{proof[:20]}".encode()).hexdigest()
    return digest.startswith(PROOF_PREFIX) or _is_sum(ticket, answer)


def _age(ticket: str) -> float:
    return time.time() - signing.b62_decode(ticket.split(":")[-2])


def _terms(ticket: str) -> tuple[int, int]:
    digest = salted_hmac("commons.members.sum", ticket).digest()
    return 2 + digest[0] % 8, 2 + digest[1] % 8


def _is_sum(ticket: str, answer: str) -> bool:
    return answer.strip()[:4] == str(sum(_terms(ticket)))

"""What people type in each form, and the rules called as the views call them."""

import hashlib
import itertools
import time
from unittest import mock

from commons.contributions import drafting, moderation, submission
from commons.contributions.models import Contribution, new_token
from commons.members import bot_check

_number = itertools.count(1)
ARTICLE = {
    "title": "Vendre à la ferme",
    "summary": "Trois fermes racontent leur magasin.",
    "text": "## Ouvrir\n\nCommencez petit.\n\n- un stand\n- un frigo",
    "licence_ok": "on",
}
EXTERNAL = {
    "url": "https://exemple.org/outil",
    "title": "Un outil de tournées",
    "summary": "Il compte les kilomètres.",
    "format": "tool",
    "price": "free",
    "text": "On y trouve un **calcul**.",
    "licence_ok": "on",
}
CASE = {
    "title": "Le fournil partagé",
    "summary": "Un four pour cinq paysans.",
    "organisation": "Le Fournil",
    "commune": "Die",
    "start_year": "2019",
    "context": "Un four à l’abandon.",
    "actions": "Nous l’avons réparé.",
    "difficulties": "Trouver l’argent\n- Se mettre d’accord",
    "licence_ok": "on",
}
QUESTION = {
    "title": "Faut-il une balance agréée ?",
    "summary": "Pour vendre au poids.",
    "answer": "Oui, **vérifiée** chaque année.",
    "licence_ok": "on",
}
BY_KIND = {
    "article": ARTICLE,
    "ressource-externe": EXTERNAL,
    "etude-de-cas": CASE,
    "question": QUESTION,
}
SENDER = {"sender_name": "Ana Petit", "sender_email": "ana@example.org"}


def data(kind="article", **changes) -> dict[str, list[str]]:
    """A draft's data, each value in a list as the rules store it."""
    fields = {**BY_KIND[kind], **changes}
    return {name: v if isinstance(v, list) else [v] for name, v in fields.items()}


def drafted(by, kind="article", **changes) -> Contribution:
    return drafting.save_draft(
        token=new_token(), kind=kind, data=data(kind, **changes), language="fr", by=by
    )


def submitted(by, kind="article", **changes) -> Contribution:
    """A member's contribution under moderation."""
    return submission.submit(drafted(by, kind, **changes), by=by)


def visitor(email="") -> drafting.Visitor:
    return drafting.Visitor(name="Ana Petit", email=email or f"ana{next(_number)}@example.org")


def ticket(token="", *, age=60) -> str:
    """A ticket issued `age` seconds ago."""
    with mock.patch.object(time, "time", return_value=time.time() - age):
        return bot_check.issue(token or new_token())


def solved(ticket_: str) -> str:
    """What the browser computes for this ticket."""
    return next(
        str(number)
        for number in itertools.count()
        if hashlib.sha256(f"{ticket_}:{number}".encode()).hexdigest().startswith("0000")
    )


def summed(ticket_: str) -> str:
    return str(sum(bot_check._terms(ticket_)))


def posted(kind="article", *, do="send", **changes) -> dict:
    """The whole form as an honest visitor without JavaScript posts it."""
    given = ticket()
    return {
        **BY_KIND[kind],
        **SENDER,
        "ticket": given,
        "sum": summed(given),
        "do": do,
        **changes,
    }


def task_state(contribution: Contribution):
    return contribution.page.specific.current_workflow_task_state


def act(contribution: Contribution, decision: str, *, by, comment="") -> None:
    """What a moderator who has just read it decides: `accept`, `ask` or `refuse`."""
    moderation.decide(
        contribution,
        decision=moderation.Decision(decision),
        version=moderation.version_of(contribution),
        by=by,
        comment=comment,
    )

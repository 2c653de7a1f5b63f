"""What a member of the demo proposed: one contribution for each step of the way."""

import datetime

from django.conf import settings
from django.db.models import F

from commons.contributions import drafting, moderation, submission
from commons.contributions.models import Contribution, State, new_token
from commons.demo import records
from commons.members.models import Member

AGO = datetime.timedelta(days=6)
DECISIONS = {
    State.CHANGES_ASKED: moderation.Decision.ASK,
    State.REFUSED: moderation.Decision.REFUSE,
}


def load_demo_contributions() -> None:
    """Propose and decide by the same rules as everybody, once."""
    author = Member.objects.get(email="membre@example.org")
    moderator = Member.objects.get(email="moderation@example.org")
    if author.contributions.exists():
        return
    for record in records("contributions")["contribution"]:
        contribution = drafting.save_draft(
            token=new_token(),
            kind=record["kind"],
            data=typed(record["data"]),
            language=settings.LANGUAGE_CODE,
            by=author,
        )
        if record["outcome"] != State.DRAFT:
            contribution = submission.submit(contribution, by=author)
        if decision := DECISIONS.get(record["outcome"]):
            moderation.decide(
                contribution,
                decision=decision,
                version=moderation.version_of(contribution),
                by=moderator,
                comment=record["comment"],
            )
        _date_back(contribution)


def _date_back(contribution: Contribution) -> None:
    """As if it had been done some days ago: what the rules dated today would leave nothing of what
    a newcomer may send in a day."""
    rows = Contribution.objects.filter(pk=contribution.pk)
    dates = ("created_at", "submitted_at", "decided_at", "updated_at")
    rows.update(**{name: F(name) - AGO for name in dates})
    contribution.events.update(at=F("at") - AGO)


def typed(data: dict) -> dict[str, list[str]]:
    """The form as a browser would have posted it."""
    listed = {key: value if isinstance(value, list) else [value] for key, value in data.items()}
    return {**listed, "licence_ok": ["on"]}

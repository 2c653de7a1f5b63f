"""What a member of the demo proposed: one contribution for each step of the way."""

from django.conf import settings

from commons.contributions import drafting, moderation, submission
from commons.contributions.models import State, new_token
from commons.demo import records
from commons.members.models import Member

DECISIONS = {State.CHANGES_ASKED: "reject", State.REFUSED: "refuse"}


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
        if action := DECISIONS.get(record["outcome"]):
            task_state = contribution.page.specific.current_workflow_task_state
            moderation.decide(task_state, action=action, by=moderator, comment=record["comment"])


def typed(data: dict) -> dict[str, list[str]]:
    """The form as a browser would have posted it."""
    listed = {key: value if isinstance(value, list) else [value] for key, value in data.items()}
    return {**listed, "licence_ok": ["on"]}

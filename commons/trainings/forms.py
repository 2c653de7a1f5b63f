"""Signing up for a series: what its sessions ask, each question once."""

from collections.abc import Iterable
from hashlib import blake2s

from django.utils.translation import gettext_lazy as _

from commons.agenda.forms import AnswersForm, VisitorForm
from commons.agenda.models import Session
from commons.contributions.forms import set_plain_error_messages
from search.analyzer import title_key


class SeriesAnswersForm(AnswersForm):
    """The questions of all `sessions`, for a member; who asks each is told."""

    def __init__(self, *args, sessions: Iterable[Session], **kwargs):
        super().__init__(*args, **kwargs)
        self.sessions = list(sessions)
        asked: dict[str, tuple[str, list[str]]] = {}
        for session in self.sessions:
            for question in session.asked:
                asked.setdefault(name_of(question), (question, []))[1].append(session.title)
        for name, (question, titles) in asked.items():
            self.ask(name, question, help_text=" · ".join(dict.fromkeys(titles)))
        self.asked = list(asked)
        set_plain_error_messages(self.fields)

    def clean(self):
        """A session may ask something since the page was read: nobody signs up unasked."""
        for name in self.asked:
            if self.add_prefix(name) not in self.data:
                self.add_error(name, _("Cette question s’ajoute : répondez-y, ou laissez vide."))
        return super().clean()

    @property
    def answers(self) -> dict[int, list[str]]:
        """What was answered to each session, by its number, in the order of its questions."""
        return {
            session.pk: [self.cleaned_data[name_of(question)] for question in session.asked]
            for session in self.sessions
        }


class SeriesVisitorForm(SeriesAnswersForm, VisitorForm):
    """The same for somebody without account."""


def name_of(question: str) -> str:
    """The name of a field, the same for what a reader takes for the same question.

    Not its place among them: which sessions are open changes between two readings.
    """
    mark = blake2s((title_key(question) or question).encode(), digest_size=8)
    return f"answer_{mark.hexdigest()}"

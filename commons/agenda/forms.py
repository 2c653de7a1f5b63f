"""What one types to sign up: the answers to the organiser's questions; a name and an address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.contributions.forms import set_plain_error_messages
from commons.members.honeypot import HoneypotInput
from commons.pages.fields import EmailField, LineField

ANSWER_LENGTH = 500


class AnswersForm(forms.Form):
    """The questions of a session, for a member: nothing else is asked."""

    def __init__(self, *args, questions=(), **kwargs):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.asked = [f"answer_{number}" for number, _question in enumerate(questions, 1)]
        for name, question in zip(self.asked, questions, strict=True):
            self.ask(name, question)
        set_plain_error_messages(self.fields)

    def ask(self, name: str, question: str, **options) -> None:
        """One question; nobody has to answer."""
        self.fields[name] = LineField(
            label=question, max_length=ANSWER_LENGTH, required=False, **options
        )

    @property
    def answers(self) -> list[str]:
        """What was answered, in the questions' order."""
        return [self.cleaned_data[name] for name in self.asked]


class VisitorForm(AnswersForm):
    """The same for somebody without account; and the bait for robots."""

    name = LineField(
        label=_("Votre nom"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = EmailField(
        label=_("Votre adresse e-mail"),
        help_text=_("Seules les personnes qui organisent la voient."),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    website = forms.CharField(required=False, widget=HoneypotInput)

"""Two traps that stop simple robots and that people never see: a hidden field and a stopwatch."""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

SALT = "commons.members.honeypot"
FASTEST = 2  # seconds: nobody reads and fills a form in less
OLDEST = 24 * 3600  # seconds: a page left open for longer is sent again


class BaitInput(forms.TextInput):
    """A text field that robots fill; `hidden` keeps it from sight, keyboard and screen readers."""

    is_hidden = True

    def __init__(self):
        super().__init__({"hidden": True, "tabindex": "-1", "autocomplete": "off"})


class StampInput(forms.HiddenInput):
    """When the form was first shown, signed; one that is too old starts a new count."""

    def format_value(self, value):
        return value if _is_ours(value) else signing.dumps("form", salt=SALT)


class TrappedForm(forms.Form):
    """Adds both traps: `trapped` says that the bait was taken; a wrong stamp is an error."""

    website = forms.CharField(required=False, widget=BaitInput)
    shown_at = forms.CharField(required=False, widget=StampInput)

    @property
    def trapped(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    def clean_shown_at(self):
        stamp = self.cleaned_data["shown_at"]
        if not _is_ours(stamp):
            raise forms.ValidationError(
                _("Cette page est restée ouverte trop longtemps. Envoyez le formulaire à nouveau.")
            )
        if _younger_than(FASTEST, stamp):
            raise forms.ValidationError(
                _("C’était très rapide. Vérifiez vos réponses et envoyez à nouveau.")
            )
        return stamp


def _is_ours(stamp) -> bool:
    """Whether it was signed here, less than a day ago."""
    try:
        signing.loads(stamp or "", salt=SALT, max_age=OLDEST)
    except signing.BadSignature:
        return False
    return True


def _younger_than(seconds: int, stamp: str) -> bool:
    try:
        signing.loads(stamp, salt=SALT, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return True

"""A honeypot field and a signed time stamp, which stop simple robots and which people never see."""

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

SALT = "commons.members.honeypot"
MIN_SECONDS = 2  # seconds: nobody reads and fills a form in less
MAX_SECONDS = 24 * 3600  # seconds: a page left open for longer is sent again


class HoneypotInput(forms.TextInput):
    """A text field that robots fill; `hidden` keeps it from sight, keyboard and screen readers."""

    is_hidden = True

    def __init__(self):
        super().__init__({"hidden": True, "tabindex": "-1", "autocomplete": "off"})


class TimestampInput(forms.HiddenInput):
    """When the form was first shown, signed; one that is too old starts a new count."""

    def format_value(self, value):
        return value if _is_ours(value) else signing.dumps("form", salt=SALT)


class HoneypotForm(forms.Form):
    """Adds both checks: the view asks `is_honeypot_filled`; a wrong time stamp is a form error."""

    website = forms.CharField(required=False, widget=HoneypotInput)
    shown_at = forms.CharField(required=False, widget=TimestampInput)

    @property
    def is_honeypot_filled(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    def clean_shown_at(self):
        timestamp = self.cleaned_data["shown_at"]
        if not _is_ours(timestamp):
            raise forms.ValidationError(
                _("Cette page est restée ouverte trop longtemps. Envoyez le formulaire à nouveau.")
            )
        if _younger_than(MIN_SECONDS, timestamp):
            raise forms.ValidationError(
                _("C’était très rapide. Vérifiez vos réponses et envoyez à nouveau.")
            )
        return timestamp


def _is_ours(timestamp) -> bool:
    """Whether it was signed here, less than a day ago."""
    try:
        signing.loads(timestamp or "", salt=SALT, max_age=MAX_SECONDS)
    except signing.BadSignature:
        return False
    return True


def _younger_than(seconds: int, timestamp: str) -> bool:
    try:
        signing.loads(timestamp, salt=SALT, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return True

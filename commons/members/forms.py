"""The forms of an account: sign up, sign in, profile, consents, erasure."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.core import context
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from commons.members.accounts import complete_sign_up
from commons.members.honeypot import HoneypotForm
from commons.members.models import Member, Purpose
from commons.members.sign_in_views import sign_in_address, store_next_page
from commons.pages.fields import EmailField, LineField
from commons.pages.navigation import charter
from commons.refused import Refused


class NameField(LineField):
    """A person's name on one line, without what breaks a page or a mail."""

    def __init__(self, **options):
        super().__init__(
            label=_("Nom affiché"),
            max_length=80,
            help_text=_("Votre nom, un prénom ou un pseudonyme. Vous pourrez le changer."),
            widget=forms.TextInput({"autocomplete": "name"}),
            **options,
        )


PASSWORD_HELP = _("Dix caractères au moins. Une phrase se retient bien.")


def _charter_link(request) -> str:
    """A link to the charter, beside the form so that nothing typed is lost; empty without one."""
    page = charter(site=Site.find_for_request(request), user=request.user) if request else None
    if page is None:
        return ""
    words = _("Lire la charte (s’ouvre à côté)")
    return format_html('<a href="{}" target="_blank">{}</a>', page.get_url(request), words)


class TypedAddress(forms.BaseForm):
    """Makes the e-mail fields of an allauth form clean addresses as our other forms do."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.EmailField):
                same = {"label": field.label, "widget": field.widget, "required": field.required}
                self.fields[name] = EmailField(help_text=field.help_text, **same)


class LoginForm(TypedAddress, allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.request is not None:
            address = sign_in_address(self.request, view_name="account_reset_password")
            words = _("Mot de passe oublié ?")
            self.fields["password"].help_text = format_html('<a href="{}">{}</a>', address, words)


class AddEmailForm(TypedAddress, allauth_forms.AddEmailForm):
    pass


class ResetPasswordForm(TypedAddress, allauth_forms.ResetPasswordForm):
    def save(self, request, **kwargs):
        store_next_page(request)
        return super().save(request, **kwargs)


class SignupForm(TypedAddress, allauth_forms.SignupForm, HoneypotForm):
    """One account: an e-mail, a name, a password, and consents given one by one."""

    display_name = NameField()
    charter = forms.BooleanField(
        label=_(
            "Je respecte la charte : je partage ce que je sais, "
            "je cite mes sources, je reste courtois."
        ),
    )
    credit = forms.BooleanField(
        label=Purpose.CREDIT.label,
        required=False,
        help_text=_("Facultatif. Vous pourrez changer d’avis à tout moment."),
    )
    field_order = ["email", "display_name", "password1", "charter", "credit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_HELP
        self.fields["charter"].help_text = _charter_link(context.request)

    def signup(self, request, user):
        chosen = [purpose for purpose in Purpose if self.cleaned_data.get(purpose)]
        complete_sign_up(
            user,
            display_name=self.cleaned_data["display_name"],
            language=(get_language() or "fr")[:2],
            consents=chosen,
        )

    def try_save(self, request):
        store_next_page(request)  # in every case, so that a taken address gets the same response
        if self.is_honeypot_filled:
            return None, get_adapter().respond_email_verification_sent(request, None)
        try:
            with transaction.atomic():
                user, answer = super().try_save(request)
        except (IntegrityError, Refused):
            # Same address twice at once, or erased meanwhile: same response as a taken address.
            email = self.cleaned_data["email"]
            return None, flows.signup.prevent_enumeration(request, email=email)
        if user is None:  # a taken address must not be revealed by a faster response
            make_password(self.cleaned_data["password1"])
        return user, answer


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_HELP


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_HELP


class ActivateCodeForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code de six chiffres")
        self.fields["code"].widget = forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric"}
        )


class ProfileForm(forms.ModelForm):
    display_name = NameField()

    class Meta:
        model = Member
        fields = ["display_name", "language"]


class ConsentsForm(forms.Form):
    """What may be withdrawn; the charter is only shown, since it ends with the account."""

    credit = forms.BooleanField(label=Purpose.CREDIT.label, required=False)


class EraseForm(forms.Form):
    """The password again, and what becomes of the credit."""

    keep_credit = forms.BooleanField(
        label=_("Laisser mon nom sur les pages que j’ai écrites"),
        required=False,
        help_text=_("Sans cette case, votre nom disparaît aussi de ces pages."),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args, member: Member, **kwargs):
        self.member = member
        super().__init__(*args, **kwargs)

    def clean_password(self):
        if not self.member.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("Ce n’est pas votre mot de passe."))
        return self.cleaned_data["password"]

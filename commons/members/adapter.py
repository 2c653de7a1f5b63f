"""Adapters of django-allauth: e-mails in text and HTML, safe redirects, plain error messages."""

from types import SimpleNamespace

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.members.sign_in_views import is_local, sign_in_address


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix, email, context):
        here = context.get("request") or self.request
        for name, value in context.items():
            if name.endswith("_url") and isinstance(value, str):
                context[name] = _at_site_url(value, request=here)
        return super().send_mail(template_prefix, email, context)

    def render_mail(self, template_prefix, email, context, headers=None):
        site_context = {
            "site_name": settings.WAGTAIL_SITE_NAME,
            "site_url": settings.SITE_URL,
            "LANGUAGE_CODE": get_language(),
            "current_site": SimpleNamespace(
                name=settings.WAGTAIL_SITE_NAME, domain=settings.SITE_URL
            ),
        }
        message = super().render_mail(template_prefix, email, context | site_context, headers)
        # The text holds everything: the HTML is the same words, with links that can be clicked.
        body = message.body.rsplit("\n-- \n", 1)[0]
        html = render_to_string(
            "emails/account.html", site_context | {"subject": message.subject, "body": body}
        )
        message.attach_alternative(html, "text/html")
        return message

    def is_safe_url(self, url):
        """Only a path leads on: django-allauth lets whole addresses of this host through too."""
        return is_local(url or "")

    def get_email_verification_redirect_url(self, email_address):
        """Back to the form to sign in, which leads back to where one came from."""
        if self.request.user.is_authenticated:
            return super().get_email_verification_redirect_url(email_address)
        return sign_in_address(self.request)


def _at_site_url(url: str, *, request) -> str:
    """`url` at the address of the site, whatever `Host` its request named."""
    return settings.SITE_URL + url.removeprefix(request.build_absolute_uri("/").rstrip("/"))


class CodesAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Ce code n’est pas le bon. Attendez le suivant et réessayez."),
    }

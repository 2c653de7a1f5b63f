"""Write to people: one template name gives a message's text and HTML, in their language."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from commons.pages.text import clean_line


def notify(  # noqa: PLR0913 - what a mail has
    template: str,
    *,
    to: str | Iterable[str],
    subject: str,
    context: dict | None = None,
    language: str | None = None,
    attachments: Iterable[tuple[str, bytes, str]] = (),
    headers: dict[str, str] | None = None,
) -> None:
    """Send `emails/<template>.txt` and `.html` to each address of `to` apart.

    The outbox keeps the message with the caller's transaction. Templates get `site_url` (no final
    slash) for absolute links, `site_name` and `subject`. `subject` may be lazy. An attachment is
    (file name, content, MIME type).
    """
    attachments = list(attachments)
    for address in [to] if isinstance(to, str) else to:
        message = compose(
            template,
            to=address,
            subject=subject,
            context=context,
            language=language,
            headers=headers,
        )
        for attachment in attachments:
            message.attach(*attachment)
        message.send()


def compose(  # noqa: PLR0913 - what a mail has
    template: str,
    *,
    to: str,
    subject: str,
    context: dict | None = None,
    language: str | None = None,
    headers: dict[str, str] | None = None,
) -> EmailMultiAlternatives:
    """The message that `notify` would send, without sending it."""
    language = language or settings.LANGUAGE_CODE
    with translation.override(language):
        subject = clean_line(str(subject))[:200]
        values = {
            "site_url": settings.SITE_URL,
            "site_name": settings.WAGTAIL_SITE_NAME,
            "subject": subject,
            "LANGUAGE_CODE": language,
            **(context or {}),
        }
        text = get_template(f"emails/{template}.txt").template
        body = text.render(Context(values, autoescape=False)).strip() + "\n"
        html = get_template(f"emails/{template}.html").render(values)
    message = EmailMultiAlternatives(subject, body, to=[to], headers=headers)
    message.attach_alternative(html, "text/html")
    return message

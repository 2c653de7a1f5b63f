"""One template name makes the text and the HTML of a mail, in the reader's language."""

import pytest
from django.utils.translation import get_language

from commons.members.notifications import notify


@pytest.fixture
def email_template(settings, tmp_path):
    folder = tmp_path / "emails"
    folder.mkdir()
    (folder / "letter.txt").write_text(
        '{% extends "emails/base.txt" %}'
        "{% block content %}{{ who }} {{ LANGUAGE_CODE }}{% endblock %}"
    )
    (folder / "letter.html").write_text(
        '{% extends "emails/base.html" %}{% block content %}<p>{{ who }}</p>'
        '{% include "emails/button.html" with url=site_url label=who only %}{% endblock %}'
    )
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], tmp_path]}]
    return "letter"


def test_notify_sends_text_and_html(email_template, mailoutbox, settings):
    notify(email_template, to="a@example.org", subject="Bonjour", context={"who": "Zoé & <Léo>"})
    [mail] = mailoutbox
    assert mail.body.startswith("Zoé & <Léo> fr\n"), "the text is not escaped"
    [(html, mimetype)] = mail.alternatives
    assert mimetype == "text/html"
    assert "Zoé &amp; &lt;Léo&gt;" in html
    assert f'href="{settings.SITE_URL}"' in html


def test_notify_uses_the_language_of_the_reader_only_for_the_mail(email_template, mailoutbox):
    notify(
        email_template, to="a@example.org", subject="Hello", context={"who": "Zoé"}, language="en"
    )
    assert mailoutbox[0].body.startswith("Zoé en")
    assert get_language() == "fr"


def test_notify_keeps_the_subject_on_one_line(email_template, mailoutbox):
    notify(email_template, to="a@example.org", subject="Merci\r\nBcc: x@y.z", context={"who": "Z"})
    assert mailoutbox[0].subject == "Merci Bcc: x@y.z"


def test_notify_does_not_show_recipients_to_each_other(email_template, mailoutbox):
    notify(email_template, to=["a@example.org", "b@example.org"], subject="S", context={"who": "Z"})
    assert [mail.to for mail in mailoutbox] == [["a@example.org"], ["b@example.org"]]

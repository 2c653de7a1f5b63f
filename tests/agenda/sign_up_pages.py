"""Signing up as a browser does it, and what a page of a session says."""

import re

from django.template.loader import render_to_string
from django.utils.html import strip_tags

from commons.agenda import emails, presentation
from tests.contributions.form_data import summed, ticket

VISITOR = {"name": "Ana Petit", "email": "ana@example.org", "do": "send"}


def address(session, name="session_register") -> str:
    return presentation.address(name, session.page, session)


def posted(**changes) -> dict:
    """The whole form as an honest visitor without JavaScript posts it."""
    given = ticket()
    return {**VISITOR, "ticket": given, "sum": summed(given), **changes}


def words(html: str) -> str:
    """What one reads, on one line, with plain spaces."""
    return re.sub(r"\s+", " ", strip_tags(html))


def said(page, user) -> str:
    """The HTML of the sessions of a page for one reader."""
    return render_to_string("agenda/sessions.html", {"page": page, "user": user})


def page_of(response) -> str:
    """What the body of an answer says."""
    return words(response.content.decode().split("<main", 1)[1].split("</main>")[0])


def key_of(found) -> str:
    """The address in the mail that asks for a confirmation."""
    return f"/compte/inscription/confirmer/{emails.confirmation_key([found])}/"


def private(found) -> str:
    """The address of the private page of a registration."""
    return f"/compte/inscription/{found.token}/"

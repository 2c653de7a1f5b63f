"""What a page says where there is nothing to show: whose fault it is, and what to do now."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.views.defaults import permission_denied

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
PLACE = "/fr/se-documenter/reserve/"


@pytest.fixture
def shown(rf):
    def as_seen(view, *args, user=None, **kwargs):
        request = rf.get(PLACE)
        request.user, request.resolver_match = user or AnonymousUser(), None
        return view(request, *args, **kwargs).content.decode()

    return as_seen


def test_a_visitor_at_a_reserved_page_is_offered_to_sign_in_and_to_come_back(shown):
    html = shown(permission_denied, PermissionError())
    assert "Votre compte" not in html
    main = html[html.index("<main") :]
    assert f'href="/compte/login/?next={PLACE}"' in main


def test_a_member_at_a_reserved_page_is_told_whom_to_write_to(shown):
    html = shown(permission_denied, PermissionError(), user=factories.member())
    main = html[html.index("<main") :].split("</main>")[0]
    assert "Votre compte ne donne pas accès" in main
    assert 'href="mailto:' in main
    assert "Se connecter" not in main


def test_too_many_tries_lead_to_a_new_password_who_is_not_signed_in(shown):
    assert "/compte/password/reset/" in shown(render, "429.html")
    assert "/compte/password/reset/" not in shown(render, "429.html", user=factories.member())


def test_a_page_that_is_not_there_offers_to_search(client):
    answer = client.get("/fr/rien/")
    assert answer.status_code == 404
    main = answer.text[answer.text.index("<main") :]
    assert 'action="/fr/recherche/"' in main
    assert 'for="q"' in main

"""Editors see what was looked for in vain, and start the question with one click."""

import re

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from commons.members.permissions import COMMITTEE, EDITOR
from commons.resources.models import Question
from search.models import Gap
from tests import factories


def test_editors_read_the_gaps_and_start_a_question(client, library):
    gap = Gap.objects.create(language="fr", words="xylophone a roues", times=3)
    client.force_login(factories.member(groups=[EDITOR]))
    assert "xylophone a roues" in client.get(reverse("search_gaps")).content.decode()
    answer = client.post(reverse("search_gap_question", args=[gap.pk]))
    page = Question.objects.get()
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert (page.title, page.live) == ("Xylophone a roues", False)
    assert not Gap.objects.exists()
    assert client.get(answer.url).status_code == 200


def test_the_day_of_the_last_search_has_no_hour(client, library):
    """It would be counted from midnight: « il y a 11 heures » for a minute ago."""
    Gap.objects.create(language="fr", words="xylophone a roues")
    client.force_login(factories.member(groups=[EDITOR]))
    html = client.get(reverse("search_gaps")).content.decode()
    assert date_format(timezone.localdate()) in html
    assert "Il y a" not in html


def test_the_button_carries_its_token(library):
    csrf_client = Client(enforce_csrf_checks=True)
    gap = Gap.objects.create(language="fr", words="xylophone")
    csrf_client.force_login(factories.member(groups=[EDITOR]))
    start = reverse("search_gap_question", args=[gap.pk])
    shown = csrf_client.get(reverse("search_gaps")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.split(start)[1])
    assert csrf_client.post(start).status_code == 403
    csrf_client.post(start, {"csrfmiddlewaretoken": token[1]})
    assert Question.objects.exists()


def test_others_cannot_start_a_question(client, library):
    gap = Gap.objects.create(language="fr", words="xylophone")
    start = reverse("search_gap_question", args=[gap.pk])
    assert client.get(start).status_code == 302
    client.force_login(factories.member(groups=[COMMITTEE]))
    client.post(start)
    assert not Question.objects.exists()
    assert Gap.objects.exists()

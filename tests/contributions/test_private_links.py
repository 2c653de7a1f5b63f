"""A private link opens one thing, for its time, and nothing after its owner said no."""

import datetime
import re

import pytest
import time_machine
from django.core import mail, signing
from django.test import Client

from commons.contributions import emails, submission
from commons.contributions.models import Contribution, State
from commons.members.bot_check import issue
from commons.resources.models import Article
from tests import factories
from tests.contributions.form_data import drafted, posted, visitor

pytestmark = pytest.mark.usefixtures("library")
CHOOSE = "/fr/se-documenter/proposer/"


def sent(client) -> Contribution:
    """A visitor's proposal that waits for its confirmation, posted as they do."""
    form = posted()
    client.post(f"{CHOOSE}article/", form)
    contribution = Contribution.objects.latest("pk")
    contribution.form = form
    return contribution


def confirming(contribution) -> str:
    return f"{CHOOSE}confirmer/{emails.confirmation_key(contribution)}/"


def draft(contribution) -> str:
    return f"{CHOOSE}brouillon/{contribution.token}/"


def state(contribution) -> State:
    contribution.refresh_from_db()
    return State(contribution.state)


def test_the_link_of_the_mail_ends_after_three_days(client):
    contribution = sent(client)
    link = confirming(contribution)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3.1)):
        assert client.get(link).status_code == client.post(link).status_code == 404
    assert state(contribution) == State.UNCONFIRMED
    assert client.post(link).status_code == 302
    assert state(contribution) == State.IN_REVIEW


def test_the_link_of_the_mail_serves_once(client):
    contribution = sent(client)
    link = confirming(contribution)
    for _ in range(3):
        assert client.post(link).status_code == 302
    assert Article.objects.count() == 1
    assert contribution.events.filter(state=State.IN_REVIEW).count() == 1


def test_the_link_of_the_mail_ends_with_the_address(client):
    contribution = sent(client)
    link = confirming(contribution)
    client.post(draft(contribution), {**contribution.form, "sender_email": "autre@example.org"})
    assert client.post(link).status_code == 404


@pytest.mark.parametrize("at", ["unconfirmed", "in review"])
def test_nothing_sent_again_after_a_withdrawal(client, at):
    contribution = sent(client)
    link = confirming(contribution)
    if at == "in review":
        client.post(link)
    client.post(f"/compte/contributions/{contribution.token}/retirer/")
    assert state(contribution) == State.WITHDRAWN
    mail.outbox.clear()
    for address, form in [
        (link, {}),
        (draft(contribution), contribution.form),
        (f"{CHOOSE}article/", contribution.form),
        (f"/compte/contributions/{contribution.token}/retirer/", {}),
    ]:
        assert client.post(address, form).status_code in {200, 302}, address
    assert state(contribution) == State.WITHDRAWN
    assert not Article.objects.exists()
    assert mail.outbox == []
    assert "Retirée" in client.get(draft(contribution)).content.decode()


def test_no_secret_works_at_another_address(client, settings):
    """Each kind of secret is tried at each kind of door."""
    contribution = sent(client)
    key, ticket = emails.confirmation_key(contribution), issue(contribution.token)
    other = signing.dumps([contribution.pk, emails._address_digest(contribution)], salt="another")
    addresses = [
        f"{CHOOSE}brouillon/{{}}/",
        f"{CHOOSE}confirmer/{{}}/",
        "/compte/contributions/{}/retirer/",
        "/compte/confirm-email/{}/",
        "/compte/password/reset/key/1-{}/",
    ]
    own = {
        (addresses[0], contribution.token),
        (addresses[2], contribution.token),
        (addresses[1], key),
    }
    for address in addresses:
        for secret in (contribution.token, key, ticket, other, f"{key}x", key.upper()):
            if (address, secret) not in own:
                answer = client.post(address.format(secret))
                answered = (address, answer.status_code)
                assert answer.status_code in {200, 302, 404}, answered
                assert state(contribution) == State.UNCONFIRMED, answered
    for false_ticket in (key, contribution.token, other):
        client.post(f"{CHOOSE}article/", {**posted(), "ticket": false_ticket})
    assert state(contribution) == State.UNCONFIRMED
    assert "_auth_user_id" not in client.session


def test_the_link_of_one_proposal_does_not_open_another(client):
    first, second = sent(client), sent(client)
    client.post(confirming(first))
    assert (state(first), state(second)) == (State.IN_REVIEW, State.UNCONFIRMED)


def test_a_member_s_draft_is_not_opened_by_its_link_alone():
    contribution = drafted(factories.member())
    visitor, other = Client(), Client()
    other.force_login(factories.member(is_superuser=True))
    for who in (visitor, other):
        assert who.get(draft(contribution)).status_code == 404
        assert who.post(draft(contribution), posted()).status_code == 404
        withdrawing = f"/compte/contributions/{contribution.token}/retirer/"
        assert who.post(withdrawing, follow=True).status_code == 404
    assert state(contribution) == State.DRAFT


def test_private_pages_are_not_cached_and_send_no_referrer(client):
    contribution = sent(client)
    for address in (draft(contribution), confirming(contribution)):
        answer = client.get(address)
        assert {"no-store", "private"} <= set(re.split(", *", answer["Cache-Control"])), address
        assert answer["Referrer-Policy"] == "same-origin"
        assert 'content="noindex"' in answer.content.decode()


def test_the_number_of_another_proposal_is_of_no_use(db):
    """The key holds a number and a mark: neither can be changed apart from the other."""
    mine, theirs = drafted(visitor()), drafted(visitor())
    for contribution in (mine, theirs):
        submission.submit(contribution, by=visitor(contribution.email))
    pk, mark = signing.loads(emails.confirmation_key(mine), salt=emails._SALT)
    crossed = signing.dumps([theirs.pk, mark], salt=emails._SALT)
    assert emails.read_confirmation_key(crossed) is None
    assert pk == mine.pk

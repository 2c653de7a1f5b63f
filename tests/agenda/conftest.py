"""A training of a member, its session, and their browser."""

import pytest

from tests import factories


@pytest.fixture
def owner():
    return factories.member(display_name="Camille")


@pytest.fixture
def session(owner):
    return factories.session(factories.training(title="Fixer un prix", owner=owner), capacity=3)


@pytest.fixture
def organiser(client, owner):
    client.force_login(owner)
    return client

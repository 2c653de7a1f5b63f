"""What trainings are filtered and ordered by follows each change of their dates, and time."""

import datetime

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import PageViewRestriction

from commons.agenda import scheduling
from commons.scheduled_jobs import finish_index
from commons.trainings.models import Series, Training
from search.contract import Query, Scope, search
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def when(value: str, order: str = "rank") -> list[str]:
    types = ContentType.objects.get_for_models(Training, Series).values()
    scope = Scope("fr", kinds=tuple(kind.pk for kind in types))
    ids = search(Query("", scope, filters={"when": [value]}, order=order)).ids[:]
    titles = {**dict(Training.objects.values_list("pk", "title"))}
    titles |= dict(Series.objects.values_list("pk", "title"))
    return [titles[pk] for pk in ids]


def test_a_date_that_passes_is_followed_by_the_scheduled_job():
    page = factories.training(title="Demain")
    factories.session(page, in_days=1)
    factories.session(page, in_days=3)
    other = factories.training(title="Après-demain")
    factories.session(other, in_days=2)
    assert (when("upcoming"), when("past")) == (["Demain", "Après-demain"], [])
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1.5)):
        finish_index()
        assert (when("upcoming"), when("past")) == (["Après-demain", "Demain"], [])
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        finish_index()
        assert (when("upcoming"), when("past")) == ([], ["Demain", "Après-demain"])
        assert finish_index() == "0 pages"


def test_a_session_called_off_put_off_or_restored_is_followed_at_once():
    session = factories.session(factories.training(title="Demain"), in_days=1)
    for act, upcoming in (
        (scheduling.cancel_session, []),
        (scheduling.restore_session, ["Demain"]),
        (scheduling.postpone_session, []),
        (scheduling.restore_session, ["Demain"]),
    ):
        session = act(session, by=None)
        assert when("upcoming") == upcoming, act.__name__
    scheduling.delete_session(session, by=None)
    assert when("upcoming") == []


def test_a_session_moved_or_skipped_for_a_day_is_followed_at_once():
    page = factories.training(title="Une")
    session = factories.session(page, in_days=1)
    factories.session(factories.training(title="Autre"), in_days=2)
    assert when("upcoming") == ["Une", "Autre"]
    session.starts_at += datetime.timedelta(days=5)
    session.ends_at += datetime.timedelta(days=5)
    scheduling.save_session(session, by=None)
    assert when("upcoming") == ["Autre", "Une"]


def test_a_series_follows_its_trainings(django_capture_on_commit_callbacks):
    part = factories.training(title="Partie")
    factories.series(part, title="Cycle")
    assert when("upcoming") == []
    session = factories.session(part, in_days=1)
    assert set(when("upcoming")) == {"Partie", "Cycle"}
    scheduling.cancel_session(session, by=None)
    assert when("upcoming") == []
    scheduling.restore_session(session, by=None)
    part.refresh_from_db()
    part.unpublish()
    assert when("upcoming") == []
    part.save_revision().publish()
    assert set(when("upcoming")) == {"Partie", "Cycle"}
    restriction = PageViewRestriction.objects.create(page=part, restriction_type="login")
    assert when("upcoming") == ["Partie"]
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert set(when("upcoming")) == {"Partie", "Cycle"}


def test_a_recording_makes_a_replay_once_it_is_published(django_capture_on_commit_callbacks):
    recording = factories.recording(title="Le film", live=False, url="https://example.org/a.mp4")
    page = factories.training(title="À revoir")
    factories.session(page, in_days=-1, replay=recording)
    assert when("replay") == []
    recording.save_revision().publish()
    assert when("replay") == ["À revoir"]
    restriction = PageViewRestriction.objects.create(page=recording, restriction_type="login")
    assert when("replay") == []
    with django_capture_on_commit_callbacks(execute=True):
        restriction.delete()
    assert when("replay") == ["À revoir"]
    recording.refresh_from_db()
    recording.unpublish()
    assert when("replay") == []

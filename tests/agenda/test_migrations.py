"""What a migration makes of rows that are there already."""

import datetime
import importlib
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps

from tests import factories


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_dates_in_lists_learn_their_days_at_the_place():
    start = datetime.datetime(2027, 1, 31, 21, tzinfo=ZoneInfo("America/Martinique"))
    session = factories.session(starts_at=start, hours=4, time_zone="America/Martinique")
    long_ago = datetime.date(2000, 1, 1)
    session.occurrences.update(first_day=long_ago, last_day=long_ago)
    name = "commons.agenda.migrations.0005_days_of_occurrences"
    importlib.import_module(name).tell_days(apps, None)
    (row,) = session.occurrences.all()
    assert (row.first_day, row.last_day) == (start.date(), start.date())

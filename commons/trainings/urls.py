"""Proposals of trainings, the calendar of a selection, and signing up for a series."""

from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _

from commons.contributions.urls import proposals
from commons.pages.section_addresses import under_section
from commons.trainings import feeds, views
from commons.trainings.contribution_forms import TrainingForm
from commons.trainings.models import TrainingsPage

urlpatterns = [
    under_section(TrainingsPage, _("se-former/proposer/"), proposals(TrainingsPage, TrainingForm)),
    re_path(
        r"^(?P<slug>[\w-]+)/calendrier\.ics$", feeds.trainings_calendar, name="trainings_calendar"
    ),
    path(
        _("<slug:section>/<slug:slug>/inscription/"),
        views.SeriesSignUp.as_view(),
        name="series_register",
    ),
]

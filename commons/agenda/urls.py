"""The addresses of sessions, under those of their pages, and of who signed up, in *Mon compte*."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from commons.agenda import account_views, views
from commons.agenda.mute_views import Mute

# Before Wagtail's, in every language.
of_pages = [
    path(
        _("<path:path>/seances/<int:pk>/inscription/"),
        views.SignUp.as_view(),
        name="session_register",
    ),
    path(
        _("<path:path>/seances/<int:pk>.ics"),
        views.SessionCalendar.as_view(),
        name="session_ics",
    ),
]
of_account = [
    path("inscriptions/", account_views.my_registrations, name="my_registrations"),
    path("inscriptions/calendrier/", account_views.change_calendar, name="change_calendar"),
    path("inscription/confirmer/<str:key>/", views.Confirm.as_view(), name="registration_confirm"),
    path("inscription/<slug:token>/", views.PrivateRegistration.as_view(), name="registration"),
    path("inscription/<slug:token>/messages/", Mute.as_view(), name="registration_mute"),
    path("inscription/<slug:token>.ics", views.PrivateCalendar.as_view(), name="registration_ics"),
    path("calendrier/<slug:token>.ics", account_views.MyCalendar.as_view(), name="my_calendar"),
]

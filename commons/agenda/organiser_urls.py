"""The screens of organisers, in *Mon compte*."""

from django.urls import path

from commons.agenda import organiser_views as views

urlpatterns = [
    path("seances/", views.sessions, name="organised_sessions"),
    path("seances/nouvelle/<int:page>/", views.edit, name="new_session"),
    path("seances/<int:pk>/", views.Attendees.as_view(), name="organised_session"),
    path("seances/<int:pk>/modifier/", views.edit, name="edit_session"),
    path("seances/<int:pk>/etat/", views.SessionStatus.as_view(), name="call_off_session"),
    path("seances/<int:pk>/retirer/<int:registration>/", views.remove, name="remove_person"),
    path("seances/<int:pk>/presence/", views.attendance, name="session_attendance"),
    path("seances/<int:pk>/message/", views.write, name="session_message"),
    path("seances/<int:pk>/export.<str:kind>", views.export, name="session_export"),
    path("seances/<int:pk>/emargement/", views.sign_in_sheet, name="session_sheet"),
]

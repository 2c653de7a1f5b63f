"""The addresses of "Mon compte", before those of django-allauth."""

from django.urls import path

from commons.members import views

urlpatterns = [
    path("", views.account_home, name="account_home"),
    path("consentements/", views.account_consents, name="account_consents"),
    path("donnees/", views.account_data, name="account_data"),
    path("mes-donnees/", views.account_export, name="account_export"),
    path("supprimer/", views.account_erase, name="account_erase"),
]

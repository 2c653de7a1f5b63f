"""The addresses of proposals, which a section mounts in one line, and of an author's own list."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from commons.contributions import registry, views


def proposals(parent: type[Page], *forms: type):
    """The addresses by which one proposes pages under `parent`; each form declares a kind."""
    section = parent._meta.app_label
    for form in forms:
        registry.declare(form, section=section, parent=parent)
    addresses = [
        path("", views.choose, {"section": section}, name="choose"),
        path(_("brouillon/<slug:token>/"), views.WriteView.as_view(), name="draft"),
        path(_("confirmer/<str:key>/"), views.ConfirmView.as_view(), name="confirm"),
        path("<slug:kind>/", views.WriteView.as_view(), {"section": section}, name="propose"),
    ]
    return include((addresses, "proposals"), namespace=f"proposals-{section}")


urlpatterns = [
    path("contributions/", views.my_contributions, name="my_contributions"),
    path("contributions/<slug:token>/retirer/", views.withdraw, name="withdraw"),
]

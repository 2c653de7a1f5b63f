"""Search and feed of the whole site, under each language."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from commons.pages import feeds, search_views

urlpatterns = [
    path(_("recherche/"), search_views.search, name="search"),
    path(_("recherche/suggestions/"), search_views.suggestions, name="search_suggestions"),
    path("flux.xml", feeds.site_feed, name="site_feed"),
]

"""Search and feeds, of the whole site and of each section, under each language."""

from django.urls import path, re_path
from django.utils.translation import gettext_lazy as _

from commons.pages import feeds, search_views

urlpatterns = [
    path(_("recherche/"), search_views.search, name="search"),
    path(_("recherche/suggestions/"), search_views.suggestions, name="search_suggestions"),
    path("flux.xml", feeds.site_feed, name="site_feed"),
    re_path(r"^(?P<slug>[\w-]+)/flux\.xml$", feeds.section_feed, name="section_feed"),
]

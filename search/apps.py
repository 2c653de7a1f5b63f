"""The search app; it knows pages, never page types."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"

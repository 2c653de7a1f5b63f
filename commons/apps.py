"""The roof: commands that name every package."""

from django.apps import AppConfig


class CommonsConfig(AppConfig):
    name = "commons"

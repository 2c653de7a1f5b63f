"""The admin's home: large plain ways in, which each package registers for whom they are for.

A package says `@hooks.register("register_home_action")` before a function of a user that returns a
`HomeAction`, or None where the user has no use for it.
"""

from dataclasses import dataclass

from django.conf import settings
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.models import Page

HOOK = "register_home_action"


@dataclass(frozen=True)
class HomeAction:
    """One way in; `count` is how many things wait behind it, None where nothing is counted."""

    label: str
    description: str
    url: str
    icon: str
    order: int
    count: int | None = None


def home_actions(user) -> list[HomeAction]:
    """What `user` may do from the home of the admin, in order."""
    offered = (register(user) for register in hooks.get_hooks(HOOK))
    return sorted((action for action in offered if action), key=lambda action: action.order)


class HomeActions(Component):
    """The ways in, above the panels of Wagtail."""

    order = 10
    template_name = "pages/admin/home_actions.html"

    def get_context_data(self, parent_context):
        return {"actions": home_actions(parent_context["request"].user)}


def in_language_of(pages, user) -> Page | None:
    """The one of `pages` in the language of `user`, else in the first language of the site."""
    language = getattr(user, "language", "") or settings.LANGUAGE_CODE
    found = list(pages.select_related("locale").order_by("path"))
    own = (page for page in found if page.locale.language_code == language)
    return next(own, next(iter(found), None))

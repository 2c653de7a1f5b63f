"""The members app, and Wagtail's users app with our kind of member."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class MembersConfig(AppConfig):
    name = "commons.members"
    verbose_name = _("Membres")
    default = True

    def ready(self):
        post_migrate.connect(_grant_access, sender=self)


class MemberAdminConfig(WagtailUsersAppConfig):
    group_viewset = "commons.members.viewsets.MemberGroupViewSet"
    user_viewset = "commons.members.viewsets.MemberViewSet"


def _grant_access(**_signal):
    from commons.members.permission_names import name_in_french
    from commons.members.permissions import grant_access

    grant_access()
    name_in_french()

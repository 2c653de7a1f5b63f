"""The acronyms in the admin: editors keep the list that searches read."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from search.models import Acronym


class AcronymViewSet(SnippetViewSet):
    model = Acronym
    icon = "title"
    menu_label = _("Sigles")
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["short", "long"]
    search_fields = ["short", "long"]
    search_backend_name = None
    inspect_view_enabled = False


register_snippet(AcronymViewSet)

"""The classification in the Wagtail admin: one list of terms, filtered by vocabulary and parent."""

from django.conf import settings
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    TitleFieldPanel,
)
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from commons.refused import Refused
from commons.taxonomy.forms import TermForm
from commons.taxonomy.hierarchy import check_unused
from commons.taxonomy.models import Term, Vocabulary


class TermFilterSet(WagtailFilterSet):
    """One list at a time, that of themes first; words are looked for in all of them.

    Parents are offered only when they have children, in the language of the screen.
    """

    locale = ChoiceFilter(
        label=_("Langue"),
        field_name="locale__language_code",
        choices=settings.LANGUAGES,
        empty_label=None,
    )
    vocabulary = ChoiceFilter(label=_("Liste"), choices=Vocabulary.choices, empty_label=None)

    def __init__(self, data=None, *args, **kwargs):
        data = (data or QueryDict()).copy()
        if not data.get("vocabulary") and not data.get("q"):
            data["vocabulary"] = Vocabulary.THEME
        data.setdefault("locale", settings.LANGUAGE_CODE)
        super().__init__(data, *args, **kwargs)
        parents = Term.objects.filter(children__isnull=False, vocabulary=data.get("vocabulary", ""))
        parents = parents.filter(locale__language_code=data["locale"]).distinct()
        self.filters["parent"].field.queryset = parents

    class Meta:
        model = Term
        fields = ["vocabulary", "locale", "parent"]


class TermViewSet(SnippetViewSet):
    model = Term
    icon = "tag"
    menu_label = _("Classement")
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["name", "parent", "code", "sort_order"]
    filterset_class = TermFilterSet
    search_fields = ["name", "slug", "code"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            HelpPanel(
                _(
                    "Une page classée par un terme l’est aussi par ses parents : déplacer un "
                    "terme met les pages à jour."
                )
            ),
            TitleFieldPanel("name", targets=["slug"]),
            FieldRowPanel([FieldPanel("vocabulary"), FieldPanel("parent")]),
            FieldPanel("description", help_text=_("Affichée en tête des listes. Facultative.")),
            MultiFieldPanel(
                [
                    FieldPanel(
                        "slug",
                        help_text=_("Le changer casse les adresses déjà partagées."),
                    ),
                    FieldRowPanel([FieldPanel("code"), FieldPanel("sort_order")]),
                ],
                heading=_("Réglages"),
            ),
        ],
        base_form_class=TermForm,
    )

    def get_queryset(self, request):
        return Term.objects.select_related("parent", "locale")


register_snippet(TermViewSet)


@hooks.register("before_delete_snippet")
def keep_used_terms(request, instances):
    return _refusal(request, instances)


@hooks.register("before_bulk_action")
def keep_used_terms_together(request, action_type, objects, action):
    return _refusal(request, objects) if action_type == "delete" else None


def _refusal(request, objects):
    """Back to the list with a sentence when one of these terms is used; None otherwise."""
    try:
        for term in objects:
            if isinstance(term, Term):
                check_unused(term)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(Term.snippet_viewset.get_url_name("list"))
    return None

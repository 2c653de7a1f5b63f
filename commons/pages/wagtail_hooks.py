"""What the admin shows of this site: its colours, ways in, help, pages to read, translations."""

from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.rich_text.pages import PageLinkHandler

from commons.pages import admin_words, help_views, review_views
from commons.pages.admin_access import knowable, works_everywhere
from commons.pages.admin_home import HomeAction, HomeActions
from commons.pages.cache_version import cached
from commons.pages.reviewing import ACTION as REVIEWED
from commons.pages.reviewing import to_review
from commons.pages.translation import offline_translations, source_of
from commons.pages.untranslated import MEANT, WITHHELD, is_refused, nothing_written
from commons.pages.untranslated_views import leave, refuse_publication


class RememberedPageLinkHandler(PageLinkHandler):
    """Links between pages inside texts: each address is looked for once a version."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        known = cached(("links", get_language()), dict)
        missing = {attrs.get("id"): attrs for attrs in attrs_list if attrs.get("id") not in known}
        if missing:
            links = super().expand_db_attributes_many([*missing.values()])
            known.update(zip(missing, links, strict=True))
        return [known[attrs.get("id")] for attrs in attrs_list]


@hooks.register("register_rich_text_features", order=10)
def remember_page_links(features):
    features.register_link_type(RememberedPageLinkHandler)


@hooks.register("construct_page_chooser_queryset")
def offer_what_one_may_know(pages, request):
    return pages if works_everywhere(request.user) else pages & knowable(request.user)


# What only who runs the site needs; « Pages à relire » says more than Wagtail's aging pages.
TECHNICAL = {"workflows", "workflow-tasks", "aging-pages", "page-types-usage", "editor-guide"}


def without(menu_items, names) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in names]


@hooks.register("construct_reports_menu")
def reports_for_the_team(request, menu_items):
    if not works_everywhere(request.user):
        without(menu_items, {"translations"})
    if not request.user.is_superuser:
        without(menu_items, TECHNICAL)


@hooks.register("construct_help_menu")
def help_for_the_team(request, menu_items):
    if not request.user.is_superuser:
        news = {item.name for item in menu_items if item.name.startswith("whats-new")}
        without(menu_items, TECHNICAL | news)


@hooks.register("register_help_menu_item")
def guide_menu_item():
    label = gettext_lazy("Guide de l’équipe")
    return MenuItem(label, reverse("team_guide"), name="team-guide", icon_name="help", order=10)


@hooks.register("after_publish_page")
def tell_offline_translations(request, page):
    for other in offline_translations(page):
        messages.info(
            request,
            _("La traduction « %(title)s » (%(language)s) reste hors ligne : publiez-la à part.")
            % {"title": other.title, "language": other.locale.get_display_name()},
        )


# Before that of wagtail-localize, which publishes by itself.
@hooks.register("before_edit_page", order=-10)
def refuse_untranslated(request, page):
    """A page whose text is still that of its source is not published in another language."""
    if request.POST.get("action") == "publish" and nothing_written(page):
        return refuse_publication(request, page)
    return None


@hooks.register("before_publish_page")
def refuse_untranslated_draft(request, page):
    """In Wagtail's own editor, also for a later day; the text is saved already."""
    draft = page.get_latest_revision_as_object()
    return refuse_publication(request, page) if is_refused(draft) else None


@hooks.register("before_bulk_action")
def refuse_untranslated_among(request, action_type, objects, action):
    """All or none: what comes out with others is looked at before the first one does."""
    if action_type != "publish" or not issubclass(action.model, Page):
        return None
    pages = list(objects)
    if "include_descendants" in request.POST:
        pages += [one for page in objects for one in page.get_descendants().not_live()]
    for page in pages:
        if is_refused(page.get_latest_revision_as_object()):
            return refuse_publication(request, page)
    return None


@hooks.register("before_edit_page")
def tell_hidden_source(request, page):
    source = source_of(page)
    if request.method == "GET" and source is not None and not source.live:
        messages.warning(
            request,
            _("La page d’origine n’est pas publiée : cette traduction reste hors ligne."),
        )


@hooks.register("insert_global_admin_css")
def colours_of_the_site():
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


hooks.register("insert_global_admin_js", admin_words.script)


@hooks.register("construct_homepage_panels")
def ways_in_first(request, panels):
    panels.insert(0, HomeActions())


def may_edit_pages(user) -> bool:
    return page_permission_policy.user_has_any_permission(user, ["change", "publish"])


class ReviewMenuItem(MenuItem):
    def is_shown(self, request):
        return may_edit_pages(request.user)


@hooks.register("register_admin_urls")
def urls():
    report = review_views.PagesToReview
    return [
        path("aide/", help_views.guide, name="team_guide"),
        path("a-relire/", report.as_view(), name="pages_to_review"),
        path("a-relire/liste/", report.as_view(results_only=True), name="pages_to_review_results"),
        path("a-relire/<int:pk>/relue/", review_views.mark, name="mark_page_reviewed"),
        path("pages-non-traduites/<int:page_id>/", leave, name="leave_untranslated"),
    ]


@hooks.register("register_reports_menu_item")
def review_menu_item():
    label = gettext_lazy("Pages à relire")
    return ReviewMenuItem(label, reverse("pages_to_review"), icon_name="glasses", order=40)


@hooks.register("register_home_action")
def pages_to_review(user):
    if not may_edit_pages(user):
        return None
    return HomeAction(
        label=_("Pages à relire"),
        description=_("Leur date de relecture est passée, ou proche."),
        url=reverse("pages_to_review"),
        icon="glasses",
        order=40,
        count=to_review(user).count(),
    )


@hooks.register("register_log_actions")
def log_actions(actions):
    label = gettext_lazy("Relit la page sans la changer")
    actions.register_action(REVIEWED, label, label)
    label = gettext_lazy("Laisse la page dans sa langue d’origine")
    actions.register_action(MEANT, label, label)
    label = gettext_lazy("N’est pas parue au jour dit : rien n’est traduit")
    actions.register_action(WITHHELD, label, label)

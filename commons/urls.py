"""Every address of the site: the roof, which names every package."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from commons import probes
from commons.agenda.urls import of_account, of_pages
from commons.members.views import admin_login, document_password, page_password, sign_in
from commons.pages import media_views, page_views, well_known_views

handler404 = "commons.pages.error_views.page_not_found"

urlpatterns = [
    path("", RedirectView.as_view(url="/fr/")),
    path("healthz", probes.alive),
    path("readyz", probes.ready),
    path("robots.txt", well_known_views.robots, name="robots"),
    path("sitemap.xml", well_known_views.sitemap, name="sitemap"),
    path(".well-known/security.txt", well_known_views.security),
    path("manifest.webmanifest", well_known_views.manifest),
    path("admin/login/", admin_login),
    path("admin/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("admin/", include(wagtailadmin_urls)),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        document_password,
        name="wagtaildocs_authenticate_with_password",
    ),
    path("documents/", include(wagtaildocs_urls)),
    path("compte/", include("commons.members.urls")),
    path("compte/", include("commons.contributions.urls")),
    path("compte/", include(of_account)),
    path("compte/", include("commons.agenda.organiser_urls")),
    path("compte/", include("allauth.urls")),
    path("media/<path:path>", media_views.picture),
]
urlpatterns += i18n_patterns(
    path("", include("commons.pages.urls")),
    path("", include(of_pages)),
    path("", include("commons.resources.urls")),
    path("", include("commons.trainings.urls")),
    path("", include("commons.network.urls")),
    # Its name is asked for by Wagtail's private pages, whatever the setting says.
    path("_util/login/", sign_in, name="wagtailcore_login"),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        page_password,
        name="wagtailcore_authenticate_with_password",
    ),
    re_path(wagtail_urls.serve_pattern, page_views.serve, name="wagtail_serve"),
)

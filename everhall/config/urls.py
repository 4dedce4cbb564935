"""All addresses of the site. Catalogue first, then Wagtail's pages; Chinese without a prefix, English
under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from ninja import NinjaAPI
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from everhall import __version__
from everhall.accounts.views import login
from everhall.audience.urls import machines as audience_machines
from everhall.checkin.urls import machines as door_machines
from everhall.config.personal.views import kept
from everhall.exhibition.api import router as exhibition_api
from everhall.live.api import router as live_api
from everhall.live.urls import machines as live_machines
from everhall.myweek.urls import machines as myweek_machines
from everhall.notices.urls import machines as notices_machines
from everhall.pages import sitemaps, views
from everhall.programme.api import router as programme_api
from everhall.registration.urls import machines as registration_machines
from everhall.tours.api import router as tours_api
from everhall.visits.urls import machines as visits_machines

api = NinjaAPI(title="Everhall", version=__version__, docs_url=None, urls_namespace="api")
api.add_router("", programme_api)
api.add_router("", exhibition_api)
api.add_router("", live_api)
api.add_router("", tours_api)

urlpatterns = [
    path("", include("everhall.config.health_urls")),
    path("admin/login/", login),
    path("admin/", include(wagtailadmin_urls)),
    path("", include("everhall.media.urls")),
    path("robots.txt", views.robots),
    path("sitemap.xml", sitemaps.site_map),
    path("theme/", views.theme, name="theme"),
    path("live/", include((live_machines, "live-machines"))),
    path("talk/", include((audience_machines, "talk"))),
    path("", include((notices_machines, "push"))),
    path("register/", include((registration_machines, "register"))),
    path("door/", include((door_machines, "door"))),
    path("", include((visits_machines, "visit"))),
    path("", include((myweek_machines, "week"))),
    *i18n_patterns(
        path("accounts/", include("everhall.accounts.urls")),
        path("accounts/", include("allauth.urls")),
        path("_util/login/", login),
        path("api/v1/", api.urls),
        path("", include("everhall.registration.urls")),
        path("office/", include("everhall.office.urls")),
        path("", include("everhall.archive.urls")),
        path("", include("everhall.editions.urls")),
        path("", include("everhall.calls.urls")),
        path("", include("everhall.exhibition.urls")),
        path("", include("everhall.programme.urls")),
        path("", include("everhall.feedback.urls")),
        path("", include("everhall.insight.urls")),
        path("", include("everhall.live.urls")),
        path("", include("everhall.audience.urls")),
        path("", include("everhall.notices.urls")),
        path("", include("everhall.visits.urls")),
        path("", include("everhall.myweek.urls")),
        path("kept-of-you/", kept, name="kept"),
        path("", include("everhall.tours.urls")),
        path("", include("everhall.search.urls")),
        path("", include("everhall.pages.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]

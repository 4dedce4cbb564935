"""Addresses of figures: the public sum, and for staff below `/admin/figures/` (`config/wagtail_hooks.py`)."""

from django.urls import path

from everhall.insight import views

app_name = "insight"
urlpatterns = [path("<slug:edition>/figures/", views.public_page, name="public")]

desk_patterns = [
    path("figures/", views.home, name="figures_home"),
    path("figures/<slug:edition>/", views.edition_page, name="figures_edition"),
    path("figures/<slug:edition>/show/", views.show, name="figures_show"),
    path("figures/<slug:edition>/figures.<str:ending>", views.download, name="figures_file"),
    path("figures/<slug:edition>/venues/<slug:venue>/", views.venue_page, name="figures_venue"),
    path("figures/<slug:edition>/venues/<slug:venue>/figures.<str:ending>", views.download, name="figures_venue_file"),
    path("figures/<slug:edition>/sessions/<slug:code>/", views.session_page, name="figures_session"),
]

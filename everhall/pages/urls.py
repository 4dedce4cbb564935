"""Addresses of the top floor; for staff below `/admin/` (`config/wagtail_hooks.py` hands those to Wagtail, which asks for a
login first)."""

from django.urls import path

from everhall.pages import about_desk, feeds, views

app_name = "pages"
urlpatterns = [
    path("", views.front_door, name="front"),
    path("<slug:edition>/", views.edition_home, name="home"),
    path("<slug:edition>/venues/<slug:code>/", views.venue_home, name="venue"),
    path("<slug:edition>/organisations/<slug:code>/", views.organisation_page, name="organisation"),
    path("<slug:edition>/articles.atom", feeds.ArticleFeed(), name="articles-feed"),
]

desk_patterns = [
    path("exhibits/about/<int:pk>/", about_desk.links, name="exhibit_about"),
]

"""Addresses of the top floor."""

from django.urls import path

from everhall.pages import feeds, views

app_name = "pages"
urlpatterns = [
    path("", views.front_door, name="front"),
    path("<slug:edition>/", views.edition_home, name="home"),
    path("<slug:edition>/venues/<slug:code>/", views.venue_home, name="venue"),
    path("<slug:edition>/organisations/<slug:code>/", views.organisation_page, name="organisation"),
    path("<slug:edition>/articles.atom", feeds.ArticleFeed(), name="articles-feed"),
]

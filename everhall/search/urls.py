"""Addresses of search."""

from django.urls import path

from everhall.search import views

app_name = "search"
urlpatterns = [
    path("<slug:edition>/search/", views.results, name="results"),
    path("<slug:edition>/search/suggest", views.suggestions, name="suggest"),
]

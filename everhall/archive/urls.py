"""Addresses of the archive hall."""

from django.urls import path

from everhall.archive import views

app_name = "archive"
urlpatterns = [
    path("archive/", views.hall, name="hall"),
    path("archive/<slug:edition>/", views.edition_record, name="record"),
]

"""Addresses of the cloud exhibition."""

from django.urls import path

from everhall.exhibition import feeds, stage_views, views

app_name = "exhibition"
urlpatterns = [
    path("<slug:edition>/exhibition/", views.exhibit_list, name="list"),
    path("<slug:edition>/exhibition/feed.atom", feeds.NewExhibits(), name="feed"),
    path("<slug:edition>/exhibits/<slug:code>/", views.exhibit_page, name="exhibit"),
    path("<slug:edition>/exhibits/<slug:code>/stage/<int:attachment_id>/", stage_views.frame, name="frame"),
    path("<slug:edition>/exhibits/<slug:code>/manifest.json", stage_views.manifest, name="manifest"),
]

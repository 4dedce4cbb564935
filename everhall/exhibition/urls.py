"""Addresses of the cloud exhibition."""

from django.urls import path

from everhall.exhibition import feeds, scene_views, views

app_name = "exhibition"
urlpatterns = [
    path("<slug:edition>/exhibition/", views.exhibit_list, name="list"),
    path("<slug:edition>/exhibition/feed.atom", feeds.NewExhibits(), name="feed"),
    path("<slug:edition>/exhibits/<slug:code>/", views.exhibit_page, name="exhibit"),
    path("<slug:edition>/scene/", scene_views.hall_list, name="walks"),
    path("<slug:edition>/scene/<slug:venue>/<slug:hall>/", scene_views.hall_door, name="hall"),
    path("<slug:edition>/scene/<slug:venue>/<slug:hall>/<slug:station>/", scene_views.scene_page, name="scene"),
    path("<slug:edition>/scene-files/<int:scene>/<slug:files>/<path:path>", scene_views.tile, name="scene-file"),
]

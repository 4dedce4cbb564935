"""Addresses of the cloud exhibition; those for staff below `/admin/scenes/` (`config/wagtail_hooks.py` hands them to
Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.exhibition import feeds, scene_desk, scene_views, views

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

desk_patterns = [
    path("scenes/", scene_desk.halls, name="scenes_halls"),
    path("scenes/halls/<int:pk>/", scene_desk.plan, name="scenes_plan"),
    path("scenes/<int:pk>/", scene_desk.edit, name="scenes_edit"),
    path("scenes/<int:pk>/spots/<int:spot_pk>/", scene_desk.spot, name="scenes_spot"),
    path("scenes/<int:pk>/files/<path:path>", scene_desk.file, name="scenes_file"),
]

"""Addresses of the cloud exhibition: for everybody, and for staff below `/admin/exhibition/` (`config/wagtail_hooks.py`
hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.exhibition import feeds, scene_desk, scene_views
from everhall.exhibition.views import (
    citing,
    desk_booths,
    desk_labels,
    desk_plan,
    exhibits,
    labels,
    plan,
    stage,
    submitted,
)

app_name = "exhibition"
urlpatterns = [
    path("b/", labels.type_in, name="labels"),
    path("b/<str:code>", labels.follow, name="label"),
    path("b/<str:code>/", labels.follow),
    path("ark:/<str:naan>/<path:name>", citing.resolve, name="ark"),
    path("ark:<str:naan>/<path:name>", citing.resolve),
    path("<slug:edition>/exhibition/", exhibits.exhibit_list, name="list"),
    path("<slug:edition>/exhibition/feed.atom", feeds.NewExhibits(), name="feed"),
    path("<slug:edition>/exhibits/<slug:code>/stage/<int:attachment_id>/", stage.frame, name="frame"),
    path("<slug:edition>/exhibits/<slug:code>/manifest.json", stage.manifest, name="manifest"),
    path("<slug:edition>/exhibits/<slug:code>/cite.bib", citing.bibtex, name="cite-bibtex"),
    path("<slug:edition>/exhibits/<slug:code>/cite.json", citing.csl, name="cite-csl"),
    path("<slug:edition>/exhibits/<slug:code>/card.jpg", citing.card, name="card"),
    path("<slug:edition>/exhibits/<slug:code>/", exhibits.exhibit_page, name="exhibit"),
    path("<slug:edition>/plan/", plan.plan_index, name="plan"),
    path("<slug:edition>/plan/<slug:venue>/<slug:hall>/", plan.plan_page, name="hall"),
    path("<slug:edition>/plan/<slug:venue>/<slug:hall>/plan.json", plan.plan_json_view, name="hall-json"),
    path("<slug:edition>/scene/", scene_views.hall_list, name="walks"),
    path("<slug:edition>/scene/<slug:venue>/<slug:hall>/", scene_views.hall_door, name="walk-hall"),
    path("<slug:edition>/scene/<slug:venue>/<slug:hall>/<slug:station>/", scene_views.scene_page, name="scene"),
    path("<slug:edition>/scene-files/<int:scene>/<slug:files>/<path:path>", scene_views.tile, name="scene-file"),
]

desk_patterns = [
    path("exhibition/plans/", desk_plan.home, name="exhibition_plans_home"),
    path("exhibition/plans/<slug:edition>/", desk_plan.list_page, name="exhibition_plans"),
    path("exhibition/plans/hall/<int:hall>/", desk_plan.edit_page, name="exhibition_plan"),
    path("exhibition/plans/hall/<int:hall>/save/", desk_plan.save, name="exhibition_plan_save"),
    path("exhibition/plans/hall/<int:hall>/upload/", desk_plan.upload, name="exhibition_plan_upload"),
    path("exhibition/labels/<int:zone>/", desk_labels.zone_page, name="exhibition_labels"),
    path("exhibition/labels/<int:zone>/<slug:size>.pdf", desk_labels.sheet, name="exhibition_labels_pdf"),
    path("exhibition/booths/", desk_booths.home, name="exhibition_booths_home"),
    path("exhibition/booths/<int:venue>/", desk_booths.venue_page, name="exhibition_booths"),
    path("exhibition/booths/<int:venue>/give/", desk_booths.give, name="exhibition_booths_give"),
    path("exhibition/booths/<int:venue>/<int:placement>/free/", desk_booths.free, name="exhibition_booth_free"),
    path("exhibition/submitted/<int:exhibit>/<int:version>/<int:venue>/", submitted.page, name="exhibition_submitted"),
    path("scenes/", scene_desk.halls, name="scenes_halls"),
    path("scenes/halls/<int:pk>/", scene_desk.plan, name="scenes_plan"),
    path("scenes/<int:pk>/", scene_desk.edit, name="scenes_edit"),
    path("scenes/<int:pk>/picture/", scene_desk.picture, name="scenes_picture"),
    path("scenes/<int:pk>/spots/<int:spot_pk>/", scene_desk.spot, name="scenes_spot"),
    path("scenes/<int:pk>/files/<path:path>", scene_desk.file, name="scenes_file"),
]

"""Addresses of the cloud exhibition: for everybody, and for staff below `/admin/exhibition/` (`config/wagtail_hooks.py`
hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.exhibition import feeds
from everhall.exhibition.views import desk_labels, desk_plan, exhibits, labels, plan, stage

app_name = "exhibition"
urlpatterns = [
    path("b/", labels.type_in, name="labels"),
    path("b/<str:code>", labels.follow, name="label"),
    path("b/<str:code>/", labels.follow),
    path("<slug:edition>/exhibition/", exhibits.exhibit_list, name="list"),
    path("<slug:edition>/exhibition/feed.atom", feeds.NewExhibits(), name="feed"),
    path("<slug:edition>/exhibits/<slug:code>/stage/<int:attachment_id>/", stage.frame, name="frame"),
    path("<slug:edition>/exhibits/<slug:code>/manifest.json", stage.manifest, name="manifest"),
    path("<slug:edition>/exhibits/<slug:code>/", exhibits.exhibit_page, name="exhibit"),
    path("<slug:edition>/plan/", plan.plan_index, name="plan"),
    path("<slug:edition>/plan/<slug:venue>/<slug:hall>/", plan.plan_page, name="hall"),
    path("<slug:edition>/plan/<slug:venue>/<slug:hall>/plan.json", plan.plan_json_view, name="hall-json"),
]

desk_patterns = [
    path("exhibition/plans/", desk_plan.home, name="exhibition_plans_home"),
    path("exhibition/plans/<slug:edition>/", desk_plan.list_page, name="exhibition_plans"),
    path("exhibition/plans/hall/<int:hall>/", desk_plan.edit_page, name="exhibition_plan"),
    path("exhibition/plans/hall/<int:hall>/save/", desk_plan.save, name="exhibition_plan_save"),
    path("exhibition/plans/hall/<int:hall>/upload/", desk_plan.upload, name="exhibition_plan_upload"),
    path("exhibition/labels/<int:zone>/", desk_labels.zone_page, name="exhibition_labels"),
    path("exhibition/labels/<int:zone>/<slug:size>.pdf", desk_labels.sheet, name="exhibition_labels_pdf"),
]

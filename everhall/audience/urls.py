"""Addresses of taking part: for everybody, for pages below `/talk/`, for staff below `/admin/talk/`
(`config/wagtail_hooks.py` hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.audience.views import acts, desk, exports, pages, state

#: For pages, in no language, below `/talk/`.
machines = [
    path("act", acts.act, name="act"),
    path("<slug:room>/state/", state.state, name="state"),
    path("<slug:room>/join/", acts.join, name="enter"),
]

app_name = "audience"
urlpatterns = [
    path("<slug:edition>/sessions/<slug:code>/talk/", pages.join_page, name="join"),
    path("<slug:edition>/sessions/<slug:code>/talk/screen/<slug:kind>/", pages.screen_page, name="screen"),
]

desk_patterns = [
    path("talk/", desk.home, name="audience_home"),
    path("talk/<slug:edition>/", desk.sessions_page, name="audience_sessions"),
    path("talk/sessions/<int:session>/open/", desk.open_room, name="audience_open"),
    path("talk/rooms/<int:room>/", desk.desk_page, name="audience_desk"),
    path("talk/rooms/<int:room>/state/", desk.desk_state, name="audience_desk_state"),
    path("talk/rooms/<int:room>/<slug:kind>.csv", exports.export, name="audience_export"),
    path("talk/rooms/<int:room>/<slug:verb>/", desk.act, name="audience_desk_verb"),
]

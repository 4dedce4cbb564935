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
    path("<slug:edition>/sessions/<slug:code>/talk/", pages.session_join, name="session-join"),
    path("<slug:edition>/sessions/<slug:code>/talk/screen/<slug:kind>/", pages.session_screen, name="session-screen"),
    path("<slug:edition>/talk/<slug:room>/", pages.room_join, name="room-join"),
    path("<slug:edition>/talk/<slug:room>/screen/<slug:kind>/", pages.room_screen, name="room-screen"),
]

desk_patterns = [
    path("talk/", desk.home, name="audience_home"),
    path("talk/<slug:edition>/", desk.rooms_page, name="audience_rooms"),
    path("talk/sessions/<int:session>/open/", desk.open_room, name="audience_open"),
    path("talk/places/<path:place>/open/", desk.open_room_at, name="audience_open_at"),
    path("talk/rooms/<int:room>/", desk.desk_page, name="audience_desk"),
    path("talk/rooms/<int:room>/state/", desk.desk_state, name="audience_desk_state"),
    path("talk/rooms/<int:room>/<slug:kind>.csv", exports.export, name="audience_export"),
    path("talk/rooms/<int:room>/<slug:verb>/", desk.act, name="audience_desk_verb"),
]

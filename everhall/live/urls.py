"""Addresses of cloud video: for everybody, for programmes, for staff below `/admin/live/` (`config/wagtail_hooks.py`
hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.live import atom
from everhall.live.views import (
    captions,
    ceremony,
    ceremony_desk,
    ceremony_setup,
    control,
    desk,
    pages,
    staff,
    uploads,
)

#: For programmes, in no language, below `/live/`.
machines = [
    path("captions/<slug:key>/", captions.by_key, name="captions"),
    path("rtmp/may-send/", staff.may_send, name="rtmp"),
    path("watched", pages.watched, name="watched"),
]

app_name = "live"
urlpatterns = [
    path("<slug:edition>/video/", pages.landing, name="landing"),
    path("<slug:edition>/video/recordings/", pages.recordings_page, name="recordings"),
    path("<slug:edition>/video/recordings/<int:recording>/", pages.recording_page, name="recording"),
    path("<slug:edition>/video/channels/<slug:code>/", pages.channel_page, name="channel"),
    path("<slug:edition>/video/feed.atom", atom.RecordingFeed(), name="atom"),
    path("<slug:edition>/launch/", ceremony.launch_page, name="launch"),
    path("<slug:edition>/launch/state.json", ceremony.launch_state, name="launch-state"),
    path("<slug:edition>/launch/<slug:code>/", ceremony.launch_page, name="launch-of"),
    path("<slug:edition>/launch/<slug:code>/state.json", ceremony.launch_state, name="launch-state-of"),
    path("<slug:edition>/launch/<slug:code>/screen/<slug:party>/", ceremony.screen, name="screen"),
    path("<slug:edition>/launch/<slug:code>/screen/<slug:party>/state.json", ceremony.screen_state, name="screen-state"),
    path("<slug:edition>/launch/<slug:code>/screen/<slug:party>/measured/", ceremony.measured, name="measured"),
]

#: What may be done with a channel: `live_desk_take` is POST /admin/live/channels/<id>/take/.
ON_CHANNEL = {
    "take": desk.take, "auto": desk.auto, "slate": desk.slate, "hold": desk.hold, "move": desk.move,
    "begin": desk.begin, "end": desk.end, "stretch": desk.stretch, "plan": desk.plan, "drop": desk.drop,
    "keep": desk.keep, "captions": captions.of_channel,
}  # fmt: skip

desk_patterns = [
    path("live/desk/", control.desk_home, name="live_desk_home"),
    path("live/desk/<slug:edition>/", control.desk_page, name="live_desk"),
    path("live/desk/<slug:edition>/state/", desk.state, name="live_desk_state"),
    path("live/desk/<slug:edition>/note/", desk.note, name="live_desk_note"),
    *(
        path(f"live/channels/<int:channel>/{verb}/", view, name=f"live_desk_{verb}")
        for verb, view in ON_CHANNEL.items()
    ),
    path("live/ceremonies/", ceremony_desk.home, name="live_ceremonies"),
    path("live/ceremonies/new/<slug:edition>/", ceremony_setup.create, name="live_ceremony_new"),
    path("live/ceremonies/<int:ceremony>/edit/", ceremony_setup.change, name="live_ceremony_edit"),
    path("live/ceremonies/<int:ceremony>/", ceremony_desk.director, name="live_ceremony"),
    path("live/ceremonies/<int:ceremony>/state/", ceremony_desk.state, name="live_ceremony_state"),
    path("live/ceremonies/<int:ceremony>/certificate/", ceremony_desk.certificate, name="live_ceremony_certificate"),
    path("live/ceremonies/<int:ceremony>/do/<slug:verb>/", ceremony_desk.direct, name="live_ceremony_do"),
    path("live/ceremonies/<int:ceremony>/venues/<slug:venue>/", ceremony_desk.console, name="live_ceremony_console"),
    path("live/ceremonies/<int:ceremony>/venues/<slug:venue>/<slug:verb>/", ceremony_desk.answer, name="live_ceremony_answer"),
    path("live/channels/<int:channel>/captions-key/", staff.captions_key, name="live_captions_key"),
    path("live/feeds/<int:feed>/key/", staff.feed_key, name="live_feed_key"),
    path("live/feeds/<int:feed>/go-live/", control.go_live, name="live_go_live"),
    path("live/feeds/<int:feed>/go-live/address/", control.go_live_address, name="live_go_live_address"),
    path("live/feeds/<int:feed>/captions/", captions.of_feed, name="live_feed_captions"),
    path("live/recordings/<int:recording>/review/", staff.review, name="live_review"),
    path("live/uploads/", uploads.upload_page, name="live_upload"),
    path("live/uploads/tus/", uploads.create, name="live_tus_create"),
    path("live/uploads/tus/<uuid:code>/", uploads.one, name="live_tus"),
]

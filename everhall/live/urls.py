"""Addresses of cloud video: for everybody, for programmes, for staff below `/admin/live/` (`config/wagtail_hooks.py`
hands those to Wagtail, which asks for a login first)."""

from django.urls import path

from everhall.live import atom
from everhall.live.views import captions, control, desk, pages, staff, uploads

#: For programmes, in no language, below `/live/`.
machines = [
    path("captions/<slug:key>/", captions.by_key, name="captions"),
    path("rtmp/may-send/", staff.may_send, name="rtmp"),
]

app_name = "live"
urlpatterns = [
    path("<slug:edition>/video/", pages.landing, name="landing"),
    path("<slug:edition>/video/recordings/", pages.recordings_page, name="recordings"),
    path("<slug:edition>/video/recordings/<int:recording>/", pages.recording_page, name="recording"),
    path("<slug:edition>/video/channels/<slug:code>/", pages.channel_page, name="channel"),
    path("<slug:edition>/video/feed.atom", atom.RecordingFeed(), name="atom"),
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

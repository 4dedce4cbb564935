"""Public addresses of cloud video. What staff do stands below `/admin/live/` (`wagtail_hooks`)."""

from django.urls import path

from everhall.live import atom
from everhall.live.views import captions, pages, staff

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

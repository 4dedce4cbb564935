"""Cloud video in the desk: its kinds, its pages, its words in the audit log."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from everhall.live.models import Recording
from everhall.live.views import captions, control, desk, staff, uploads
from everhall.live.viewsets import LiveGroup

register_snippet(LiveGroup)

#: What may be done with a channel: `live_desk_take` is POST /admin/live/channels/<id>/take/.
ON_CHANNEL = {
    "take": desk.take, "auto": desk.auto, "slate": desk.slate, "hold": desk.hold, "move": desk.move,
    "begin": desk.begin, "end": desk.end, "stretch": desk.stretch, "plan": desk.plan, "drop": desk.drop,
    "keep": desk.keep, "captions": captions.of_channel,
}  # fmt: skip


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
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


#: action -> label, what it says; %(label)s names the thing, %(source)s the source.
LOGGED = {
    "everhall.open_feed": (_("Open feed"), _("Opened the feed %(source)s")),
    "everhall.close_feed": (_("Close feed"), _("Closed the feed %(source)s")),
    "everhall.rotate_key": (_("New key"), _("Gave the feed %(source)s a new key")),
    "everhall.cut_take": (_("Take"), _("Took %(label)s (%(source)s)")),
    "everhall.cut_auto": (_("Back to plan"), _("Went back to the running order")),
    "everhall.cut_slate": (_("Slate"), _("Showed the slate")),
    "everhall.cut_hold": (_("Hold"), _("Held what was on")),
    "everhall.move_item": (_("Move item"), _("Moved “%(label)s” in the running order")),
    "everhall.begin_item": (_("Begin item"), _("Began “%(label)s”")),
    "everhall.end_item": (_("End item"), _("Ended “%(label)s”")),
    "everhall.stretch_item": (_("Change length"), _("Changed the length of “%(label)s”")),
    "everhall.plan_item": (_("Plan item"), _("Put “%(label)s” into the running order")),
    "everhall.drop_item": (_("Drop item"), _("Took “%(label)s” out of the running order")),
    "everhall.keep_recording": (_("Keep recording"), _("Began to keep %(source)s")),
    "everhall.end_recording": (_("End recording"), _("Ended the recording of %(source)s")),
    "everhall.ready_for_review": (_("Prepared"), _("Prepared the recording; it waits for review")),
    "everhall.give_up_preparing": (_("Not prepared"), _("Could not prepare the recording: %(label)s")),
    "everhall.publish_recording": (_("Publish recording"), _("Published the recording (before: %(before)s)")),
    "everhall.withhold_recording": (_("Withhold recording"), _("Withheld the recording: %(reason)s")),
    "everhall.trim_recording": (_("Trim recording"), _("Trimmed the recording to %(label)s s")),
    "everhall.upload": (_("Upload film"), _("Uploaded “%(label)s”")),
}
NAMES = ("source", "label", "before", "reason")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """What Wagtail's log cannot know of: its words for it."""
    for action, (label, message) in LOGGED.items():
        actions.register_action(action)(formatter(label, message))


def formatter(name: Any, words: Any) -> type[LogFormatter]:
    """Wagtail's way to write an entry, with the names that its data holds put into the words."""

    class Told(LogFormatter):
        label = name

        def format_message(self, log_entry: Any) -> str:
            data = dict(log_entry.data or {})
            if data.get("before") in Recording.State.values:
                data["before"] = Recording.State(data["before"]).label
            return str(words) % {key: data.get(key) or "–" for key in NAMES}

    return Told

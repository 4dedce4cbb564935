"""Cloud video in the desk: its kinds, and its words in the audit log. Its pages stand in `urls.desk_patterns`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from everhall.editions import log_words
from everhall.live.models import Recording
from everhall.live.viewsets import LiveGroup

register_snippet(LiveGroup)

#: As in `log_words`; %(label)s names the thing, %(source)s the source.
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


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    log_words.register(actions, LOGGED, readable)


def readable(data: dict[str, Any]) -> dict[str, Any]:
    if data.get("before") in Recording.State.values:
        data["before"] = Recording.State(data["before"]).label
    return data

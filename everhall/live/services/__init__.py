"""Writes on cloud video. Each verb writes the audit log and tells an event in its own transaction; what may not be
is `Refused`, with words for people."""

from everhall.live.services.access import write_access, write_push_mark, write_push_marks
from everhall.live.services.captions import post_caption
from everhall.live.services.channels import (
    begin_item,
    drop_item,
    end_item,
    go_auto,
    hold,
    move_item,
    note,
    plan_item,
    rotate_captions_key,
    show,
    show_slate,
    stretch_item,
    take,
)
from everhall.live.services.clones import clone_sources
from everhall.live.services.feeds import close_feed, next_free_port, open_feed, rotate_key
from everhall.live.services.keeping import (
    end_recording,
    keep_or_end,
    keep_recording,
    keep_sessions,
)
from everhall.live.services.recordings import (
    begin_preparing,
    give_up_preparing,
    publish_recording,
    ready_for_review,
    settle_edition,
    settle_posters,
    settle_release,
    trim_recording,
    withhold_recording,
)
from everhall.live.services.refusals import Refused
from everhall.live.services.uploads import (
    add_to_upload,
    begin_upload,
    drop_upload,
    expire_uploads,
)
from everhall.live.services.viewing import count_watching, write_watching

__all__ = [
    "Refused",
    "add_to_upload",
    "begin_item",
    "begin_preparing",
    "begin_upload",
    "clone_sources",
    "close_feed",
    "count_watching",
    "drop_item",
    "drop_upload",
    "end_item",
    "end_recording",
    "expire_uploads",
    "give_up_preparing",
    "go_auto",
    "hold",
    "keep_or_end",
    "keep_recording",
    "keep_sessions",
    "move_item",
    "next_free_port",
    "note",
    "open_feed",
    "plan_item",
    "post_caption",
    "publish_recording",
    "ready_for_review",
    "rotate_captions_key",
    "rotate_key",
    "settle_edition",
    "settle_posters",
    "settle_release",
    "show",
    "show_slate",
    "stretch_item",
    "take",
    "trim_recording",
    "withhold_recording",
    "write_access",
    "write_push_mark",
    "write_push_marks",
    "write_watching",
]

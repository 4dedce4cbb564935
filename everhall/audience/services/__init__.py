"""Taking part: everything that writes. Visitors act through `perform`, moderators each by a verb."""

from everhall.audience.services.acts import Act, perform
from everhall.audience.services.counting import count_viewers, forget_viewers, react, reactions
from everhall.audience.services.forgetting import forget_guest, forget_people
from everhall.audience.services.noting import about_of, note
from everhall.audience.services.people import (
    COOKIE,
    COOKIE_SECONDS,
    guest_of,
    join,
    pass_for,
    who_of,
)
from everhall.audience.services.polls import close_poll, draft, drop_draft, open_poll
from everhall.audience.services.questions import decide
from everhall.audience.services.refusals import Refused
from everhall.audience.services.rooms import (
    SWITCHES,
    change_room,
    forget_places,
    open_room,
    open_room_at,
)
from everhall.audience.services.talk import delete, mute, settle, show, unmute

__all__ = [
    "COOKIE", "COOKIE_SECONDS", "SWITCHES", "Act", "Refused", "about_of", "change_room", "close_poll", "count_viewers", "decide", "delete",
    "draft", "drop_draft", "forget_guest", "forget_people", "forget_places", "forget_viewers", "guest_of", "join", "mute", "note", "open_poll", "open_room",
    "open_room_at", "pass_for", "perform", "react", "reactions", "settle", "show", "unmute", "who_of",
]  # fmt: skip

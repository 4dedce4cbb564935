"""Everything that writes: notices, what becomes of a session's change, who follows what, what is on its way to them."""

from everhall.notices.services.changes import note_change
from everhall.notices.services.following import follow, follows_of, renew, unfollow
from everhall.notices.services.forgetting import forget_browsers
from everhall.notices.services.notices import (
    correct,
    publish,
    save_draft,
    settle_due,
    tell_notices,
    withdraw,
)
from everhall.notices.services.queue import claim, forget_old, settle
from everhall.notices.services.versions import note_version

__all__ = [
    "claim", "correct", "follow", "follows_of", "forget_browsers", "forget_old", "note_change", "note_version", "publish", "renew",
    "save_draft", "settle",
    "settle_due", "tell_notices", "unfollow", "withdraw",
]  # fmt: skip

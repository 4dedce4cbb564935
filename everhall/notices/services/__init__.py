"""Everything that writes: notices, what becomes of a session's change, who follows what, what is on its way to them."""

from everhall.notices.services.changes import note_change
from everhall.notices.services.following import (
    browser_of,
    follow,
    follows_of,
    let_go,
    renew,
    subscription,
    unfollow,
)
from everhall.notices.services.forgetting import forget_browsers
from everhall.notices.services.notices import (
    correct,
    publish,
    save_draft,
    settle_due,
    tell_notices,
    withdraw,
)
from everhall.notices.services.queue import Ring, claim, forget_old, ring, settle
from everhall.notices.services.versions import note_version

__all__ = [
    "Ring", "browser_of", "claim", "correct", "follow", "follows_of", "forget_browsers", "forget_old", "let_go", "note_change", "note_version", "publish",
    "renew", "ring", "save_draft", "settle",
    "settle_due", "subscription", "tell_notices", "unfollow", "withdraw",
]  # fmt: skip

"""Writes of a person's week: what they keep and take in, their calendar's address, certificates, letters, and its end."""

from everhall.myweek.services.attending import (
    attend,
    attend_no_more,
    delete_minutes,
    hear,
    minutes_needed,
    seal_of,
    words_for,
    write_attendance,
)
from everhall.myweek.services.certificates import certify
from everhall.myweek.services.forgetting import forget_due
from everhall.myweek.services.keeping import (
    Refused,
    calendar_token,
    carry_over,
    drop,
    join,
    keep,
    leave,
    renew_calendar,
    stop_calendar,
    visitor_by_calendar,
    want_letters,
)
from everhall.myweek.services.ringing import (
    SPEAKER,
    names_of,
    ring_due,
    ring_here,
    ring_no_more,
    told_for,
)
from everhall.myweek.services.telling import WRITER, tell_change, text_for

__all__ = [
    "SPEAKER", "WRITER", "Refused", "attend", "attend_no_more", "calendar_token", "carry_over", "certify", "delete_minutes",
    "drop", "forget_due", "hear", "join", "keep", "leave", "minutes_needed", "names_of", "renew_calendar",
    "ring_due", "ring_here", "ring_no_more", "seal_of", "stop_calendar", "tell_change", "text_for",
    "told_for", "visitor_by_calendar", "want_letters", "words_for", "write_attendance",
]  # fmt: skip

"""Writes of a person's week: what they keep and take in, their calendar's address, certificates, letters, and its end."""

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
from everhall.myweek.services.telling import WRITER, tell_change, text_for

__all__ = [
    "WRITER", "Refused", "calendar_token", "carry_over", "certify", "drop", "forget_due", "join", "keep", "leave", "renew_calendar",
    "stop_calendar", "tell_change", "text_for", "visitor_by_calendar", "want_letters",
]  # fmt: skip

"""Admissions (报名设置) to sessions and activities, and the registrations (报名) of people."""

from everhall.registration.models.admission import (
    KEPT,
    Admission,
    Arrivals,
    Question,
    SeatQuota,
    Taken,
    Ticket,
    known_of,
)
from everhall.registration.models.registration import (
    Answer,
    Companion,
    RealName,
    Registration,
    new_code,
)

__all__ = [
    "KEPT",
    "Admission",
    "Answer",
    "Arrivals",
    "Companion",
    "Question",
    "RealName",
    "Registration",
    "SeatQuota",
    "Taken",
    "Ticket",
    "known_of",
    "new_code",
]

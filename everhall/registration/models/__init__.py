"""Admissions (报名设置) to sessions and activities, and the registrations (报名) of people."""

from everhall.registration.models.admission import (
    KEPT,
    Admission,
    Arrivals,
    Question,
    SeatQuota,
    Taken,
    Ticket,
)
from everhall.registration.models.registration import (
    Answer,
    Companion,
    Letter,
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
    "Letter",
    "Question",
    "RealName",
    "Registration",
    "SeatQuota",
    "Taken",
    "Ticket",
    "new_code",
]

"""Reads on calls, submissions and reviews."""

from everhall.calls.queries.calls import (
    calls_within,
    editions_within,
    may_manage,
    next_turn,
    open_calls,
    places_at,
    public_calls,
    questions_for,
    venues_managed,
    venues_of,
)
from everhall.calls.queries.submissions import (
    answers_of,
    asked_changes,
    decisions_for_submitter,
    remarks_for_submitter,
    submission_of,
    submissions_of,
)

__all__ = [
    "answers_of",
    "asked_changes",
    "calls_within",
    "decisions_for_submitter",
    "editions_within",
    "may_manage",
    "next_turn",
    "open_calls",
    "places_at",
    "public_calls",
    "questions_for",
    "remarks_for_submitter",
    "submission_of",
    "submissions_of",
    "venues_managed",
    "venues_of",
]

"""What a call, a submission and a review may do and when, and who may see what of them. Plain values only.

In: states, moments, facts about a person. Out: answers. Must stay true: a submission moves only along `MOVES`; whoever has
a conflict of interest sees neither texts nor scores; nobody sees the scores of others before their own stand; who
submitted never learns who reviewed.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# ---------------------------------------------------------------- calls
EXHIBIT: Final = "exhibit"
ACTIVITY: Final = "activity"

DRAFT_CALL: Final = "draft"
ANNOUNCED: Final = "announced"
STOPPED: Final = "stopped"


def phase(state: str, opens_at: dt.datetime, closes_at: dt.datetime, now: dt.datetime) -> str:
    """draft (nobody sees it), soon, open, over."""
    if state == DRAFT_CALL:
        return "draft"
    if state == STOPPED or now >= closes_at:
        return "over"
    return "soon" if now < opens_at else "open"


# ---------------------------------------------------------------- submissions
DRAFT: Final = "draft"
SUBMITTED: Final = "submitted"
CHANGES: Final = "changes"
WAITLISTED: Final = "waitlisted"
ACCEPTED: Final = "accepted"
DECLINED: Final = "declined"
WITHDRAWN: Final = "withdrawn"

VENUE_ROUND: Final = "venue"
NATIONAL_ROUND: Final = "national"

#: Which state may follow which. Whoever submitted moves to `BY_SUBMITTER`, the desk to all others.
MOVES: Final[Mapping[str, frozenset[str]]] = {
    DRAFT: frozenset({SUBMITTED, WITHDRAWN}),
    SUBMITTED: frozenset({ACCEPTED, WAITLISTED, DECLINED, CHANGES, WITHDRAWN}),
    CHANGES: frozenset({SUBMITTED, WITHDRAWN, DECLINED}),
    WAITLISTED: frozenset({ACCEPTED, DECLINED, WITHDRAWN, SUBMITTED}),
    # Back to the table: a decision that is taken back is open again.
    ACCEPTED: frozenset({SUBMITTED, WITHDRAWN}),
    DECLINED: frozenset({SUBMITTED}),
    # Whoever thinks again begins another one.
    WITHDRAWN: frozenset(),
}
BY_SUBMITTER: Final = frozenset({DRAFT, SUBMITTED, WITHDRAWN})
#: What the desk may decide.
DECISIONS: Final = (ACCEPTED, WAITLISTED, DECLINED, CHANGES)
#: States that take one of the places, or of the submissions that an organisation may hand in.
TAKES_PLACE: Final = frozenset({ACCEPTED})
COUNTED: Final = frozenset({SUBMITTED, CHANGES, WAITLISTED, ACCEPTED, DECLINED})
#: Texts and answers may be changed by whoever submitted.
EDITABLE: Final = frozenset({DRAFT, CHANGES})


def may_move(before: str, after: str) -> bool:
    return after in MOVES.get(before, frozenset())


def closes_there(closes_at: dt.datetime, own: dt.datetime | None) -> dt.datetime:
    """At one venue: its own deadline, which the call's limits."""
    return min(closes_at, own) if own else closes_at


def deadline(closes_at: dt.datetime, extended_until: dt.datetime | None) -> dt.datetime:
    """Of one submission: an extension never shortens."""
    return max(closes_at, extended_until) if extended_until else closes_at


def may_edit(
    state: str, call_phase: str, closes_at: dt.datetime, extended_until: dt.datetime | None, now: dt.datetime
) -> bool:
    """Whether whoever submitted may still change and hand in. Asked for changes, they may also after the deadline: the desk
    asked. `closes_at`: at its venue."""
    if state == CHANGES:
        return True
    if state != DRAFT:
        return False
    return call_phase in {"open", "over"} and now < deadline(closes_at, extended_until)


def next_round(current: str, decision: str, *, national: bool) -> str | None:
    """The round that follows an acceptance at the venue; None: the decision is the last word."""
    return NATIONAL_ROUND if decision == ACCEPTED and current == VENUE_ROUND and national else None


# ---------------------------------------------------------------- who sees what
@dataclass(frozen=True, slots=True)
class Beholder:
    """Somebody before a submission. `decides`: may decide where it stands now; `looks`: has a desk at its venue that may see
    submissions; `assigned`: is to review it; `reviewed`: has handed in a review of this round; `conflict`: is of its
    organisation, or said so."""

    decides: bool = False
    looks: bool = False
    assigned: bool = False
    reviewed: bool = False
    conflict: bool = False


def sees_texts(who: Beholder) -> bool:
    return not who.conflict and (who.decides or who.looks or who.assigned)


def sees_scores(who: Beholder) -> bool:
    """Scores and comments of others: after one's own, where one has to give any."""
    if who.conflict:
        return False
    if who.assigned and not who.reviewed:
        return False
    return who.decides or who.looks or who.reviewed


def may_decide(who: Beholder) -> bool:
    return who.decides and not who.conflict


def may_review(who: Beholder, state: str) -> bool:
    """A review may be written and mended until the decision."""
    return who.assigned and not who.conflict and state in {SUBMITTED, CHANGES}


# ---------------------------------------------------------------- mails
WAITING: Final = "waiting"
SENDING: Final = "sending"
SENT: Final = "sent"
GIVEN_UP: Final = "given_up"
UNKNOWN: Final = "unknown"

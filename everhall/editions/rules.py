"""What a role reaches and allows; facts of an edition; days of a week. Plain values only."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypedDict

NATIONAL_ORGANISER: Final = "national_organiser"
VENUE_ORGANISER: Final = "venue_organiser"
VENUE_EDITOR: Final = "venue_editor"
EXHIBITOR: Final = "exhibitor"
REVIEWER: Final = "reviewer"
DIRECTOR: Final = "director"
VISITOR: Final = "visitor"

#: Embargo of what opens with a launch whose moment is not known.
NOT_YET: Final = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)

#: Actions as Wagtail's permission policies name them; "direct": decide what a channel shows and, for the whole edition,
#: lead its launch ceremony; "operate": answer for a venue in a ceremony.
ALLOWS: Final[dict[str, frozenset[str]]] = {
    NATIONAL_ORGANISER: frozenset(
        {
            "view", "add", "change", "delete", "publish", "lock", "unlock", "choose", "direct", "operate",
            "appoint",
        }
    ),
    VENUE_ORGANISER: frozenset(
        {"view", "add", "change", "delete", "publish", "lock", "unlock", "choose", "direct", "operate"}
    ),
    VENUE_EDITOR: frozenset({"view", "add", "change", "choose", "operate"}),
    REVIEWER: frozenset({"view", "choose"}),
    DIRECTOR: frozenset({"view", "choose", "direct", "operate"}),
    EXHIBITOR: frozenset({"view", "change", "choose"}),
    VISITOR: frozenset(),
}
#: Whom a role may appoint within its reach; never anybody above itself.
APPOINTS: Final[dict[str, frozenset[str]]] = {
    NATIONAL_ORGANISER: frozenset(ALLOWS),
    VENUE_ORGANISER: frozenset({VENUE_EDITOR, EXHIBITOR, REVIEWER, DIRECTOR}),
}
#: Roles with a desk; they need a second factor.
STAFF: Final = frozenset(ALLOWS) - {VISITOR}
#: An exhibitor's role reaches only exhibits of organisations the person belongs to.
OWN_ONLY: Final = frozenset({EXHIBITOR})


class Figure(TypedDict):
    """A number somebody reported. `more_than`: the source says "more than"."""

    label_zh: str
    label_en: str
    value: float
    source: str
    more_than: bool


class Note(TypedDict):
    """Something known of an edition, with where it was read."""

    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One appointment as plain values; `venue_path` None means the whole edition."""

    role: str
    edition_id: int
    venue_path: str | None


def reaches(grant: Grant, edition_id: int, venue_path: str | None) -> bool:
    """Whether the role holds at this venue (None: something that belongs to the edition itself).

    Down the tree, never up or sideways, never into another edition.
    """
    if grant.edition_id != edition_id:
        return False
    if grant.venue_path is None:
        return True
    return venue_path is not None and venue_path.startswith(grant.venue_path)


def roles_at(grants: Iterable[Grant], edition_id: int, venue_path: str | None) -> frozenset[str]:
    """All roles that hold there."""
    return frozenset(g.role for g in grants if reaches(g, edition_id, venue_path))


def may(action: str, roles: Iterable[str], *, own: bool = False) -> bool:
    """Whether one of the roles allows the action; `own`: the thing is of the person's organisation."""
    return any(action in ALLOWS[role] and (own or role not in OWN_ONLY) for role in roles)


def may_appoint(
    grants: Iterable[Grant], role: str, edition_id: int, venue_path: str | None
) -> bool:
    """Whether somebody with these grants may give or take `role` there."""
    here = roles_at(grants, edition_id, venue_path)
    return any(role in APPOINTS.get(held, frozenset()) for held in here)


def days(starts_on: dt.date, ends_on: dt.date | None) -> list[dt.date]:
    """Each day of the week; one where the last day is not known."""
    last = ends_on or starts_on
    return [starts_on + dt.timedelta(days=n) for n in range((last - starts_on).days + 1)]

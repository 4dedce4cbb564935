"""Reads on launch ceremonies: which one opens an edition, who may lead or answer, what displays and certificates show."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.prepared import Prepared
from everhall.engines import ceremony as machine
from everhall.live.models import Ceremony, ShownMoment


# ---------------------------------------------------------------- topics
def staff_topic(row: Ceremony) -> str:
    """What consoles follow: every event, private."""
    return f"ceremony.{row.pk}"


def screen_topic(row: Ceremony) -> str:
    """What displays in halls follow: no names, no reasons; private, because rehearsals are told too."""
    return f"ceremony.{row.pk}-screen"


def screen_view(known: machine.Ceremony, now: float) -> dict[str, Any]:
    """What a display shows at `now` (seconds UTC), in a rehearsal as in earnest; JSON-able."""
    at = machine.settled(known, now)
    return {
        "version": known.version,
        "phase": machine.stage_phase(at, now),
        "t0": at.t0,
        "rehearsal": at.rehearsal,
        "parties": [{"key": p.key, "ready": p.ready, "present": p.present} for p in at.parties],
    }


# ---------------------------------------------------------------- the public's
_opening = Prepared(lambda edition: Ceremony.objects.filter(edition=edition, opens=True)[:1])


def opening_ceremony(edition: Edition) -> Ceremony | None:
    """The ceremony with which the edition opens."""
    return _opening.first(edition.pk)


#: How long the home of an edition says that it has opened.
NEWS_FOR = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Launch:
    """What the home of an edition shows of its launch. `view`: as the public may know; `until`: when that changes by the
    clock alone."""

    ceremony: Ceremony
    view: dict[str, Any]
    until: dt.datetime | None


def launch_of(edition: Edition, now: dt.datetime) -> Launch | None:
    """The launch, for a page of the edition; None without one, and a day after it."""
    row = opening_ceremony(edition)
    if row is None:
        return None
    row.edition = edition
    view = machine.public_view(row.known, now.timestamp())
    if view["t0"] is None:
        return Launch(row, view, None)
    t0 = dt.datetime.fromtimestamp(view["t0"], dt.UTC)
    until = t0 if view["phase"] == "countdown" else t0 + NEWS_FOR
    return Launch(row, view, until) if until > now else None


def ceremony_of(edition: Edition, code: str) -> Ceremony | None:
    return Ceremony.objects.filter(edition=edition, code=code).select_related("edition", "channel").first()


# ---------------------------------------------------------------- who may
def may_lead(user: Any, row: Ceremony) -> bool:
    """Whether the user leads the ceremony: a director or organiser of the whole edition, not of one venue."""
    return may_set_up(user, row.edition)


def may_set_up(user: Any, edition: Edition) -> bool:
    """Whether the user may make a ceremony for this edition, and lead it."""
    return bool(user.is_authenticated) and editions.may_at(user, "direct", edition.pk, None)


def may_answer(user: Any, row: Ceremony, venue: Venue) -> bool:
    """Whether the user answers for this venue in the ceremony."""
    return (
        bool(user.is_authenticated) and venue.edition_id == row.edition_id
        and editions.may_at(user, "operate", row.edition_id, venue.path)
    )


def parties_of(row: Ceremony) -> dict[str, Venue]:
    """Venues that take part, by key, in the ceremony's order. One that was taken out of the edition is left out."""
    keys = [p.key for p in row.known.parties]
    found = {v.code: v for v in Venue.objects.filter(edition_id=row.edition_id, code__in=keys)}
    return {key: found[key] for key in keys if key in found}


def ceremonies_in_reach(user: Any) -> QuerySet[Ceremony]:
    """Ceremonies in whose edition the user leads, or answers for a venue."""
    if not user.is_authenticated or not user.is_active:
        return Ceremony.objects.none()
    reach = editions.within_reach(user, ["operate"], venue="", edition="edition")
    here = Venue.objects.filter(reach).values("edition_id")
    return Ceremony.objects.filter(edition__in=here).select_related("edition").order_by("-edition__starts_on", "code")


# ---------------------------------------------------------------- the certificate
def skews_of(row: Ceremony, t0: float) -> dict[str, list[ShownMoment]]:
    """What displays measured of this T0, by party; the worst first."""
    found: dict[str, list[ShownMoment]] = {}
    for one in row.shown_moments.filter(t0=t0):
        found.setdefault(one.party, []).append(one)
    return {party: sorted(many, key=lambda m: -abs(m.late)) for party, many in found.items()}

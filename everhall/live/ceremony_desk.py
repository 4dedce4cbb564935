"""What consoles of a ceremony show: parties with names and places, the log in words, what a director may do now.

In: a ceremony, who looks, the moment. Out: plain values for templates and scripts. Must stay true: who answers for a
venue sees the state of all, and changes only that of venues within reach (asked by the views).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.dateformat import format as formatted

from everhall.editions.models import Venue
from everhall.engines import ceremony as machine
from everhall.live import ceremony_words as words
from everhall.live.models import Ceremony
from everhall.live.queries import ceremonies as queries
from everhall.realtime.telling import ticket_for

MOST_ENTRIES: Final = 80
#: Of the map's edge, in hundredths: dots do not lie on it.
MARGIN: Final = 8.0


def clock(seconds: float | None) -> str:
    """A moment on the clock of the site's zone of time, to the second."""
    if seconds is None:
        return "–"
    return formatted(timezone.localtime(dt.datetime.fromtimestamp(seconds, dt.UTC)), "H:i:s")


def places(venues: Mapping[str, Venue]) -> dict[str, tuple[float, float]]:
    """Where the venues lie on a map that just holds them: hundredths from left and from above. None without two."""
    known = {key: (v.lon, v.lat) for key, v in venues.items() if v.lon is not None and v.lat is not None}
    if len(known) < 2:
        return {}
    # East is shortened at the latitude of China, so that distances look alike both ways.
    xs, ys = [x * 0.8 for x, _ in known.values()], [y for _, y in known.values()]
    side = max(max(xs) - min(xs), max(ys) - min(ys)) or 1.0
    left, top = (max(xs) + min(xs) - side) / 2, (max(ys) + min(ys) + side) / 2
    room = 100 - 2 * MARGIN
    return {
        key: (round(MARGIN + room * (x * 0.8 - left) / side, 1), round(MARGIN + room * (top - y) / side, 1))
        for key, (x, y) in known.items()
    }


#: Hundredths of the map between a dot and its name, above it and below; and around a dot the half width and the height that
#: a name takes.
ABOVE, BELOW = -4, 7
NAME: Final = (16.0, 12.0)


def name_side(place: tuple[float, float], others: Iterable[tuple[float, float]]) -> int:
    """Where the name stands: above the dot, unless another dot is there and none is below."""
    near = [y - place[1] for x, y in others if abs(x - place[0]) < NAME[0] and 0 < abs(y - place[1]) < NAME[1]]
    return BELOW if any(away < 0 for away in near) and not any(away > 0 for away in near) else ABOVE


def parties(row: Ceremony, view: dict[str, Any]) -> list[dict[str, Any]]:
    """Each party with what templates say of it; `tone` colours it: "go", "no-go", "away", "part", "none"."""
    venues = queries.parties_of(row)
    where = places(venues)
    return [
        {
            **party, "name": venues[party["key"]].name if party["key"] in venues else party["key"],
            "tone": tone(party), "place": where.get(party["key"]),
            "name_side": name_side(where[party["key"]], where.values()) if party["key"] in where else ABOVE, "since_clock": clock(party["since"]),
            "voted_clock": clock(party["voted_at"]),
        }
        for party in view["parties"]
    ]  # fmt: skip


def tone(party: Mapping[str, Any]) -> str:
    if not party["present"]:
        return "away"
    if party["vote"] != "none":
        return str(party["vote"])
    return "part" if party["done"] else "none"


def log_of(row: Ceremony, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The newest events in words, newest first."""
    entries = row.entries.order_by("-version")[:MOST_ENTRIES]
    return [
        {
            "version": entry.version, "at": clock(entry.payload["at"]), "by": entry.payload["by"],
            "text": in_words(entry.payload, names), "kind": entry.kind,
        }
        for entry in entries
    ]  # fmt: skip


def in_words(payload: Mapping[str, Any], names: Mapping[str, str]) -> str:
    text = words.LOGGED.get(payload["kind"], payload["kind"])
    values = {
        "party": names.get(payload.get("party", ""), payload.get("party", "")),
        "item": words.ITEMS.get(payload.get("item", ""), ""), "reason": payload.get("reason", ""),
        "t0": clock(payload.get("t0")),
    }  # fmt: skip
    return (str(text) % values).strip()


def desk_data(row: Ceremony, now: dt.datetime, addresses: Mapping[str, str], party: str = "") -> dict[str, Any]:
    """What the page's script starts from; the state itself it follows by news."""
    return {
        "state": machine.state_json(row.known), "party": party, "topic": queries.staff_topic(row),
        "ticket": ticket_for(queries.staff_topic(row)), "addresses": dict(addresses), "words": words.desk_words(),
        "names": {key: venue.name for key, venue in queries.parties_of(row).items()},
        "items": {key: str(word) for key, word in words.ITEMS.items()}, "now": now.timestamp(),
        "zone": timezone.get_current_timezone_name(),
    }  # fmt: skip


def verbs(view: dict[str, Any]) -> list[dict[str, Any]]:
    """What a director may ask for, and whether it is asked for in this state."""
    state, sealed = view["state"], view["sealed"]
    return [
        {"verb": verb, "label": label, "states": " ".join(sorted(states)), "now": state in states and not sealed}
        for verb, (label, states) in words.VERBS.items()
    ]

"""A contact of a device: what it has let through, and what it should know.

In: its device, the JSON it sent, a moment. Out: JSON: what became of its own passages, what others have let through since its
cursor, heads, seats, whether its roster is still the newest. What must stay true: nothing is told of a person but the row that the
roster names; sending the same again changes nothing.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from everhall.checkin import queries, rules
from everhall.checkin.models import Device, EntryList, Passage
from everhall.checkin.services.merging import take
from everhall.checkin.services.refusals import Refused
from everhall.checkin.services.roster import mark_of
from everhall.checkin.services.walk_ins import give_back, left_of, write_in

MOST_NEWS: Final = 1000


def sync(device: Device, body: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    """`passages`, `sent` (its clock), `cursor`, `queue`, `offset`. Refused "malformed", and "revoked" after what it sent is kept."""
    sent, cursor, batch = body.get("sent"), body.get("cursor", 0), body.get("passages", [])
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 4e12 for value in (sent, cursor))
    if not numbers or not isinstance(batch, list) or len(batch) > rules.MOST_IN_BATCH:
        raise Refused("malformed")
    told = [rules.said(one) for one in batch]
    good = [one for one in told if one is not None]
    strange = take(device, good, float(sent or 0), now)
    note(device, body, now)
    write_in(device.gate.venue, now)
    if taken_back := [one.undoes for one in good if one.undoes]:
        give_back(device, taken_back, now)
    if device.revoked_at is not None:
        raise Refused("revoked")
    lists = queries.lists_of(device.gate)
    news = list(queries.changed_since(lists, device.gate.venue_id, int(cursor or 0))[: MOST_NEWS + 1])
    places = {one.pk: place for place, one in enumerate(lists)}
    return {
        "now": int(now.timestamp() * 1000), "taken": Device.objects.values_list("last_sequence", flat=True).get(pk=device.pk),
        "refused": [one.get("sequence") for one, good_one in zip(batch, told, strict=True) if isinstance(one, Mapping) and (good_one is None or good_one.sequence in strange)],
        "news": [telling(device, one, places[one.list_id]) for one in news[:MOST_NEWS]],
        "cursor": news[: MOST_NEWS][-1].change if news else int(cursor or 0), "more": len(news) > MOST_NEWS,
        "mark": mark_of(device), "lists": heads(lists),
    }  # fmt: skip


def note(device: Device, body: Mapping[str, Any], now: dt.datetime) -> None:
    """How it is, for the desk."""
    queue, offset = body.get("queue", 0), body.get("offset", 0)
    values = {
        "queue": queue if isinstance(queue, int) and 0 <= queue < 10**7 else 0,
        "offset_ms": int(offset) if isinstance(offset, int | float) and abs(offset) < 4e12 else 0,
    }
    Device.objects.filter(pk=device.pk).update(last_seen=now, **values)


def telling(device: Device, one: Passage, place: int) -> dict[str, Any]:
    """`own`: its sequence, where this device decided. `first`: who was first, where it was a double."""
    told: dict[str, Any] = {
        "list": place, "row": one.registration_id or 0, "code": one.code, "direction": one.direction, "people": one.people,
        "counted": one.counted, "standing": one.standing, "found": one.found, "at": int(one.moment.timestamp() * 1000),
        "change": one.change, "id": one.pk, "own": one.sequence if one.device_id == device.pk else 0,
        "where": where(one),
    }  # fmt: skip
    if one.standing == "double":
        winner = queries.winner_of(one)
        if winner is not None:
            told["first"] = {"where": where(winner), "at": int(winner.moment.timestamp() * 1000), "own": winner.device_id == device.pk}
    return told


def where(one: Passage) -> list[str]:
    """In both languages; the desk has no gate."""
    gate = one.device.gate if one.device is not None else None
    return [gate.name_zh, gate.name_en or gate.name_zh] if gate is not None else ["", ""]


def heads(lists: list[EntryList]) -> list[dict[str, Any]]:
    counts = queries.headcounts(lists)
    return [{"inside": counts.get(one.pk, 0), "left": left_of(one) if one.walk_ins else None} for one in lists]

"""The log of the door as a sheet. In: passages. Out: headers and rows. Moments are on the venue's clock, with its offset. What must stay true: no cell is taken for a formula; whose
pass it was is told by number, and by name only as long as the registration has one."""

from collections.abc import Iterable, Iterator
from typing import Any

from everhall.checkin.models import Passage
from everhall.registration.sheets import told

HEADERS = [
    "moment", "received_at", "list", "gate", "device", "by", "source", "direction", "number", "name", "people", "decision", "reason",
    "override", "standing", "counted", "found", "sequence",
]  # fmt: skip


def rows(passages: Iterable[Passage]) -> Iterator[list[Any]]:
    for one in passages:
        row, device, zone = one.registration, one.device, one.venue.zone_of_time
        yield [
            told(cell) for cell in (
                one.moment.astimezone(zone), one.received_at.astimezone(zone), one.list.name_zh, device.gate.name_zh if device else "", str(device or ""),
                one.by.email if one.by else "", one.source, one.direction, row.number if row else "", row.name if row else "",
                one.people, one.decision, one.reason, "yes" if one.override else "", one.standing, one.counted, one.found, one.sequence,
            )
        ]  # fmt: skip

"""The roster of a device: who may pass by the lists of its gate, as columns, compressed, sealed to this device.

    length of the head (4) | head as JSON | columns

Columns, little-endian. Each of `count` people: code (8 bytes), row (4), number (4), lists (2, one bit each), issue, seats, way, void,
kind (1 each). Each of `passed` passages that count: id (4), row (4), moment (4, seconds since 1970), list, out, people, gate (1 each).
Then five texts, each with its length in bytes (4) before it, a line for each person: name, group, companions, initials, organisation.

In: a device. Out: bytes. What must stay true: nobody's address, account, answers or real name is in it; whoever has ended their
registration is in it by their code alone; what a pass needs to be refused is there as well as what it needs to be let in.
"""

import datetime as dt
import gzip
import hashlib
import json
import secrets
import struct
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from everhall.checkin import queries
from everhall.checkin.models import Device, EntryList, Passage
from everhall.editions.public import week_time
from everhall.engines import door_seal, entry
from everhall.registration import keys, passes, rules
from everhall.registration.models import Companion, Registration, Ticket

VOID: Final = {rules.CONFIRMED: 0, rules.TRANSFERRED: 2}
MOST_SEATS: Final = 255

_initials: list[Callable[[str], str]] = []


def spelled_by(function: Callable[[str], str]) -> None:
    """`config/wiring.py` hands over by which letters Chinese names are found."""
    _initials[:] = [function]


@dataclass(slots=True)
class Columns:
    """While they are filled."""

    codes: bytearray = field(default_factory=bytearray)
    numbers: "dict[str, array[int]]" = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def bytes(self) -> bytes:
        parts = [bytes(self.codes)]
        parts += [_little(column).tobytes() for column in self.numbers.values()]
        for lines in self.texts.values():
            text = "\n".join(lines).encode()
            parts += [struct.pack("<I", len(text)), text]
        return b"".join(parts)


def _little(column: "array[int]") -> "array[int]":
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        column.byteswap()
    return column


def roster(device: Device, now: dt.datetime) -> bytes:
    """Sealed."""
    lists = queries.lists_of(device.gate)
    head, columns = content(device, lists, now)
    told = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    plain = gzip.compress(struct.pack("<I", len(told)) + told + columns.bytes(), 6, mtime=0)
    made = int(now.timestamp() * 1000)
    return door_seal.sealed(
        plain, device.key, bytes(device.agreement), made, made + 3_600_000 * hours(lists), ec.generate_private_key(ec.SECP256R1()),
        secrets.token_bytes(12), keys.key(),
    )  # fmt: skip


def hours(lists: Sequence[EntryList]) -> int:
    """Until it must be fetched anew: that of the strictest list."""
    return min((one.roster_hours for one in lists), default=1)


def content(device: Device, lists: Sequence[EntryList], now: dt.datetime) -> tuple[dict[str, Any], Columns]:
    admissions = {one.pk: list(queries.admissions_of(one)) for one in lists}
    masks: dict[int, int] = {}
    for place, one in enumerate(lists):
        for admission in admissions[one.pk]:
            masks[admission.pk] = masks.get(admission.pk, 0) | 1 << place
    # Before the rows are read: whatever is written meanwhile is told again by the next contact, which is harmless.
    cursor = queries.last_change(device.gate.venue_id)
    mark = queries.roster_mark(device.gate, lists)
    tickets = list(Ticket.objects.filter(admission__in=masks))
    columns = filled(masks, {ticket.pk: place + 1 for place, ticket in enumerate(tickets)})
    passed, gates = arrivals(lists)
    columns.numbers |= passed
    gate, venue = device.gate, device.gate.venue
    counts = queries.headcounts(lists)
    head = {
        "count": len(columns.codes) // 8, "passed": len(passed["passed_id"]), "gates": gates, "cursor": cursor, "mark": door_mark(mark),
        "gate": {"key": gate.key, "zh": gate.name_zh, "en": gate.name_en or gate.name_zh, "direction": gate.direction},
        "venue": {"zh": venue.name_zh, "en": venue.name_en or venue.name_zh, "zone": venue.timezone},
        "edition": {"zh": venue.edition.name_zh, "en": venue.edition.name_en or venue.edition.name_zh},
        "keys": [keys.key().public_key().public_bytes_raw().hex()],
        "kinds": [["", ""], *([ticket.name_zh, ticket.name_en or ticket.name_zh] for ticket in tickets)],
        "lists": [listing(one, [passes.public_id(each.key).hex() for each in admissions[one.pk]], counts.get(one.pk, 0), now) for one in lists],
    }  # fmt: skip
    return head, columns


def listing(one: EntryList, admissions: list[str], inside: int, now: dt.datetime) -> dict[str, Any]:
    """What a device knows of a list. Moments are real ones, also in a demo of a past week."""
    shift = (week_time(now) - now).total_seconds()

    def real(moment: dt.datetime | None) -> float:
        return moment.timestamp() - shift if moment is not None else 0

    return {
        "key": one.key, "zh": one.name_zh, "en": one.name_en or one.name_zh, "rule": one.rule, "unknown": one.unknown,
        "opens": real(one.opens_at), "closes": real(one.closes_at), "capacity": one.capacity or 0, "walk_ins": one.walk_ins,
        "admissions": admissions, "inside": inside,
    }  # fmt: skip


def door_mark(text: str) -> str:
    """Short enough to be asked with."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def mark_of(device: Device) -> str:
    return door_mark(queries.roster_mark(device.gate, queries.lists_of(device.gate)))


FACTS: Final = (
    "pk", "admission_id", "number", "state", "name", "group_name", "way", "ticket_id", "seats", "pass_code", "pass_issue",
    "organisation__name_zh",
)  # fmt: skip


def filled(masks: dict[int, int], kinds: dict[int, int]) -> Columns:
    states = {rules.CONFIRMED, *rules.ENDED}
    companions = names_along(masks)
    small: dict[str, array[int]] = {name: array("B") for name in ("issue", "seats", "way", "void", "kind")}
    wide: dict[str, array[int]] = {name: array("I") for name in ("row", "number")}
    bits = array("H")
    columns = Columns(texts={name: [] for name in ("name", "group", "companions", "initials", "organisation")})
    rows = Registration.objects.filter(admission__in=masks, state__in=states).order_by("pk").values_list(*FACTS)
    for pk, admission, number, state, name, group, way, ticket, seats, code, issue, organisation in rows.iterator(5000):
        void = VOID.get(state, 1)
        columns.codes += bytes(code)
        wide["row"].append(pk)
        wide["number"].append(number)
        for key, value in (("issue", issue), ("seats", seats), ("way", way == "online"), ("void", void), ("kind", kinds.get(ticket, 0))):
            small[key].append(min(MOST_SEATS, int(value)))
        bits.append(masks[admission])
        told = ("", "", "", "") if void else (name, group, companions.get(pk, ""), organisation or "")
        for key, text in zip(("name", "group", "companions", "organisation"), told, strict=True):
            columns.texts[key].append(text.replace("\n", " "))
        columns.texts["initials"].append(_initials[0](f"{told[0]} {told[2]}") if _initials and told[0] else "")
    columns.numbers = {**wide, "lists": bits, **small}
    return columns


def arrivals(lists: Sequence[EntryList]) -> tuple["dict[str, array[int]]", list[list[str]]]:
    """Passages that count, as columns, and the gates they name, in both languages; the first is the desk."""
    wide: dict[str, array[int]] = {f"passed_{name}": array("I") for name in ("id", "row", "at")}
    small: dict[str, array[int]] = {f"passed_{name}": array("B") for name in ("list", "out", "people", "gate")}
    places = {one.pk: place for place, one in enumerate(lists)}
    gates: dict[int | None, int] = {None: 0}
    names = [["", ""]]
    rows = Passage.objects.filter(list__in=places, registration__isnull=False, counted__gt=0).order_by("pk")
    facts = ("pk", "registration_id", "moment", "list_id", "direction", "counted", "device__gate_id", "device__gate__name_zh", "device__gate__name_en")
    for pk, row, moment, one, direction, counted, gate, zh, en in rows.values_list(*facts).iterator(5000):
        if gate not in gates and len(names) < MOST_SEATS:
            gates[gate] = len(names)
            names.append([zh, en or zh])
        for column, value in zip(wide.values(), (pk, row, int(moment.timestamp())), strict=True):
            column.append(value)
        for column, value in zip(small.values(), (places[one], direction == entry.OUT, min(MOST_SEATS, counted), gates.get(gate, 0)), strict=True):
            column.append(int(value))
    return {**wide, **small}, names


def names_along(masks: dict[int, int]) -> dict[int, str]:
    """Registration -> who comes along."""
    found: dict[int, str] = {}
    for pk, name in Companion.objects.filter(registration__admission__in=masks).order_by("pk").values_list("registration", "name"):
        found[pk] = f"{found[pk]}、{name}" if pk in found else name
    return found

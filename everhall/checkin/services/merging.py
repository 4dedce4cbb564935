"""What devices have let through, put together: who was first wins, the later one is a double, and both are told.

In: a device, its passages in the order of their sequence, a moment. Out: what became of each. What must stay true: a passage that
comes twice is one; the end is the same in whatever order devices come; nothing is deleted; whoever writes passages of a venue
holds its ledger, so changes are stored in the order of their numbers.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from everhall.checkin import queries, rules
from everhall.checkin.models import Device, EntryList, Ledger, Passage
from everhall.editions.models import Venue
from everhall.engines import entry, passes
from everhall.registration import keys
from everhall.registration import passes as of_registration
from everhall.registration import rules as states
from everhall.registration.models import Registration

COLUMNS = ("pk", "admission_id", "admission__key", "state", "pass_code", "pass_issue")


@dataclass(slots=True)
class Writing:
    """The ledger of a venue, held."""

    ledger: Ledger
    last: int

    def next(self) -> int:
        self.last += 1
        return self.last


def held(venue: Venue) -> Writing:
    """Inside a transaction."""
    Ledger.objects.bulk_create([Ledger(venue=venue)], ignore_conflicts=True)
    ledger = Ledger.objects.select_for_update().get(venue=venue)
    return Writing(ledger, ledger.last)


def close(writing: Writing) -> None:
    if writing.last != writing.ledger.last:
        Ledger.objects.filter(pk=writing.ledger.pk).update(last=writing.last)


def take(device: Device, batch: Sequence[rules.Said], sent: float, now: dt.datetime) -> set[int]:
    """Store them, and settle what they touch; the sequences of those that name no list of the venue. A list may have left the gate
    since. Those of a revoked device from after its end are kept apart."""
    lists = {one.key: one for one in EntryList.objects.filter(venue=device.gate.venue_id, key__in={one.listed for one in batch})}
    strange = {one.sequence for one in batch if one.listed not in lists}
    with transaction.atomic():
        writing = held(device.gate.venue)
        device.refresh_from_db(fields=["last_sequence", "last_moment", "revoked_at"])
        fresh = [one for one in sorted(batch, key=lambda each: each.sequence) if one.sequence > device.last_sequence and one.listed in lists]
        if not fresh:
            return strange
        moments = rules.moments((one.at for one in fresh), sent, now, device.last_moment)
        rows = Registrations(fresh, lists)
        made = [passage(device, one, lists[one.listed], moment, rows, writing, now) for one, moment in zip(fresh, moments, strict=True)]
        Passage.objects.bulk_create(made)
        undo(device, fresh, writing)
        touched: set[tuple[int, int | None]] = {(one.list_id, one.registration_id) for one in made if one.registration_id is not None}
        touched |= undone(device, fresh)
        settle(touched, writing)
        Device.objects.filter(pk=device.pk).update(last_sequence=fresh[-1].sequence, last_moment=moments[-1])
        close(writing)
    return strange


class Registrations:
    """Those that a batch names, by their row and code, or by a pass that the roster did not know."""

    def __init__(self, batch: Iterable[rules.Said], lists: dict[str, EntryList]) -> None:
        known = keys.key().public_key()
        self._keys = {passes.key_id(known): known}
        batch = list(batch)
        found = Registration.objects.filter(pk__in={one.row for one in batch if one.row}).select_related("admission").only(*COLUMNS)
        self._rows = {row.pk: row for row in found}
        facts = {one.sequence: passes.read(one.text, self._keys) for one in batch if not one.row and one.text}
        self._facts = {sequence: fact for sequence, fact in facts.items() if fact is not None}
        codes = {fact.code for fact in self._facts.values()}
        by_code = Registration.objects.filter(pass_code__in=codes).select_related("admission").only(*COLUMNS) if codes else ()
        self._codes = {bytes(row.pass_code): row for row in by_code}
        self._admissions = {one.key: set(queries.admissions_of(one).values_list("pk", flat=True)) for one in lists.values()}

    def of(self, one: rules.Said) -> tuple[Registration | None, str]:
        """And what the site knows better than the device did."""
        fact = self._facts.get(one.sequence)
        row = self._rows.get(one.row) if one.row else self._codes.get(fact.code) if fact is not None else None
        if row is not None and (one.code and bytes(row.pass_code).hex() != one.code):
            row = None
        if row is None or row.admission_id not in self._admissions[one.listed]:
            return None, "unknown" if one.code or one.row else ""
        if one.direction == entry.IN and fact is not None and (fact.admission != of_registration.public_id(row.admission.key) or fact.issue < row.pass_issue):
            return row, "renewed"
        return row, "" if row.state == states.CONFIRMED or one.direction == entry.OUT else "transferred" if row.state == states.TRANSFERRED else "cancelled"


def passage(
    device: Device, one: rules.Said, listed: EntryList, moment: dt.datetime, rows: Registrations, writing: Writing, now: dt.datetime
) -> Passage:  # fmt: skip
    """As it is stored; entries of a registration are settled afterwards."""
    row, found = rows.of(one)
    admitted = one.decision == entry.ADMIT
    standing, counted = ("counted", one.people) if admitted else ("refused", 0)
    if one.source == "walk-in" and admitted and one.direction == entry.IN:
        found = "pending"
    if device.revoked_at is not None and moment >= device.revoked_at:
        standing, counted = "apart", 0
    return Passage(
        venue=device.gate.venue, list=listed, device=device, sequence=one.sequence, registration=row, code=one.code,
        direction=one.direction, people=one.people, decision=one.decision, reason=one.reason, source=one.source,
        override=one.override, moment=moment, received_at=now, standing=standing, counted=counted,
        found=found if admitted else "", change=writing.next(),
    )  # fmt: skip


def undo(device: Device, batch: Iterable[rules.Said], writing: Writing) -> None:
    """What somebody took back at once."""
    for row in Passage.objects.filter(device=device, sequence__in=[one.undoes for one in batch if one.undoes]).exclude(standing="undone"):
        Passage.objects.filter(pk=row.pk).update(standing="undone", counted=0, change=writing.next())


def undone(device: Device, batch: Iterable[rules.Said]) -> set[tuple[int, int | None]]:
    rows = Passage.objects.filter(device=device, sequence__in=[one.undoes for one in batch if one.undoes], registration__isnull=False)
    return set(rows.values_list("list", "registration"))


def settle(touched: Iterable[tuple[int, int | None]], writing: Writing) -> None:
    """All passages of these registrations at these lists; when each first came."""
    pairs = set(touched)
    if not pairs:
        return
    lists = EntryList.objects.in_bulk({one for one, _ in pairs})
    rows = Registration.objects.select_for_update().only("pk", "seats", "wanted", "came_at").order_by("pk")
    people = {row.pk: row for row in rows.filter(pk__in={row for _, row in pairs if row is not None})}
    by_pair: dict[tuple[int, int | None], list[Passage]] = defaultdict(list)
    standing = ("counted", "double")
    for one in Passage.objects.filter(registration__in=people, list__in=lists, decision=entry.ADMIT, standing__in=standing):
        by_pair[one.list_id, one.registration_id].append(one)
    changed: list[Passage] = []
    for pair in pairs:
        row = people.get(pair[1] or 0)
        if row is not None:
            changed += settled(by_pair[pair], lists[pair[0]], row)
    for one in sorted(changed, key=lambda each: (each.moment, each.pk)):
        one.change = writing.next()
    Passage.objects.bulk_update(changed, ["standing", "counted", "change"], batch_size=100)
    note_arrivals(people)


def settled(passages: list[Passage], listed: EntryList, row: Registration) -> list[Passage]:
    """Those of one registration at one list that became something else."""
    by_pk = {one.pk: one for one in passages}
    passed = [
        entry.Passed(one.pk, one.moment.timestamp(), f"{one.device_id or 0:012}", one.sequence, one.direction, one.people)
        for one in passages
    ]
    changed = []
    for end in entry.settle(passed, listed.rule, row.seats or row.wanted):
        one = by_pk[end.key]
        if (one.standing, one.counted) != (end.standing, end.people):
            one.standing, one.counted = end.standing, end.people
            changed.append(one)
    return changed


def note_arrivals(people: dict[int, Registration]) -> None:
    """The first entry that counts is when they came. Somebody noted at the desk before stays noted; what the door took back does not."""
    first: dict[int, dt.datetime] = {}
    rows = Passage.objects.filter(registration__in=people, direction=entry.IN, counted__gt=0).order_by("moment")
    for pk, moment in rows.values_list("registration", "moment"):
        first.setdefault(pk, moment)
    changed = []
    for pk, row in people.items():
        came = None if row.came_at is not None and taken_back(pk, row.came_at) else row.came_at
        came = min((one for one in (came, first.get(pk)) if one is not None), default=None)
        if came != row.came_at:
            row.came_at = came
            changed.append(row)
    Registration.objects.bulk_update(changed, ["came_at"], batch_size=200)


def taken_back(pk: int, moment: dt.datetime) -> bool:
    """Whether it was an entry of this moment that somebody took back."""
    return Passage.objects.filter(registration=pk, standing="undone", direction=entry.IN, moment=moment).exists()

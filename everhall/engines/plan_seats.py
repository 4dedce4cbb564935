"""Which exhibit goes to which free booth: a proposal by field and by zone.

In: free booths with their zones, exhibits with their fields, what stands in each zone. Out: exhibit -> booth. Pure. Must stay
true: no booth twice; a zone takes no more than it may; an exhibit that already has a zone stays in it; those that
cannot be placed are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from everhall.engines.assigning import Reviewer, Wanted, assign
from everhall.engines.plan import Plan, inside


@dataclass(frozen=True, slots=True)
class Free:
    """A booth in which nothing stands; `key` names it for whoever asks."""

    key: str
    zone: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exhibit without a booth; `zone` where it has one already."""

    pk: int
    fields: frozenset[str]
    zone: int | None = None


def zones_of(plan: Plan) -> dict[str, str]:
    """Booth -> code of the zone on whose ground its middle lies; booths outside all zones are missing."""
    found = {}
    for booth in plan.booths:
        area = next((area for area in plan.areas if inside(booth.middle, area.outline)), None)
        if area is not None:
            found[booth.code] = area.code
    return found


def proposed(
    waiting: Sequence[Waiting], free: Sequence[Free], stands: Mapping[int, Counter[str]], most: Mapping[int, int]
) -> dict[int, str]:
    """`stands`: zone -> how often each field stands there; `most`: zone -> how many more it may take.

    Zones are chosen by a flow of least cost (`assigning`): an exhibit wishes for zones in which its fields stand, and rather
    not for those in which others do; loads are kept even. Within a zone exhibits of a field come beside each other, in the
    order of the booths.
    """
    booths: dict[int, list[str]] = defaultdict(list)
    for one in free:
        booths[one.zone].append(one.key)
    zones = [Reviewer(zone, 0, min(len(keys), max(most.get(zone, len(keys)), 0))) for zone, keys in booths.items()]
    forbidden = {
        (one.pk, zone) for one in waiting if one.zone is not None for zone in booths if zone != one.zone
    }
    wishes = {(one.pk, zone): liking(one, stands.get(zone, Counter())) for one in waiting for zone in booths}
    pairs = assign([Wanted(one.pk, 1) for one in waiting], zones, forbidden=forbidden, wishes=wishes).pairs
    by_zone: dict[int, list[int]] = defaultdict(list)
    for pk, zone in pairs:
        by_zone[zone].append(pk)
    fields = {one.pk: min(one.fields, default="") for one in waiting}
    found: dict[int, str] = {}
    for zone, pks in by_zone.items():
        ordered = sorted(pks, key=lambda pk: (fields[pk], pk))
        found.update(zip(ordered, booths[zone], strict=False))
    return found


def liking(one: Waiting, there: Counter[str]) -> int:
    """1: its fields stand there; 0: nothing stands there yet; -1: only others do."""
    if not there:
        return 0
    return 1 if any(there[field] for field in one.fields) else -1

"""What of a venue waits for a booth, and which booths of its plans are free. For the desk; drafts count like all others."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from everhall.editions.models import Hall, Venue, Zone
from everhall.engines.labels import key_of
from everhall.engines.plan_seats import Free, Waiting, proposed, zones_of
from everhall.exhibition.models import Placement
from everhall.exhibition.queries.plans import ground_of


@dataclass(frozen=True, slots=True)
class ZoneBooths:
    """A zone with its free booths in the order of the plan; `key` of each is "<hall>:<number>"."""

    zone: Zone
    free: tuple[tuple[str, str], ...]
    stands: int

    @property
    def room(self) -> int:
        """How many more it may take."""
        return max(self.zone.MOST_EXHIBITS - self.stands, 0)


@dataclass(frozen=True, slots=True)
class HallBooths:
    """A hall; `drawn` False: nobody drew a plan, so that no free booth is known. `outside`: booths on no zone's ground."""

    hall: Hall
    drawn: bool
    zones: tuple[ZoneBooths, ...]
    outside: int


def waiting_at(venue: Venue) -> list[Placement]:
    """Placements of a venue without a booth."""
    rows = Placement.objects.filter(venue=venue, booth="").select_related("exhibit__organisation", "zone__hall", "edition")
    return list(rows.prefetch_related("exhibit__fields").order_by("zone__order", "exhibit__code"))


def placed_at(venue: Venue) -> list[Placement]:
    """Those with a booth, in the order of their numbers."""
    rows = Placement.objects.filter(venue=venue).exclude(booth="").select_related("exhibit", "zone__hall")
    return list(rows.prefetch_related("exhibit__fields").order_by("zone__hall__order", "zone__order", "booth", "pk"))


def taken_at(hall: Hall) -> set[str]:
    """Keys of the booths in which something stands: those of its zones, and of the venue where no zone is known."""
    rows = Placement.objects.filter(venue_id=hall.venue_id).exclude(booth="").values_list("booth", "zone__hall_id")
    return {key_of(booth) or booth.strip() for booth, hall_id in rows if hall_id in (hall.pk, None)}


def booths_of(venue: Venue) -> list[HallBooths]:
    """Halls of a venue with what is free in each zone."""
    stands = Counter(Placement.objects.filter(venue=venue, zone__isnull=False).values_list("zone_id", flat=True))
    found = []
    for hall in Hall.objects.filter(venue=venue).prefetch_related("zones").order_by("order", "code"):
        ground, taken = ground_of(hall.pk), taken_at(hall)
        zones = {zone.code: zone for zone in hall.zones.all()}
        where = zones_of(ground.plan)
        only = next(iter(zones)) if len(zones) == 1 else ""
        free: dict[str, list[tuple[str, str]]] = defaultdict(list)
        outside = 0
        for booth in ground.plan.booths if ground.is_drawn else ():
            if (key_of(booth.code) or booth.code) in taken:
                continue
            code = where.get(booth.code, only)
            if code in zones:
                free[code].append((f"{hall.pk}:{booth.code}", booth.code))
            else:
                outside += 1
        rows = tuple(ZoneBooths(zone, tuple(free[code]), stands[zone.pk]) for code, zone in zones.items())
        found.append(HallBooths(hall, ground.is_drawn, rows, outside))
    return found


def suggestion(waiting: Iterable[Placement], placed: Iterable[Placement], halls: Iterable[HallBooths]) -> dict[int, str]:
    """Placement -> key of the booth that would suit it, by what stands around."""
    zones = [row for hall in halls for row in hall.zones]
    stands: dict[int, Counter[str]] = defaultdict(Counter)
    for placement in placed:
        if placement.zone_id:
            stands[placement.zone_id].update(field.code for field in placement.exhibit.fields.all())
    rows = list(waiting)
    held = Counter(row.zone_id for row in rows if row.zone_id)
    return proposed(
        [Waiting(row.pk, frozenset(field.code for field in row.exhibit.fields.all()), row.zone_id) for row in rows],
        [Free(key, row.zone.pk) for row in zones for key, _ in row.free], stands,
        # Those that wait in a zone are counted in it already.
        {row.zone.pk: row.room + held[row.zone.pk] for row in zones},
    )


def venues_placed(user: Any, rows: Any) -> list[Venue]:
    """Venues at which the user may give booths; `rows`: placements they may change."""
    ids = rows.order_by().values_list("venue_id", flat=True).distinct()
    return list(Venue.objects.filter(pk__in=ids).select_related("edition").order_by("-edition__starts_on", "order", "pk"))

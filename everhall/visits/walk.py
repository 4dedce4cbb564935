"""My visit as a walk: favourites by hall, in the order in which one walks little, with the way on the plan.

In: a visitor's favourites, an edition, a moment, and where they are. Out: plain values for the page. What must stay true: only what
visitors may see at this moment is on it; a hall whose plan knows no booth of it still lists what stands there.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from everhall.editions.models import Edition
from everhall.engines import plan_draw, plan_route, visit_order
from everhall.engines.plan import Plan, Point
from everhall.exhibition import queries as exhibition
from everhall.exhibition.models import Placement
from everhall.exhibition.places import drawn, hall_address, words
from everhall.exhibition.queries import Ground, HallRow
from everhall.visits.models import Favourite

#: Beyond, a hall's list is in walking order without a way on the plan.
MOST_LEGS: Final = 60
MOST_DOORS: Final = 8


@dataclass(frozen=True, slots=True)
class Stop:
    """A favourite where it stands. `metres`: from the stop before, None where no way is known; `anchor`: where the plan leads."""

    favourite: Favourite
    placement: Placement
    card: Any
    booth: str
    metres: int | None = None
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class HallVisit:
    """What one wants to see in a hall; `row` None: what has no hall."""

    row: HallRow | None
    venue: str
    stops: list[Stop]
    address: str = ""
    drawing: SafeString | str = ""
    metres: int = 0
    seen: list[Stop] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.stops) + len(self.seen)


def visit_of(favourites: Sequence[Favourite], edition: Edition, now: dt.datetime, start: str = "") -> list[HallVisit]:
    """All halls of a visit in the order of the edition; `start`: the booth at which somebody stands."""
    rows = exhibition.public_placements(edition, now).filter(exhibit_id__in=[one.exhibit_id for one in favourites])
    placements = {row.exhibit_id: row for row in rows.select_related("zone__hall", "venue").order_by("pk")}
    cards = {card.exhibit_id: card for card in exhibition.cards_of(edition, [row.pk for row in placements.values()], now)}
    by_hall: dict[int | None, list[Stop]] = defaultdict(list)
    for one in favourites:
        placement, card = placements.get(one.exhibit_id), cards.get(one.exhibit_id)
        if placement is None or card is None:
            continue
        hall = placement.zone.hall_id if placement.zone is not None else None
        by_hall[hall].append(Stop(one, placement, card, placement.booth.strip()))
    found = [
        in_hall(row, by_hall.pop(row.pk), edition, start) for row in exhibition.halls_of(edition) if row.pk in by_hall
    ]
    by_venue: dict[str, list[Stop]] = defaultdict(list)
    for stop in (stop for stops in by_hall.values() for stop in stops):
        by_venue[stop.placement.venue.name].append(stop)
    return [*found, *(HallVisit(None, venue, *parted(stops)) for venue, stops in by_venue.items())]


def parted(stops: Sequence[Stop]) -> tuple[list[Stop], str, str, int, list[Stop]]:
    """What is still to be seen, and what was: as `HallVisit` takes them."""
    left = [stop for stop in stops if stop.favourite.visited_at is None]
    return left, "", "", 0, [stop for stop in stops if stop.favourite.visited_at is not None]


def in_hall(row: HallRow, stops: list[Stop], edition: Edition, start: str) -> HallVisit:
    """The way through one hall."""
    ground = exhibition.ground_of(row.pk)
    left, *_rest, seen = parted(stops)
    placed: list[tuple[Stop, str, Point]] = []
    others: list[Stop] = []
    for stop in left:
        code = exhibition.meant(ground, stop.booth) if stop.booth else ""
        booth = ground.plan.booth(code) if code else None
        if booth is None:
            others.append(stop)
        else:
            placed.append((stop, code, booth.front))
    here = exhibition.meant(ground, start) if start else ""
    begins = begin_of(ground, here, [point for *_, point in placed])
    order = visit_order.order(begins, [point for *_, point in placed])
    walked, points, total = legs(ground.plan, begins, [placed[n] for n in order])
    address = hall_address(edition.code, row.venue, row.code)
    return HallVisit(row, row.venue_name, [*walked, *others], address, drawing_of(row, ground, placed, here, points), total, seen)


def begin_of(ground: Ground, here: str, places: list[Point]) -> Point | None:
    """Where somebody stands, else the door from which the walk is shortest."""
    booth = ground.plan.booth(here) if here else None
    if booth is not None:
        return booth.front
    doors = list(ground.plan.doors)[:MOST_DOORS]
    return min(doors, key=lambda door: visit_order.length(door, places, visit_order.nearest(door, places)), default=None)


def legs(plan: Plan, begins: Point | None, placed: list[tuple[Stop, str, Point]]) -> tuple[list[Stop], tuple[Point, ...], int]:
    """The stops with metres, the whole way, and how long it is."""
    stops: list[Stop] = []
    points: list[Point] = []
    total, before = 0.0, begins
    met: set[str] = set()
    for n, (stop, code, point) in enumerate(placed):
        way = way_between(plan, before, point) if before is not None and n < MOST_LEGS else None
        metres = plan_route.metres(way) if way is not None else None
        points += way if way is not None else ()
        total += metres or 0.0
        anchor = "" if code in met else f"stop-{code_id(code)}"
        met.add(code)
        stops.append(replace(stop, metres=None if metres is None else round(metres), anchor=anchor))
        before = point
    return stops, tuple(points), round(total)


@lru_cache(maxsize=4_000)
def way_between(plan: Plan, start: Point, goal: Point) -> tuple[Point, ...] | None:
    """Kept, because a page of a visit asks for the same legs again after each mark."""
    return plan_route.walk(plan, start, goal)


def drawing_of(
    row: HallRow, ground: Ground, placed: list[tuple[Stop, str, Point]], here: str, points: tuple[Point, ...]
) -> SafeString | str:
    """The plan with the way; "" where nothing of the visit stands on it."""
    if not placed:
        return ""
    names: dict[str, list[str]] = defaultdict(list)
    for stop, code, _point in placed:
        names[code].append(stop.card.name)
    stands = {code: plan_draw.Standing(f"#stop-{code_id(code)}", f"{code}: {', '.join(said)}", "hit") for code, said in names.items()}
    title = _("Your way through %(hall)s") % {"hall": row.name}
    return drawn(
        ground.plan, stands, ground.zones, words(title, title), ground=ground.drawing, marked=plan_draw.Marked(here, points),
        name=f"visit-{row.pk}",
    )


def code_id(code: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in code)

"""Where one stands in a hall that is walked by panoramas: stations, what is seen from each, and where one walks on.

In: a plan. Out: stations in walking order from the door. What stays true: a station is on free ground; every booth that
one can come near to is before a station within `NEAR` metres and not seen too much from the side; no station shows more than
`MOST` booths; a link is a straight way that crosses no booth and no wall, goes both ways, and by links one comes to all.
"""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everhall.engines.plan import Booth, Outline, Plan, Point

Array = NDArray[Any]

#: Metres within which a booth is looked at, and within which it is a spot in the picture at all.
NEAR: Final = 8.0
SEEN: Final = 14.0
#: Booths that one station shows.
MOST: Final = 30
#: Degrees from straight before a booth: to look at it, and to see what it is.
SIDEWAYS: Final = 66.0
GLIMPSED: Final = 80.0
#: Metres to the next booth or wall, and from the corner of a booth to where one turns around it.
ROOM: Final = 0.55
CORNER: Final = 1.5
#: Metres that one walks on without a stop, where there is a stop between; and how far apart ways on must point.
STRIDE: Final = 13.0
APART: Final = 32.0


@dataclass(frozen=True, slots=True)
class Sight:
    """A booth seen from a station: compass degrees on the plan (0 is its upper edge), degrees up, metres."""

    booth: str
    yaw: float
    pitch: float
    metres: float


@dataclass(frozen=True, slots=True)
class Way:
    """To another station, by its number."""

    to: int
    yaw: float
    metres: float


@dataclass(frozen=True, slots=True)
class Station:
    """`code` is that of the booth it stands before, or `way-1` … where it stands before none; `heading` is where one
    looks on coming."""

    code: str
    at: Point
    heading: float
    before: str
    sights: tuple[Sight, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """The plan as numbers: edges of booths and walls (n, 4), whose they are (-1: walls), and of each booth the middle
    of its front and the unit vector out of it."""

    edges: Array
    owner: Array
    fronts: Array
    facings: Array


def heading_of(start: Point, end: Point) -> float:
    """Degrees clockwise from the plan's upper edge."""
    return math.degrees(math.atan2(end[0] - start[0], start[1] - end[1])) % 360


def front_edge(booth: Booth) -> tuple[Point, Point]:
    """The edge of a booth before which visitors stand, from left to right as they see it."""
    pairs = list(zip(booth.outline, (*booth.outline[1:], booth.outline[0]), strict=True))
    edges = [pair for pair in pairs if math.dist(*pair) > 1e-6] or pairs
    a, b = min(edges, key=lambda e: math.dist(((e[0][0] + e[1][0]) / 2, (e[0][1] + e[1][1]) / 2), booth.front))
    x, y = booth.front
    turned = (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
    return (a, b) if turned > 0 else (b, a)


def ground_of(plan: Plan) -> Ground:
    edges, owner, fronts, facings = [], [], [], []
    for number, booth in enumerate(plan.booths):
        for start, end in zip(booth.outline, (*booth.outline[1:], booth.outline[0]), strict=True):
            edges.append((*start, *end))
            owner.append(number)
        (ax, ay), (bx, by) = front_edge(booth)
        length = max(math.hypot(bx - ax, by - ay), 1e-9)
        fronts.append(((ax + bx) / 2, (ay + by) / 2))
        facings.append(((ay - by) / length, (bx - ax) / length))
    for wall in plan.walls:
        for start, end in zip(wall, wall[1:] if len(wall) < 3 else (*wall[1:], wall[0]), strict=False):
            edges.append((*start, *end))
            owner.append(-1)
    return Ground(
        np.array(edges, dtype=float).reshape(-1, 4), np.array(owner, dtype=int),
        np.array(fronts, dtype=float).reshape(-1, 2), np.array(facings, dtype=float).reshape(-1, 2),
    )  # fmt: skip


def blocked(start: Array, end: Array, edges: Array) -> Array:
    """(n,) whether a segment from start[n] to end[n] meets any edge."""
    found = np.zeros(len(start), dtype=bool)
    ax, ay, bx, by = (edges[:, n][None, :] for n in range(4))
    for first in range(0, len(start), 512):
        part = slice(first, first + 512)
        px, py = start[part, 0, None], start[part, 1, None]
        qx, qy = end[part, 0, None], end[part, 1, None]
        one = (qx - px) * (ay - py) - (qy - py) * (ax - px)
        two = (qx - px) * (by - py) - (qy - py) * (bx - px)
        three = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
        four = (bx - ax) * (qy - ay) - (by - ay) * (qx - ax)
        found[part] = ((one * two <= 0) & (three * four <= 0) & (np.abs(one) + np.abs(two) > 0)).any(axis=1)
    return found


def clearance(points: Array, edges: Array) -> Array:
    """(n,) metres from points to the nearest edge."""
    nearest = np.full(len(points), np.inf)
    way = edges[:, 2:] - edges[:, :2]
    square = np.maximum((way**2).sum(axis=1), 1e-12)
    for first in range(0, len(points), 512):
        some = points[first : first + 512, None, :]
        part = np.clip(((some - edges[:, :2]) * way).sum(axis=2) / square, 0, 1)
        foot = edges[:, :2] + part[..., None] * way
        if len(edges):
            nearest[first : first + 512] = np.sqrt(((some - foot) ** 2).sum(axis=2)).min(axis=1)
    return nearest


def within(points: Array, outline: Outline) -> Array:
    """(n,) whether a polygon holds points."""
    found = np.zeros(len(points), dtype=bool)
    x, y = points[:, 0], points[:, 1]
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if y1 != y2:
            found ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found


def free_points(plan: Plan, ground: Ground) -> Array:
    """(n, 2) where one may stand: before booths, around their corners, inside of doors."""
    points: list[Point] = [booth.front for booth in plan.booths]
    for booth in plan.booths:
        mx, my = booth.middle
        for x, y in booth.outline:
            points.append((x + math.copysign(CORNER, x - mx), y + math.copysign(CORNER, y - my)))
    for x, y in plan.doors:
        points.append((min(max(x, 2.0), plan.width - 2.0), min(max(y, 2.0), plan.depth - 2.0)))
    unique = np.array(list(dict.fromkeys((round(x, 1), round(y, 1)) for x, y in points)), dtype=float).reshape(-1, 2)
    inside = (unique >= ROOM).all(axis=1) & (unique <= np.array([plan.width, plan.depth]) - ROOM).all(axis=1)
    unique = unique[inside]
    unique = unique[clearance(unique, ground.edges) >= ROOM]
    held = np.zeros(len(unique), dtype=bool)
    for booth in plan.booths:
        held |= within(unique, booth.outline)
    return unique[~held]


def seen_from(points: Array, ground: Ground, metres: float, sideways: float) -> tuple[Array, Array, Array]:
    """Pairs (point, booth) and their metres: the front of a booth is within reach, not too oblique and not hidden."""
    way = points[:, None, :] - ground.fronts[None, :, :]
    far = np.sqrt((way**2).sum(axis=2))
    straight = (way * ground.facings[None]).sum(axis=2) / np.maximum(far, 1e-9)
    point, booth = np.nonzero((far <= metres) & (straight >= math.cos(math.radians(sideways))))
    before = ground.fronts[booth] + ground.facings[booth] * 0.05
    hidden = np.zeros(len(point), dtype=bool)
    if len(point):
        hidden = blocked(points[point], before, ground.edges)
    return point[~hidden], booth[~hidden], far[point, booth][~hidden]


def covering(points: Array, pairs: tuple[Array, Array, Array], booths: int) -> list[int]:
    """Few points from which all booths that can be seen are seen, greedily; of equals the nearest to its booths."""
    sets: list[dict[int, float]] = [{} for _ in range(len(points))]
    for point, booth, far in zip(*(part.tolist() for part in pairs), strict=True):
        sets[point][booth] = far
    left = {booth for one in sets for booth in one}
    chosen: list[int] = []
    while left:
        best = max(range(len(sets)), key=lambda n: (worth(sets[n], left), -n))
        chosen.append(best)
        left -= set(sets[best])
    return chosen


def worth(one: dict[int, float], left: set[int]) -> float:
    fresh = [far for booth, far in one.items() if booth in left]
    return len(fresh) - sum(fresh) / (NEAR * 4 * max(len(fresh), 1))


def walkable(points: Array, ground: Ground, metres: float) -> Array:
    """(n, n) metres between points with a straight way; infinite elsewhere."""
    far = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    start, end = np.nonzero(np.triu(far <= metres, 1))
    found = np.full(far.shape, np.inf)
    if len(start):
        open_ = ~blocked(points[start], points[end], ground.edges)
        start, end = start[open_], end[open_]
        found[start, end] = found[end, start] = far[start, end]
    return found


def joined_up(chosen: Sequence[int], points: Array, ground: Ground) -> list[int]:
    """The chosen points and those between by which one comes from each to each, as far as there is a way."""
    among = walkable(points, ground, STRIDE)
    all_ = list(dict.fromkeys(chosen))
    reached = {all_[0]} if all_ else set()
    while True:
        reached = spread(reached, set(all_), among)
        missing = [n for n in all_ if n not in reached]
        if not missing:
            return all_
        path = shortest(reached, set(missing), among)
        if path is None:
            # Nobody comes there on foot: it is an island of its own, reached by the list beside the picture.
            reached |= {missing[0]}
            continue
        all_ += [n for n in path if n not in all_]


def spread(reached: set[int], among: set[int], metres: Array) -> set[int]:
    waiting = deque(reached)
    found = set(reached)
    while waiting:
        here = waiting.popleft()
        for there in among - found:
            if np.isfinite(metres[here, there]):
                found.add(there)
                waiting.append(there)
    return found


def shortest(sources: set[int], targets: set[int], metres: Array) -> list[int] | None:
    """From any source to the nearest target, both included (Dijkstra on the full matrix)."""
    best = np.full(len(metres), np.inf)
    best[list(sources)] = 0.0
    came = np.full(len(metres), -1)
    done = np.zeros(len(metres), dtype=bool)
    while True:
        here = int(np.argmin(np.where(done, np.inf, best)))
        if done[here] or not np.isfinite(best[here]):
            return None
        if here in targets:
            path = [here]
            while came[path[-1]] >= 0:
                path.append(int(came[path[-1]]))
            return path[::-1]
        done[here] = True
        # Few stops are worth more than few metres.
        nearer = best[here] + metres[here] + 2.0 < best
        best[nearer] = (best[here] + metres[here] + 2.0)[nearer]
        came[nearer] = here


def stations(plan: Plan, eye: float = 1.6) -> tuple[Station, ...]:
    """The stations of a hall; none where there is no booth."""
    ground = ground_of(plan)
    points = free_points(plan, ground)
    if not len(points) or not plan.booths:
        return ()
    chosen = covering(points, seen_from(points, ground, NEAR, SIDEWAYS), len(plan.booths))
    if not chosen:
        return ()
    chosen = in_order(joined_up(chosen, points, ground), points, plan)
    places = points[chosen]
    links = ways(places, ground)
    point, booth, far = seen_from(places, ground, SEEN, GLIMPSED)
    codes = [one.code for one in plan.booths]
    sights: list[list[Sight]] = [[] for _ in chosen]
    for at, which, metres in sorted(zip(point.tolist(), booth.tolist(), far.tolist(), strict=True), key=lambda p: p[2]):
        if len(sights[at]) < MOST:
            middle = plan.booths[which].middle
            here = (float(places[at, 0]), float(places[at, 1]))
            to_middle = max(math.dist(here, middle), 0.5)
            pitch = math.degrees(math.atan2(1.45 - eye, to_middle))
            sights[at].append(Sight(codes[which], round(heading_of(here, middle), 2), round(pitch, 2), round(metres, 2)))
    return tuple(named(places, sights, links))


def named(places: Array, sights: Sequence[Sequence[Sight]], links: Sequence[tuple[Way, ...]]) -> Iterable[Station]:
    taken: set[str] = set()
    turns = 0
    for number, (x, y) in enumerate(places.tolist()):
        near = [sight for sight in sights[number] if sight.metres <= NEAR]
        before = next((sight.booth for sight in near if sight.booth not in taken), "")
        if before:
            code = before
        else:
            turns += 1
            code = f"way-{turns}"
        taken.add(before)
        heading = first_look([sight.yaw for sight in near], [way.yaw for way in links[number]])
        yield Station(code, (x, y), heading, before, tuple(sights[number]), links[number])


def first_look(booths: Sequence[float], ways_: Sequence[float]) -> float:
    """On coming one sees the nearest booth and along the aisle."""
    if not booths:
        return ways_[0] if ways_ else 0.0
    turns = [(yaw - booths[0] + 180) % 360 - 180 for yaw in ways_]
    aside = [turn for turn in turns if 45 <= abs(turn) <= 135]
    return (booths[0] + (min(aside, key=abs) * 0.5 if aside else 0.0)) % 360


def in_order(chosen: Sequence[int], points: Array, plan: Plan) -> list[int]:
    """From the first door, always on to the nearest that has not been visited."""
    left = list(chosen)
    door = np.array(plan.doors[0] if plan.doors else (plan.width / 2, plan.depth))
    here = door
    found: list[int] = []
    while left:
        near = min(left, key=lambda n: (float(((points[n] - here) ** 2).sum()), n))
        left.remove(near)
        found.append(near)
        here = points[near]
    return found


def ways(places: Array, ground: Ground) -> list[tuple[Way, ...]]:
    """Ways on: to the nearest station in each direction; every one goes back as well."""
    metres = walkable(places, ground, STRIDE)
    pairs: set[tuple[int, int]] = set()
    for here in range(len(places)):
        taken: list[float] = []
        for there in np.argsort(metres[here], kind="stable").tolist():
            if not np.isfinite(metres[here, there]):
                break
            yaw = heading_of(tuple(places[here]), tuple(places[there]))
            if all(abs((yaw - other + 180) % 360 - 180) >= APART for other in taken):
                taken.append(yaw)
                pairs |= {(here, there), (there, here)}
    tie(pairs, metres)
    return [
        tuple(
            Way(there, round(heading_of(tuple(places[here]), tuple(places[there])), 2), round(float(metres[here, there]), 2))
            for there in sorted(end for start, end in pairs if start == here)
        )
        for here in range(len(places))
    ]


def tie(pairs: set[tuple[int, int]], metres: Array) -> None:
    """What the choice of directions has cut off is tied to the rest by the shortest straight way, if there is one."""
    count = len(metres)
    reached = {0}
    while True:
        grown = True
        while grown:
            more = {end for start, end in pairs if start in reached} - reached
            reached |= more
            grown = bool(more)
        rest = [n for n in range(count) if n not in reached]
        if not rest:
            return
        among = metres[np.ix_(sorted(reached), rest)]
        if np.isfinite(among).any():
            row, column = divmod(int(np.argmin(among)), len(rest))
            here, there = sorted(reached)[row], rest[column]
            pairs |= {(here, there), (there, here)}
            reached.add(there)
        else:
            reached.add(rest[0])

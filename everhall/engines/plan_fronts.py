"""Where visitors stand before a booth, if nobody has said it; and what is odd about how booths stand.

In: outlines in metres. Out: for each booth the point before its most open side. The same booths give the same fronts.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from everhall.engines import plan_json
from everhall.engines.plan import Booth, Outline, Plan, Point, bounds, distance, ground, inside
from everhall.engines.plan_words import Complaint, complaint

#: Metres before the booth where one stands: the middle of an aisle of three metres, or nearer where that is blocked.
REACHES: Final = (1.5, 1.0, 0.6)
#: Metres that somebody needs around them.
ROOM: Final = 0.4
#: Square metres of booths that nobody wonders about.
USUAL: Final = (1.0, 600.0)
#: Pairs of overlapping booths that are told; more would say that the scale is wrong.
MOST_TOLD: Final = 10


def stood_before(codes_and_outlines: Sequence[tuple[str, Outline]], width: float, depth: float) -> tuple[Booth, ...]:
    """Booths with their fronts, in the hall from (0, 0) to (width, depth)."""
    boxes = [bounds(outline) for _, outline in codes_and_outlines]
    found = []
    for n, (code, outline) in enumerate(codes_and_outlines):
        near = [
            other for m, (_, other) in enumerate(codes_and_outlines)
            if m != n and gap(boxes[n], boxes[m]) <= 2 * REACHES[0] + ROOM
        ]
        found.append(Booth(code, outline, front_of(outline, near, width, depth)))
    return tuple(found)


def gap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    """Metres between two boxes."""
    across = max(one[0] - other[2], other[0] - one[2], 0.0)
    down = max(one[1] - other[3], other[1] - one[3], 0.0)
    return max(across, down)


def front_of(outline: Outline, others: Sequence[Outline], width: float, depth: float) -> Point:
    """The point before the most open of the sides: the most room first, then the longest side, then the lowest on paper."""
    best: tuple[tuple[float, ...], Point] | None = None
    for reach in REACHES:
        for point, length in before(outline, reach):
            room = min(
                [distance(point, other) for other in others]
                + [point[0], point[1], width - point[0], depth - point[1]]
            )
            if room < ROOM:
                continue
            rank = (round(min(room, reach), 1), reach, round(length, 2), round(point[1], 2), round(point[0], 2))
            if best is None or rank > best[0]:
                best = (rank, point)
    if best is not None:
        return best[1]
    x, y = max((point for point, _ in before(outline, REACHES[-1])), key=lambda at: at[1], default=outline[0])
    return min(max(x, 0.0), width), min(max(y, 0.0), depth)


def before(outline: Outline, reach: float) -> Iterator[tuple[Point, float]]:
    """For each side the point that far out from its middle, and its length."""
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        length = math.hypot(x2 - x1, y2 - y1)
        if length < 0.3:
            continue
        across, down = (y2 - y1) / length, (x1 - x2) / length
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        if inside((x + across * 0.01, y + down * 0.01), outline):
            across, down = -across, -down
        yield (x + across * reach, y + down * reach), length


def oddities(plan: Plan) -> Iterator[Complaint]:
    """What somebody who drew a plan should look at again; nothing of it stops the plan."""
    boxes = [(booth, bounds(booth.outline)) for booth in plan.booths]
    told = 0
    for n, (booth, box) in enumerate(boxes):
        square = ground(booth.outline)
        if not USUAL[0] <= square <= USUAL[1]:
            yield complaint("size_odd", code=booth.code, ground=f"{square:.1f}")
        if any(inside(booth.front, other.outline) for other in plan.booths):
            yield complaint("shut_in", code=booth.code)
        for other, its in boxes[n + 1 :]:
            if told < MOST_TOLD and overlap(box, its) and crossing(booth.outline, other.outline):
                told += 1
                yield complaint("overlap", code=booth.code, other=other.code)
    if not plan.doors:
        yield complaint("no_door")


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float], least: float = 0.1) -> bool:
    """Whether two boxes share ground wider than a line."""
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > least and min(one[3], other[3]) - max(one[1], other[1]) > least
    )


def crossing(one: Outline, other: Outline) -> bool:
    """Whether two outlines share ground: one of many points spread over both boxes lies in both."""
    a, b = bounds(one), bounds(other)
    left, top, right, bottom = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    spread: Iterable[Point] = (
        (left + (right - left) * (i + 0.5) / 5, top + (bottom - top) * (j + 0.5) / 5) for i in range(5) for j in range(5)
    )
    return any(inside(point, one) and inside(point, other) for point in spread)


def completed(data: Any) -> Plan:
    """A plan from plain values in which booths may lack a front; `Unfit` where it is none."""
    booths = data.get("booths") if isinstance(data, dict) else None
    if not isinstance(booths, list):
        return plan_json.read(data)
    given = [isinstance(one, dict) and "front" in one for one in booths]
    filled = [
        one if known or not isinstance(one, dict) else {**one, "front": [0, 0]}
        for one, known in zip(booths, given, strict=True)
    ]
    plan = plan_json.read({**data, "booths": filled})
    found = stood_before([(one.code, one.outline) for one in plan.booths], plan.width, plan.depth)
    kept = tuple(one if known else other for one, other, known in zip(plan.booths, found, given, strict=True))
    return replace(plan, booths=kept)

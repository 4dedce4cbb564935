"""A floor plan as JSON, and back.

`written` gives plain values for a JSON column; `read` takes what came from a browser or a database and gives a `Plan` or
`Unfit` with everything that is wrong. Must stay true: `read(written(plan)) == plan` for every plan with its numbers in
whole millimetres, and nothing that `read` lets through is outside the hall, named twice or without ground.
"""

import math
from collections.abc import Iterable
from typing import Any, Final

from everhall.engines.plan import (
    LARGEST,
    SMALLEST,
    Area,
    Booth,
    Outline,
    Plan,
    Point,
    bounds,
    ground,
)
from everhall.engines.plan_words import Complaint, Unfit, complaint, unfit

MOST_BOOTHS: Final = 2_000
MOST_POINTS: Final = 64
LONGEST_CODE: Final = 30
KEYS: Final = frozenset({"width", "depth", "up", "booths", "areas", "walls", "doors"})
#: How far beyond the hall's edge something may reach: what rounding makes of it.
SLACK: Final = 0.01
#: Square metres that a booth or a zone needs.
LEAST_GROUND: Final = 0.25


def written(plan: Plan) -> dict[str, Any]:
    """Plain values, numbers in whole millimetres."""
    return {
        "width": mm(plan.width), "depth": mm(plan.depth), "up": mm(plan.up),
        "booths": [
            {"code": one.code, "outline": points(one.outline), "front": [mm(one.front[0]), mm(one.front[1])]}
            for one in plan.booths
        ],
        "areas": [{"code": one.code, "outline": points(one.outline)} for one in plan.areas],
        "walls": [points(wall) for wall in plan.walls],
        "doors": points(plan.doors),
    }  # fmt: skip


def mm(value: float) -> float:
    """Metres, to the millimetre; no minus before nothing."""
    return round(value, 3) + 0.0


def points(outline: Iterable[Point]) -> list[list[float]]:
    return [[mm(x), mm(y)] for x, y in outline]


def read(data: Any) -> Plan:
    """A plan from plain values; `Unfit` where it is none."""
    if not isinstance(data, dict) or set(data) - KEYS:
        raise unfit("not_a_plan", where="plan")
    width, depth = number(data.get("width"), "width"), number(data.get("depth"), "depth")
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= depth <= LARGEST):
        raise unfit("metres", least=f"{SMALLEST:g}", most=f"{LARGEST:g}")
    booths = tuple(booth(one) for one in many(data.get("booths"), "booths"))
    areas = tuple(area(one) for one in many(data.get("areas", []), "areas"))
    walls = tuple(outline(one, 2, "walls") for one in many(data.get("walls", []), "walls"))
    doors = tuple(point(one, "doors") for one in many(data.get("doors", []), "doors"))
    plan = Plan(width, depth, booths, areas, walls, doors, number(data.get("up", 0), "up") % 360)
    wrong = list(faults(plan))
    if wrong:
        raise Unfit(wrong)
    return plan


def faults(plan: Plan) -> Iterable[Complaint]:
    """What is wrong with a plan whose parts are whole."""
    for name in twice(one.code for one in plan.booths):
        yield complaint("code_twice", code=name)
    for name in twice(one.code for one in plan.areas):
        yield complaint("code_twice", code=name)
    things: list[Booth | Area] = [*plan.booths, *plan.areas]
    for thing in things:
        if not within(plan, thing.outline):
            yield complaint("outside", code=thing.code)
        if ground(thing.outline) < LEAST_GROUND:
            yield complaint("no_ground", code=thing.code)
    for one in plan.booths:
        if not within(plan, (one.front,)):
            yield complaint("shut_in", code=one.code)
    for wall in (*plan.walls, *((door,) for door in plan.doors)):
        if not within(plan, wall):
            yield complaint("not_a_plan", where="walls")


def within(plan: Plan, shape: Outline) -> bool:
    left, top, right, bottom = bounds(shape)
    return min(left, top) >= -SLACK and right <= plan.width + SLACK and bottom <= plan.depth + SLACK


def twice(codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return list(dict.fromkeys(code for code in codes if code in seen or seen.add(code)))  # type: ignore[func-returns-value]


def number(value: Any, where: str) -> float:
    # Large numbers first: a whole number of many digits is no float.
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e6 or not math.isfinite(value):
        raise unfit("not_a_plan", where=where)
    return mm(float(value))


def many(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_BOOTHS:
        raise unfit("not_a_plan", where=where)
    return value


def point(value: Any, where: str) -> Point:
    if not isinstance(value, list) or len(value) != 2:
        raise unfit("not_a_plan", where=where)
    return number(value[0], where), number(value[1], where)


def outline(value: Any, least: int, where: str) -> Outline:
    if not isinstance(value, list) or not least <= len(value) <= MOST_POINTS:
        raise unfit("not_a_plan", where=where)
    return tuple(point(one, where) for one in value)


def code(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not 0 < len(text) <= LONGEST_CODE or not text.isprintable():
        raise unfit("no_code")
    return text


def booth(value: Any) -> Booth:
    if not isinstance(value, dict) or set(value) != {"code", "outline", "front"}:
        raise unfit("not_a_plan", where="booths")
    name = code(value["code"])
    return Booth(name, outline(value["outline"], 3, name), point(value["front"], name))


def area(value: Any) -> Area:
    if not isinstance(value, dict) or set(value) != {"code", "outline"}:
        raise unfit("not_a_plan", where="areas")
    name = code(value["code"])
    return Area(name, outline(value["outline"], 3, name))

"""The small plan beside a scene: booths, stations and where one stands and looks, as plain values for an SVG."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from everhall.exhibition.models import Scene
from everhall.exhibition.scene_queries import Here

#: Metres that the cone of sight reaches on the plan, and half its angle.
SIGHT: Final = 8.0
HALF: Final = 35.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A station: `near` may be walked to from here."""

    x: float
    y: float
    name: str
    address: str
    near: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """`booths` are lists of points as SVG writes them, those in view first told apart."""

    box: str
    booths: tuple[tuple[str, str, bool], ...]
    dots: tuple[Dot, ...]
    x: float
    y: float
    cone: str
    heading: float


def drawn(here: Here, heading: float, address: Callable[[Scene], str]) -> Drawing:
    plan, scene = here.plan, here.scene
    seen = {spot.card.booth for spot in here.spots if spot.card is not None}
    near = {way.to_id for way in here.ways}
    booths = tuple(
        (" ".join(f"{x:.1f},{y:.1f}" for x, y in booth.outline), booth.code, booth.code in seen) for booth in plan.booths
    )
    dots = tuple(
        Dot(round(one.x, 1), round(one.y, 1), one.name, address(one), one.pk in near)
        for one in here.stations if one.pk != scene.pk
    )
    return Drawing(
        f"0 0 {plan.width:.1f} {plan.depth:.1f}", booths, dots, round(scene.x, 1), round(scene.y, 1), cone(), round(heading, 1)
    )


def cone() -> str:
    """Path of what one sees, from the origin towards the top; the page turns it."""
    x, y = SIGHT * math.sin(math.radians(HALF)), -SIGHT * math.cos(math.radians(HALF))
    return f"M0 0L{-x:.2f} {y:.2f}A{SIGHT} {SIGHT} 0 0 1 {x:.2f} {y:.2f}Z"

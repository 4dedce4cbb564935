"""A walk through a hall in words: "turn left, walk 24 m".

In: the points of a walk, the booths at both ends. Out: steps as values, and sentences for them in Chinese and English. Left
and right are those of the person who walks; who leaves a booth stands with the back to it.
"""

import itertools
import math
from dataclasses import dataclass
from typing import Final

from everhall.engines.bilingual import is_chinese
from everhall.engines.plan import Booth, Point

#: Degrees that are still "straight on", and from which one turns about.
STRAIGHT: Final = 30.0
ABOUT: Final = 150.0
#: Metres that are not worth a step of their own.
LEAST: Final = 1.5


@dataclass(frozen=True, slots=True)
class Step:
    """`turn`: "", "left", "right", "about"; then so many metres."""

    turn: str
    metres: int


@dataclass(frozen=True, slots=True)
class Told:
    """A walk in words; `side`: where the goal is in the end ("ahead" where nobody can tell)."""

    metres: int
    steps: tuple[Step, ...]
    side: str


def heading(start: Point, end: Point) -> float:
    """Degrees clockwise from the drawing's upward direction."""
    return math.degrees(math.atan2(end[0] - start[0], start[1] - end[1])) % 360


def turn(before: float, after: float) -> str:
    by = (after - before + 180) % 360 - 180
    if abs(by) <= STRAIGHT:
        return ""
    if abs(by) >= ABOUT:
        return "about"
    return "right" if by > 0 else "left"


def told(points: tuple[Point, ...], start: Booth | None, goal: Booth | None) -> Told:
    """The walk as steps; stretches in nearly the same direction are one."""
    legs: list[tuple[float, float]] = []
    for one, other in itertools.pairwise(points):
        far, way = math.dist(one, other), heading(one, other)
        if legs and (far < LEAST or not turn(legs[-1][1], way)):
            # The longer of the two says where one looks.
            legs[-1] = (legs[-1][0] + far, way if far > legs[-1][0] else legs[-1][1])
        elif far > 0:
            legs.append((far, way))
    looks = start.facing if start is not None else (legs[0][1] if legs else 0.0)
    steps = []
    for far, way in legs:
        steps.append(Step(turn(looks, way), max(1, round(far))))
        looks = way
    return Told(sum(step.metres for step in steps), tuple(steps), side(points, goal, looks))


def side(points: tuple[Point, ...], goal: Booth | None, looks: float) -> str:
    if goal is None or not points:
        return "ahead"
    found = turn(looks, heading(points[-1], goal.middle))
    return {"left": "left", "right": "right"}.get(found, "ahead")


#: turn -> (zh first, zh later, en first, en later)
WORDS: Final = {
    "": ("直行约 {m} 米", "继续直行约 {m} 米", "Walk straight on for {m} m.", "Go on for {m} m."),
    "left": ("向左走约 {m} 米", "左转，走约 {m} 米", "Go left for {m} m.", "Turn left, walk {m} m."),
    "right": ("向右走约 {m} 米", "右转，走约 {m} 米", "Go right for {m} m.", "Turn right, walk {m} m."),
    "about": ("绕到后面，走约 {m} 米", "掉头，走约 {m} 米", "Go round behind you for {m} m.", "Turn round, walk {m} m."),
}
ENDS: Final = {
    "left": ("{goal} 在您左手边。", "{goal} is on your left."),
    "right": ("{goal} 在您右手边。", "{goal} is on your right."),
    "ahead": ("到达 {goal}。", "You are at {goal}."),
}


def sentences(walk: Told, goal: str, language: str | None) -> list[str]:
    """One for each step, and where the goal is."""
    zh = is_chinese(language)
    found = []
    for n, step in enumerate(walk.steps):
        first_zh, later_zh, first_en, later_en = WORDS[step.turn]
        text = (later_zh if n else first_zh) + "。" if zh else (later_en if n else first_en)
        found.append(text.format(m=step.metres))
    found.append(ENDS[walk.side][0 if zh else 1].format(goal=goal))
    return found

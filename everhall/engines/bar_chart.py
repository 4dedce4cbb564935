"""Bars of several series side by side, as numbers that a page draws: widths, heights, a scale of round steps.

In: labels, and for each series its values (None: not known; below zero: known, and not to be told exactly). Out: `Chart` in units of a
view box. Must stay true: bars of one chart share one scale that begins at zero; what is not told has a bar of its own kind and never
a height that would tell it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 180.0
#: For numbers of the scale on the left, labels below, a little above.
LEFT: Final = 52.0
BELOW: Final = 26.0
ABOVE: Final = 8.0
GROUP: Final = 92.0
BAR: Final = 18.0
GAP: Final = 3.0
#: What is not told exactly is a low, hatched bar.
UNTOLD: Final = 4.0


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    series: int
    value: int
    told: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A step of the scale."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    width: float
    height: float
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]


def steps(top: int, most: int = 4) -> tuple[int, ...]:
    """Zero and up to `most` equal steps of 1, 2 or 5 times a power of ten, the last at or above `top`."""
    if top <= 0:
        return (0, 1)
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * size
            if step * most >= top:
                return tuple(range(0, -(-top // step) * step + 1, step))
        size *= 10


def drawn(labels: Sequence[str], series: Sequence[Sequence[int | None]]) -> Chart:
    """ValueError where a series has not a value for each label."""
    if any(len(values) != len(labels) for values in series):
        msg = "each series has a value for each label"
        raise ValueError(msg)
    scale = steps(max((value for values in series for value in values if value is not None), default=0))
    group = max(GROUP, len(series) * (BAR + GAP) + 2 * GAP)
    floor = ABOVE + HEIGHT
    inset = (group - len(series) * (BAR + GAP) + GAP) / 2
    bars = []
    for n in range(len(labels)):
        for k, values in enumerate(series):
            value = values[n]
            if value is None:
                continue
            tall = UNTOLD if value < 0 else round(HEIGHT * value / scale[-1], 2)
            bars.append(Bar(round(LEFT + n * group + inset + k * (BAR + GAP), 2), round(floor - tall, 2), BAR, tall, k, value, value >= 0))
    return Chart(
        LEFT + max(len(labels), 1) * group, floor + BELOW, tuple(bars),
        tuple(Line(round(floor - HEIGHT * value / scale[-1], 2), value) for value in scale),
        tuple(Label(round(LEFT + (n + 0.5) * group, 2), text) for n, text in enumerate(labels)),
    )  # fmt: skip

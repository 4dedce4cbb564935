"""A floor plan as an SVG that can be read, tabbed through and printed.

In: the plan, what stands in which booth (`Standing`), the names of zones, words in the page's language. Out: markup with classes
and no style, ten units to a metre. Every occupied booth is one link with a name; empty booths are drawn and silent. Must
stay true: whatever comes from outside is escaped, except `ground`, which `plan_svg_clean` has made; and a booth without a
`Standing` shows its number only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from everhall.engines.plan import Booth, Outline, Plan, Point, bounds, centroid

#: Units to a metre: letters of less than one unit are drawn badly by some browsers.
UNITS: Final = 10
#: Pixels to a metre in which a plan is as large as on paper, before anybody zooms.
PIXELS: Final = 13
#: Metres around the hall, and below it for the scale.
MARGIN: Final = 1.5
FOOT: Final = 4.5
HUES: Final = 8

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a booth: where its link leads, how it is called, and `state`: "", "hit" or "dim"."""

    href: str
    label: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """In one language. `metres`: with {n}."""

    title: str
    description: str
    door: str
    north: str
    metres: str
    here: str


@dataclass(frozen=True, slots=True)
class Marked:
    """What is drawn above the booths: the booth where somebody is, and a walk with its two ends."""

    here: str = ""
    walk: tuple[Point, ...] = ()


NOTHING: Final = Marked()


def little(plan: Plan) -> str:
    """Grounds of zones and booths in as few marks as can be."""
    grounds = "".join(
        f'<polygon class="plan-zone zone-{n % HUES + 1}" points="{points(area.outline)}"/>' for n, area in enumerate(plan.areas)
    )
    shapes = "".join(outlined(one.outline) for one in plan.booths)
    return (
        f'<svg class="plan small" viewBox="-5 -5 {u(plan.width + 1)} {u(plan.depth + 1)}" aria-hidden="true">'
        f'<rect class="plan-floor" x="0" y="0" width="{u(plan.width)}" height="{u(plan.depth)}"/>{grounds}<path class="booths" d="{shapes}"/></svg>'
    )


def outlined(outline: Outline) -> str:
    """An outline as a path; most booths are rectangles, which are said in half as many letters."""
    left, top, right, bottom = bounds(outline)
    if len(outline) == 4 and all(x in (left, right) and y in (top, bottom) for x, y in outline):
        return f"M{u(left)} {u(top)}h{u(right - left)}v{u(bottom - top)}h{u(left - right)}z"
    return "M" + "L".join(f"{u(x)} {u(y)}" for x, y in outline) + "z"


def u(value: float) -> str:
    """A number of units, as short as it can be."""
    return f"{value * UNITS:.1f}".removesuffix(".0")


def points(outline: Outline) -> str:
    return " ".join(f"{u(x)},{u(y)}" for x, y in outline)


def draw(
    plan: Plan, stands: Mapping[str, Standing], zones: Mapping[str, str], words: Words,
    *, ground: str = "", marked: Marked = NOTHING, view: Box | None = None, name: str = "plan",
    small: bool = False,
) -> str:
    """The whole plan, or what is in `view` (left, top, right, bottom in metres). `name` makes ids unique on a page; a
    `small` one is a picture without words, for beside a name."""
    if small:
        return little(plan)
    left, top, right, bottom = view or (-MARGIN, -MARGIN, plan.width + MARGIN, plan.depth + FOOT)
    wide, high = right - left, bottom - top
    parts = [
        f'<svg class="plan" xmlns="http://www.w3.org/2000/svg" viewBox="{u(left)} {u(top)} {u(wide)} {u(high)}"'
        f' width="{round(wide * PIXELS)}" height="{round(high * PIXELS)}" role="group" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(words.title)}</title><desc id="{name}-desc">{escape(words.description)}</desc>',
        f'<rect class="plan-floor" x="0" y="0" width="{u(plan.width)}" height="{u(plan.depth)}"/>',
        *zone_grounds(plan, zones),
        f'<g class="plan-ground" aria-hidden="true" transform="scale({UNITS})">{ground}</g>' if ground else "",
        *(f'<polyline class="plan-wall" points="{points(wall)}"/>' for wall in plan.walls),
        *doors(plan, words),
        *(booth(one, stands.get(one.code), one.code == marked.here) for one in plan.booths if seen(one, view)),
        *walk(marked.walk),
        here(plan, marked.here, words),
        *((scale(plan, words), compass(plan, words)) if view is None else ()),
        "</svg>",
    ]
    return "".join(parts)


def seen(one: Booth, view: Box | None) -> bool:
    if view is None:
        return True
    left, top, right, bottom = bounds(one.outline)
    return left < view[2] and right > view[0] and top < view[3] and bottom > view[1]


def zone_grounds(plan: Plan, zones: Mapping[str, str]) -> Iterator[str]:
    """Grounds first, names after them, so that no name lies below its neighbour."""
    for n, area in enumerate(plan.areas):
        yield f'<polygon class="plan-zone zone-{n % HUES + 1}" points="{points(area.outline)}"/>'
    for n, area in enumerate(plan.areas):
        text = zones.get(area.code, "")
        left, top, right, _ = bounds(area.outline)
        size = fitting(text, right - left - 0.6, 1.15)
        if text:
            yield (
                f'<text class="plan-zone-name zone-{n % HUES + 1}" x="{u(left + 0.4)}" y="{u(top + 0.3 + size * 0.85)}"'
                f' font-size="{u(size)}">{escape(text)}</text>'
            )


def fitting(text: str, room: float, most: float) -> float:
    """The size of letters with which a text fits into so many metres: Han letters are square, others narrower."""
    ems = sum(1.0 if ord(letter) > 0x2E7F else 0.66 for letter in text) or 1.0
    return max(0.3, min(most, room / ems))


def booth(one: Booth, stand: Standing | None, is_here: bool) -> str:
    left, top, right, bottom = bounds(one.outline)
    x, y = centroid(one.outline)
    size = fitting(one.code, (right - left) * 0.8, min(1.05, (bottom - top) * 0.55))
    shape = (
        f'<polygon points="{points(one.outline)}"/>'
        f'<text x="{u(x)}" y="{u(y + size * 0.36)}" font-size="{u(size)}" aria-hidden="true">{escape(one.code)}</text>'
    )
    at = " is-here" if is_here else ""
    if stand is None:
        return f'<g class="booth empty{at}" data-booth="{escape(one.code)}">{shape}</g>'
    state = f" {stand.state}" if stand.state else ""
    return (
        f'<a class="booth{state}{at}" href="{escape(stand.href)}" data-booth="{escape(one.code)}"'
        f' aria-label="{escape(stand.label)}"><title>{escape(stand.label)}</title>{shape}</a>'
    )


def doors(plan: Plan, words: Words) -> Iterator[str]:
    """A gap in the wall with an arrow into the hall."""
    for x, y in plan.doors:
        sides = {(0, 1): y, (0, -1): plan.depth - y, (1, 0): x, (-1, 0): plan.width - x}
        across, down = min(sides, key=lambda way: sides[way])
        turned = {(0, 1): 180, (0, -1): 0, (1, 0): 90, (-1, 0): 270}[across, down]
        yield (
            f'<g class="plan-door" transform="translate({u(x)} {u(y)})"><title>{escape(words.door)}</title>'
            f'<path transform="rotate({turned})" d="M-12 0h24"/><path class="plan-arrow" transform="rotate({turned})" d="M0 -14l6 9h-12z"/>'
            f'<text x="{u(-1.0 * across)}" y="{u(-1.2 * down + 0.4 if down else 0.35)}" font-size="9"'
            f' text-anchor="{"middle" if down else "end" if across > 0 else "start"}">{escape(words.door)}</text></g>'
        )


def walk(found: tuple[Point, ...]) -> Iterator[str]:
    if len(found) > 1:
        yield f'<polyline class="plan-walk-edge" points="{points(found)}"/><polyline class="plan-walk" points="{points(found)}"/>'
        for kind, (x, y) in (("start", found[0]), ("goal", found[-1])):
            yield f'<circle class="plan-{kind}" cx="{u(x)}" cy="{u(y)}" r="6"/>'


def here(plan: Plan, code: str, words: Words) -> str:
    """A pin whose point is in the middle of the booth, with words above it."""
    found = plan.booth(code) if code else None
    if found is None:
        return ""
    x, y = found.middle
    half = fitted_half(words.here)
    return (
        f'<g class="plan-here" transform="translate({u(x)} {u(y)})" aria-hidden="true">'
        f'<path d="M0 0c-7 -10 -11 -15 -11 -22a11 11 0 0 1 22 0c0 7 -4 12 -11 22z"/><circle cx="0" cy="-22" r="4.5"/>'
        f'<rect x="{-half:.0f}" y="-52" width="{2 * half:.0f}" height="16" rx="4"/>'
        f'<text x="0" y="-40.5" font-size="10">{escape(words.here)}</text></g>'
    )


def fitted_half(text: str) -> float:
    """Half the width of a small sign with a text in letters of one metre."""
    return sum(10.0 if ord(letter) > 0x2E7F else 5.9 for letter in text) / 2 + 5


def scale(plan: Plan, words: Words) -> str:
    """A bar of a round number of metres, about a fifth of the hall."""
    metres = max((n for n in (1, 2, 5, 10, 20, 50, 100, 200) if n <= plan.width / 4), default=1)
    y = plan.depth + 2.4
    text = words.metres.format(n=metres)
    return (
        f'<g class="plan-scale"><path d="M0 {u(y - 0.4)}v{u(0.4)}h{u(metres)}v{u(-0.4)}"/>'
        f'<text x="{u(metres / 2)}" y="{u(y + 1.4)}" font-size="11">{escape(text)}</text></g>'
    )


def compass(plan: Plan, words: Words) -> str:
    """North: `up` is where the drawing's upper edge looks, so north lies that far back."""
    return (
        f'<g class="plan-north" transform="translate({u(plan.width - 1.6)} {u(plan.depth + 2.6)})"><title>{escape(words.north)}</title>'
        f'<g transform="rotate({-plan.up % 360:g})"><path d="M0 -14l6 20l-6 -4l-6 4z"/></g>'
        f'<text x="-20" y="5" font-size="11">{escape(words.north[:1])}</text></g>'
    )


def around(one: Booth, plan: Plan, wide: float, high: float) -> Box:
    """A part of the plan of that size with the booth in its middle, as far as the hall reaches."""
    return around_point(one.middle, plan, wide, high)


def around_point(middle: Point, plan: Plan, wide: float, high: float) -> Box:
    """The same around any point, such as a door."""
    x, y = middle
    left = min(max(x - wide / 2, -MARGIN), max(plan.width + MARGIN - wide, -MARGIN))
    top = min(max(y - high / 2, -MARGIN), max(plan.depth + MARGIN - high, -MARGIN))
    return left, top, left + wide, top + high

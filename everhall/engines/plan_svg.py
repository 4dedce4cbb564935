"""An SVG in which booths have ids, as a plan.

In: the bytes of a file and how many metres it is wide. Out: the plan, the ground to draw below it, and what should be
looked at again; or `Unfit` with all that is wrong, in words for people who drew a plan and are no engineers.

Ids: a booth's number (`A-017`) or `booth-A-017`; `zone-a`, `wall-1`, `door-1`. What has no such id becomes the ground.
An id may stand on a group: then the largest shape in it counts.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml import DefusedXmlException

from everhall.engines import plan_json
from everhall.engines.plan import (
    LARGEST,
    SMALLEST,
    Area,
    Outline,
    Plan,
    centroid,
    closed,
    ground,
    rectangle,
)
from everhall.engines.plan_fronts import oddities, stood_before
from everhall.engines.plan_svg_clean import KEPT, SILENT, dangers, is_hidden, is_svg, kept, local
from everhall.engines.plan_svg_shapes import (
    SAME,
    SHAPES,
    Matrix,
    is_ring,
    length,
    moved,
    outlines,
    times,
    transform,
)
from everhall.engines.plan_words import Complaint, Unfit, complaint, unfit

MOST_BYTES: Final = 2_000_000
MOST_ELEMENTS: Final = 20_000
DEEPEST: Final = 60
#: Complaints of one kind that are told; the rest is the same again.
MOST_OF_A_KIND: Final = 5

_named = re.compile(r"(booth|zone|wall|door|展位|展区|墙|门)(?:[-_: ]+(.*)|(\d*))$", re.IGNORECASE)
_number = re.compile(r"[A-Z]{1,3}[-_ ]?\d{1,4}[A-Z]?$")
_escaped = re.compile(r"_x([0-9A-Fa-f]{2,4})_")
_viewbox = re.compile(r"[\s,]+")
KINDS: Final = {"展位": "booth", "展区": "zone", "墙": "wall", "门": "door"}

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Imported:
    """`ground` is SVG without a root, in metres, safe to write into a page; `notes` stop nothing."""

    plan: Plan
    ground: str
    notes: tuple[Complaint, ...]


@dataclass(slots=True)
class Seen:
    """What is gathered on the way through a file."""

    found: dict[Name, list[Outline]] = field(default_factory=dict)
    ground: list[str] = field(default_factory=list)
    wrong: list[Complaint] = field(default_factory=list)
    out: Counter[str] = field(default_factory=Counter)
    own: set[Name | None] = field(default_factory=set)
    painted: bool = False


def read_svg(data: bytes, metres: float, *, up: float = 0.0) -> Imported:
    """See the module. `metres`: how wide the whole drawing is."""
    if not SMALLEST <= metres <= LARGEST:
        raise unfit("metres", least=f"{SMALLEST:g}", most=f"{LARGEST:g}")
    root = parsed(data)
    look_out(root)
    left, top, wide, high = view_box(root)
    scale = metres / wide
    seen = Seen()
    walk(root, seen)
    if seen.wrong:
        raise Unfit(few(seen.wrong))
    base: Matrix = (scale, 0.0, 0.0, scale, -left * scale, -top * scale)
    plan = plan_of(seen, base, metres, high * scale, up)
    written = f'<g transform="matrix({scale:.6g} 0 0 {scale:.6g} {-left * scale:.6g} {-top * scale:.6g})">{"".join(seen.ground)}</g>'
    return Imported(plan, written if seen.ground else "", tuple(few([*notes(seen), *oddities(plan)])))


def parsed(data: bytes) -> Any:
    """The root of a whole SVG without declarations."""
    if len(data) > MOST_BYTES:
        raise unfit("too_large", size=f"{len(data) / 1e6:.1f}", most=f"{MOST_BYTES / 1e6:g}")
    try:
        root = SafeTree.fromstring(data, forbid_dtd=True)
    except ParseError as broken:
        raise unfit("not_svg", line=broken.position[0]) from broken
    except DefusedXmlException as declared:
        raise unfit("doctype") from declared
    except (LookupError, ValueError) as unknown:
        raise unfit("not_svg", line=1) from unknown
    if local(root.tag) != "svg":
        raise unfit("not_svg", line=1)
    return root


def look_out(root: Any) -> None:
    """Refuses what has no place in a plan, before anything of it is read."""
    wrong: list[Complaint] = []
    ids: Counter[str] = Counter()
    waiting, count = [(root, 1)], 0
    while waiting:
        element, depth = waiting.pop()
        count += 1
        if count > MOST_ELEMENTS:
            raise unfit("too_many", most=MOST_ELEMENTS)
        if depth > DEEPEST:
            raise unfit("too_deep", most=DEEPEST)
        wrong += dangers(element)
        if name := element.get("id"):
            ids[name] += 1
        waiting += [(child, depth + 1) for child in element]
    wrong += [complaint("twice", id=name) for name, times_seen in ids.items() if times_seen > 1]
    if wrong:
        raise Unfit(few(wrong))


def few(wrong: list[Complaint]) -> Iterator[Complaint]:
    """Each thing once, and of one kind only so many that people read them."""
    told: Counter[str] = Counter()
    for one in {(each.code, *each.params.values()): each for each in wrong}.values():
        told[one.code] += 1
        if told[one.code] <= MOST_OF_A_KIND:
            yield one


def view_box(root: Any) -> tuple[float, float, float, float]:
    try:
        left, top, wide, high = (float(part) for part in _viewbox.split(root.get("viewBox", "").strip()))
    except ValueError:
        left = top = 0.0
        wide, high = length(root.attrib, "width"), length(root.attrib, "height")
    if not (0 < wide < 1e7 and 0 < high < 1e7 and abs(left) < 1e7 and abs(top) < 1e7):
        raise unfit("no_size")
    return left, top, wide, high


def name_of(element: Any) -> Name | None:
    """Kind and code that an element's id tells; None where it tells nothing."""
    if booth := element.get("data-booth", "").strip():
        return "booth", booth
    text = _escaped.sub(lambda found: chr(int(found[1], 16)), element.get("id", "")).strip()
    found = _named.match(text)
    if found:
        kind = KINDS.get(found[1], found[1].lower())
        code = (found[2] or found[3] or "").strip()
        return (kind, code) if code or kind in {"wall", "door"} else None
    if _number.match(text):
        return "booth", text.replace("_", "-").replace(" ", "-")
    return None


def walk(root: Any, seen: Seen) -> None:
    """Through the drawing in its order. `Seen` gets outlines by name, and the rest as ground."""
    stack: list[tuple[Any, Matrix, Name | None]] = [(child, SAME, None) for child in reversed(root)]
    while stack:
        element, above, named = stack.pop()
        kind = local(element.tag)
        if not is_svg(element) or kind in SILENT or is_hidden(element):
            continue
        seen.painted = seen.painted or kind == "style" or bool(element.get("fill") or element.get("style"))
        own = name_of(element)
        if own is not None and own[1] and own in seen.own:
            seen.wrong.append(complaint("twice", id=own[1]))
        seen.own.add(own)
        name = own or named
        if kind in {"g", "a"}:
            if name is not None:
                seen.found.setdefault(name, [])
            try:
                here = times(above, transform(element.get("transform", ""), element.get("id", kind)))
            except Unfit as refused:
                seen.wrong += refused.complaints
                continue
            stack += [(child, here, name) for child in reversed(element)]
        elif kind in SHAPES or kind == "text":
            drawn(element, kind, above, name, seen)
        elif kind != "style":
            seen.out[kind] += 1


def drawn(element: Any, kind: str, above: Matrix, name: Name | None, seen: Seen) -> None:
    """A shape: of a booth, zone, wall or door, or of the ground."""
    label = name[1] or name[0] if name else element.get("id", kind)
    try:
        here = times(above, transform(element.get("transform", ""), label))
        if name is not None and kind != "text":
            mine = seen.found.setdefault(name, [])
            shapes = [moved(here, one) for one in outlines(kind, element.attrib, label) if len(one) > 1]
            ring = name[0] == "wall" and is_ring(kind, element.attrib)
            mine += [closed(one) if ring else one for one in shapes]
            return
    except Unfit as refused:
        seen.wrong += refused.complaints
        return
    if kind == "text" and (name is not None or _number.match(" ".join("".join(element.itertext()).split()))):
        return
    written = kept(element) if kind in KEPT else ""
    if written:
        a, b, c, d, e, f = here
        seen.ground.append(
            written if here == SAME else f'<g transform="matrix({a:.6g} {b:.6g} {c:.6g} {d:.6g} {e:.6g} {f:.6g})">{written}</g>'
        )


def plan_of(seen: Seen, base: Matrix, width: float, depth: float, up: float) -> Plan:
    """The plan in metres; `Unfit` where booths are missing, shapeless or outside."""
    wrong: list[Complaint] = []
    booths: list[tuple[str, Outline]] = []
    areas: list[Area] = []
    walls: list[Outline] = []
    doors = []
    for (kind, code), shapes in seen.found.items():
        placed = [rounded(moved(base, one)) for one in shapes]
        if kind == "wall":
            walls += placed
        elif kind == "door":
            doors += [clipped(centroid(one), width, depth) for one in placed]
        elif max(map(ground, placed), default=0.0) < plan_json.LEAST_GROUND:
            wrong.append(complaint("no_shape" if not placed else "no_ground", id=code, code=code))
        elif kind == "booth":
            booths.append((code, max(placed, key=ground)))
        else:
            areas.append(Area(code, max(placed, key=ground)))
    if not booths and not wrong:
        wrong.append(complaint("no_booths"))
    if wrong:
        raise Unfit(few(wrong))
    made = Plan(
        plan_json.mm(width), plan_json.mm(depth), stood_before(booths, width, depth), tuple(areas),
        tuple(walls) or (closed(rectangle(0, 0, plan_json.mm(width), plan_json.mm(depth))),), tuple(doors), up % 360,
    )  # fmt: skip
    # The same strictness as for what is drawn in the desk.
    try:
        return plan_json.read(plan_json.written(made))
    except Unfit as refused:
        raise Unfit(few(list(refused.complaints))) from refused


def rounded(outline: Outline) -> Outline:
    return tuple((plan_json.mm(x), plan_json.mm(y)) for x, y in outline)


def clipped(point: tuple[float, float], width: float, depth: float) -> tuple[float, float]:
    """A door's middle may lie half a wall outside."""
    return min(max(point[0], 0.0), width), min(max(point[1], 0.0), depth)


def notes(seen: Seen) -> Iterator[Complaint]:
    if seen.out:
        yield complaint("left_out", count=seen.out.total(), what=", ".join(f"<{name}>" for name in sorted(seen.out)))
    if seen.painted:
        yield complaint("colours_dropped")

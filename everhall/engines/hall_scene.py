"""A hall to walk through, made of its plan: booths with their exhibits' covers, signs, floor, roof or sky.

In: a `Plan`, how it looks (`Looks`: pictures of public exhibits only, signs drawn by the caller). Out: meshes for `raster`;
where to stand is told by `hall_stations`. A booth of which nothing is known is built empty. The same input gives the
same meshes.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everhall.engines.hall_around import ROOF, corners_of, house, yard
from everhall.engines.hall_parts import Builder, Corner, carpet_texture, ground_uvs, hued, scaled
from everhall.engines.hall_stations import front_edge
from everhall.engines.plan import Area, Booth, Plan, inside
from everhall.engines.raster import Camera, Colour, Light, Mesh, World, look, prepare, render

Array = NDArray[Any]

#: Metres above the ground.
EYE: Final = 1.6
WALL: Final = 2.5
FASCIA: Final = 0.36
SIGN_FOOT: Final = 4.3
#: Of a booth without exhibit, and of an area without zone.
NO_HUE: Final = 35.0
WHITE: Final[Colour] = (0.96, 0.945, 0.92)
STEEL: Final[Colour] = (0.80, 0.79, 0.78)

INDOORS: Final = Light(
    sky=(0.85, 0.835, 0.805), ground=(0.745, 0.72, 0.685), key=(0.60, 0.57, 0.52), towards=(0.35, 0.9, 0.5), contact=0,
)
OUTDOORS: Final = Light(
    sky=(0.71, 0.75, 0.80), ground=(0.58, 0.56, 0.52), key=(0.78, 0.73, 0.64), towards=(-0.55, 0.75, 0.45), contact=0,
)
#: What is behind everything, where nothing is built.
HAZE: Final[Colour] = (0.90, 0.93, 0.96)


@dataclass(frozen=True, slots=True, eq=False)
class BoothLook:
    """`cover` and `boards` are pictures; `sign` goes over the front, eight and a half times as wide as high."""

    cover: Array | None = None
    boards: tuple[Array, ...] = ()
    sign: Array | None = None
    hue: float = NO_HUE


@dataclass(frozen=True, slots=True, eq=False)
class ZoneLook:
    """`sign` hangs over the zone (outdoors it stands), three times as wide as high."""

    sign: Array | None = None
    hue: float = NO_HUE


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """By code of booth and of zone."""

    booths: Mapping[str, BoothLook] = field(default_factory=dict)
    zones: Mapping[str, ZoneLook] = field(default_factory=dict)
    outdoor: bool = False


def light_of(looks: Looks) -> Light:
    return OUTDOORS if looks.outdoor else INDOORS


#: Faces of a cube as pannellum names them, with the heading and elevation of each.
CUBE: Final = {"f": (0, 0), "r": (90, 0), "b": (180, 0), "l": (270, 0), "u": (0, 90), "d": (0, -90)}


def cube_camera(at: tuple[float, float], face: str, eye: float = EYE) -> Camera:
    """The eye of one face of the cube around a place on the plan; the front looks to the plan's upper edge."""
    heading, elevation = CUBE[face]
    return look((at[0], eye, at[1]), heading, elevation, fov=90)


def build(plan: Plan, looks: Looks) -> list[Mesh]:
    """Everything that stands in the hall."""
    return built(plan, looks).meshes()


class Hall:
    """A hall that stands, for pictures from many places."""

    def __init__(self, plan: Plan, looks: Looks) -> None:
        made = built(plan, looks)
        self.outdoor = looks.outdoor
        self._world = prepare(made.meshes())
        whose = np.array(made.whose())
        self._whose = whose[self._world.material] if len(whose) else whose

    def showing(self, booths: Collection[str]) -> World:
        """The hall with the pictures and signs of these booths only; of all others nothing but walls."""
        kept = np.isin(self._whose, ["", *booths])
        return replace(
            self._world, triangles=self._world.triangles[kept], own_normals=self._world.own_normals[kept],
            material=self._world.material[kept],
        )

    def picture(self, world: World, camera: Camera, size: tuple[int, int]) -> NDArray[np.uint8]:
        light = OUTDOORS if self.outdoor else INDOORS
        return render(world, camera, light, size, HAZE)[..., :3]


def built(plan: Plan, looks: Looks) -> Builder:
    made = Builder()
    (yard if looks.outdoor else house)(made, plan)
    for area in plan.areas:
        zone(made, area, looks.zones.get(area.code, ZoneLook()), mast(area, plan), outdoor=looks.outdoor)
    for booth in plan.booths:
        made.owner = booth.code
        stand(made, booth, looks.booths.get(booth.code, BoothLook()), outdoor=looks.outdoor)
    made.owner = ""
    return made


class Frame:
    """A booth as its visitors see it: `at(u, v, h)` is u metres right of its front's left end, v metres into it, h up."""

    def __init__(self, booth: Booth) -> None:
        left, right = front_edge(booth)
        self.width = max(math.dist(left, right), 0.1)
        self.right = ((right[0] - left[0]) / self.width, (right[1] - left[1]) / self.width)
        # Looking in, right is a quarter turn clockwise from ahead.
        self.ahead = (self.right[1], -self.right[0])
        self.origin = left
        self.depth = max(
            [(x - left[0]) * self.ahead[0] + (y - left[1]) * self.ahead[1] for x, y in booth.outline], default=1.0
        )

    def at(self, u: float, v: float, h: float) -> Corner:
        return (
            self.origin[0] + self.right[0] * u + self.ahead[0] * v, h,
            self.origin[1] + self.right[1] * u + self.ahead[1] * v,
        )  # fmt: skip

    def upright(self, u0: float, u1: float, v0: float, v1: float, low: float, high: float) -> list[Corner]:
        """A quad standing from (u0, v0) to (u1, v1), left to right of whoever sees its front."""
        return [self.at(u0, v0, high), self.at(u1, v1, high), self.at(u1, v1, low), self.at(u0, v0, low)]

    def flat(self, u0: float, u1: float, v0: float, v1: float, h: float) -> list[Corner]:
        """A quad lying, seen from above with the back of the booth up."""
        return [self.at(u0, v1, h), self.at(u1, v1, h), self.at(u1, v0, h), self.at(u0, v0, h)]

    def block(self, made: Builder, u0: float, u1: float, v0: float, v1: float, low: float, high: float, colour: Colour,
              foot: float = 0.8) -> None:
        shades = (1, 1, foot, foot)
        for a, b, c, d in ((u0, u1, v0, v0), (u1, u1, v0, v1), (u1, u0, v1, v1), (u0, u0, v1, v0)):
            made.quad(self.upright(a, b, c, d, low, high), colour, shades)
        made.quad(self.flat(u0, u1, v0, v1, high), colour)


def fitted(u0: float, u1: float, low: float, high: float, picture: Array) -> tuple[float, float, float, float]:
    """The largest rectangle of the picture's shape in the middle of a wall."""
    shape = picture.shape[1] / max(picture.shape[0], 1)
    width, height = u1 - u0, high - low
    wide = min(width, height * shape)
    tall = wide / shape
    u, h = (u0 + u1) / 2, (low + high) / 2
    return u - wide / 2, u + wide / 2, h - tall / 2, h + tall / 2


def stand(made: Builder, booth: Booth, its: BoothLook, *, outdoor: bool) -> None:
    """Back wall, side walls, floor, what hangs on them, and the sign over the front; outdoors a tent over all."""
    f = Frame(booth)
    w, d = f.width, f.depth
    accent, soft = hued(its.hue, 0.42, 0.40), hued(its.hue, 0.26, 0.87)
    made.quad(f.flat(0.03, w - 0.03, 0.0, d, 0.02), hued(its.hue, 0.13, 0.60), (0.66, 0.66, 1.0, 1.0))
    made.quad(f.upright(0.0, w, 0.0, 0.0, 0.0, 0.02), scaled(STEEL, 0.8))
    back = d - 0.05
    made.quad(f.upright(0, w, back, back, 0, WALL), WHITE, (1.05, 1.05, 0.8, 0.8))
    made.quad(f.upright(0.05, w - 0.05, back - 0.01, back - 0.01, 0.0, 0.5), soft, (0.94, 0.94, 0.76, 0.76), two_sided=False)
    if its.cover is not None:
        u0, u1, low, high = fitted(0.16, w - 0.16, 0.62, 2.38, its.cover)
        made.quad(f.upright(u0 - 0.04, u1 + 0.04, back - 0.015, back - 0.015, low - 0.04, high + 0.04), accent, two_sided=False)
        made.picture(f.upright(u0, u1, back - 0.025, back - 0.025, low, high), its.cover, (1.1, 1.1, 0.96, 0.96), glow=0.3)
    sides(made, f, its, soft, accent)
    counter(made, f, accent, empty=its.cover is None)
    head(made, f, its, accent)
    if outdoor:
        tent(made, f, its.hue)


def sides(made: Builder, f: Frame, its: BoothLook, soft: Colour, accent: Colour) -> None:
    w, d = f.width, f.depth
    begin = d * 0.34
    for n, u in enumerate((0.03, w - 0.03)):
        # Seen from inside, the left wall runs away from the visitor, the right one comes nearer.
        v0, v1 = (begin, d) if n == 0 else (d, begin)
        made.quad(f.upright(u, u, v0, v1, 0, WALL), WHITE, (1.0, 0.94, 0.74, 0.8) if n == 0 else (0.94, 1.0, 0.8, 0.74))
        inner = u + (0.012 if n == 0 else -0.012)
        if n < len(its.boards):
            along = (begin + 0.25, d - 0.25)
            a, b, low, high = fitted(*along, 0.5, 2.3, its.boards[n])
            corners = f.upright(inner, inner, a, b, low, high) if n == 0 else f.upright(inner, inner, b, a, low, high)
            made.picture(corners, its.boards[n], (1.02, 0.98, 0.9, 0.94), glow=0.2)
        else:
            band = (begin, d) if n == 0 else (d, begin)
            made.quad(f.upright(inner, inner, *band, 0.0, 0.5), soft, (0.94, 0.94, 0.74, 0.74), two_sided=False)
            made.quad(f.upright(inner, inner, *band, WALL - 0.3, WALL - 0.16), accent, two_sided=False)


def counter(made: Builder, f: Frame, accent: Colour, *, empty: bool) -> None:
    if empty or f.width < 2 or f.depth < 2:
        return
    u = f.width - 1.12
    f.block(made, u, u + 0.92, 0.22, 0.62, 0.0, 0.98, WHITE)
    f.block(made, u - 0.03, u + 0.95, 0.19, 0.65, 0.98, 1.02, scaled(accent, 1.15))
    made.quad(f.upright(u + 0.06, u + 0.86, 0.212, 0.212, 0.08, 0.9), accent, (1, 1, 0.85, 0.85), two_sided=False)


def head(made: Builder, f: Frame, its: BoothLook, accent: Colour) -> None:
    """Posts, beams and the sign."""
    w, d = f.width, f.depth
    for u in (0.0, w - 0.06):
        f.block(made, u, u + 0.06, 0.0, 0.06, 0.0, WALL, STEEL)
        f.block(made, u, u + 0.06, 0.06, d, WALL - 0.07, WALL, STEEL)
    f.block(made, 0.0, w, 0.0, 0.09, WALL, WALL + FASCIA, accent, foot=0.92)
    made.quad(f.upright(0.08, w - 0.08, 0.075, 0.075, WALL - 0.035, WALL - 0.005), (1.0, 0.95, 0.85), glow=1.0)
    if its.sign is not None:
        u0, u1, low, high = fitted(0.0, w, WALL, WALL + FASCIA, its.sign)
        made.picture(f.upright(u0, u1, -0.006, -0.006, low, high), its.sign, glow=0.35)


def tent(made: Builder, f: Frame, hue: float) -> None:
    """A pointed roof of cloth; seen from below it lets light through."""
    eave, w, d = WALL + FASCIA, f.width, f.depth
    top = f.at(w / 2, d / 2, eave + 1.25)
    rim = [f.at(0, -0.02, eave), f.at(w, -0.02, eave), f.at(w, d, eave), f.at(0, d, eave)]
    cloth = hued(hue, 0.18, 0.95)
    for n in range(4):
        made.quad([top, top, rim[(n + 1) % 4], rim[n]], cloth, (1.08, 1.08, 0.95, 0.95), glow=0.25)


# ---------------------------------------------------------------- around the booths
def zone(made: Builder, area: Area, its: ZoneLook, at: tuple[float, float], *, outdoor: bool) -> None:
    """Carpet of the zone's colour under its booths and aisles, and its sign at a place."""
    corners = corners_of(area.outline, 0.006)
    if len(corners) == 4 and not outdoor:
        made.picture(corners, carpet_texture(hued(its.hue, 0.10, 0.69)), uvs=ground_uvs(corners, 1.0), two_sided=True)
    if its.sign is not None:
        sign(made, at, its.sign, outdoor=outdoor)


def sign(made: Builder, at: tuple[float, float], picture: Array, *, outdoor: bool) -> None:
    """Four faces around a place: hung from the roof, or outdoors on a mast."""
    x, y = at
    wide = 4.2
    tall = wide * picture.shape[0] / max(picture.shape[1], 1)
    foot, half = SIGN_FOOT + (1.0 if outdoor else 0.0), wide / 2
    for ax, ay, bx, by in ((-half, half, half, half), (half, half, half, -half), (half, -half, -half, -half), (-half, -half, -half, half)):
        corners = [(x + ax, foot + tall, y + ay), (x + bx, foot + tall, y + by), (x + bx, foot, y + by), (x + ax, foot, y + ay)]
        made.picture(corners, picture, glow=0.55)
    made.quad([(x - half, foot, y - half), (x + half, foot, y - half), (x + half, foot, y + half), (x - half, foot, y + half)], WHITE)
    if outdoor:
        made.box((x - 0.09, 0, y - 0.09), (x + 0.09, foot, y + 0.09), STEEL, foot=1)
    else:
        for ax, ay in ((-half, -half), (-half, half), (half, -half), (half, half)):
            made.box((x + ax * 0.9 - 0.02, foot + tall, y + ay * 0.9 - 0.02), (x + ax * 0.9 + 0.02, ROOF, y + ay * 0.9 + 0.02), STEEL, foot=1)


def mast(area: Area, plan: Plan) -> tuple[float, float]:
    """The middle of a zone; where that is an aisle, a back corner of the nearest booth of the zone."""
    xs, ys = [x for x, _ in area.outline], [y for _, y in area.outline]
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    frames = [Frame(booth) for booth in plan.booths if inside(booth.middle, area.outline)]
    corners = [(corner[0], corner[2]) for f in frames for corner in (f.at(0, f.depth, 0), f.at(f.width, f.depth, 0))]
    return min(corners, key=lambda corner: (round(math.dist(corner, middle), 3), corner), default=middle)

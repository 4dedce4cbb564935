"""A rasteriser in software: pictures of triangles, for posters of models and for scenes of halls.

In: meshes, a camera, a light. Out: a picture (height, width, 4) uint8, sRGB, opacity not multiplied in. The same input
gives the same picture. Metres, y up, right-handed, a camera looks along −z, front faces run counter-clockwise, as in
glTF 2.0. Whatever is no number or has no area is not drawn; nothing raises but numbers of corners that are not there.

`raster_cover` finds what each of four samples a pixel sees, `raster_shade` gives it a colour, `raster_texture` reads
textures. Why no library: docs/decisions/0023-scenes.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everhall.engines.raster_cover import Cover, Planes, set_up
from everhall.engines.raster_shade import Lamps, View, World, nearness, resolve
from everhall.engines.raster_texture import gather, to_linear, to_srgb

__all__ = ["Camera", "Light", "Mesh", "World", "frame", "look", "prepare", "render", "studio"]

Array = NDArray[Any]
Colour = tuple[float, float, float]

#: Nothing nearer to the eye is seen, in metres, unless a camera says so.
NEAR: Final = 0.05
#: Room left around what is framed.
MARGIN: Final = 1.08


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles of one material.

    `positions` (n, 3), `triangles` (m, 3) numbers of positions. Per position, or None: `uvs` (n, 2) with (0, 0) the upper
    left of `texture` (h, w, 3 or 4) uint8 sRGB, repeated where uvs leave 0 to 1; `normals` (n, 3) for what is round;
    `colours` (n, 3) sRGB 0 to 1, times `colour`; `shades` (n,), the part of the light that arrives. A clear texture
    lets the colour show. `gloss` 0 to 1 mirrors the key light, `glow` 0 to 1 needs no light.
    """

    positions: Array
    triangles: Array
    uvs: Array | None = None
    normals: Array | None = None
    texture: Array | None = None
    colour: Colour = (1.0, 1.0, 1.0)
    colours: Array | None = None
    shades: Array | None = None
    gloss: float = 0.0
    glow: float = 0.0
    two_sided: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """`view` (4, 4) takes the world to the eye; `fov` is the angle from top to bottom in degrees."""

    view: Array
    fov: float = 35.0
    near: float = NEAR

    @property
    def eye(self) -> Array:
        found: Array = -self.view[:3, :3].T @ self.view[:3, 3]
        return found


@dataclass(frozen=True, slots=True)
class Light:
    """Colours in sRGB. `towards` is the direction in which the key light stands; `contact` 0 to 1 darkens corners and where
    things touch, within `reach` metres (0: a tenth of what is seen); `exposure` multiplies all."""

    sky: Colour = (0.72, 0.74, 0.78)
    ground: Colour = (0.52, 0.49, 0.46)
    key: Colour = (0.72, 0.70, 0.66)
    towards: tuple[float, float, float] = (-0.5, 0.9, 0.6)
    contact: float = 0.6
    reach: float = 0.0
    exposure: float = 1.0


def render(
    meshes: "Sequence[Mesh] | World", camera: Camera, light: Light, size: tuple[int, int],
    background: Colour | None = None,
) -> NDArray[np.uint8]:
    """The picture, `size` (width, height); without a background it is clear where nothing is. For several views of
    the same meshes hand in what `prepare` makes of them."""
    world = meshes if isinstance(meshes, World) else prepare(meshes)
    focal = size[1] / 2 / math.tan(math.radians(min(max(camera.fov, 1.0), 170.0)) / 2)
    planes = placed(world, camera, focal, size)
    seen = Cover(planes, size, camera.near).fill().triangles()
    view = View(camera.eye, camera.view[:3, :3], focal, size)
    picture = resolve(seen, planes, world, lamps_of(light), view)
    if light.contact > 0:
        reach = light.reach or extent(world) / 10
        picture[..., :3] *= (1 - light.contact * nearness(seen, planes, world, view, reach))[..., None]
    return encoded(picture, light.exposure, background)


def encoded(picture: Array, exposure: float, background: Colour | None) -> NDArray[np.uint8]:
    """Linear light times opacity as sRGB bytes."""
    opacity = picture[..., 3:]
    colour = picture[..., :3] * exposure
    if background is None:
        colour = colour / np.maximum(opacity, 1e-6)
    else:
        colour = colour + (1 - opacity) * to_linear(np.array(background))
        opacity = np.ones_like(opacity)
    return np.rint(np.dstack([to_srgb(colour), np.clip(opacity, 0, 1)]) * 255).astype(np.uint8)


def prepare(meshes: Sequence[Mesh]) -> World:
    """All meshes as one, for `render`. Raises ValueError where a triangle names a position that is not there."""
    parts: dict[str, list[Array]] = {name: [] for name in (
        "positions", "uvs", "normals", "colours", "shades", "triangles", "own", "material")}  # fmt: skip
    pictures: list[Array] = []
    known: dict[int, int] = {}
    texture, wraps = [], []
    before = 0
    for number, mesh in enumerate(meshes):
        positions = np.asarray(mesh.positions, dtype=np.float64).reshape(-1, 3)
        triangles = np.asarray(mesh.triangles, dtype=np.int64).reshape(-1, 3)
        count = len(positions)
        if triangles.size and (triangles.min() < 0 or triangles.max() >= count):
            raise ValueError(f"mesh {number}: a triangle names a position that is not there")
        uvs = fitting(mesh.uvs, count, 2, 0.0)
        tint = fitting(mesh.colours, count, 3, 1.0)
        parts["positions"].append(np.where(np.isfinite(positions), positions, np.nan))
        parts["uvs"].append(uvs)
        parts["normals"].append(fitting(mesh.normals, count, 3, 0.0))
        parts["colours"].append(to_linear(np.clip(tint, 0, 1)) * to_linear(np.clip(np.array(mesh.colour), 0, 1)))
        parts["shades"].append(fitting(None if mesh.shades is None else mesh.shades[:, None], count, 1, 1.0)[:, 0])
        parts["triangles"].append(triangles + before)
        parts["own"].append(own_normals(positions, triangles))
        parts["material"].append(np.full(len(triangles), number, dtype=np.int64))
        if mesh.texture is None or mesh.uvs is None:
            texture.append(-1)
        else:
            texture.append(known.setdefault(id(mesh.texture), len(pictures)))
            if texture[-1] == len(pictures):
                pictures.append(mesh.texture)
        wraps.append(bool(count and (uvs.min() < -1e-6 or uvs.max() > 1 + 1e-6)))
        before += count

    def together(name: str, width: int | None, kind: Any) -> Array:
        empty = np.zeros((0,) if width is None else (0, width))
        return np.concatenate([empty, *parts[name]]).astype(kind)

    return World(
        together("positions", 3, np.float64), together("uvs", 2, np.float32),
        together("normals", 3, np.float32), together("colours", 3, np.float32),
        together("shades", None, np.float32), together("triangles", 3, np.int64),
        together("own", 3, np.float32), together("material", None, np.int64),
        np.array(texture, dtype=np.int64), np.array(wraps, dtype=bool),
        np.array([mesh.normals is not None for mesh in meshes], dtype=bool),
        np.array([mesh.gloss for mesh in meshes], dtype=np.float32),
        np.array([mesh.glow for mesh in meshes], dtype=np.float32),
        np.array([mesh.two_sided for mesh in meshes], dtype=bool), gather(pictures),
    )  # fmt: skip


def fitting(values: Array | None, count: int, width: int, otherwise: float) -> Array:
    """Values for each corner; what is missing or no number is `otherwise`."""
    if values is None or np.shape(values) != (count, width):
        return np.full((count, width), otherwise, dtype=np.float32)
    return np.clip(np.nan_to_num(np.asarray(values, dtype=np.float32), nan=otherwise), -1e6, 1e6)


def own_normals(positions: Array, triangles: Array) -> Array:
    """Unit normals of triangles; of those without area, nothing."""
    with np.errstate(all="ignore"):
        corners = positions[triangles]
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        length = np.sqrt(np.einsum("ij,ij->i", across, across))[:, None]
        return np.nan_to_num(across / np.where(length > 0, length, 1), nan=0.0, posinf=0.0, neginf=0.0)


def placed(world: World, camera: Camera, focal: float, size: tuple[int, int]) -> Planes:
    """The triangles that this camera may see."""
    with np.errstate(all="ignore"):
        seen = world.positions @ camera.view[:3, :3].T + camera.view[:3, 3]
        flat = np.stack([seen[:, 0] * focal, -seen[:, 1] * focal, -seen[:, 2]], axis=1)
    planes = set_up(flat[world.triangles], size, camera.near)
    sided = world.two_sided[world.material[planes.which]] if len(planes.which) else np.zeros(0, dtype=bool)
    kept = planes.front | sided
    return Planes(planes.edges[kept], planes.which[kept], planes.box[kept], planes.front[kept])


def lamps_of(light: Light) -> Lamps:
    towards = np.nan_to_num(np.array(light.towards, dtype=np.float32))
    length = float(np.linalg.norm(towards))
    sky, ground, key = (to_linear(np.array(colour)) for colour in (light.sky, light.ground, light.key))
    return Lamps(sky, ground, key, towards / length if length > 0 else np.array([0, 1, 0], dtype=np.float32))


def extent(world: World) -> float:
    """The diagonal of all that is there."""
    there = world.positions[np.isfinite(world.positions).all(axis=1)]
    return float(np.linalg.norm(there.max(axis=0) - there.min(axis=0))) or 1.0 if len(there) else 1.0


# ---------------------------------------------------------------- cameras and lights
def look(eye: Sequence[float], heading: float, elevation: float, fov: float = 35.0, near: float = NEAR) -> Camera:
    """A camera at `eye`. `heading` is in degrees clockwise, seen from above, from −z; `elevation` is up."""
    turn, rise = math.radians(heading), math.radians(elevation)
    back = np.array([-math.sin(turn) * math.cos(rise), -math.sin(rise), math.cos(turn) * math.cos(rise)])
    right = np.array([math.cos(turn), 0.0, math.sin(turn)])
    view = np.eye(4)
    view[:3, :3] = np.stack([right, np.cross(back, right), back])
    view[:3, 3] = -view[:3, :3] @ np.asarray(eye, dtype=np.float64)
    return Camera(view, fov, near)


def frame(
    meshes: Sequence[Mesh], heading: float, elevation: float, fov: float = 30.0, aspect: float = 4 / 3
) -> Camera:
    """A camera that holds all meshes, as near as it may be. `heading` is the side from which one looks: 0 sees
    what faces +z (the front of a glTF model), 90 what faces +x; `elevation` is how far above one stands, in degrees; `aspect`
    is the picture's width by its height."""
    points = np.concatenate([np.zeros((0, 3)), *(np.asarray(m.positions, dtype=np.float64).reshape(-1, 3) for m in meshes)])
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        points = np.zeros((1, 3))
    turned = look((0, 0, 0), -heading, -elevation, fov)
    axes = turned.view[:3, :3]
    seen = points @ axes.T
    tall = math.tan(math.radians(fov) / 2) / MARGIN
    wide = tall * aspect
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    x, y, z = (seen - middle).T
    distance = max(float((np.abs(x) / wide + z).max()), float((np.abs(y) / tall + z).max()), 1e-6)
    eye = axes.T @ (middle + np.array([0, 0, distance]))
    view = np.eye(4)
    view[:3, :3] = axes
    view[:3, 3] = -axes @ eye
    return Camera(view, fov, max((distance - float(z.max())) / 2, 1e-9))


def studio(camera: Camera, contact: float = 0.6) -> Light:
    """A light for a single thing: the key light stands up and to the left of whoever looks."""
    towards = camera.view[:3, :3].T @ np.array([-0.5, 0.85, 0.75])
    return Light(towards=(float(towards[0]), float(towards[1]), float(towards[2])), contact=contact)

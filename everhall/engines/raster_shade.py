"""What colour the visible triangles have: the shading half of the rasteriser (`raster`).

Each pixel is shaded once for every triangle that its four samples see. Corners' values are joined in perspective: the
edge planes over 1/w are the weights of the corners.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everhall.engines.raster_cover import PER_PIXEL, SAMPLES, Planes, batches
from everhall.engines.raster_texture import Textures, look_up

Array = NDArray[Any]

#: Shaded at once.
BATCH: Final = 1 << 16
#: How narrow a highlight is.
SHARPNESS: Final = 40
#: Light also reaches a little round the edge of what is turned away.
WRAP: Final = 0.25


@dataclass(frozen=True, slots=True)
class World:
    """All meshes as one: per corner `positions`, `uvs`, `normals`, linear `colours`, `shades`; per triangle its corners, its
    own normal and its material; per material the rest. `texture` is -1 where there is none."""

    positions: Array
    uvs: Array
    normals: Array
    colours: Array
    shades: Array
    triangles: Array
    own_normals: Array
    material: Array
    texture: Array
    wraps: Array
    smooth: Array
    gloss: Array
    glow: Array
    two_sided: Array
    textures: Textures


@dataclass(frozen=True, slots=True)
class Lamps:
    """Linear light: from above, from below, and from the direction `towards` (a unit vector)."""

    sky: Array
    ground: Array
    key: Array
    towards: Array


@dataclass(frozen=True, slots=True)
class View:
    """Where the eye is, the axes it sees along (rows: right, up, back), and its focal length in pixels."""

    eye: Array
    axes: Array
    focal: float
    size: tuple[int, int]


def resolve(seen: Array, planes: Planes, world: World, lamps: Lamps, view: View) -> Array:
    """(height, width, 4) linear light times opacity, and opacity; `seen` is `Cover.triangles()`."""
    height, width = seen.shape[:2]
    samples = np.ascontiguousarray(seen).reshape(-1, PER_PIXEL)
    pixel, sample, share = heads(samples)
    x, y = places(pixel, sample, share, width)
    of = samples[pixel, sample]
    found = np.empty((len(pixel), 4), dtype=np.float32)
    for part in batches(len(pixel), BATCH):
        found[part, :3] = shade(of[part], x[part], y[part], planes, world, lamps, view)
    found[:, :3] *= (share / PER_PIXEL)[:, None]
    found[:, 3] = share / PER_PIXEL
    picture = np.zeros((height * width, 4), dtype=np.float32)
    if len(pixel):
        begins = np.flatnonzero(np.diff(pixel, prepend=-1))
        picture[pixel[begins]] = np.add.reduceat(found, begins, axis=0)
    return picture.reshape(height, width, 4)


def heads(samples: Array) -> tuple[Array, Array, Array]:
    """Of each pixel the first sample of every triangle in it, and how many samples see that triangle: (pixels,
    samples, counts), by pixels."""
    same = samples[:, :, None] == samples[:, None, :]
    earlier = np.zeros(samples.shape, dtype=bool)
    for n in range(1, PER_PIXEL):
        earlier[:, n] = same[:, n, :n].any(axis=1)
    pixel, sample = np.nonzero((samples >= 0) & ~earlier)
    return pixel, sample, same.sum(axis=2, dtype=np.float32)[pixel, sample]


def places(pixel: Array, sample: Array, share: Array, width: int) -> tuple[Array, Array]:
    """Where to shade, from the upper left: the middle of a pixel that sees one thing, else the sample."""
    whole = share == PER_PIXEL
    x = pixel % width + np.where(whole, 0.5, SAMPLES[sample, 0])
    y = pixel // width + np.where(whole, 0.5, SAMPLES[sample, 1])
    return x, y


def shade(of: Array, x: Array, y: Array, planes: Planes, world: World, lamps: Lamps, view: View) -> Array:
    """Linear light of places on triangles, given by their numbers in `planes`."""
    edges = planes.edges[of]
    right, down = x - view.size[0] / 2, y - view.size[1] / 2
    values = (edges[:, :, 0] * right[:, None] + edges[:, :, 1] * down[:, None] + edges[:, :, 2]).astype(np.float32)
    slopes = edges[:, :, :2].astype(np.float32)
    w = 1 / np.maximum(values[:, 3], 1e-12)
    # A sample in the overlap is a little outside.
    weights = np.clip(values[:, :3] * w[:, None], 0, 1)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    triangle = planes.which[of]
    corners = world.triangles[triangle]
    material = world.material[triangle]
    light = joined(world.colours, corners, weights)
    textured = np.flatnonzero(world.texture[material] >= 0)
    if len(textured):
        paint(light, textured, corners, weights, slopes, w, world, material)
    normal = facing_normals(corners, weights, triangle, material, planes.front[of], world)
    lit = light * (illumination(normal, lamps) * joined(world.shades, corners, weights)[:, None])
    gloss = world.gloss[material]
    if gloss.any():
        away = view.axes.T @ np.stack([right / view.focal, -down / view.focal, -np.ones_like(right)])
        lit += (gloss * highlight(normal, -away.T, lamps))[:, None] * lamps.key
    glow = world.glow[material][:, None]
    result: Array = np.nan_to_num(lit * (1 - glow) + light * glow, nan=0.0, posinf=1.0, neginf=0.0)
    return result


def joined(values: Array, corners: Array, weights: Array) -> Array:
    """Values of corners, joined by weights; `values` (n,) or (n, k)."""
    if values.ndim == 1:
        flat: Array = np.einsum("ti,ti->t", values[corners], weights)
        return flat
    found = values[corners[:, 0]] * weights[:, :1]
    found += values[corners[:, 1]] * weights[:, 1:2]
    found += values[corners[:, 2]] * weights[:, 2:]
    return found


def paint(
    light: Array, some: Array, corners: Array, weights: Array, slopes: Array, w: Array, world: World, material: Array
) -> None:
    """Lay textures over the colours of `some` places; where a texture is clear, the colour shows."""
    corner, weight, slope, far = corners[some], weights[some], slopes[some], w[some, None]
    uv = joined(world.uvs, corner, weight)
    steps = []
    for axis in range(2):
        # d(u/q) = (du − u/q · dq) / q, with u and q = 1/w planes over the picture
        moved = (slope[:, :3, axis] - weight * slope[:, 3:, axis]) * far
        steps.append(joined(world.uvs, corner, moved))
    kind = material[some]
    colour, opacity = look_up(world.textures, world.texture[kind], uv, steps[0], steps[1], world.wraps[kind])
    plain = light[some]
    light[some] = plain * (colour * opacity[:, None] + (1 - opacity[:, None]))


def facing_normals(
    corners: Array, weights: Array, triangle: Array, material: Array, front: Array, world: World
) -> Array:
    """Unit normals on the side from which one looks."""
    normal = world.own_normals[triangle]
    smooth = np.flatnonzero(world.smooth[material])
    if len(smooth):
        normal = normal.copy()
        round_ = joined(world.normals, corners[smooth], weights[smooth])
        length = np.sqrt(np.einsum("ij,ij->i", round_, round_))
        normal[smooth] = np.where(length[:, None] > 1e-9, round_ / np.maximum(length, 1e-9)[:, None], normal[smooth])
    turned: Array = np.where(front[:, None], normal, -normal)
    return turned


def illumination(normal: Array, lamps: Lamps) -> Array:
    """Linear light that reaches a surface."""
    above = (0.5 + 0.5 * normal[:, 1])[:, None]
    facing = (np.maximum(normal @ lamps.towards + WRAP, 0) / (1 + WRAP))[:, None]
    found: Array = lamps.ground + (lamps.sky - lamps.ground) * above + lamps.key * facing
    return found.astype(np.float32)


def highlight(normal: Array, to_eye: Array, lamps: Lamps) -> Array:
    """How strongly the key light is mirrored (Blinn's halfway vector)."""
    to_eye = to_eye / np.sqrt(np.einsum("ij,ij->i", to_eye, to_eye))[:, None]
    half = to_eye + lamps.towards
    half /= np.maximum(np.sqrt(np.einsum("ij,ij->i", half, half)), 1e-9)[:, None]
    found: Array = np.maximum(np.einsum("ij,ij->i", normal, half), 0) ** SHARPNESS
    return found


#: Of the darkening in corners: directions looked into, and steps of the way in each.
LOOKS: Final = tuple(
    (np.cos(angle), np.sin(angle), far)
    for angle, far in zip(np.arange(12) * 2.399963, (0.3, 0.6, 1.0) * 4, strict=True)
)


def nearness(seen: Array, planes: Planes, world: World, view: View, reach: float) -> Array:
    """(height, width) 0 to 1: how much of the half-sphere above each pixel is taken by things within `reach` metres;
    judged from what the picture sees, at half its size."""
    height, width = seen.shape[0] // 2 * 2, seen.shape[1] // 2 * 2
    if not height or not width:
        return np.zeros(seen.shape[:2], dtype=np.float32)
    of = seen[0:height:2, 0:width:2, 0]
    rows, columns = np.nonzero(of >= 0)
    found = np.zeros(of.shape, dtype=np.float32)
    if not len(rows):
        return np.zeros(seen.shape[:2], dtype=np.float32)
    place, normal, w = surface(of, rows, columns, planes, world, view)
    radius = np.clip(reach * view.focal / np.median(w) / 2, 2, of.shape[1] / 6)
    total = np.zeros(len(rows), dtype=np.float32)
    where = np.full(of.shape, -1, dtype=np.int64)
    where[rows, columns] = np.arange(len(rows))
    for cosine, sine, far in LOOKS:
        there_y = np.clip(rows + round(sine * far * radius), 0, of.shape[0] - 1)
        there_x = np.clip(columns + round(cosine * far * radius), 0, of.shape[1] - 1)
        other = where[there_y, there_x]
        way = place[other] - place
        length = np.sqrt(np.einsum("ij,ij->i", way, way)) + 1e-6
        raised = np.einsum("ij,ij->i", way, normal) / length
        total += np.where(other >= 0, np.clip(raised - 0.1, 0, 1) * np.clip(1 - length / (2 * reach), 0, 1), 0)
    found[rows, columns] = np.clip(total / len(LOOKS) * 3.5, 0, 1)
    whole = np.zeros(seen.shape[:2], dtype=np.float32)
    whole[:height, :width] = np.repeat(np.repeat(softened(found), 2, axis=0), 2, axis=1)
    return whole


def surface(
    of: Array, rows: Array, columns: Array, planes: Planes, world: World, view: View
) -> tuple[Array, Array, Array]:
    """Where the first samples of every second pixel are, as the eye sees it, their normals and distances."""
    number = of[rows, columns]
    right = columns * 2 + SAMPLES[0, 0] - view.size[0] / 2
    down = rows * 2 + SAMPLES[0, 1] - view.size[1] / 2
    a, b, c = planes.edges[number, 3].T
    w = 1 / np.maximum(a * right + b * down + c, 1e-9)
    place = np.stack([right / view.focal * w, -down / view.focal * w, -w], axis=1).astype(np.float32)
    normal = world.own_normals[planes.which[number]] @ view.axes.T.astype(np.float32)
    return place, np.where(planes.front[number][:, None], normal, -normal), w


def softened(values: Array) -> Array:
    """Five by five, the middle counting most."""
    for axis in range(2):
        padded = np.pad(values, [(2, 2) if axis == n else (0, 0) for n in range(2)], mode="edge")
        parts = [np.take(padded, range(n, n + values.shape[axis]), axis=axis) for n in range(5)]
        values = (parts[0] + 2 * parts[1] + 3 * parts[2] + 2 * parts[3] + parts[4]) / 9
    return values

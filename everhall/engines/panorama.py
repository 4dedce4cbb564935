"""Panoramas: from one picture of all directions (equirectangular, 2 : 1) to the six faces of a cube, and views out of a cube.

Directions: yaw in degrees clockwise from the middle of the picture, which is the front face; pitch in degrees up. Faces are
named and turned as pannellum has them: seen from inside, the lower edge of "u" and the upper edge of "d" touch the front.
Pixels are uint8 RGB and are averaged in linear light where the picture gets smaller.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everhall.engines.raster_texture import ENCODED, LINEAR_BYTES

Array = NDArray[Any]

FACES: Final = "frblud"
#: Of each face: what is right, up and ahead there, in the world (x right, y up, z back).
AXES: Final[dict[str, tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]]] = {
    "f": ((1, 0, 0), (0, 1, 0), (0, 0, -1)),
    "r": ((0, 0, 1), (0, 1, 0), (1, 0, 0)),
    "b": ((-1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "l": ((0, 0, -1), (0, 1, 0), (-1, 0, 0)),
    "u": ((1, 0, 0), (0, 0, 1), (0, 1, 0)),
    "d": ((1, 0, 0), (0, 0, -1), (0, -1, 0)),
}
#: Samples a side and pixel of a face, against stair steps.
FINE: Final = 2


def rays(right: Array, up: Array, ahead: Array, width: int, height: int, half: float) -> Array:
    """(height, width, 3) directions through pixels of a picture that reaches `half` (a tangent) to the side."""
    x = ((np.arange(width) + 0.5) / width * 2 - 1) * half
    y = (1 - (np.arange(height) + 0.5) / height * 2) * half * height / width
    found: Array = x[None, :, None] * right + y[:, None, None] * up + ahead
    return found


def rays_of(face: str, side: int, row: int, column: int, tile: int) -> Array:
    """(tile, tile, 3) directions through the pixels of a part of a face that has `side` pixels."""
    right, up, ahead = (np.array(axis, dtype=np.float32) for axis in AXES[face])
    x = (np.arange(column, column + tile, dtype=np.float32) + 0.5) / side * 2 - 1
    y = 1 - (np.arange(row, row + tile, dtype=np.float32) + 0.5) / side * 2
    found: Array = x[None, :, None] * right + y[:, None, None] * up + ahead
    return found


def looked_up(pixels: Array, directions: Array) -> Array:
    """uint8 colours of a panorama (uint8, perhaps on the disk) in some directions, of its four nearest pixels: for what is
    about as fine as the panorama itself. Only the pixels that are needed are read."""
    height, width = pixels.shape[:2]
    x, y, z = np.moveaxis(directions, -1, 0)
    column = (np.arctan2(x, -z) / (2 * math.pi) + 0.5) * width - 0.5
    row = (0.5 - np.arctan2(y, np.hypot(x, z)) / math.pi) * height - 0.5
    left, top = np.floor(column).astype(np.int32), np.floor(row).astype(np.int32)
    part_x, part_y = (column - left)[..., None], (row - top)[..., None]
    x0, x1 = left % width, (left + 1) % width
    y0, y1 = np.clip(top, 0, height - 1), np.clip(top + 1, 0, height - 1)
    upper = pixels[y0, x0] * (1 - part_x) + pixels[y0, x1] * part_x
    lower = pixels[y1, x0] * (1 - part_x) + pixels[y1, x1] * part_x
    found: Array = np.rint(upper * (1 - part_y) + lower * part_y).astype(np.uint8)
    return found


def to_cube(equirect: Array, size: int) -> dict[str, Array]:
    """The six faces, `size` pixels each."""
    light = LINEAR_BYTES[np.asarray(equirect, dtype=np.uint8)[..., :3]]
    faces = {}
    for name, axes in AXES.items():
        right, up, ahead = (np.array(axis, dtype=np.float64) for axis in axes)
        seen = from_equirect(light, rays(right, up, ahead, size * FINE, size * FINE, 1.0))
        faces[name] = encoded(seen.reshape(size, FINE, size, FINE, 3).mean(axis=(1, 3)))
    return faces


def from_equirect(light: Array, directions: Array) -> Array:
    """Linear colours of a panorama in some directions, between its four nearest pixels."""
    height, width = light.shape[:2]
    x, y, z = np.moveaxis(directions, -1, 0)
    column = (np.arctan2(x, -z) / (2 * math.pi) + 0.5) * width - 0.5
    row = (0.5 - np.arctan2(y, np.hypot(x, z)) / math.pi) * height - 0.5
    left, top = np.floor(column).astype(int), np.floor(row).astype(int)
    part_x, part_y = (column - left)[..., None], (row - top)[..., None]
    x0, x1 = left % width, (left + 1) % width
    y0, y1 = np.clip(top, 0, height - 1), np.clip(top + 1, 0, height - 1)
    upper = light[y0, x0] * (1 - part_x) + light[y0, x1] * part_x
    lower = light[y1, x0] * (1 - part_x) + light[y1, x1] * part_x
    found: Array = upper * (1 - part_y) + lower * part_y
    return found


def to_equirect(faces: Mapping[str, Array], width: int) -> Array:
    """The way back: one picture of all directions."""
    height = width // 2
    yaw = ((np.arange(width) + 0.5) / width - 0.5) * 2 * math.pi
    pitch = (0.5 - (np.arange(height) + 0.5) / height) * math.pi
    directions = np.stack(
        [
            np.cos(pitch)[:, None] * np.sin(yaw), np.repeat(np.sin(pitch)[:, None], width, axis=1),
            -np.cos(pitch)[:, None] * np.cos(yaw),
        ],
        axis=-1,
    )  # fmt: skip
    return from_cube(faces, directions)


def view(faces: Mapping[str, Array], yaw: float, pitch: float, across: float, size: tuple[int, int]) -> Array:
    """What one sees who looks that way; `across` is the angle from left to right in degrees, `size` (width, height)."""
    turn, rise = math.radians(yaw), math.radians(pitch)
    ahead = np.array([math.sin(turn) * math.cos(rise), math.sin(rise), -math.cos(turn) * math.cos(rise)])
    right = np.array([math.cos(turn), 0.0, math.sin(turn)])
    directions = rays(right, np.cross(right, ahead), ahead, *size, math.tan(math.radians(across) / 2))
    return from_cube(faces, directions)


def from_cube(faces: Mapping[str, Array], directions: Array) -> Array:
    """uint8 colours of a cube in some directions."""
    flat = directions.reshape(-1, 3)
    ways = np.stack([np.array(AXES[name][2]) for name in FACES])
    which = np.argmax(flat @ ways.T, axis=1)
    found = np.zeros((len(flat), 3), dtype=np.float64)
    for number, name in enumerate(FACES):
        some = np.flatnonzero(which == number)
        right, up, ahead = (np.array(axis, dtype=np.float64) for axis in AXES[name])
        depth = flat[some] @ ahead
        face = faces[name][..., :3]
        height, width = face.shape[:2]
        x = np.clip(((flat[some] @ right) / depth + 1) / 2 * width - 0.5, 0, width - 1)
        y = np.clip((1 - (flat[some] @ up) / depth) / 2 * height - 0.5, 0, height - 1)
        left, top = np.floor(x).astype(int), np.floor(y).astype(int)
        part_x, part_y = (x - left)[:, None], (y - top)[:, None]
        x1, y1 = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
        upper = face[top, left] * (1 - part_x) + face[top, x1] * part_x
        lower = face[y1, left] * (1 - part_x) + face[y1, x1] * part_x
        found[some] = upper * (1 - part_y) + lower * part_y
    return np.rint(found).astype(np.uint8).reshape(*directions.shape[:-1], 3)


def encoded(light: Array) -> Array:
    """Linear light as sRGB bytes."""
    found: Array = ENCODED[np.clip(np.rint(light * 4096), 0, 4096).astype(int)]
    return found


def halved(face: Array) -> Array:
    """Half as large, in linear light; sides are even."""
    height, width = face.shape[0] // 2, face.shape[1] // 2
    return encoded(LINEAR_BYTES[face[: height * 2, : width * 2, :3]].reshape(height, 2, width, 2, 3).mean(axis=(1, 3)))


def turned(equirect: Array, degrees: float) -> Array:
    """The same panorama with another direction in the middle: what was at yaw `degrees` comes to the front."""
    width = equirect.shape[1]
    return np.roll(equirect, -round(degrees / 360 * width), axis=1)

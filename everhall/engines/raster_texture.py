"""Textures of the rasteriser: pictures with their halved copies in one long row of texels, and looking things up there.

The copies are halved in linear light; a look-up reads the copy whose texels are about as large as the pixel, between
its four nearest texels, twice along the longer side of what the pixel covers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def to_linear(encoded: Array) -> Array:
    """sRGB 0 to 1 as linear light (IEC 61966-2-1)."""
    encoded = np.asarray(encoded, dtype=np.float32)
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(np.float32)


def to_srgb(linear: Array) -> Array:
    """Linear light, cut to 0 to 1, as sRGB 0 to 1."""
    linear = np.clip(np.nan_to_num(np.asarray(linear, dtype=np.float32)), 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055).astype(np.float32)


#: Steps of the table by which colours are made linear.
STEPS: Final = 1024
LINEAR: Final = to_linear(np.arange(STEPS + 1) / STEPS)
LINEAR_BYTES: Final = to_linear(np.arange(256) / 255)
ENCODED: Final = np.round(to_srgb(np.arange(4096 + 1) / 4096) * 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Textures:
    """`texels` (n,) RGBA in one number each; of each copy where it begins, its width and height; of each
    texture the number of its first copy and how many it has."""

    texels: Array
    start: Array
    width: Array
    height: Array
    first: Array
    copies: Array


def gather(pictures: Sequence[Array]) -> Textures:
    """Pictures (h, w, 3 or 4) uint8 as one `Textures`; transparency is kept beside."""
    rows: list[Array] = []
    shapes: list[tuple[int, int]] = []
    first, copies = [], []
    for picture in pictures:
        first.append(len(shapes))
        levels = halved(rgba(picture))
        copies.append(len(levels))
        for level in levels:
            shapes.append((level.shape[1], level.shape[0]))
            rows.append(level.reshape(-1, 4))
    sizes = np.array([w * h for w, h in shapes], dtype=np.int64)
    texels = np.concatenate(rows) if rows else np.zeros((1, 4), dtype=np.uint8)
    return Textures(
        np.ascontiguousarray(texels).view(np.uint32).ravel(), np.cumsum(sizes) - sizes,
        np.array([w for w, _ in shapes], dtype=np.int64), np.array([h for _, h in shapes], dtype=np.int64),
        np.array(first, dtype=np.int64), np.array(copies, dtype=np.int64),
    )  # fmt: skip


def rgba(picture: Array) -> Array:
    """Four channels; what is no picture is one grey texel."""
    picture = np.asarray(picture, dtype=np.uint8)
    if picture.ndim != 3 or picture.shape[2] not in (3, 4) or not picture.size:
        return np.full((1, 1, 4), 128, dtype=np.uint8)
    if picture.shape[2] == 4:
        return picture
    return np.dstack([picture, np.full(picture.shape[:2], 255, dtype=np.uint8)])


def halved(picture: Array) -> list[Array]:
    """The picture and its halves down to one texel."""
    levels = [picture]
    while max(levels[-1].shape[:2]) > 1:
        now = levels[-1]
        height, width = max(now.shape[0] // 2, 1), max(now.shape[1] // 2, 1)
        tall, wide = min(now.shape[0], 2), min(now.shape[1], 2)
        cut = now[: height * tall, : width * wide].reshape(height, tall, width, wide, 4)
        light = LINEAR_BYTES[cut[..., :3]].mean(axis=(1, 3))
        opaque = cut[..., 3].mean(axis=(1, 3))
        levels.append(np.dstack([ENCODED[(light * 4096).astype(np.int64)], opaque.astype(np.uint8)]))
    return levels


def look_up(
    textures: Textures, which: Array, uv: Array, along_x: Array, along_y: Array, wraps: Array
) -> tuple[Array, Array]:
    """Linear colours (n, 3) and opacities (n,) at `uv` (n, 2), (0, 0) the upper left; `along_x`, `along_y` are how far
    `uv` goes from one pixel to the next; `wraps` says whether the texture repeats."""
    first = textures.first[which]
    size = np.stack([textures.width[first], textures.height[first]], axis=1).astype(np.float32)
    step_x, step_y = along_x * size, along_y * size
    long_x = np.einsum("ij,ij->i", step_x, step_x)
    long_y = np.einsum("ij,ij->i", step_y, step_y)
    longer, shorter = np.sqrt(np.maximum(long_x, long_y)), np.sqrt(np.minimum(long_x, long_y))
    covered = np.clip(np.nan_to_num(np.maximum(shorter, longer / 2)), 1e-6, 1e6)
    level = np.clip(np.rint(np.log2(covered)), 0, textures.copies[which] - 1).astype(np.int64)
    copy = first + level
    aside = np.where((long_x >= long_y)[:, None], along_x, along_y) / 4
    once, again = bilinear(textures, copy, uv - aside, wraps), bilinear(textures, copy, uv + aside, wraps)
    mean = (once + again) / 2
    return LINEAR[(mean[:, :3] * (STEPS / 255)).astype(np.int32)], mean[:, 3] / 255


def bilinear(textures: Textures, copy: Array, uv: Array, wraps: Array) -> Array:
    """Between the four nearest texels, as they are encoded: (n, 4) from 0 to 255."""
    width, height, start = textures.width[copy], textures.height[copy], textures.start[copy]
    uv = np.nan_to_num(uv, nan=0.0, posinf=0.0, neginf=0.0)
    uv = np.where(wraps[:, None], uv - np.floor(uv), np.clip(uv, 0, 1))
    x, y = uv[:, 0] * width - 0.5, uv[:, 1] * height - 0.5
    left, top = np.floor(x), np.floor(y)
    part_x, part_y = (x - left).astype(np.float32)[:, None], (y - top).astype(np.float32)[:, None]
    left_, top_ = left.astype(np.int64), top.astype(np.int64)
    x0, x1 = held(left_, width, wraps), held(left_ + 1, width, wraps)
    row0, row1 = start + held(top_, height, wraps) * width, start + held(top_ + 1, height, wraps) * width
    upper = fetch(textures, row0 + x0) * (1 - part_x) + fetch(textures, row0 + x1) * part_x
    lower = fetch(textures, row1 + x0) * (1 - part_x) + fetch(textures, row1 + x1) * part_x
    found: Array = upper * (1 - part_y) + lower * part_y
    return found


def held(at: Array, size: Array, wraps: Array) -> Array:
    """A column or row that exists: round again where the texture repeats, the outermost elsewhere."""
    found: Array = np.where(
        wraps, np.where(at < 0, size - 1, np.where(at >= size, 0, at)), np.clip(at, 0, size - 1)
    )
    return found


def fetch(textures: Textures, at: Array) -> Array:
    return textures.texels[at].view(np.uint8).reshape(-1, 4).astype(np.float32)

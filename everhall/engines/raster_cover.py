"""Which triangle each sample of a picture sees: the visibility half of the rasteriser (`raster`).

Four samples a pixel on a rotated grid. A triangle is set up in homogeneous coordinates (Olano and Greer, "Triangle
scan conversion using 2D homogeneous coordinates", 1997): the inverse of the matrix of its three corners gives its edges
and 1/w as planes over the picture, also where a corner is behind the eye, so that nothing needs to be cut at the near
plane. Small triangles are tested in batches against a grid of samples that holds them; large ones against tiles of 64,
then of 8 pixels, nearest first, and not where a tile is already full of nearer things.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

#: Of a pixel, from its upper left corner.
SAMPLES: Final = np.array([[0.375, 0.125], [0.875, 0.375], [0.125, 0.625], [0.625, 0.875]])
PER_PIXEL: Final = 4
TILE: Final = 8
BIG_TILE: Final = 64
#: So many pixels of an edge belong to both its sides: no pinholes, and the nearer wins anyway.
OVERLAP: Final = 1e-4
#: Tests at once: what fits the second cache.
BATCH: Final = 1 << 17
#: Pairs of large triangles and big tiles between two looks at what is full.
STEP: Final = 1_500


@dataclass(frozen=True, slots=True)
class Planes:
    """Triangles set up for one picture. `edges[t]` (4, 3) are a, b, c of the three edge planes and of 1/w, with
    x and y in pixels from the picture's middle; `which[t]` is the triangle's number; `box[t]` its pixels
    (left, top, right, bottom, the last two exclusive); `front[t]` whether one sees its front."""

    edges: Array
    which: Array
    box: Array
    front: Array


def set_up(corners: Array, size: tuple[int, int], near: float) -> Planes:
    """`corners` (t, 3, 3): x and y times the focal length in pixels (y down), and w, the distance before the eye."""
    with np.errstate(all="ignore"):
        crosses = np.cross(corners[:, [1, 2, 0]], corners[:, [2, 0, 1]])
        volume = np.einsum("tj,tj->t", corners[:, 0], crosses[:, 0])
        lengths = np.sqrt(np.einsum("tij,tij->ti", corners, corners)).prod(axis=1)
        good = np.isfinite(lengths) & (np.abs(volume) > 1e-14 * lengths) & (corners[:, :, 2] > near).any(axis=1)
        box = boxes(corners, size, near)
        good &= (box[:, 0] < box[:, 2]) & (box[:, 1] < box[:, 3])
        kept = np.flatnonzero(good)
        edges = np.empty((len(kept), 4, 3))
        edges[:, :3] = crosses[kept] / volume[kept, None, None]
        edges[:, 3] = edges[:, :3].sum(axis=1)
        finite = np.isfinite(edges).all(axis=(1, 2))
    kept, edges = kept[finite], edges[finite]
    return Planes(edges, kept, box[kept], volume[kept] < 0)


def boxes(corners: Array, size: tuple[int, int], near: float) -> Array:
    """The pixels within which each triangle lies as far as it is before the near plane."""
    width, height = size
    w = corners[:, :, 2]
    following = corners[:, [1, 2, 0]]
    part = (near - w) / (following[:, :, 2] - w)
    cut = corners + part[:, :, None] * (following - corners)
    crossing = (w > near) != (following[:, :, 2] > near)
    points = np.concatenate([corners[:, :, :2] / w[:, :, None], cut[:, :, :2] / near], axis=1)
    there = np.concatenate([w > near, crossing], axis=1)[:, :, None]
    low = np.where(there, points, np.inf).min(axis=1)
    high = np.where(there, points, -np.inf).max(axis=1)
    middle = np.array([width / 2, height / 2])
    limit = np.array([width, height])
    left_top = np.clip(np.floor(np.nan_to_num(low + middle, nan=0.0, posinf=1e9, neginf=-1e9)), 0, limit)
    right_bottom = np.clip(np.floor(np.nan_to_num(high + middle, nan=0.0, posinf=1e9, neginf=-1e9)) + 1, 0, limit)
    return np.concatenate([left_top, right_bottom], axis=1).astype(np.int64)


class Cover:
    """The picture as it fills: for each sample the nearest triangle so far, as 1/w in the upper half of a
    number and the triangle's place in `planes` plus one in the lower."""

    def __init__(self, planes: Planes, size: tuple[int, int], near: float) -> None:
        self.planes = planes
        self.size = size
        # A grid that begins at the last pixel still fits.
        self.across = -(-size[0] // BIG_TILE) * BIG_TILE + TILE
        self.down = -(-size[1] // BIG_TILE) * BIG_TILE + TILE
        self.seen = np.zeros(self.across * self.down * PER_PIXEL, dtype=np.uint64)
        self.nearest = np.float32(1.0 / near)

    def fill(self) -> "Cover":
        box = self.planes.box
        side = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
        smaller = 0
        for pixels in (1, 2, 4):
            some = np.flatnonzero((side > smaller) & (side <= pixels))
            self.draw(some, box[some, 0], box[some, 1], pixels)
            smaller = pixels
        self.fill_large(np.flatnonzero(side > smaller))
        return self

    def fill_large(self, some: Array) -> None:
        box = self.planes.box
        depth = self.reach(some, box[some, :2], box[some, 2:] - box[some, :2])
        some = some[np.argsort(-depth, kind="stable")]
        tiles = (box[some, 2:] - 1) // BIG_TILE - box[some, :2] // BIG_TILE + 1
        ends = np.cumsum(tiles[:, 0] * tiles[:, 1])
        start = 0
        while start < len(some):
            done = ends[start - 1] if start else 0
            end = max(start + 1, int(np.searchsorted(ends, done + STEP)))
            self.draw_tiles(some[start:end])
            start = end

    def reach(self, some: Array, origin: Array, size: Array) -> Array:
        """The largest 1/w of triangles over boxes of pixels."""
        a, b, c = (self.planes.edges[some, 3, n] for n in range(3))
        c = c + a * (origin[:, 0] - self.size[0] / 2) + b * (origin[:, 1] - self.size[1] / 2)
        return c + np.maximum(a, 0) * size[:, 0] + np.maximum(b, 0) * size[:, 1]

    def draw_tiles(self, some: Array) -> None:
        """Large triangles, tile by tile."""
        fullest = self.fullness()
        pairs = self.touched(*self.spread(some, self.planes.box[some], BIG_TILE), BIG_TILE, fullest)
        which, x, y = pairs
        box = self.planes.box[which]
        inner = np.stack(
            [
                np.maximum(box[:, 0], x), np.maximum(box[:, 1], y),
                np.minimum(box[:, 2], x + BIG_TILE), np.minimum(box[:, 3], y + BIG_TILE),
            ],
            axis=1,
        )
        which, x, y = self.touched(*self.spread(which, inner, TILE), TILE, fullest)
        self.draw(which, x, y, TILE)

    def spread(self, which: Array, box: Array, tile: int) -> tuple[Array, Array, Array]:
        """Pairs of a triangle and a tile of its box: numbers, and left and top of the tiles."""
        first = box[:, :2] // tile
        count = (box[:, 2:] - 1) // tile - first + 1
        total = count[:, 0] * count[:, 1]
        of = np.repeat(np.arange(len(which)), total)
        nth = np.arange(len(of)) - np.repeat(np.cumsum(total) - total, total)
        across = count[of, 0]
        return which[of], (first[of, 0] + nth % across) * tile, (first[of, 1] + nth // across) * tile

    def touched(
        self, which: Array, x: Array, y: Array, tile: int, fullest: Array
    ) -> tuple[Array, Array, Array]:
        """Those pairs whose tile the triangle may touch, and is not full of nearer things."""
        edges = self.planes.edges[which]
        a, b = edges[:, :, 0], edges[:, :, 1]
        here = edges[:, :, 2] + a * (x - self.size[0] / 2)[:, None] + b * (y - self.size[1] / 2)[:, None]
        highest = here + (np.maximum(a, 0) + np.maximum(b, 0)) * tile
        slack = OVERLAP * np.hypot(a, b)
        full = fullest if tile == TILE else fullest.reshape(
            fullest.shape[0] // 8, 8, fullest.shape[1] // 8, 8).min(axis=(1, 3))
        kept = (highest[:, :3] + slack[:, :3] >= 0).all(axis=1) & (highest[:, 3] > 0)
        kept &= highest[:, 3] * (1 + 1e-6) >= full[y // tile, x // tile]
        return which[kept], x[kept], y[kept]

    def fullness(self) -> Array:
        """1/w of the farthest thing seen in each tile; nothing is 0."""
        rows, columns = (self.down - TILE) // TILE, (self.across - TILE) // TILE
        grid = self.seen.reshape(self.down, self.across * PER_PIXEL)[: rows * TILE, : columns * TILE * PER_PIXEL]
        lowest = grid.reshape(rows, TILE, columns, TILE * PER_PIXEL).min(axis=1).min(axis=2)
        # Outside of the picture nothing is ever seen: that must not count.
        inside_x = -(-self.size[0] // TILE)
        inside_y = -(-self.size[1] // TILE)
        found = (lowest >> np.uint64(32)).astype(np.uint32).view(np.float32).copy()
        found[inside_y:], found[:, inside_x:] = np.inf, np.inf
        return found

    def draw(self, which: Array, x: Array, y: Array, pixels: int) -> None:
        """Test triangles, each against the samples of a square of pixels at (x, y); keep what is nearer."""
        grid_y, grid_x = np.divmod(np.arange(pixels * pixels), pixels)
        places = np.stack([grid_x, grid_y], axis=1)[:, None, :] + SAMPLES
        over = np.vstack([np.ones(len(places) * PER_PIXEL), places.reshape(-1, 2).T]).astype(np.float32)
        offsets = ((grid_y * self.across + grid_x)[:, None] * PER_PIXEL + np.arange(PER_PIXEL)).ravel()
        for part in batches(len(which), max(1, BATCH // len(offsets))):
            self.draw_batch(which[part], x[part], y[part], over, offsets)

    def draw_batch(self, which: Array, x: Array, y: Array, over: Array, offsets: Array) -> None:
        edges = self.planes.edges[which]
        a, b = edges[:, :, 0], edges[:, :, 1]
        here = edges[:, :, 2] + a * (x - self.size[0] / 2)[:, None] + b * (y - self.size[1] / 2)[:, None]
        here[:, :3] += OVERLAP * np.hypot(a[:, :3], b[:, :3])
        local = np.stack([here, a, b], axis=2).astype(np.float32)
        values = (local.reshape(-1, 3) @ over).reshape(len(which), 4, -1)
        lowest = np.minimum(values[:, 0], values[:, 1])
        np.minimum(lowest, values[:, 2], out=lowest)
        depth = values[:, 3]
        hits = np.flatnonzero((lowest >= 0) & (depth > 0) & (depth <= self.nearest))
        triangle, sample = np.divmod(hits, len(offsets))
        key = depth.ravel()[hits].view(np.uint32).astype(np.uint64) << np.uint64(32)
        key |= (which[triangle] + 1).astype(np.uint64)
        base = (y * self.across + x) * PER_PIXEL
        np.maximum.at(self.seen, base[triangle] + offsets[sample], key)

    def triangles(self) -> Array:
        """(height, width, 4): the place in `planes` of what each sample sees; -1 is nothing."""
        grid = self.seen.reshape(self.down, self.across, PER_PIXEL)[: self.size[1], : self.size[0]]
        return (grid & np.uint64(0xFFFFFFFF)).astype(np.int64) - 1


def batches(count: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, count, size))

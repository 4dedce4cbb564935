"""What halls are built of: quads gathered into few meshes, colours, and surfaces painted by arithmetic.

Plans are in metres, x right and y down on paper; here x stays, height is y and what is down on paper comes nearer (z).
"""

import colorsys
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everhall.engines.raster import Colour, Mesh

Array = NDArray[Any]
Corner = tuple[float, float, float]

FACES: Final = np.array([[0, 2, 1], [0, 3, 2]])
WHOLE: Final = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)


def hued(hue: float, saturation: float, lightness: float) -> Colour:
    return colorsys.hls_to_rgb((hue % 360) / 360, lightness, saturation)


def scaled(colour: Colour, by: float) -> Colour:
    return (min(colour[0] * by, 1.0), min(colour[1] * by, 1.0), min(colour[2] * by, 1.0))


class Builder:
    """Collects quads: plain ones go into one mesh for each way of shining, those with a texture stay by themselves.

    Corners are upper left, upper right, lower right, lower left of whoever sees the front; `shades` belong to them.
    """

    def __init__(self) -> None:
        self._corners: dict[tuple[float, bool], list[Any]] = defaultdict(list)
        self._colours: dict[tuple[float, bool], list[Any]] = defaultdict(list)
        self._shades: dict[tuple[float, bool], list[Any]] = defaultdict(list)
        self.pictures: list[Mesh] = []
        #: Whose pictures follow, and whose each of `pictures` is: a booth's code, or nobody's.
        self.owner = ""
        self.owners: list[str] = []

    def quad(
        self, corners: Sequence[Corner], colour: Colour, shades: Sequence[float] = (1, 1, 1, 1), *, glow: float = 0.0,
        two_sided: bool = True, foot: Colour | None = None,
    ) -> None:
        """`foot` is the colour of the two lower corners, where it is another."""
        key = (glow, two_sided)
        self._corners[key].append(corners)
        self._colours[key].append((colour, colour, foot or colour, foot or colour))
        self._shades[key].append(shades)

    def picture(
        self, corners: Sequence[Corner], texture: Array, shades: Sequence[float] = (1, 1, 1, 1), *, glow: float = 0.0,
        uvs: Array = WHOLE, two_sided: bool = False, colour: Colour = (1.0, 1.0, 1.0),
    ) -> None:
        self.owners.append(self.owner)
        self.pictures.append(
            Mesh(
                np.array(corners, dtype=float), FACES, uvs=uvs, texture=texture, shades=np.array(shades, dtype=float),
                glow=glow, two_sided=two_sided, colour=colour,
            )
        )

    def box(self, low: Corner, high: Corner, colour: Colour, *, foot: float = 0.8, glow: float = 0.0) -> None:
        """Upright, its feet in a little shade; nobody sees it from below."""
        (x0, y0, z0), (x1, y1, z1) = low, high
        shades = (1, 1, foot, foot)
        for ax, az, bx, bz in ((x0, z1, x1, z1), (x1, z1, x1, z0), (x1, z0, x0, z0), (x0, z0, x0, z1)):
            self.quad([(ax, y1, az), (bx, y1, bz), (bx, y0, bz), (ax, y0, az)], colour, shades, glow=glow, two_sided=False)
        self.quad([(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)], colour, glow=glow)

    def meshes(self) -> list[Mesh]:
        found = []
        for (glow, two_sided), corners in self._corners.items():
            count = len(corners)
            triangles = (np.arange(count)[:, None, None] * 4 + FACES).reshape(-1, 3)
            key = (glow, two_sided)
            found.append(
                Mesh(
                    np.array(corners, dtype=float).reshape(-1, 3), triangles,
                    colours=np.array(self._colours[key], dtype=float).reshape(-1, 3),
                    shades=np.array(self._shades[key], dtype=float).ravel(), glow=glow, two_sided=two_sided,
                )
            )
        return found + self.pictures

    def whose(self) -> list[str]:
        """Of each of `meshes`, whose it is."""
        return [""] * len(self._corners) + self.owners


def grain(size: int, seed: int, amount: float, coarse: float = 7.0) -> Array:
    """(size, size) soft noise around 1, which repeats without a seam; waves shorter than `coarse` in a side fade."""
    white = np.fft.fft2(np.random.default_rng(seed).normal(size=(size, size)))
    across = np.fft.fftfreq(size) * size
    waves = np.hypot(across[:, None], across[None, :])
    noise = np.real(np.fft.ifft2(white / (1 + (waves / coarse) ** 1.5)))
    found: Array = 1 + amount * noise / noise.std()
    return found


def painted(colour: Colour, field: Array) -> Array:
    """A colour times a field of brightness, as a texture."""
    return np.clip(np.array(colour) * field[..., None] * 255, 0, 255).astype(np.uint8)


def floor_texture(colour: Colour) -> Array:
    """Two by two metres: polished slabs with fine joints."""
    field = grain(256, 3, 0.012)
    field[:2], field[:, :2], field[128:130], field[:, 128:130] = 0.93, 0.93, 0.95, 0.95
    return painted(colour, field)


def carpet_texture(colour: Colour) -> Array:
    """One metre of carpet."""
    return painted(colour, grain(128, 11, 0.022, coarse=24))


def paving_texture(colour: Colour) -> Array:
    """Two by two metres of stone paving in running bond."""
    field = grain(256, 5, 0.03)
    rng = np.random.default_rng(8)
    for row in range(4):
        shift = 32 if row % 2 else 0
        for column in range(4):
            x = (column * 64 + shift) % 256
            tone = 1 + rng.uniform(-0.05, 0.05)
            columns = np.arange(x, x + 64) % 256
            field[row * 64 : row * 64 + 64, columns] *= tone
            field[row * 64 : row * 64 + 64, columns[0]] *= 0.86
        field[row * 64] *= 0.86
    return painted(colour, field)


def grass_texture() -> Array:
    """Two by two metres of lawn."""
    return painted((0.46, 0.58, 0.32), grain(128, 21, 0.07))


def ceiling_texture() -> Array:
    """Six by six metres: panels between bright joists."""
    field = grain(128, 13, 0.012)
    field[:6], field[:, :6] = 1.1, 1.1
    field[62:66], field[:, 62:66] = 1.05, 1.05
    return painted((0.78, 0.765, 0.74), field)


def ground_uvs(corners: Sequence[Corner], metres: float) -> Array:
    """Texture coordinates by where on the ground a corner is, so that surfaces side by side go on in each other."""
    return np.array([(x / metres, z / metres) for x, _, z in corners], dtype=float)

"""Deep zoom as files: IIIF Image API 3.0 at compliance level 0.

In: the size of a picture. Out: `info.json` and the names of every tile and whole picture that a level 0 server has, in the
canonical form of §4.7. What must stay true: whatever `info.json` offers is there, in exactly that size.
https://iiif.io/api/image/3.0/, https://iiif.io/api/image/3.0/compliance/
"""

import math
from collections.abc import Iterator
from typing import Any, Final

CONTEXT: Final = "http://iiif.io/api/image/3/context.json"
TILE: Final = 512
#: The longest side of a whole picture that is offered beside the tiles. `full/max` is the largest of them.
WHOLE: Final = 2048


def scale_factors(width: int, height: int, tile: int = TILE) -> list[int]:
    """1, 2, 4 … until one tile holds the whole picture."""
    levels = max(0, math.ceil(math.log2(max(width, height) / tile))) if max(width, height) > tile else 0
    return [2**level for level in range(levels + 1)]


def sizes(width: int, height: int, tile: int = TILE, whole: int = WHOLE) -> list[tuple[int, int]]:
    """Whole pictures that are offered, the smallest first; the last one is `full/max`."""
    found = [(math.ceil(width / s), math.ceil(height / s)) for s in scale_factors(width, height, tile)]
    small = [size for size in found if max(size) <= whole]
    return sorted(small or found[-1:])


def info(identifier: str, width: int, height: int, tile: int = TILE, whole: int = WHOLE) -> dict[str, Any]:
    """`info.json` (§5). `maxWidth` says how large a picture may be asked for; whoever wants all pixels takes tiles."""
    offered = sizes(width, height, tile, whole)
    return {
        "@context": CONTEXT,
        "id": identifier,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level0",
        "width": width,
        "height": height,
        "maxWidth": max(offered[-1][0], tile),
        "maxHeight": max(offered[-1][1], tile),
        "sizes": [{"width": w, "height": h} for w, h in offered],
        "tiles": [{"width": tile, "height": tile, "scaleFactors": scale_factors(width, height, tile)}],
    }


def tile_names(width: int, height: int, tile: int = TILE) -> Iterator[str]:
    """`{region}/{size}/0/default.jpg` of each tile (§3 of the implementation notes). A region that is the whole picture is
    named `full`."""
    for scale in scale_factors(width, height, tile):
        step = tile * scale
        for y in range(0, height, step):
            for x in range(0, width, step):
                w, h = min(step, width - x), min(step, height - y)
                region = "full" if (w, h) == (width, height) else f"{x},{y},{w},{h}"
                yield f"{region}/{math.ceil(w / scale)},{math.ceil(h / scale)}/0/default.jpg"


def whole_names(width: int, height: int, tile: int = TILE, whole: int = WHOLE) -> list[str]:
    """Whole pictures, `full/max` last."""
    names = [f"full/{w},{h}/0/default.jpg" for w, h in sizes(width, height, tile, whole)]
    return [*names, "full/max/0/default.jpg"]

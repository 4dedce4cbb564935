"""Files of scenes: tiles of the faces of a cube, laid where pannellum's `multires` looks for them.

In: six faces. Out: a folder `scenes/<ab>/<hash>/` below the data folder, named by the hash of all that is in it:
`<level>/<face><row>_<column>.webp` and `view.webp`, what one sees on coming. Must stay true: a folder is complete or not
there; what is in it never changes.
"""

import hashlib
import io
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings
from numpy.typing import NDArray
from PIL import Image

from everhall.engines import panorama

Array = NDArray[Any]

#: Pixels of a face in the finest level, and of a tile; the coarsest level has one tile a face.
CUBE: Final = 1024
TILE: Final = 512
#: Of WebP: the coarsest level is there first and is soon replaced.
QUALITY: Final = 88
COARSE_QUALITY: Final = 76
#: A scene that a phone loads whole stays below this.
MOST_BYTES: Final = 1_500_000
POSTER: Final = (1120, 700)
POSTER_ACROSS: Final = 88.0
EXTENSION: Final = "webp"


@dataclass(frozen=True, slots=True)
class Files:
    """What lies in a folder: its name and what a viewer needs to know."""

    name: str
    facts: dict[str, Any]


def root() -> Path:
    return Path(settings.DATA_DIR) / "scenes"


def folder(name: str) -> Path:
    return root() / name[:2] / name


def keep(faces: Mapping[str, Array], heading: float) -> Files:
    """Cut, encode and store the faces of a scene. Raises OSError if the disk does not take them."""
    files = encode(faces, heading)
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    name = digest.hexdigest()
    place = folder(name)
    size = next(iter(faces.values())).shape[0]
    facts = {
        "cube": size, "tile": min(TILE, size), "levels": levels_of(size), "extension": EXTENSION,
        "bytes": sum(len(body) for path, body in files.items() if path != f"view.{EXTENSION}"),
        "first": sum(len(body) for path, body in files.items() if path.startswith("1/")),
    }  # fmt: skip
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=place.parent, prefix=".making-"))
        try:
            for path, body in files.items():
                (beside / path).parent.mkdir(exist_ok=True)
                (beside / path).write_bytes(body)
            # mkdtemp keeps others out; the folder is read by whoever serves.
            beside.chmod(0o755)
            beside.rename(place)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)
            if not place.exists():
                raise
    return Files(name, facts)


def levels_of(size: int) -> int:
    levels = 1
    while TILE << (levels - 1) < size:
        levels += 1
    return levels


def encode(faces: Mapping[str, Array], heading: float) -> dict[str, bytes]:
    """All files of a scene by their path; coarser until it is small enough for a phone."""
    quality = QUALITY
    while True:
        files = tiles(faces, quality)
        if sum(map(len, files.values())) <= MOST_BYTES or quality <= 40:
            break
        quality -= 14
    files[f"view.{EXTENSION}"] = webp(panorama.view(faces, heading, 0.0, POSTER_ACROSS, POSTER), 76)
    return files


def tiles(faces: Mapping[str, Array], quality: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, whole in faces.items():
        face = whole
        for level in range(levels_of(face.shape[0]), 0, -1):
            for row in range(0, face.shape[0], TILE):
                for column in range(0, face.shape[1], TILE):
                    piece = face[row : row + TILE, column : column + TILE]
                    path = f"{level}/{name}{row // TILE}_{column // TILE}.{EXTENSION}"
                    found[path] = webp(piece, quality if level > 1 else min(quality, COARSE_QUALITY))
            if level > 1:
                face = panorama.halved(face)
    return found


def webp(pixels: Array, quality: int) -> bytes:
    made = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(made, "WEBP", quality=quality, method=4)
    return made.getvalue()


def read(name: str, path: str) -> bytes | None:
    """One file; None if there is none. `name` and `path` are checked by whoever asks."""
    try:
        return (folder(name) / path).read_bytes()
    except OSError:
        return None


def sweep(known: Collection[str]) -> None:
    """Take away what belongs to no scene."""
    for place in root().glob("??/*"):
        if place.name not in known:
            shutil.rmtree(place, ignore_errors=True)


def forget(name: str) -> None:
    """Take a folder away."""
    if name:
        shutil.rmtree(folder(name), ignore_errors=True)

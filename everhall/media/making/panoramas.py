"""Panoramas: one picture of all directions (equirectangular, 2 : 1), or the six faces of a cube in a zip.

In: a picture, or a zip. Out: `tiles.zip` with the tiles of the cube's faces in all sizes, as pannellum reads them
(`<level>/<face><row>_<column>.webp`), `flat.webp` within phones' limits, `poster.webp`, and the facts. What must stay true: never
more of it in memory than one face; places and cameras that the master names stay in the master.
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from everhall.engines import panorama
from everhall.engines.file_kind import HEAD, kind_of
from everhall.engines.sheet_words import Refused
from everhall.media.enclosures import Archive, EnclosureLimits
from everhall.media.enclosures import opened as opened_picture
from everhall.media.making import boards, packs
from everhall.media.making.node import MakingError, Progress, run

Array = NDArray[Any]
MOST_PIXELS: Final = 400_000_000
#: Pixels of a tile, of a face at most, and of a side of a face that comes in a zip.
TILE: Final = 512
CUBE: Final = 4096
MOST_SIDE: Final = 8192
#: Old phones' graphics take 4096 pixels a side, no more (research/exhibition.md §6).
FLAT: Final = 4096
POSTER: Final = (1120, 700)
POSTER_BYTES: Final = 60_000
ACROSS: Final = 88.0
QUALITY: Final = 84
#: Where libvips' own format has its first pixel.
VIPS_HEAD: Final = 64
SECONDS: Final = 900.0
UNPACKED: Final = EnclosureLimits(unpacked_bytes=600_000_000, members=40, file_bytes=100_000_000)
#: What programs call the faces of a cube: ahead, right, behind, left, above, below.
NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("f", "front", "posz", "pz", "+z", "0"), "f"), **dict.fromkeys(("r", "right", "posx", "px", "+x", "1"), "r"),
    **dict.fromkeys(("b", "back", "negz", "nz", "-z", "2"), "b"), **dict.fromkeys(("l", "left", "negx", "nx", "-x", "3"), "l"),
    **dict.fromkeys(("u", "up", "top", "posy", "py", "+y", "4"), "u"),
    **dict.fromkeys(("d", "down", "bottom", "negy", "ny", "-y", "5"), "d"),
}  # fmt: skip


def look(path: Path) -> dict[str, Any]:
    """What it is, by heads alone; `MakingError` for what must not come in."""
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    if kind == "zip":
        faces = faces_in(opened_zip(path))
        return {"kind": "cube", "faces": {face: name for face, (name, _) in faces.items()}, "side": min(side for _, side in faces.values())}
    if kind not in boards.PICTURES:
        raise MakingError("not-a-panorama", **{"is": kind})
    facts = run("tiles.mjs", {"from": str(path), "only": "look", "pixels": MOST_PIXELS}, seconds=60)
    width, height = facts["width"], facts["height"]
    boards.within(width, height)
    if abs(width - 2 * height) > 0.02 * width:
        raise MakingError("not-two-to-one", width=width, height=height)
    return {"kind": "equirect", "width": width, "height": height}


def opened_zip(path: Path) -> Archive:
    try:
        return Archive(path, path.name, UNPACKED)
    except Refused as refused:
        raise MakingError("zip", reason=refused.args[0] if refused.args else "") from refused


def faces_in(archive: Archive) -> dict[str, tuple[str, int]]:
    """Face -> its file and its side in pixels."""
    found: dict[str, tuple[str, int]] = {}
    for name in archive.names:
        face = face_of(PurePosixPath(name).stem)
        if face is None:
            continue
        if face in found:
            raise MakingError("cube-faces", names=sorted(set(panorama.FACES) - set(found)), count=len(archive.names))
        with archive.open(name) as file:
            data = file.read(UNPACKED.picture_bytes)
        try:
            width, height = opened_picture(data, name)[1].size
        except Refused as broken:
            raise MakingError("face-broken", name=name[:80]) from broken
        if width != height or width > MOST_SIDE:
            raise MakingError("face-size", name=name[:80], width=width, height=height, limit=MOST_SIDE)
        found[face] = (name, width)
    if len(found) != 6:
        raise MakingError("cube-faces", names=sorted(set(panorama.FACES) - set(found)), count=len(archive.names))
    return found


def face_of(stem: str) -> str | None:
    """By the whole name, else by its last word ("hall_front", "pano-px")."""
    low = stem.lower()
    return NAMES.get(low) or NAMES.get(low.replace("-", "_").replace(" ", "_").rsplit("_", 1)[-1])


def side_of(pixels: float) -> int:
    """A power of two times a tile, not much more than there is to show."""
    side = TILE
    while side * 2 <= min(pixels * 1.3, CUBE):
        side *= 2
    return side


def levels_of(side: int) -> int:
    return (side // TILE).bit_length()


def make(path: Path, into: Path, progress: Progress) -> dict[str, Any]:
    seen = look(path)
    tiles = into / ".tiles"
    if seen["kind"] == "cube":
        side, faces = side_of(seen["side"]), faces_of_zip(path, seen["faces"], side_of(seen["side"]))
    else:
        side = side_of(seen["width"] / 4)
        faces = faces_of_picture(path, into, side)
    coarse: dict[str, Array] = {}
    for n, (name, face) in enumerate(faces):
        coarse[name] = cut(face, name, tiles)
        progress((n + 1) / 6 * 0.9)
    if seen["kind"] == "cube":
        write_flat(coarse, into / "flat.webp")
    poster = write_poster(coarse, into / "poster.webp")
    count = packs.pack((tiles,), into / "tiles.zip")
    shutil.rmtree(tiles)
    (into / ".plain.v").unlink(missing_ok=True)
    return {
        "kind": seen["kind"], "cube": side, "tile": TILE, "levels": levels_of(side), "extension": "webp", "tiles": count, "poster": poster,
        "bytes": (into / "tiles.zip").stat().st_size, "width": seen.get("width", side * 4), "height": seen.get("height", side * 2),
    }  # fmt: skip


def faces_of_zip(path: Path, names: Mapping[str, str], side: int) -> Iterator[tuple[str, Array]]:
    archive = opened_zip(path)
    for face in panorama.FACES:
        with archive.open(names[face]) as file:
            data = file.read(UNPACKED.picture_bytes)
        try:
            picture = opened_picture(data, names[face])[1].convert("RGB")
        except (Refused, OSError, SyntaxError, ValueError) as broken:
            raise MakingError("face-broken", name=names[face][:80]) from broken
        if picture.width != side:
            picture = picture.resize((side, side), Image.Resampling.LANCZOS)
        yield face, np.asarray(picture)


def faces_of_picture(path: Path, into: Path, side: int) -> Iterator[tuple[str, Array]]:
    """Pixels lie on the disk, and tile by tile is looked up there."""
    plain, width = into / ".plain.v", side * 4
    wish = {
        "from": str(path), "to": str(plain), "width": width, "height": width // 2, "flat": str(into / "flat.webp"), "flatWidth": FLAT,
        "pixels": MOST_PIXELS,
    }  # fmt: skip
    run("panorama.mjs", wish, seconds=SECONDS)
    pixels = np.memmap(plain, np.uint8, "r", VIPS_HEAD, (width // 2, width, 3))
    for name in panorama.FACES:
        face = np.empty((side, side, 3), np.uint8)
        for row in range(0, side, TILE):
            for column in range(0, side, TILE):
                rays = panorama.rays_of(name, side, row, column, TILE)
                face[row : row + TILE, column : column + TILE] = panorama.looked_up(pixels, rays)
        yield name, face


def cut(face: Array, name: str, tiles: Path) -> Array:
    """Write the tiles of a face in all levels; the face in 1024 pixels or less, for the pictures that are made of all six."""
    small = face
    for level in range(levels_of(face.shape[0]), 0, -1):
        folder = tiles / str(level)
        folder.mkdir(parents=True, exist_ok=True)
        for row in range(0, face.shape[0], TILE):
            for column in range(0, face.shape[1], TILE):
                piece = np.ascontiguousarray(face[row : row + TILE, column : column + TILE])
                target = folder / f"{name}{row // TILE}_{column // TILE}.webp"
                Image.fromarray(piece).save(target, "WEBP", quality=QUALITY if level > 1 else QUALITY - 8, method=3)
        if face.shape[0] <= 1024 <= small.shape[0]:
            small = face
        if level > 1:
            face = np.concatenate([panorama.halved(face[row : row + TILE]) for row in range(0, face.shape[0], TILE)])
    return small


def write_flat(faces: Mapping[str, Array], target: Path) -> None:
    width = min(FLAT, next(iter(faces.values())).shape[0] * 4)
    Image.fromarray(panorama.to_equirect(faces, width)).save(target, "WEBP", quality=80, method=4)


def write_poster(faces: Mapping[str, Array], target: Path) -> dict[str, int]:
    picture = Image.fromarray(panorama.view(faces, 0.0, 0.0, ACROSS, POSTER))
    for quality in (80, 65, 50, 35):
        picture.save(target, "WEBP", quality=quality, method=5)
        if target.stat().st_size <= POSTER_BYTES:
            break
    return {"width": POSTER[0], "height": POSTER[1], "bytes": target.stat().st_size}

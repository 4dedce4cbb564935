"""Turntables: an object photographed all around, as 12 to 72 pictures in a zip, in the order of their names.

In: a zip. Out: `frames.zip` with the pictures in one size for screens and one for phones, `poster.webp`, and the facts. What must
stay true: all pictures of a turn have one size, that of the first; one picture at a time is in memory.
"""

import re
import shutil
from pathlib import Path, PurePosixPath
from typing import Any, Final

from PIL import Image, ImageOps

from everhall.engines.file_kind import HEAD, kind_of
from everhall.engines.sheet_words import Refused
from everhall.media.enclosures import Archive, EnclosureLimits
from everhall.media.enclosures import opened as opened_picture
from everhall.media.making import packs
from everhall.media.making.node import MakingError, Progress

FEWEST, MOST = 12, 72
#: The longer side of a picture, by where it is shown.
SIDES: Final = {"full": 1400, "phone": 700}
POSTER_BYTES: Final = 60_000
UNPACKED: Final = EnclosureLimits(unpacked_bytes=1_500_000_000, members=200, file_bytes=60_000_000)
PICTURES: Final = frozenset((".jpg", ".jpeg", ".png", ".webp", ".avif"))


def look(path: Path) -> dict[str, Any]:
    """The names of the pictures in their order; `MakingError` for what must not come in."""
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    if kind != "zip":
        raise MakingError("not-a-turntable", **{"is": kind})
    names = names_in(opened_zip(path))
    if not FEWEST <= len(names) <= MOST:
        raise MakingError("turn-count", count=len(names), fewest=FEWEST, limit=MOST)
    return {"names": names}


def opened_zip(path: Path) -> Archive:
    try:
        return Archive(path, path.name, UNPACKED)
    except Refused as refused:
        raise MakingError("zip", reason=refused.args[0] if refused.args else "") from refused


def names_in(archive: Archive) -> list[str]:
    found = [name for name in archive.names if PurePosixPath(name).suffix.lower() in PICTURES]
    return sorted(found, key=counted)


def counted(name: str) -> list[tuple[int, str]]:
    """img2 before img10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name.lower()) if part]


def make(path: Path, into: Path, progress: Progress) -> dict[str, Any]:
    names, archive, room = look(path)["names"], opened_zip(path), into / ".frames"
    size: tuple[int, int] | None = None
    for n, name in enumerate(names):
        picture = opened(archive, name)
        size = size or scaled(picture.size, SIDES["full"])
        whole = ImageOps.pad(picture, size, Image.Resampling.LANCZOS, color="#fff")
        for where, side in SIDES.items():
            target = room / where / f"{n + 1}.webp"
            target.parent.mkdir(parents=True, exist_ok=True)
            whole.resize(scaled(size, side), Image.Resampling.LANCZOS).save(target, "WEBP", quality=80, method=4)
        if n == 0:
            poster(whole, into / "poster.webp")
        progress((n + 1) / len(names))
    weight = {where: sum(p.stat().st_size for p in (room / where).iterdir()) for where in SIDES}
    packs.pack((room,), into / "frames.zip")
    shutil.rmtree(room)
    width, height = size or (0, 0)
    return {"kind": "turn", "count": len(names), "width": width, "height": height, "bytes": weight, "poster": {"width": width, "height": height}}


def opened(archive: Archive, name: str) -> Image.Image:
    """Upright, in RGB, on white; without what its camera wrote."""
    with archive.open(name) as file:
        data = file.read(UNPACKED.picture_bytes)
    try:
        picture: Any = opened_picture(data, name)[1]
        if picture.width * picture.height > UNPACKED.pixels:
            raise MakingError("too-many-pixels", count=picture.width * picture.height, limit=UNPACKED.pixels)
        picture.draft("RGB", (SIDES["full"] * 2, SIDES["full"] * 2))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (Refused, OSError, SyntaxError, ValueError) as broken:
        raise MakingError("face-broken", name=name[:80]) from broken
    ground = Image.new("RGBA", upright.size, "#fff")
    return Image.alpha_composite(ground, upright).convert("RGB")


def scaled(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def poster(picture: Image.Image, target: Path) -> None:
    small = picture.copy()
    small.thumbnail((1200, 1200), Image.Resampling.LANCZOS)
    for quality in (80, 65, 50, 35):
        small.save(target, "WEBP", quality=quality, method=5)
        if target.stat().st_size <= POSTER_BYTES:
            break

"""Many small files in one: tiles of a picture as a zip without compression.

In: a folder. Out: one file, and bytes by name. What must stay true: names lead nowhere but into the pack; a pack is written
whole or not at all; reading a tile costs one seek.

A board of 96 megapixels has 516 tiles; two hundred boards would be a hundred thousand files for every backup to walk.
"""

import zipfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path


def pack(folders: Iterable[Path], target: Path) -> int:
    """Put all files of the folders into `target`, names as paths below their folder, of equal names the first; how
    many there are."""
    half = target.with_name(f".{target.name}.half")
    names: set[str] = set()
    with zipfile.ZipFile(half, "w", zipfile.ZIP_STORED, allowZip64=True) as out:
        for folder in folders:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                name = path.relative_to(folder).as_posix()
                if name not in names:
                    # The date is the same for all, so that the same tiles make the same pack.
                    out.writestr(zipfile.ZipInfo(name, (2015, 1, 1, 0, 0, 0)), path.read_bytes())
                    names.add(name)
    half.replace(target)
    return len(names)


@lru_cache(maxsize=64)
def _index(path: str, _changed: int) -> dict[str, tuple[int, int]]:
    """Name -> where its bytes begin and how many they are."""
    found = {}
    with zipfile.ZipFile(path) as archive, open(path, "rb") as file:  # noqa: PTH123 - a string is the cache's key
        for info in archive.infolist():
            # The local header repeats the name and may have an extra field of another length (APPNOTE 4.3.7).
            file.seek(info.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
            found[info.filename] = (info.header_offset + 30 + name + extra, info.file_size)
    return found


def read(path: Path, name: str) -> bytes | None:
    """The bytes under a name; None if the pack or the name is not there."""
    try:
        place = _index(str(path), path.stat().st_mtime_ns).get(name)
        if place is None:
            return None
        with path.open("rb") as file:
            file.seek(place[0])
            return file.read(place[1])
    except FileNotFoundError:
        return None

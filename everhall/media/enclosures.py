"""Pictures and documents that come with a sheet, by file name, from a zip or a folder.

In: a path and names as people write them. Out: bytes to read and what is known of them, or `Refused`.
Must stay true: nothing is ever unpacked to a path that an archive names; sizes are known before bytes are
read; a picture is taken by what it is, not by what its name says.
"""

import contextlib
import hashlib
import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, Protocol

from PIL import Image

from everhall.engines.file_kind import HEAD
from everhall.engines.sheet_words import Refused
from everhall.media.workbooks import MEGABYTE, megabytes

#: What Pillow opens for us, and the extension under which it is kept.
PICTURES: Final = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif"}
SPELLINGS: Final = {".jpeg": ".jpg", ".jpe": ".jpg"}
#: Extension -> how such a file begins (offset, bytes) and what kind of attachment it is.
DOCUMENTS: Final = {
    ".pdf": (0, b"%PDF-", "document"),
    ".docx": (0, b"PK", "document"),
    ".pptx": (0, b"PK", "document"),
}
NOISE: Final = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class EnclosureLimits:
    """What is too much for pictures and documents that come with a sheet."""

    archive_bytes: int = 300 * MEGABYTE
    unpacked_bytes: int = 2_000 * MEGABYTE
    members: int = 10_000
    file_bytes: int = 200 * MEGABYTE
    picture_bytes: int = 30 * MEGABYTE
    pixels: int = 80_000_000
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What a picture is, read from its own header."""

    width: int
    height: int
    format: str
    sha1: str
    size: int

    @property
    def extension(self) -> str:
        return PICTURES[self.format]


class Enclosures(Protocol):
    """Files by name."""

    limits: EnclosureLimits
    names: tuple[str, ...]

    def open(self, name: str) -> contextlib.AbstractContextManager[IO[bytes]]: ...
    def size(self, name: str) -> int: ...


def folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def find(names: dict[str, list[str]], wanted: str) -> str | None:
    """The one file that a cell means: its path, or its bare name where that is unique."""
    found = names.get(folded(wanted.strip().removeprefix("./")), [])
    if len(found) > 1:
        raise Refused("file_ambiguous", value=wanted, example=found[0])
    return found[0] if found else None


def index(names: tuple[str, ...]) -> dict[str, list[str]]:
    """Every spelling under which a file may be asked for."""
    found: dict[str, list[str]] = {}
    for name in names:
        for key in {folded(name), folded(PurePosixPath(name).name)}:
            found.setdefault(key, []).append(name)
    # A full path is never ambiguous, even where another folder holds the same bare name.
    for name in names:
        if "/" in name:
            found[folded(name)] = [name]
    return found


class Folder:
    """Files of a folder and the folders in it; links that lead out are refused."""

    def __init__(self, path: Path, limits: EnclosureLimits) -> None:
        self.limits, self.path = limits, path.resolve()
        names = []
        for file in sorted(self.path.rglob("*")):
            if not file.resolve().is_relative_to(self.path):
                raise Refused("archive_path", name=file.name)
            name = file.relative_to(self.path).as_posix()
            if file.is_file() and not folded(name).startswith(NOISE) and not file.name.startswith("."):
                names.append(name)
            if len(names) > limits.members:
                raise Refused("archive_members", count=len(names), limit=limits.members)
        self.names = tuple(names)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        with (self.path / name).open("rb") as file:
            yield file

    def size(self, name: str) -> int:
        return (self.path / name).stat().st_size


class Archive:
    """Files of a zip, read one at a time and never unpacked."""

    def __init__(self, path: Path, name: str, limits: EnclosureLimits) -> None:
        self.limits, self.path = limits, path
        try:
            with zipfile.ZipFile(path) as archive:
                members = [m for m in archive.infolist() if not m.is_dir()]
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as broken:
            raise Refused("archive_broken", name=name) from broken
        if len(members) > limits.members:
            raise Refused("archive_members", count=len(members), limit=limits.members)
        self.check_sizes(name, members)
        self.members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self.take(member)
        self.names = tuple(self.members)

    def check_sizes(self, name: str, members: list[zipfile.ZipInfo]) -> None:
        """`zipfile` reads no more than a member's stated size, so the stated sizes are the truth."""
        size = sum(member.file_size for member in members)
        limit = megabytes(self.limits.unpacked_bytes)
        if size > self.limits.unpacked_bytes:
            raise Refused("archive_bomb", name=name, size=megabytes(size), limit=limit)
        for member in members:
            dense = member.file_size > self.limits.ratio * max(member.compress_size, 1)
            if dense and member.file_size > MEGABYTE:
                raise Refused("archive_bomb", name=name, size=megabytes(size), limit=limit)

    def take(self, member: zipfile.ZipInfo) -> None:
        name = member_name(member)
        path = PurePosixPath(name)
        if folded(name).startswith(NOISE) or path.name.startswith(".") or path.name.lower() in NOISE:
            return
        linked = stat.S_ISLNK(member.external_attr >> 16)
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or linked:
            raise Refused("archive_path", name=name)
        if member.flag_bits & 1 or member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refused("archive_locked", name=name)
        self.members[name] = member

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.members[name]) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as broken:
            raise Refused("archive_broken", name=name) from broken

    def size(self, name: str) -> int:
        return self.members[name].file_size


class Nothing:
    """A sheet that came alone."""

    names: tuple[str, ...] = ()

    def __init__(self, limits: EnclosureLimits) -> None:
        self.limits = limits

    def open(self, name: str) -> contextlib.AbstractContextManager[IO[bytes]]:
        raise Refused("file_not_given", value=name, hint="")

    def size(self, name: str) -> int:
        raise Refused("file_not_given", value=name, hint="")


def member_name(member: zipfile.ZipInfo) -> str:
    """A member's name; zips made by Chinese Windows hold GBK and do not say so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        # Python has read the bytes as cp437, which loses nothing.
        with contextlib.suppress(UnicodeError):
            raw = member.orig_filename.encode("cp437")
            name = decoded(raw)
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("cp437")


def open_enclosures(path: Path | None, limits: EnclosureLimits, *, name: str = "") -> Enclosures:
    """A zip, a folder, or nothing. A zip over the limit is refused by its size alone."""
    if path is None:
        return Nothing(limits)
    name = name or path.name
    if path.is_dir():
        return Folder(path, limits)
    if not path.is_file():
        raise Refused("file_missing", name=name)
    size = path.stat().st_size
    if size > limits.archive_bytes:
        raise Refused("file_too_big", name=name, size=megabytes(size), limit=megabytes(limits.archive_bytes))
    return Archive(path, name, limits)


# ---------------------------------------------------------------- what a file is
def picture_facts(enclosures: Enclosures, name: str) -> PictureFacts:
    """Look at a picture's header, then read it through once to be sure that it is whole."""
    limits, size = enclosures.limits, enclosures.size(name)
    if size > limits.picture_bytes:
        limit = megabytes(limits.picture_bytes)
        raise Refused("file_too_big", name=name, size=megabytes(size), limit=limit)
    with enclosures.open(name) as file:
        data = file.read(limits.picture_bytes + 1)
    kind, image = opened(data, name)
    width, height = image.size
    if width * height > limits.pixels:
        raise Refused(
            "picture_pixels", value=name, width=width, height=height, limit=limits.pixels // 1_000_000
        )
    read_through(image, name)
    # sha1 because Wagtail keeps `file_hash` as such; it finds equal files, nothing more.
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return PictureFacts(width, height, kind, digest, len(data))


def opened(data: bytes, name: str) -> tuple[str, Any]:
    """Its format and the image without its pixels. Straight from the plugin, since `Image.open` judges sizes by itself."""
    Image.preinit()
    Image.init()
    for kind in PICTURES:
        factory, accept = Image.OPEN.get(kind, (None, None))
        if factory is None or (accept is not None and accept(data[:16]) is not True):
            continue
        try:
            return kind, factory(io.BytesIO(data), "")
        except Exception as broken:
            raise Refused("picture_broken", value=name) from broken
    if name.lower().endswith((".svg", ".svgz")) or b"<svg" in data[:4096].lower():
        raise Refused("svg_refused", value=name)
    raise Refused("not_a_picture", value=name)


def read_through(image: Any, name: str) -> None:
    """Every byte is read; a JPEG at an eighth of its size, which costs little and finds a cut as well."""
    try:
        image.draft(None, (max(image.width // 8, 1), max(image.height // 8, 1)))
        image.load()
    except Exception as broken:
        raise Refused("picture_broken", value=name) from broken


def document_kind(enclosures: Enclosures, name: str) -> tuple[str, str]:
    """(kind of attachment, sha1) of a document."""
    extension = PurePosixPath(name).suffix.lower()
    allowed = ", ".join(sorted(DOCUMENTS))
    if extension not in DOCUMENTS:
        raise Refused("not_a_document", value=name, allowed=allowed)
    offset, mark, kind = DOCUMENTS[extension]
    with enclosures.open(name) as file:
        head = file.read(HEAD)
    if not head or head[offset : offset + len(mark)] != mark:
        raise Refused("not_a_document", value=name, allowed=allowed)
    return kind, file_sum(enclosures, name)


def file_sum(enclosures: Enclosures, name: str) -> str:
    """sha1 of a file that is not too big."""
    size, limit = enclosures.size(name), enclosures.limits.file_bytes
    if size > limit:
        raise Refused("file_too_big", name=name, size=megabytes(size), limit=megabytes(limit))
    digest = hashlib.sha1(usedforsecurity=False)
    with enclosures.open(name) as file:
        while block := file.read(MEGABYTE):
            digest.update(block)
    return digest.hexdigest()

"""`everhall backup` and `restore`: database and files in one verified file.

The file is a tar.gz: `manifest.json` first (what, when, versions, size and SHA-256 of every member), then
`database/…`, `media/…` and, if asked for, `live/…` (recordings and what they consist of); beside it, `FILE.sha256` has the sum of the whole. The database is stored by tables as JSON
lines, read in one snapshot, so a backup of SQLite may be restored into PostgreSQL and the other way round.

What must stay true: a backup is a state that existed at one moment; a restore touches nothing before every member has been
verified; a restore that fails leaves the old database and the old files in place.
"""

import datetime as dt
import hashlib
import io
import json
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from django.conf import settings

from everhall import __version__
from everhall.config import dump, state
from everhall.config.plainly import RefusedError, refuse
from everhall.live.retention import kept_files

FORMAT = 1
MANIFEST = "manifest.json"
MEDIA = "media/"
LIVE = "live/"
DATABASE = "database/"
CHUNK = 1 << 20
#: A manifest is small; a larger one is not ours.
LARGEST_MANIFEST = 200_000_000


class Progress(Protocol):
    """Told how far the work is: `step(name, done, total)`."""

    def step(self, what: str, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself."""

    format: int
    everhall: str
    made_at: str
    vendor: str
    migrations: list[str]
    rows: dict[str, int]
    members: list[Member]

    @classmethod
    def read(cls, text: bytes) -> "Manifest":
        given = json.loads(text)
        return cls(**{**given, "members": [Member(**member) for member in given["members"]]})


# ---------------------------------------------------------------- writing


def roots() -> dict[str, Path]:
    """Beginning of a member's name -> the folder whose files are so named."""
    return {MEDIA: Path(settings.MEDIA_ROOT), LIVE: Path(settings.LIVE_ROOT)}


def write(target: Path, now: dt.datetime, progress: Progress, *, video: bool = False) -> Manifest:
    """Back up into `target`, with or without recordings; it appears whole or not at all."""
    trouble = state.database() or state.migrations()
    if trouble:
        refuse(trouble)
    if target.is_dir():
        raise cannot_write(target, "is a folder")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".everhall-backup-") as folder:
            manifest = gather(Path(folder), now, progress, video=video)
            unfinished = Path(folder) / "backup.tar.gz"
            pack(unfinished, Path(folder), manifest, progress)
            digest = sha256(unfinished)
            # It holds everybody's addresses and password hashes.
            unfinished.chmod(0o600)
            unfinished.replace(target)
    except OSError as problem:
        raise cannot_write(target, problem.strerror or str(problem)) from problem
    checksum_of(target).write_text(f"{digest}  {target.name}\n")
    return manifest


def cannot_write(target: Path, why: str) -> RefusedError:
    return RefusedError(
        "backup-target",
        zh=f"无法写入备份文件 {target}({why})。请换一个位置或检查磁盘空间。",
        en=f"the backup {target} cannot be written ({why}). Name another place, or look at the disk space.",
    )


def gather(folder: Path, now: dt.datetime, progress: Progress, *, video: bool) -> Manifest:
    """Dump the database into the folder and list what goes in. Files come after the database: a file that is
    newer than its row does no harm, a row without its file would."""
    tables = folder / "tables"
    tables.mkdir()
    rows = dump.write_tables(tables, progress.step)
    members = [member(path, DATABASE + path.name) for path in sorted(tables.iterdir())]
    files = [*media_files(), *(live_files() if video else ())]
    for done, (path, name) in enumerate(files, 1):
        members.append(member(path, name))
        progress.step("SHA-256", done, len(files))
    return Manifest(
        FORMAT, __version__, now.isoformat(), dump.vendor(), dump.applied(), rows, members
    )


def media_files() -> Iterator[tuple[Path, str]]:
    """Every stored file and its name in the backup; renditions too, for their rows are in the database."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield path, MEDIA + path.relative_to(root).as_posix()


def live_files() -> Iterator[tuple[Path, str]]:
    """Recordings and all that they refer to."""
    root = Path(settings.LIVE_ROOT)
    for path in kept_files(root):
        yield path, LIVE + path.relative_to(root).as_posix()


def member(path: Path, name: str) -> Member:
    """What is there now; the list of a recording that goes on may grow meanwhile."""
    size = path.stat().st_size
    with path.open("rb") as source:
        hashing = Hashing(source)
        while (left := size - hashing.count) > 0 and hashing.read(min(CHUNK, left)):
            pass
    return Member(name, size, hashing.digest.hexdigest())


class Hashing:
    """A file that tells what was read of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.digest = hashlib.sha256()
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        found = self.source.read(size)
        self.digest.update(found)
        self.count += len(found)
        return found


def pack(target: Path, folder: Path, manifest: Manifest, progress: Progress) -> None:
    places = {DATABASE: folder / "tables", **roots()}
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    # Level 3: pictures do not shrink, tables do at any level.
    with tarfile.open(target, "w:gz", compresslevel=3) as tar:
        add(tar, MANIFEST, len(text), io.BytesIO(text))
        for done, each in enumerate(manifest.members, 1):
            beginning = next(one for one in places if each.name.startswith(one))
            try:
                with (places[beginning] / each.name.removeprefix(beginning)).open("rb") as source:
                    hashing = Hashing(source)
                    add(tar, each.name, each.size, hashing)
            except FileNotFoundError as problem:
                raise changed(each.name) from problem
            if hashing.digest.hexdigest() != each.sha256:
                raise changed(each.name)
            progress.step("tar.gz", done, len(manifest.members))


def changed(name: str) -> RefusedError:
    return RefusedError(
        "backup-changed",
        zh=f"备份过程中文件 {name} 发生了变化，没有写出备份。请再运行一次。",
        en=f"{name} changed while the backup was made, so none was written. Run it once more.",
    )


def add(tar: tarfile.TarFile, name: str, size: int, source: Any) -> None:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o640
    tar.addfile(info, source)


# ---------------------------------------------------------------- verifying


def unpack(source: Path, folder: Path, progress: Progress) -> Manifest:
    """Unpack into an empty folder and verify everything; the installation is not touched."""
    try:
        verify_whole(source)
        with tarfile.open(source, "r:gz") as tar:
            manifest = manifest_in(tar)
            unpack_members(tar, manifest, folder, progress)
    except FileNotFoundError as problem:
        raise RefusedError(
            "backup-missing", zh=f"找不到备份文件 {source}。", en=f"there is no backup {source}."
        ) from problem
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError) as problem:
        raise damaged(source, str(problem)) from problem
    return manifest


def damaged(source: Path, why: str) -> RefusedError:
    return RefusedError(
        "backup-damaged",
        zh=f"备份文件 {source} 已损坏或不是 Everhall 备份({why})。什么都没有改动;请使用另一份备份。",
        en=f"{source} is damaged or no backup of Everhall ({why}). Nothing was changed; use another one.",
    )


def verify_whole(source: Path) -> None:
    """Compare with the sum beside the file, if it is there; every member has its own inside."""
    beside = checksum_of(source)
    if beside.exists() and beside.read_text().split()[:1] != [sha256(source)]:
        msg = f"checksum differs from {beside.name}"
        raise ValueError(msg)


def manifest_in(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
        msg = "no manifest"
        raise ValueError(msg)
    text = tar.extractfile(first)
    if text is None:
        msg = "no manifest"
        raise ValueError(msg)
    manifest = Manifest.read(text.read())
    if manifest.format > FORMAT:
        msg = f"made by a newer Everhall, {manifest.everhall}"
        raise ValueError(msg)
    return manifest


def unpack_members(
    tar: tarfile.TarFile, manifest: Manifest, folder: Path, progress: Progress
) -> None:
    expected = {each.name: each for each in manifest.members}
    total = len(expected)
    while (info := tar.next()) is not None:
        known = expected.pop(info.name, None)
        content = tar.extractfile(info)
        if known is None or content is None or info.size != known.size:
            msg = f"unexpected {info.name}"
            raise ValueError(msg)
        target = folder / safe(info.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if copy_hashed(content, target) != known.sha256:
            msg = f"checksum of {info.name}"
            raise ValueError(msg)
        progress.step("SHA-256", total - len(expected), total)
    if expected:
        msg = f"{len(expected)} members are missing, such as {next(iter(expected))}"
        raise ValueError(msg)


def safe(name: str) -> PurePosixPath:
    """A member's path, never out of the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not name.startswith((DATABASE, *roots())):
        msg = f"path {name}"
        raise ValueError(msg)
    return path


def copy_hashed(source: IO[bytes], target: Path) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


# ---------------------------------------------------------------- restoring


def restore(
    source: Path, progress: Progress, *, replace: bool, migrate: Callable[[], None]
) -> Manifest:
    """Bring a backup back. `migrate` makes the tables of this version in an empty database."""
    trouble = state.data_folder() or state.database()
    if trouble:
        refuse(trouble)
    data = Path(settings.DATA_DIR)
    with tempfile.TemporaryDirectory(dir=data, prefix=".everhall-restore-") as folder:
        unpacked = Path(folder) / "new"
        unpacked.mkdir()
        manifest = unpack(source, unpacked, progress)
        dump.refuse_unless_fitting(manifest.migrations)
        if not replace:
            refuse_unless_empty()
        dump.prepare(migrate)
        swap = Swap(unpacked, Path(folder) / "old")
        try:
            dump.read_tables(unpacked / "database", manifest.rows, progress.step, swap.there)
        except BaseException:
            swap.back()
            raise
    return manifest


def refuse_unless_empty() -> None:
    media = Path(settings.MEDIA_ROOT)
    if dump.has_content() or (media.is_dir() and any(path.is_file() for path in media.rglob("*"))):
        raise RefusedError(
            "not-empty",
            zh="这里已有内容。若确实要用备份替换数据库和全部文件,请加 --replace(建议先 everhall backup)。",
            en="there is content here. To replace database and files by the backup, add --replace "
            "(after everhall backup, best).",
        )


class Swap:
    """The new folders in place of the old ones, as the last step before the database commits; and back again. A backup
    without recordings leaves those that are here."""

    def __init__(self, new: Path, old: Path) -> None:
        self.new, self.old = new, old
        self.places = {
            beginning.rstrip("/"): place
            for beginning, place in roots().items()
            if beginning == MEDIA or (new / beginning).is_dir()
        }

    def there(self) -> None:
        self.old.mkdir()
        for name, place in self.places.items():
            (self.new / name).mkdir(exist_ok=True)
            place.mkdir(parents=True, exist_ok=True)
            place.replace(self.old / name)
            (self.new / name).replace(place)

    def back(self) -> None:
        for name, place in self.places.items():
            if (self.old / name).exists():
                if place.exists():
                    shutil.rmtree(place)
                (self.old / name).replace(place)


# ---------------------------------------------------------------- small steps


def sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def checksum_of(target: Path) -> Path:
    return target.with_name(target.name + ".sha256")

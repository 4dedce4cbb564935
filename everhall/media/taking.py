"""A file that has come whole is looked at and taken into the library, or refused with what to do.

In: a `FileUpload`, or a file of a plain form. Out: a picture or an attachment; `Unfit` with a sentence that says what is wrong and
one that says what to do, in both languages. What must stay true: the same code judges here and in the desk (`media.forms`,
`media.enclosures`); what is refused leaves nothing behind; a file is moved, not copied, however large it is.
"""

import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.core.files import File
from django.db import transaction

from everhall.engines import master_words, sheet_words
from everhall.engines.file_kind import kind_of
from everhall.media import judging
from everhall.media.enclosures import (
    DOCUMENTS,
    PICTURES,
    EnclosureLimits,
    document_kind,
    picture_facts,
)
from everhall.media.making import films, sounds
from everhall.media.making.node import MakingError
from everhall.media.models import Attachment, FileUpload, Picture

Kind = FileUpload.Kind
#: The first bytes of a file that a browser tells before it sends the rest.
HEAD: Final = 256
MEGABYTE: Final = 1024 * 1024
#: What a file may be for all that its first bytes say. "" (not known) is decided when it is whole.
LOOKS_LIKE: Final = {
    Kind.PICTURE.value: frozenset(("jpeg", "png", "webp", "avif")),
    Kind.MODEL.value: frozenset(("glb", "zip", "stl", "obj", "ply")),
    Kind.BOARD.value: frozenset(("pdf", "jpeg", "png", "webp", "avif", "tiff")),
    Kind.VIDEO.value: films.FILMS,
    Kind.AUDIO.value: sounds.SOUNDS,
    Kind.PANORAMA.value: frozenset(("jpeg", "png", "webp", "avif", "tiff", "zip")),
    Kind.TURNTABLE.value: frozenset(("zip",)),
    Kind.DOCUMENT.value: frozenset(("pdf", "zip")),
}
#: What is said of something else.
REFUSED_AS: Final = {
    Kind.MODEL.value: "not-a-model", Kind.BOARD.value: "not-a-board", Kind.VIDEO.value: "not-a-film", Kind.AUDIO.value: "not-a-sound",
    Kind.PANORAMA.value: "not-a-panorama", Kind.TURNTABLE.value: "not-a-turntable",
}
#: What a form offers in a browser's list of files.
ACCEPT: Final = {
    Kind.PICTURE.value: "image/jpeg,image/png,image/webp,image/avif",
    Kind.MODEL.value: ".glb,.zip,.stl,.obj,.ply,model/gltf-binary",
    Kind.BOARD.value: "application/pdf,image/jpeg,image/png,image/webp,image/tiff,image/avif",
    Kind.VIDEO.value: "video/*,.mkv,.avi",
    Kind.AUDIO.value: "audio/*",
    Kind.PANORAMA.value: "image/jpeg,image/png,image/webp,image/tiff,image/avif,.zip",
    Kind.TURNTABLE.value: ".zip,application/zip",
    Kind.DOCUMENT.value: ".pdf,.docx,.pptx,application/pdf",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What is wrong and what to do, in both languages."""

    zh: tuple[str, str]
    en: tuple[str, str]

    def said(self, language: str | None) -> str:
        chinese = str(language or "").startswith("zh")
        return ("" if chinese else " ").join(self.zh if chinese else self.en)

    def as_json(self) -> dict[str, list[str]]:
        return {"zh": list(self.zh), "en": list(self.en)}


class Unfit(Exception):  # noqa: N818 - no fault of the program, but an answer
    """A file that cannot be shown."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en[0])
        self.words = words


@contextlib.contextmanager
def in_words(name: str) -> Iterator[None]:
    """What the judges raise, as `Unfit`."""
    try:
        yield
    except MakingError as fault:
        told = {"kind": fault.kind, **fault.values}
        raise Unfit(Words(master_words.words(told, "zh-hans"), master_words.words(told, "en"))) from fault
    except sheet_words.Refused as refused:
        params = {"name": name, **refused.params}
        problem = sheet_words.Problem(refused.code, value=refused.params.get("value", name), params=params)
        zh, en = (
            (sheet_words.what(problem, language), sheet_words.remedy(problem, language)) for language in ("zh-hans", "en")
        )
        raise Unfit(Words(zh, en)) from refused


def limit_of(kind: str) -> int:
    """Bytes that a file of this kind may have."""
    if kind == Kind.PICTURE:
        return int(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
    small = kind in (Kind.DOCUMENT, Kind.AUDIO)
    return min(200 * MEGABYTE, settings.FILE_MAX_BYTES) if small else int(settings.FILE_MAX_BYTES)


def limits(kind: str) -> EnclosureLimits:
    pixels = int(settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    return EnclosureLimits(file_bytes=limit_of(kind), picture_bytes=limit_of(Kind.PICTURE), pixels=pixels)


def judge_early(kind: str, name: str, size: int, head: bytes) -> None:
    """Before a byte is sent: `Unfit` for what is too large, or is plainly something else."""
    with in_words(name):
        if size > limit_of(kind):
            raise sheet_words.Refused("file_too_big", name=name, size=-(-size // MEGABYTE), limit=limit_of(kind) // MEGABYTE)
        found = kind_of(head) if head else ""
        if (not head or not found or found in LOOKS_LIKE[kind]) and not by_name(kind, name):
            return
        if kind in REFUSED_AS:
            raise MakingError(REFUSED_AS[kind], **{"is": found})
        if kind == Kind.PICTURE:
            raise sheet_words.Refused("svg_refused" if found == "svg" else "not_a_picture", value=name)
        raise sheet_words.Refused("not_a_document", value=name, allowed=allowed(kind))


def by_name(kind: str, name: str) -> bool:
    """Whether a document has an ending that is none of a document's."""
    return kind == Kind.DOCUMENT and Path(name).suffix.lower() not in allowed(kind).split(", ")


def allowed(kind: str) -> str:
    return ", ".join(sorted(ending for ending, (_at, _mark, of) in DOCUMENTS.items() if of == kind))


class OneFile:
    """A file that lies on the disk, as `media.enclosures` reads files."""

    def __init__(self, path: Path, name: str, kind: str) -> None:
        self.path, self.limits = path, limits(kind)
        self.names: tuple[str, ...] = (name,)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        with self.path.open("rb") as file:
            yield file

    def size(self, name: str) -> int:
        return self.path.stat().st_size


class Moved(File):  # type: ignore[type-arg]
    """A file that the storage takes by renaming it."""

    def __init__(self, file: Any, path: Path, name: str) -> None:
        super().__init__(file, name)
        self._path = path

    def temporary_file_path(self) -> str:
        return str(self._path)


def judge(kind: str, path: Path, name: str) -> dict[str, Any]:
    """What the columns of its row say of a file; `Unfit` for what cannot be shown."""
    with in_words(name):
        one = OneFile(path, name, kind)
        if kind == Kind.PICTURE:
            facts = picture_facts(one, name)
            return {"width": facts.width, "height": facts.height, "file_hash": facts.sha1, "ending": PICTURES[facts.format]}
        if kind in judging.LOOKS:
            judging.look(kind, path)
            with path.open("rb") as file:
                sha1 = hashlib.file_digest(file, lambda: hashlib.sha1(usedforsecurity=False)).hexdigest()
            return {"kind": kind, "file_hash": sha1, "ending": Path(name).suffix.lower()}
        found, sha1 = document_kind(one, name)
        if found != kind:
            raise sheet_words.Refused("not_a_document", value=name, allowed=allowed(kind))
        return {"kind": kind, "file_hash": sha1, "ending": Path(name).suffix.lower()}


def take(upload: FileUpload, collection_id: int | None, now: dt.datetime) -> Picture | Attachment:
    """A received file into the library; asked again it answers the same. `Unfit` says why not, and takes it away."""
    done = upload.picture or upload.attachment
    if done is not None:
        return done
    try:
        facts = judge(upload.kind, upload.path, upload.name)
    except Unfit as unfit:
        upload.path.unlink(missing_ok=True)
        upload.state, upload.refused = upload.State.FAILED, unfit.words.as_json()
        upload.save(update_fields=["state", "refused"])
        raise
    row = row_of(upload, facts, collection_id, now)
    ending = facts.pop("ending")
    stored = ""
    try:
        with upload.path.open("rb") as file, transaction.atomic():
            row.file.save(f"{Path(upload.name).stem[:60] or upload.nameless}{ending}", Moved(file, upload.path, upload.name), save=False)
            stored = row.file.path
            row.save()
            upload.state = upload.State.DONE
            upload.picture, upload.attachment = (row, None) if isinstance(row, Picture) else (None, row)
            upload.save(update_fields=["state", "picture", "attachment"])
    except BaseException:
        # Nothing half-done stays: the bytes go back to where they waited.
        if stored and Path(stored).exists() and not upload.path.exists():
            Path(stored).replace(upload.path)
        raise
    return row


def row_of(upload: FileUpload, facts: dict[str, Any], collection_id: int | None, now: dt.datetime) -> Any:
    common: dict[str, Any] = {
        "title": Path(upload.name).stem[:255] or upload.name[:255], "uploaded_by_user_id": upload.owner_id, "created_at": now,
        "file_hash": facts["file_hash"], "file_size": upload.size,
    }
    if collection_id is not None:
        common["collection_id"] = collection_id
    if upload.kind == Kind.PICTURE:
        return Picture(width=facts["width"], height=facts["height"], **common)
    return Attachment(kind=facts["kind"], **common)


def whole_from_form(file: Any, kind: str, purpose: str, *, by: Any, now: dt.datetime) -> FileUpload:
    """A file of a plain form, as if it had come in pieces. `Unfit` when it is too large or plainly something else."""
    head = file.read(HEAD)
    file.seek(0)
    judge_early(kind, file.name, file.size, head)
    upload = FileUpload(
        owner=by, name=file.name, size=file.size, offset=file.size, kind=kind, purpose=purpose,
        state=FileUpload.State.RECEIVED, created_at=now, expires_at=now, finished_at=now,
    )
    upload.folder.mkdir(parents=True, exist_ok=True)
    with upload.path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    upload.save()
    return upload

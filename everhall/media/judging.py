"""What is brought as a master is looked at before it is taken: at the desk, by the office, in a sheet.

In: bytes and the kinds that are wanted. Out: the kind that it is, or `MakingError`. What must stay true: a look costs half a second
and little memory, whatever the file claims; a machine without the tools takes files and makes them later.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from everhall.engines.file_kind import HEAD, kind_of
from everhall.media.making import boards, films, models3d, panoramas, sounds, turntables
from everhall.media.making.node import MakingError
from everhall.media.models import Attachment

Kind = Attachment.Kind
LOOKS: Final = {
    Kind.MODEL.value: models3d.look, Kind.BOARD.value: boards.look, Kind.VIDEO.value: films.look, Kind.AUDIO.value: sounds.look,
    Kind.PANORAMA.value: panoramas.look, Kind.TURNTABLE.value: turntables.look,
}  # fmt: skip
#: What cannot be meant as a document, whatever a form says.
PLAIN: Final = {
    **dict.fromkeys(films.FILMS, Kind.VIDEO.value), **dict.fromkeys(sounds.SOUNDS - films.FILMS, Kind.AUDIO.value), "glb": Kind.MODEL.value,
}  # fmt: skip
#: Faults of this machine; the file is taken and made later.
LATER: Final = frozenset(("no-node", "no-libraries"))


def look(kind: str, path: Path) -> None:
    """`MakingError` for what is no master of this kind."""
    try:
        LOOKS[kind](path)
    except MakingError as refused:
        if refused.kind not in LATER:
            raise


def kind_among(file: IO[bytes], name: str, kinds: Sequence[str]) -> str:
    """Which of these kinds of masters it is; `MakingError` of the likeliest if it is none. Reads from where the file stands."""
    with tempfile.NamedTemporaryFile(suffix=PurePosixPath(name).suffix) as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        path = Path(copy.name)
        likely = likeliest(path, kinds)
        look(likely, path)
        return likely


def likeliest(path: Path, kinds: Sequence[str]) -> str:
    """By first bytes: of a film without pictures the sound, of a zip without a glTF the photos of a turntable."""
    if len(kinds) == 1:
        return kinds[0]
    with path.open("rb") as file:
        first = kind_of(file.read(HEAD))
    if Kind.AUDIO in kinds:
        return Kind.AUDIO.value if PLAIN.get(first) == Kind.AUDIO or is_only_sound(path) else Kind.VIDEO.value
    if Kind.TURNTABLE in kinds and first == "zip":
        names = models3d.opened(path).names
        return Kind.MODEL.value if any(name.lower().endswith(".gltf") for name in names) else Kind.TURNTABLE.value
    return kinds[0]


def is_only_sound(path: Path) -> bool:
    try:
        films.look(path)
    except MakingError as refused:
        return refused.kind == "only-sound"
    return False


def guessed(file: Any) -> str:
    """The kind of a film, a sound or a model that was left as a document; "" for what may be one."""
    file.seek(0)
    kind = kind_of(file.read(HEAD))
    file.seek(0)
    return PLAIN.get(kind, "")

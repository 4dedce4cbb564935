"""The stage of an exhibit: pictures, 3D models, panoramas, films, sounds and boards in one place, one of them at a time.

In: the gallery and the files of an exhibit. Out: panels in the order in which one looks at things. What must stay true:
nothing is loaded to show a model or a board until somebody asks for it; a file of which nothing is made yet is not on stage.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import pgettext_lazy

from everhall.engines import film
from everhall.exhibition.models import ExhibitAttachment, ExhibitPicture
from everhall.media.models import Attachment, Caption, Derived, Note
from everhall.media.queries import CaptionTrack, Transcript, captions_of, notes_of, transcripts_of

Kind = Attachment.Kind
PICTURES: Final = "pictures"
#: What stands in a panel of its own, in this order.
KINDS: Final = (
    Kind.MODEL.value, Kind.TURNTABLE.value, Kind.PANORAMA.value, Kind.VIDEO.value, Kind.AUDIO.value, Kind.BOARD.value,
)  # fmt: skip
#: What speaks, and may have captions.
SPEAKING: Final = frozenset((Kind.VIDEO.value, Kind.AUDIO.value))
TITLES: Final = {
    PICTURES: pgettext_lazy("stage", "Photos"),
    Kind.MODEL.value: pgettext_lazy("stage", "3D model"),
    Kind.TURNTABLE.value: pgettext_lazy("stage", "All around"),
    Kind.PANORAMA.value: pgettext_lazy("stage", "Panorama"),
    Kind.VIDEO.value: pgettext_lazy("stage", "Video"),
    Kind.AUDIO.value: pgettext_lazy("stage", "Sound"),
    Kind.BOARD.value: pgettext_lazy("stage", "Board"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Something on stage, of which `made` is there; with what is said in it and noted on it."""

    file: Attachment
    made: Derived
    captions: Sequence[CaptionTrack] = ()
    transcript: Transcript | None = None
    notes: Sequence[Note] = ()

    @property
    def tracks(self) -> list[CaptionTrack]:
        """What a player shows over the picture; the transcript is read beside it."""
        return [track for track in self.captions if track.kind != Caption.Kind.TRANSCRIPT]

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.made.facts)

    @property
    def poster(self) -> str:
        """The picture that stands there until somebody asks for more."""
        return self.made.poster

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the poster, so that nothing moves when it comes."""
        facts = self.facts
        if self.file.kind != Kind.BOARD:
            poster = facts.get("poster", {})
            return poster.get("width", 4), poster.get("height", 3)
        page = (facts.get("pages") or [{}])[0]
        width, height = page.get("width", 4), page.get("height", 3)
        scale = min(1.0, 960 / max(width, height, 1))
        return round(width * scale), round(height * scale)

    @property
    def megabytes(self) -> float:
        """What a visitor's device loads at a click: a phone's share."""
        facts = self.facts
        sizes = {
            Kind.MODEL.value: facts.get("phone", {}).get("bytes", 0) if self.file.kind == Kind.MODEL else 0,
            Kind.TURNTABLE.value: facts.get("bytes", {}).get("phone", 0) if self.file.kind == Kind.TURNTABLE else 0,
            Kind.AUDIO.value: facts.get("bytes", 0),
            Kind.VIDEO.value: next((r["bytes"] for r in reversed(facts.get("rungs", []))), 0),
        }
        return round(float(sizes.get(self.file.kind, 0)) / 1e6, 1)

    @property
    def megapixels(self) -> int:
        pages = self.facts.get("pages") or [{"width": self.facts.get("width", 0), "height": self.facts.get("height", 0)}]
        return round(sum(p["width"] * p["height"] for p in pages) / 1e6)

    @property
    def length(self) -> str:
        """Of a film or a sound: 1:05."""
        return film.told(self.facts.get("seconds", 0))

    @property
    def wave(self) -> str:
        """Of a sound: the path of its waveform, 960 by 120."""
        return film.wave(self.facts.get("peaks", []))

    @property
    def description(self) -> str:
        return self.file.alt or self.file.named


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab: `key` is part of the address (`#stage-model`)."""

    key: str
    title: Any
    pictures: Sequence[ExhibitPicture] = ()
    shown: Sequence[Shown] = ()

    @property
    def count(self) -> int:
        return len(self.pictures) or len(self.shown)


def panels(
    pictures: Sequence[ExhibitPicture], files: Sequence[ExhibitAttachment], language: str | None = None
) -> list[Panel]:
    """What there is to look at; files have their `attachment` and its `derived` loaded. Captions are asked for where there is
    something that speaks; the text beside is in `language`."""
    found = [Panel(PICTURES, TITLES[PICTURES], pictures=pictures)] if pictures else []
    speaking = [row.attachment_id for row in files if row.attachment.kind in SPEAKING]
    captions = captions_of(speaking) if speaking else {}
    texts = transcripts_of(list(captions), language) if captions else {}
    models = [row.attachment_id for row in files if row.attachment.kind == Kind.MODEL]
    notes = notes_of(models) if models else {}
    for kind in KINDS:
        shown = [
            replace(one, captions=captions.get(one.file.pk, ()), transcript=texts.get(one.file.pk), notes=notes.get(one.file.pk, ()))
            for row in files if row.attachment.kind == kind and (one := on_stage(row.attachment))
        ]  # fmt: skip
        if shown:
            found.append(Panel(kind, TITLES[kind], shown=shown))
    return found


def on_stage(file: Attachment) -> Shown | None:
    made = getattr(file, "derived", None)
    return Shown(file, made) if made is not None and made.made else None


def to_take_home(files: Sequence[ExhibitAttachment]) -> list[ExhibitAttachment]:
    """Documents: what is read beside the stage."""
    return [row for row in files if row.attachment.kind == Kind.DOCUMENT]

"""What arrives on a feed, as ffmpeg's log tells it, and what is to be done with it.

In: lines of the log, numbers, moments. Out: the tracks that were heard, a `Treatment` (copy, house ladder, silence),
names of runs, waits. What must stay true: the same lines give the same treatment; every treatment has "a-zh", or
video, or both; names of runs sort by time and never come twice.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

#: What is copied is at most this large; anything larger is no picture for a player in a browser on a phone.
MOST_HEIGHT: Final = 1088
MOST_WIDTH: Final = 1920
#: Seconds; longer ones do not fit a TARGETDURATION of 2 (docs/decisions/0014-live-path.md).
LONGEST_KEYFRAME_INTERVAL: Final = 2.5
MAIN_LANGUAGE: Final = "zh"
MAIN_AUDIO: Final = f"a-{MAIN_LANGUAGE}"
MAIN_VIDEO: Final = "v720"

_TRACK: Final = re.compile(
    r"^ *Stream #0:(\d+)(?:\[0x[0-9a-f]+\])?(?:\((\w+)\))?: (Video|Audio): (\w+)(?: \(([^)]*)\))?(.*)$"
)
_SIZE: Final = re.compile(r"\b(\d{2,5})x(\d{2,5})\b")
_RATE: Final = re.compile(r"\b([\d.]+)(k?) fps\b")
_TBR: Final = re.compile(r"\b([\d.]+)(k?) tbr\b")
_PIXELS: Final = re.compile(r", (yuvj?4\d\dp?\w*|nv\d+\w*|gray\w*|gbr\w*|rgb\w*|bgr\w*)")
_HERTZ: Final = re.compile(r"\b(\d+) Hz\b")
_CHANNELS: Final = {"mono": 1, "stereo": 2, "downmix": 2, "2.1": 3, "3.0": 3, "4.0": 4, "quad": 4, "5.0": 5, "5.1": 6, "7.1": 8}
_FEW: Final = re.compile(r"\b(\d+) channels\b")


@dataclass(frozen=True, slots=True)
class Heard:
    """One track of what arrives."""

    kind: Literal["video", "audio"]
    codec: str
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    pixels: str = ""
    interlaced: bool = False
    sample_rate: int = 0
    channels: int = 0
    language: str = ""

    @property
    def fits(self) -> bool:
        """Whether every browser plays it as it is."""
        if self.kind == "audio":
            return self.codec == "aac" and 0 < self.channels <= 2
        return (
            self.codec == "h264"
            and self.pixels in ("yuv420p", "yuvj420p")
            and not self.interlaced
            and 0 < self.height <= MOST_HEIGHT
            and 0 < self.width <= MOST_WIDTH
        )


def heard_in(line: str) -> Heard | None:
    """The track that this line of ffmpeg's log tells of, if it does."""
    found = _TRACK.match(line)
    if found is None:
        return None
    _, language, kind, codec, _, rest = found.groups()
    language = "" if language in (None, "und") else language
    if kind == "Audio":
        return Heard(
            "audio", codec, language=language, channels=_channels(rest), sample_rate=_number(_HERTZ, rest)
        )
    size = _SIZE.search(rest)
    pixels = _PIXELS.search(rest)
    return Heard(
        "video", codec, language=language,
        width=int(size[1]) if size else 0,
        height=int(size[2]) if size else 0,
        frame_rate=_rate(_RATE, rest) or _rate(_TBR, rest),
        pixels=pixels[1] if pixels else "",
        interlaced=" first" in rest or " coded" in rest,
    )  # fmt: skip


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else 0


def _rate(pattern: re.Pattern[str], text: str) -> float:
    found = pattern.search(text)
    if not found:
        return 0.0
    rate = float(found[1]) * (1000 if found[2] else 1)
    # "90k tbr": ffmpeg has no idea.
    return rate if rate <= 240 else 0.0


def _channels(text: str) -> int:
    for field in text.split(", "):
        name = field.partition("(")[0].strip()
        if name in _CHANNELS:
            return _CHANNELS[name]
    return _number(_FEW, text)


class Hearing:
    """Reads the log of one life of ffmpeg up to where it begins to work."""

    def __init__(self) -> None:
        self._tracks: list[Heard] = []
        self._listening = False
        #: Whether all tracks are known: ffmpeg has begun to work.
        self.complete = False

    @property
    def tracks(self) -> tuple[Heard, ...]:
        return tuple(self._tracks)

    def line(self, text: str) -> None:
        if text.startswith("Input #0"):
            self._listening = True
        elif text.startswith(("Stream mapping", "Output #", "Input #")):
            self.complete = self.complete or self._listening
            self._listening = False
        elif self._listening and (track := heard_in(text)) is not None:
            self._tracks.append(track)


def mp4_holds(tracks: Iterable[Heard]) -> bool:
    """Whether the receiver may copy these into MP4: its filter for AAC refuses any other sound."""
    held = {"video": {"h264", "hevc", "av1", "vp9", "mpeg4"}, "audio": {"aac"}}
    return all(track.codec in held[track.kind] for track in tracks)


# ---------------------------------------------------------------- what to do with it


@dataclass(frozen=True, slots=True)
class Treatment:
    """How the tracks that arrive become renditions.

    `audio`: rendition -> number of the arriving audio track; empty: there is none, silence is made. `reasons`: why
    it is not copied, as codes for health: "codec", "size", "interlaced", "keyframes", "no_audio", "audio_codec",
    "audio_twice".
    """

    video: Literal["copy", "ladder", "none"]
    sound: Literal["copy", "encode", "silence"]
    audio: Mapping[str, int]
    reasons: tuple[str, ...] = ()

    @property
    def direct(self) -> bool:
        """Whether what the receiver copies is what is told; no encoder is needed. (Silence needs none.)"""
        return self.video != "ladder" and self.sound != "encode" and not set(self.reasons) - {"no_audio"}


def treatment(
    tracks: Sequence[Heard], languages: Mapping[int, str], *, far_apart: bool = False
) -> Treatment:
    """What to do with these tracks. `languages`: number of the audio track -> language (the feed's setting);
    `far_apart`: keyframes were found to be too far apart to copy."""
    video = next((track for track in tracks if track.kind == "video"), None)
    sounds = [track for track in tracks if track.kind == "audio"]
    reasons = _faults(video, far_apart)
    audio = renditions_of_audio(len(sounds), languages)
    sound: Literal["copy", "encode", "silence"] = "copy"
    if not sounds:
        sound = "silence"
        reasons.append("no_audio")
    elif not all(sounds[number].fits for number in audio.values()):
        sound = "encode"
        reasons.append("audio_codec")
    elif len(set(audio.values())) < len(audio):
        reasons.append("audio_twice")
    if video is None:
        return Treatment("none", sound, audio, tuple(reasons))
    ladder = far_apart or not video.fits
    return Treatment("ladder" if ladder else "copy", sound, audio, tuple(reasons))


def _faults(video: Heard | None, far_apart: bool) -> list[str]:
    """Why the video cannot be copied."""
    if video is None:
        return []
    faults = []
    if video.codec != "h264" or video.pixels not in ("yuv420p", "yuvj420p"):
        faults.append("codec")
    if not (0 < video.height <= MOST_HEIGHT and 0 < video.width <= MOST_WIDTH):
        faults.append("size")
    if video.interlaced:
        faults.append("interlaced")
    if far_apart:
        faults.append("keyframes")
    return faults


def wanted_audio(languages: Mapping[int, str]) -> dict[int, str]:
    """The feed's setting with a main language in it: an empty one means that the first track is Chinese."""
    return dict(languages) or {0: MAIN_LANGUAGE}


def renditions_of_audio(arriving: int, languages: Mapping[int, str]) -> dict[str, int]:
    """Rendition -> which of the *received* audio tracks (0, 1, … in the order of the setting) becomes it. The main
    rendition is there whenever there is any sound: without a track of its own it is the first one again."""
    wanted = list(wanted_audio(languages).values())[:arriving]
    found = {f"a-{language}": number for number, language in enumerate(wanted)}
    if arriving and MAIN_AUDIO not in found:
        found[MAIN_AUDIO] = 0
    return found


def house_rate(frame_rate: float) -> float:
    """Frame rate of the house ladder: as it arrives, halved while above 31; 25 if nobody knows."""
    if not 1 <= frame_rate <= 240:
        return 25.0
    while frame_rate > 31:
        frame_rate /= 2
    return frame_rate


def keyframe_phase(now: float, step: float = 2.0) -> float:
    """Where in the wall clock's grid of keyframes media time 0 lies, if it is captured at `now`."""
    return round(now % step, 3)


# ---------------------------------------------------------------- runs and waits


def run_name(now: float, noise: int, last: str = "") -> str:
    """A name for a run: milliseconds, then 32 bits of chance. Sorts after `last` even if the clock was set back."""
    moment = int(now * 1000)
    if last:
        moment = max(moment, int(last[:12], 16) + 1)
    return f"{moment:012x}{noise & 0xFFFF_FFFF:08x}"


def begun(run: str) -> float:
    """When the run with this name began."""
    return int(run[:12], 16) / 1000


#: Seconds before each new start after a failure; the last counts for all further ones.
WAITS: Final = (0.0, 1.0, 2.0, 5.0)


def wait_before(failures: int) -> float:
    """Seconds to wait after so many failures in a row (a life that delivered something is none)."""
    return WAITS[min(failures, len(WAITS) - 1)]


# ---------------------------------------------------------------- what was lost on the way


def dropped_frames(durations: Iterable[float], frame: float) -> int:
    """Frames that are missing among those that lasted so long; one that was not followed in time lasts longer."""
    return sum(round(duration / frame) - 1 for duration in durations if frame > 0 and duration > 1.5 * frame)


# ---------------------------------------------------------------- chunks of a browser's recorder

_CLUSTER: Final = b"\x1f\x43\xb6\x75"


def init_of(chunk: bytes) -> bytes:
    """The first chunk of a MediaRecorder without pictures and sound: what a decoder must know before any of them.
    MP4: up to the first `moof`; WebM: up to the first Cluster (RFC 9559 §5.1.3). Empty if there is no such thing."""
    if chunk[4:8] == b"ftyp":
        at = 0
        while at + 8 <= len(chunk):
            size, kind = int.from_bytes(chunk[at : at + 4]), chunk[at + 4 : at + 8]
            if kind == b"moof" or size < 8:
                break
            at += size
        return chunk[:at] if b"moov" in chunk[:at] else b""
    at = chunk.find(_CLUSTER)
    return chunk if at < 0 and chunk.startswith(b"\x1a\x45\xdf\xa3") else chunk[: max(at, 0)]


def whole_from(chunk: bytes, init: bytes) -> bytes:
    """What of a later chunk can follow the init: from its first fragment or Cluster on. Empty if none begins in it."""
    at = chunk.find(b"moof") - 4 if init[4:8] == b"ftyp" else chunk.find(_CLUSTER)
    return chunk[at:] if at >= 0 else b""

"""Films and sounds of exhibits: what one is, by what ffmpeg says of it, and in which sizes visitors get it.

In: ffmpeg's words on a file. Out: facts, and the rungs of a ladder. What must stay true: nothing is made larger than it
came; every side is even (H.264 in 4:2:0 wants it); a film held upright stays upright.
"""

import re
from dataclasses import dataclass
from typing import Final

#: The shorter side of each rung, and the most kilobits a second that a picture of it may take.
LADDER: Final = ((1080, 4500), (720, 2200), (360, 650))
#: What is still an exhibit's film: seconds, pixels of a picture, pictures a second.
MOST_SECONDS: Final = 3600
MOST_SOUND_SECONDS: Final = 3 * 3600
MOST_PIXELS: Final = 8192 * 4352
MOST_RATE: Final = 300.0

_DURATION: Final = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_STREAM: Final = re.compile(r"^ *Stream #\d+:\d+.*?: (Video|Audio): (\w+)(.*)$", re.MULTILINE)
_SIZE: Final = re.compile(r"[ ,](\d{1,5})x(\d{1,5})(?=[ ,\[]|$)")
_SAR: Final = re.compile(r"SAR (\d+):(\d+)")
_RATE: Final = re.compile(r"([\d.]+)(k?) (?:fps|tbr)")
_TURN: Final = re.compile(r"rotation of (-?[\d.]+) degrees")
_BRIGHT: Final = ("arib-std-b67", "smpte2084")


@dataclass(frozen=True, slots=True)
class Film:
    """`width` and `height` as it is seen: turned upright, with square pixels; 0 for a sound. `seconds` is None where the
    file does not say it. `bright`: more than a standard screen shows (HLG, PQ)."""

    seconds: float | None
    width: int
    height: int
    rate: float
    has_sound: bool
    bright: bool = False

    @property
    def has_picture(self) -> bool:
        return self.width > 0


@dataclass(frozen=True, slots=True)
class Rung:
    """One size: `side` names it ("720.mp4"); kilobits a second at most."""

    side: int
    width: int
    height: int
    kilobits: int


def film_of(said: str) -> Film | None:
    """What ffmpeg says of a file (`ffmpeg -i`); None if it knows no stream in it. A sound's cover picture is no film."""
    text = said[said.find("Input #0") :] if "Input #0" in said else ""
    streams = [(kind, rest) for kind, _, rest in _STREAM.findall(text)]
    pictures = [rest for kind, rest in streams if kind == "Video" and "attached pic" not in rest]
    has_sound = any(kind == "Audio" for kind, _ in streams)
    if not pictures and not has_sound:
        return None
    found = _DURATION.search(text)
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None
    if not pictures:
        return Film(seconds, 0, 0, 0.0, has_sound)
    first = pictures[0]
    width, height = seen_size(first)
    turn = _TURN.search(text)
    if turn and round(float(turn[1]) / 90) % 2:
        width, height = height, width
    rate = _RATE.search(first)
    return Film(
        seconds, width, height, float(rate[1]) * (1000 if rate[2] else 1) if rate else 25.0, has_sound,
        any(word in first for word in _BRIGHT),
    )  # fmt: skip


def seen_size(stream: str) -> tuple[int, int]:
    """Of a stream's line: pixels as they would be if they were square."""
    size = _SIZE.search(stream)
    if size is None:
        return 0, 0
    width, height = int(size[1]), int(size[2])
    sar = _SAR.search(stream)
    if sar and int(sar[1]) and int(sar[2]):
        width = round(width * int(sar[1]) / int(sar[2]))
    return width, height


def rungs(film: Film) -> tuple[Rung, ...]:
    """The sizes in which it is made, the largest first. A film between two rungs gets one of its own size."""
    short = min(film.width, film.height)
    found: list[Rung] = []
    for (side, kilobits), (below, _) in zip(LADDER, (*LADDER[1:], (0, 0)), strict=True):
        between = not found and short > below * 1.2
        if short >= side or between:
            found.append(rung(film, side, kilobits))
    return tuple(found)


def rung(film: Film, side: int, kilobits: int) -> Rung:
    scale = min(1.0, side / max(min(film.width, film.height), 1))
    return Rung(side, even(film.width * scale), even(film.height * scale), kilobits)


def even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)


def told(seconds: float) -> str:
    """1:05, 1:02:07."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def wave(peaks: list[float], width: int = 960, height: int = 120) -> str:
    """The path (SVG) of a waveform: bars around the middle, scaled so that the loudest fills the height."""
    loudest = max([*peaks, 0.02])
    step = width / max(len(peaks), 1)
    bars = []
    for n, peak in enumerate(peaks):
        half = max(1.0, peak / loudest * (height / 2 - 2))
        bars.append(f"M{n * step + step / 2:.1f} {height / 2 - half:.1f}v{2 * half:.1f}")
    return "".join(bars)

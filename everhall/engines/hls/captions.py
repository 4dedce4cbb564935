"""Captions: the lines that belong to one row of a channel, as a WebVTT segment (RFC 8216bis §3.1.4).

In: lines with their airtime, and a row's place on both timelines. Out: text. What must stay true:

* A cue has its whole duration and the same times and id in every segment that repeats it, so that players show
  it once. So times are written on the run's own media timeline, and the map is the same for a thousand seconds.
* A line that was posted after its row had been given out is still seen: every segment repeats the lines of the
  last `CARRY` seconds. Players are further behind the edge than that only by their own wish.
"""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: Seconds. Those who caption by ear are three to six seconds late.
CARRY: Final = 10.0
#: Seconds that a line may stand; a longer one is cut.
LONGEST: Final = 60.0
#: Seconds between two anchors of the map; players count MPEG-2 time in 33 bits (26.5 hours).
ANCHOR: Final = 1000
_TICKS: Final = 90_000
_WRAP: Final = 1 << 33


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `start` and `end` in airtime, `language` as in names of renditions ("zh" of "t-zh")."""

    start: float
    end: float
    language: str
    text: str


def caption_line(line: Line) -> str:
    """A line of `captions.jsonl`."""
    return json.dumps([line.start, line.end, line.language, line.text], ensure_ascii=False, separators=(",", ":"))


def line_of(raw: str) -> Line | None:
    """`caption_line` read back; None for what cannot be read."""
    try:
        start, end, language, text = json.loads(raw)
        start, end = float(start), min(float(end), float(start) + LONGEST)
    except (ValueError, TypeError):
        return None
    if not isinstance(language, str) or not isinstance(text, str) or not start < end:
        return None
    return Line(start, end, language, text)


def lines_within(lines: Sequence[Line], start: float, end: float) -> list[Line]:
    """Those that stand at some moment of [start, end); `lines` are in order of their start."""
    first = bisect_left(lines, start - LONGEST, key=lambda line: line.start)
    last = bisect_left(lines, end, key=lambda line: line.start)
    return [line for line in lines[first:last] if line.end > start]


def webvtt(lines: Iterable[Line], airtime: float, media_time: float) -> str:
    """A segment for a row that begins at `airtime`, which is `media_time` on its run's timeline."""
    anchor = max(0, int(media_time) // ANCHOR * ANCHOR)
    head = f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:{_time(anchor)},MPEGTS:{anchor * _TICKS % _WRAP}\n"
    offset = round(media_time - airtime, 3)
    cues = []
    for line in lines:
        start, end = line.start + offset, line.end + offset
        if end > 0:
            cues.append(f"{_name(line)}\n{_time(max(0.0, start))} --> {_time(end)}\n{_payload(line.text)}\n")
    return "\n".join([head, *cues])


def _name(line: Line) -> str:
    return hashlib.sha256(caption_line(line).encode()).hexdigest()[:16]


def _time(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _payload(text: str) -> str:
    """Nothing in a line may end the cue or be taken for markup (WebVTT §4.1)."""
    plain = "\n".join(" ".join(part.split()) for part in text.splitlines() if part.strip())
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") or "-"

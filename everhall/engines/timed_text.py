"""Timed text of films and sounds: captions, descriptions and transcripts, read from WebVTT or SubRip.

In: the bytes of a file as people have them (any of the usual encodings, either format). Out: cues, and WebVTT in one
spelling. What must stay true: what leaves is WebVTT that every browser reads (W3C WebVTT §4), whatever came in; nothing in a
cue can end it or become markup that we did not mean; a fault names its line.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

#: Of a file: bytes, cues, and characters of one cue. Two hours of fast speech are 3,000 cues and 200 kB.
MOST_BYTES: Final = 1_000_000
MOST_CUES: Final = 8_000
LONGEST: Final = 1_000
#: Seconds of the longest film that a cue may belong to.
LATEST: Final = 24 * 3600.0

_TIME: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?$")
_SETTING: Final = re.compile(
    r"^(?:vertical:(?:rl|lr)|line:-?\d{1,3}(?:\.\d+)?%?(?:,(?:start|center|end))?|size:\d{1,3}(?:\.\d+)?%"
    r"|position:\d{1,3}(?:\.\d+)?%(?:,(?:line-left|center|line-right))?|align:(?:start|center|end|left|right))$"
)
#: What may stand in a cue (§3.5): spans without classes, and who speaks.
_MARKUP: Final = re.compile(r"</?(?:b|i|u|ruby|rt|v|lang)>|<v [^<>\n]{1,80}>|<lang [A-Za-z0-9-]{1,30}>", re.IGNORECASE)
#: What other programs write into cues and nobody shows: fonts, classes, karaoke times, SubStation's positions.
_NOISE: Final = re.compile(r"</?(?:font|c|span)[^<>\n]*>|<\d[\d:.]*>|\{\\[^{}\n]*\}", re.IGNORECASE)
_VOICE: Final = re.compile(r"<v (?P<who>[^<>\n]{1,80})>", re.IGNORECASE)


class TimedTextError(Exception):
    """`kind` names the fault, `values` fill its sentence (`engines/master_words.py`); `line` counts from 1."""

    def __init__(self, kind: str, /, **values: object) -> None:
        super().__init__(kind, values)
        self.kind, self.values = kind, values


@dataclass(frozen=True, slots=True)
class Cue:
    """`start` and `end` in seconds; `text` as WebVTT's cue text, escaped; `settings` as WebVTT writes them."""

    start: float
    end: float
    text: str
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A cue as text to read: when it begins, who speaks ("" if nobody is named), what."""

    start: float
    who: str
    text: str

    @property
    def clock(self) -> str:
        """1:05, 1:02:07."""
        minutes, seconds = divmod(int(self.start), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}" if minutes >= 60 else f"{minutes}:{seconds:02}"


def decoded(data: bytes) -> str:
    """Text of a file by its mark, else UTF-8, else what Chinese Windows writes."""
    if len(data) > MOST_BYTES:
        raise TimedTextError("captions-too-big", size=len(data), limit=MOST_BYTES)
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as broken:
                raise TimedTextError("captions-encoding") from broken
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TimedTextError("captions-encoding")


def read(text: str) -> tuple[Cue, ...]:
    """The cues in order of their start. `TimedTextError` if it is neither WebVTT nor SubRip, or broken."""
    if "\x00" in text:
        raise TimedTextError("captions-encoding")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    is_vtt = bool(re.match(r"WEBVTT(?:[ \t]|$)", lines[0]))
    if not is_vtt and not any("-->" in line for line in lines):
        raise TimedTextError("not-captions")
    cues = []
    for number, block in blocks(lines):
        cue = cue_of(number, block)
        if cue is not None:
            cues.append(cue)
        if len(cues) > MOST_CUES:
            raise TimedTextError("captions-too-many", limit=MOST_CUES)
    if not cues:
        raise TimedTextError("captions-empty")
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """What stands between empty lines, and the number of its first line."""
    held: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            held.append(line)
        elif held:
            yield number - len(held), held
            held = []


def cue_of(number: int, block: list[str]) -> Cue | None:
    """The cue of a block; None for notes, styles, heads and cues that say nothing."""
    at = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        return None
    times, _, rest = block[at].partition("-->")
    end, *settings = rest.split() or [""]
    start_at, end_at = seconds(times.strip()), seconds(end)
    if start_at is None or end_at is None:
        raise TimedTextError("captions-time", line=number + at, text=block[at].strip()[:60])
    if not start_at < end_at <= LATEST:
        raise TimedTextError("captions-order", line=number + at, text=block[at].strip()[:60])
    text = cleaned("\n".join(line.strip() for line in block[at + 1 :]))
    if len(text) > LONGEST:
        raise TimedTextError("captions-long", line=number + at, count=len(text), limit=LONGEST)
    return Cue(start_at, end_at, text, " ".join(s for s in settings if _SETTING.match(s))) if text else None


def seconds(text: str) -> float | None:
    """01:02:03.456, 02:03.456 and 01:02:03,456; None for what is no time."""
    found = _TIME.match(text)
    if found is None:
        return None
    hours, minutes, whole, part = found.groups()
    if int(minutes) > 59 or int(whole) > 59:
        return None
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + int((part or "0").ljust(3, "0")) / 1000


def cleaned(text: str) -> str:
    """Cue text with the markup that WebVTT knows; all else is escaped or left out."""
    text = _NOISE.sub("", text).replace("-->", "→")
    made, at = [], 0
    for found in _MARKUP.finditer(text):
        made += [escaped(text[at : found.start()]), found[0]]
        at = found.end()
    made.append(escaped(text[at:]))
    joined = "".join(made).strip()
    return joined if _MARKUP.sub("", joined).strip() else ""


def escaped(text: str) -> str:
    return html.escape(html.unescape(text), quote=False)


def webvtt(cues: Iterable[Cue]) -> str:
    """One spelling of them, so that equal captions have equal bytes."""
    made = [f"{moment(cue.start)} --> {moment(cue.end)} {cue.settings}".rstrip() + f"\n{cue.text}" for cue in cues]
    return "\n\n".join(["WEBVTT", *made]) + "\n"


def moment(value: float) -> str:
    whole, thousandths = divmod(round(value * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def said(cues: Iterable[Cue]) -> tuple[Said, ...]:
    """What is to be read beside the film, without markup."""
    return tuple(
        Said(cue.start, html.unescape(voice["who"]).strip() if (voice := _VOICE.search(cue.text)) else "", plain(cue.text))
        for cue in cues
    )


def plain(text: str) -> str:
    return html.unescape(_MARKUP.sub("", text)).replace("\n", " ").strip()

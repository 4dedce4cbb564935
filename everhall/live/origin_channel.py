"""One channel as viewers see it: playlists, captions, state, and the parts that it lets be seen.

In: what `origin_follow` found in the channel's files. Out: replies, built once per version and kind of question.
What must stay true: a reply is only ever given for the version it was built of; parts are seen only while the
channel shows them or has shown them lately, because a part's name tells the next one's, and what a feed sends
before or after it is on the air is nobody's business.
"""

import hashlib
import json
import logging
from dataclasses import dataclass, field
from enum import Enum
from math import inf
from pathlib import Path
from typing import Any, Final, NamedTuple

from everhall.engines.hls.captions import CARRY, lines_within, webvtt
from everhall.engines.hls.model import TARGET_DURATION, Row
from everhall.engines.hls.playlist import Texts
from everhall.engines.hls.reload import Edge
from everhall.engines.hls.slate_spans import Span, aired_until, slates_among, with_airing
from everhall.live import origin_texts as texts
from everhall.live.origin_access import Access, Leave
from everhall.live.origin_answers import (
    KINDS,
    NEVER,
    PLAIN,
    WAITED_FOR,
    WHILE,
    Reply,
    kept,
    playlist,
    text_reply,
)
from everhall.live.origin_follow import LIVE_WINDOW, Following
from everhall.live.origin_tracks import Inits
from everhall.live.origin_waiting import Waiting

log = logging.getLogger(__name__)

#: Milliseconds without a look after which following line by line would take longer than beginning anew.
FORGETFUL: Final = 600_000
#: Seconds after the end of its row for which a part may be asked for: three target durations in the playlist, three
#: more after that (RFC 8216bis §6.2.2), as much again for those who are slow.
PARTS_FOR: Final = 12.0 * TARGET_DURATION
#: Seconds after which no more lines of captions are expected for a row.
SETTLED: Final = 60.0


class Wanted(NamedTuple):
    """Which form of a media playlist."""

    rendition: str
    dvr: bool = False
    skip: bool = False
    waited: bool = False
    private: bool = False
    encoding: str = ""


@dataclass(slots=True)
class Built:
    """What was built of one version of one window."""

    shown: texts.Shown | None = None
    bodies: dict[tuple[str, bool], tuple[bytes, bytes]] = field(default_factory=dict)
    replies: dict[object, Reply] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LongWindow:
    """Rows of the last so many seconds, and what they contribute to texts."""

    window: float
    rows: list[Row]
    kept: Texts


class Standing(Enum):
    """What a channel says about a part."""

    SHOWN = "shown"
    HINTED = "hinted"
    UNKNOWN = "unknown"


class Channel:
    """See the module. `look` first, then ask."""

    def __init__(self, folder: Path, inits: Inits) -> None:
        self.name = folder.name
        self.scope = f"channel/{folder.name}"
        self.waiting = Waiting()
        self.following = Following(folder)
        self._inits = inits
        self._tick = -1
        self._kept = Texts()
        #: Slates among the rows, and the version of the rows of which they were found.
        self._slates: tuple[tuple[int, int], list[Span]] = ((-1, -1), [])
        self._open_from = inf
        self._oldest = 0
        self._beginnings = self._rows_version = 0
        #: What was decided on requests (`Decider.again`) at this version.
        self.decided: dict[tuple[bytes, bytes], tuple[Any, Leave]] = {}
        #: by whether it is the long window, which does not change with each part
        self._built = {False: Built(), True: Built()}

    # ------------------------------------------------------------ keeping up

    def look(self, tick: int) -> None:
        """Be as new as the files. `tick` is a steady clock in milliseconds; within one nothing is looked at twice."""
        if tick == self._tick:
            return
        forgotten = 0 <= self._tick < tick - FORGETFUL and not self.waiting
        self._tick = tick
        if forgotten:
            self.following.begin_anew()
        try:
            changed = self.following.look()
        except OSError:
            # A full table of open files, a folder out of reach: what is known is still true.
            log.exception("the files of channel %s cannot be read", self.name)
            return
        if changed or forgotten:
            self._renew()
            if self.waiting:
                self.waiting.wake()

    def look_again(self, tick: int) -> None:
        """The files are known to have changed since the last look."""
        self._tick = -1
        self.look(tick)

    def _renew(self) -> None:
        """What was built belongs to a version that is over; what rows contribute to texts stays."""
        following = self.following
        self.decided = {}
        self._open_from = self.access.open_from
        self._built[False] = Built()
        if self._rows_version != following.rows_version:
            self._rows_version = following.rows_version
            self._built[True] = Built()
        if self._beginnings != following.beginnings:
            self._beginnings, self._kept = following.beginnings, Texts()
        oldest = following.rows[0].msn if following.rows else 0
        if oldest > self._oldest:
            self._kept.forget(oldest)
        self._oldest = oldest

    @property
    def access(self) -> Access:
        return self.following.access_file.access

    def is_open(self, leave: Leave, now: float) -> bool:
        return now >= self._open_from or leave.covers(self.scope)

    @property
    def has_begun(self) -> bool:
        return bool(self.following.rows or self.following.airing)

    def languages(self) -> tuple[str, ...]:
        """Of captions: those that are announced, in that order, then those in which somebody spoke."""
        spoken = sorted(self.following.captions.lines)
        return tuple(dict.fromkeys([*self.access.captions, *spoken]))

    def has(self, rendition: str) -> bool:
        """Whether there is such a media playlist."""
        if rendition.startswith("t-"):
            return rendition[2:] in self.languages()
        return rendition in self.following.renditions

    # ------------------------------------------------------------ playlists

    def edge(self, rendition: str, dvr: bool) -> Edge:
        """Where a playlist ends, for those who ask for what comes next."""
        shown = self._shown(dvr)
        if not shown.low_latency or rendition.startswith("t-"):
            return Edge(shown.last.msn if shown.last is not None else -1)
        return texts.edge(shown.last, shown.airing, rendition)

    def media(self, wanted: Wanted) -> Reply:
        """A media playlist."""
        built = self._built[wanted.dvr]
        reply = built.replies.get(wanted)
        if reply is None:
            key = (wanted.rendition, wanted.skip)
            found = built.bodies.get(key)
            if found is None:
                text = texts.media(self._shown(wanted.dvr), wanted.rendition, wanted.skip, self._kept)
                found = built.bodies[key] = body_of(text)
            control = kept(WAITED_FOR if wanted.waited else PLAIN, wanted.private)
            reply = built.replies[wanted] = playlist(*found, wanted.encoding, control)
        return reply

    def index(self, dvr: bool, private: bool, encoding: str) -> Reply:
        """The multivariant playlist."""
        built, languages = self._built[dvr], self.languages()
        key = ("index", private, encoding, languages)
        reply = built.replies.get(key)
        if reply is None:
            text = texts.index(self._shown(dvr).rows, self._inits, languages)
            reply = built.replies[key] = playlist(*body_of(text), encoding, kept(PLAIN, private))
        return reply

    def _shown(self, dvr: bool) -> texts.Shown:
        built = self._built[dvr]
        if built.shown is None:
            following = self.following
            first = following.first_since(self.access.window if dvr else min(LIVE_WINDOW, self.access.window))
            parts = self.access.low_latency and not dvr
            built.shown = texts.Shown(
                rows=following.rows[first:],
                before=following.rows[first - 1] if first else None,
                airing=following.airing if parts else (),
                renditions=(*sorted(following.renditions), *(f"t-{name}" for name in self.languages())),
                low_latency=parts,
                dvr=dvr,
            )
        return built.shown

    # ------------------------------------------------------------ the long window

    @property
    def lacks(self) -> bool:
        """Whether the long window is longer than what is held."""
        return self.following.held < self.access.window

    def read_long(self) -> "LongWindow":
        """Hours of rows and what they contribute. From a thread: it takes a moment."""
        window = self.access.window
        rows = self.following.read_back(window)
        shown, kept_ = texts.Shown(rows, None, (), (), low_latency=False, dvr=True), Texts()
        for rendition in sorted({name for row in rows for name in row.media}):
            texts.media(shown, rendition, skip=False, kept=kept_)
        return LongWindow(window, rows, kept_)

    def hold_long(self, found: "LongWindow") -> None:
        """Back in the loop: take over what `read_long` found."""
        self.following.hold_more(found.rows, found.window)
        self._renew()
        self._built[True] = Built()
        self._kept = found.kept

    # ------------------------------------------------------------ captions and state

    def captions(self, rendition: str, msn: int, private: bool, encoding: str) -> Reply | None:
        """The WebVTT segment of a row; None if the row is not (or no longer) told."""
        row, last = self.following.row(msn), self.following.last
        if row is None or last is None:
            return None
        lines = self.following.captions.lines.get(rendition[2:], [])
        text = webvtt(lines_within(lines, row.airtime - CARRY, row.ends), row.airtime, row.media_time)
        body, etag = body_of(text)
        control = kept(PLAIN if last.ends - row.ends < SETTLED else WHILE, private)
        return text_reply(body, encoding, KINDS["vtt"], control, etag)

    def state(self, now: float) -> Reply:
        """What is on, for the player and the desk. `now` is the server's clock."""
        last, airing = self.following.last, self.following.airing
        said: dict[str, Any] = {"channel": self.name, "now": round(now, 3)}
        if last is not None:
            said |= {
                "msn": last.msn, "dsn": last.dsn, "airtime": round(last.ends, 3), "kind": last.kind.value,
                "source": last.source, "item": last.item, "media_time": round(last.media_time + last.duration, 3),
            }  # fmt: skip
        if airing:
            said["air"] = {"source": airing[-1].source, "item": airing[-1].item, "parts": len(airing)}
        # A player shows all this some seconds or hours later, and says of a slate what it is by the moment that it shows.
        said["slates"] = [[round(begins, 3), round(ends, 3)] for begins, ends in with_airing(self.slates(), airing)]
        until = aired_until(airing) if airing else last.ends if last is not None else None
        if until is not None:
            said["until"] = round(until, 3)
        said["renditions"] = sorted(self.following.renditions)
        said["captions"] = list(self.languages())
        headers = [(b"content-type", KINDS["json"]), (b"cache-control", NEVER.encode())]
        return Reply(200, headers, json.dumps(said, ensure_ascii=False).encode())

    def slates(self) -> list[Span]:
        """From when until when slates stood, in all rows that are held; found once for each row that comes."""
        rows = self.following.rows
        version = (self._rows_version, len(rows))
        if self._slates[0] != version:
            self._slates = (version, slates_among(rows))
        return self._slates[1]

    # ------------------------------------------------------------ parts

    def standing(self, source: str, run: str, index: int, n: int) -> Standing:
        """Whether a part may be asked for here."""
        following = self.following
        last, airing = following.last, following.airing
        for told in airing:
            if (told.source, told.run, told.index) == (source, run, index):
                if n <= max(part.n for one in airing for part in one.parts.values()):
                    return Standing.SHOWN
                break
        if self.access.low_latency and texts.hint(last, airing) == (source, run, index, n):
            return Standing.HINTED
        for row in reversed(following.rows):
            if last is None or row.ends < last.ends - PARTS_FOR:
                break
            if (row.source, row.run, row.index) == (source, run, index):
                return Standing.SHOWN
        return Standing.UNKNOWN


def body_of(text: str) -> tuple[bytes, bytes]:
    """A text as bytes, with what its ETag says."""
    body = text.encode()
    return body, hashlib.blake2b(body, digest_size=12).hexdigest().encode()

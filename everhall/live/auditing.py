"""Auditing HLS over HTTP, ours or anybody's: playlists are polled as a player would, segments looked at sparsely.

In: an address, for how long, a clock. Out: an `Audited`; `CannotAuditError` with a sentence where nothing can be
said. One thread for each media playlist asks for what comes next (a blocking reload where it is offered, else every
target duration, §6.3.4 of RFC 8216bis), one looks at segments, parts and maps. Must stay true: requests for one
playlist never overlap, so its versions are judged in the order in which they were made; what the rules say is said by
`engines.hls.audit` alone.
"""

import contextlib
import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from everhall.engines.hls.audit import Auditor, Snapshot, Violation, by_clause
from everhall.engines.hls.audit_answers import Answer, Kind
from everhall.engines.hls.parse import parse
from everhall.engines.hls.parse_model import Media, Multivariant, SegmentTag, bare
from everhall.live.fetching import Fetched, Fetcher

#: Seconds: a request that no blocking reload explains, and between looks at segments.
PATIENCE = 10.0
LOOK_EVERY = 2.0
FIRST_LOOK = 0.5
#: Bytes that tell what a segment is, and the most that an init segment may have.
FIRST = 4096
MAP_BYTES = 1_000_000
_RANGE = re.compile(r"(.*)@(\d+)@(\d+)")


class CannotAuditError(Exception):
    """Nothing can be said of this address, and why; in both languages."""

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class Audited:
    url: str
    seconds: float
    playlists: tuple[str, ...]
    versions: int
    answers: int
    violations: tuple[Violation, ...]

    @property
    def musts(self) -> int:
        return sum(v.severity == "must" for v in self.violations)

    @property
    def clauses(self) -> dict[str, int]:
        return by_clause(self.violations)


def audit_address(
    url: str,
    seconds: float,
    *,
    clock: Callable[[], float],
    tell: Callable[[Violation], None] = lambda _: None,
    show: Callable[[str, Fetched], None] = lambda _url, _got: None,
) -> Audited:
    """Watch for `seconds`, or until everything has ended. `clock` gives seconds since the epoch and never jumps; `tell`
    hears of each violation as it is found; `show` sees each playlist as it was had."""
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise CannotAuditError(
            zh=f"地址应以 http:// 或 https:// 开头:{url}", en=f"the address has to begin with http:// or https://: {url}"
        )
    watch = _Watch(url, clock, tell, show)
    root = watch.begin()
    began = clock()
    threads = [threading.Thread(target=watch.follow, args=(child,), daemon=True) for child in root]
    for thread in threads:
        thread.start()
    looking = threading.Thread(target=watch.look_around, daemon=True)
    looking.start()
    # Ctrl+C ends the watch early; what was found until then is the result.
    with contextlib.suppress(KeyboardInterrupt):
        while clock() - began < seconds and any(thread.is_alive() for thread in threads):
            watch.stop.wait(0.1)
    return watch.end(clock() - began, root)


@dataclass(slots=True)
class _Watch:
    """Shared by the threads; the auditor is asked under the lock."""

    url: str
    clock: Callable[[], float]
    tell: Callable[[Violation], None]
    show: Callable[[str, Fetched], None]
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    auditor: Auditor = field(default_factory=Auditor)
    violations: list[Violation] = field(default_factory=list)
    versions: int = 0
    answers: int = 0
    seen: set[str] = field(default_factory=set)

    # ------------------------------------------------------------ beginning and end
    def begin(self) -> list[str]:
        """The first look: the media playlists to follow."""
        got = Fetcher(self.clock).get(self.url, patience=PATIENCE)
        if not got.status:
            raise CannotAuditError(zh=f"{self.url} 没有应答:{got.problem}", en=f"{self.url} does not answer: {got.problem}")
        if got.status >= 400:
            raise CannotAuditError(
                zh=f"{self.url} 应答 HTTP {got.status}。请检查地址。", en=f"{self.url} answers HTTP {got.status}; check the address"
            )
        playlist = parse(got.text, got.url)
        if playlist is None:
            raise CannotAuditError(
                zh=f"{self.url} 不是 HLS 播放列表(开头不是 #EXTM3U)。",
                en=f"{self.url} is no HLS playlist: it does not begin with #EXTM3U",
            )
        self.take(self.url, got)
        return list(playlist.playlists) if isinstance(playlist, Multivariant) else [bare(self.url)]

    def end(self, seconds: float, playlists: list[str]) -> Audited:
        self.stop.set()
        with self.lock:
            return Audited(
                self.url, seconds, tuple(playlists), self.versions, self.answers, tuple(self.violations)
            )

    def take(self, url: str, got: Fetched) -> Media | None:
        """Judge a playlist that was had; how it stands now."""
        with self.lock:
            if self.stop.is_set():
                return None
            self.versions += 1
            self.show(url, got)
            self._tell(self.auditor.see(Snapshot(got.at, url, got.text, got.status, got.asked, got.url)))
            media = self.auditor.playlist(url)
            if got.status == 200:
                target = media.target if media and media.live else 0
                self._tell(self.auditor.answered(Answer(got.at, url, "playlist", got.status, got.headers, target=target)))
            return media

    def _tell(self, violations: list[Violation]) -> None:
        self.violations += violations
        for violation in violations:
            self.tell(violation)

    # ------------------------------------------------------------ playlists
    def follow(self, url: str) -> None:
        """One media playlist until the end of the watch, or until it has ended and was seen to stay so."""
        fetcher, turn = Fetcher(self.clock), 0
        media: Media | None = None
        while not self.stop.is_set():
            asking = next_address(url, media, turn)
            got = fetcher.get(asking, patience=patience_for(media, asking))
            before, media = media, self.take(asking, got)
            if before is not None and before.endlist and media is not None and media.endlist:
                return
            turn += 1
            if turn == 2 and media is not None and (media.control or {}).get("CAN-BLOCK-RELOAD") == "YES":
                self.take(f"{url}{_joint(url)}_HLS_part=0", fetcher.get(f"{url}{_joint(url)}_HLS_part=0", patience=PATIENCE))
            self.stop.wait(pause_after(media, before, got, asking))

    # ------------------------------------------------------------ segments
    def look_around(self) -> None:
        """The newest segment and part of one playlist after the other, and maps where they may have changed."""
        fetcher, turn = Fetcher(self.clock), 0
        while not self.stop.wait(LOOK_EVERY if turn else FIRST_LOOK):
            with self.lock:
                known = self.auditor.playlists()
            if known:
                self._look_at(fetcher, known[turn % len(known)])
                turn += 1

    def _look_at(self, fetcher: Fetcher, media: Media) -> None:
        target = media.target if media.live else 0
        for s in media.segments:
            mark = f"{s.map} {s.msn}"
            if s.map and (s.discontinuity or s.map not in self.seen) and mark not in self.seen:
                self.seen |= {s.map, mark}
                self._sample(fetcher, "map", s.map, s, target, media.url)
        newest = next((s for s in reversed(media.segments) if not s.gap), None)
        if newest is not None and newest.uri not in self.seen:
            self.seen.add(newest.uri)
            self._sample(fetcher, "segment", _ranged(newest), newest, target, media.url)
        edge = media.airing if media.airing and media.airing.parts else None
        if edge is not None and not edge.parts[-1].byterange and not edge.parts[-1].gap:
            self._sample(fetcher, "part", edge.parts[-1].uri, edge, target, media.url)

    def _sample(  # what to look at, of which segment of which playlist
        self, fetcher: Fetcher, kind: Kind, where: str, segment: SegmentTag, target: int, listed: str
    ) -> None:
        found = _RANGE.fullmatch(where)
        url, size, start = (found[1], int(found[2]), int(found[3])) if found else (where, 0, 0)
        most = MAP_BYTES if kind == "map" else FIRST
        span = f"bytes={start}-{start + min(size, most) - 1}" if found else ""
        got = fetcher.get(url, patience=PATIENCE, most=most, span=span)
        digest = hashlib.sha256(got.body).hexdigest() if kind == "map" and got.status in {200, 206} else ""
        answer = Answer(
            got.at, where, kind, got.status, got.headers, got.body[:64], digest, target, bool(segment.key), listed
        )
        with self.lock:
            if not self.stop.is_set():
                self.answers += 1
                self._tell(self.auditor.answered(answer))


def _ranged(segment: SegmentTag) -> str:
    """A segment's address with its range, where that says where it begins."""
    return f"{segment.uri}@{segment.byterange}" if "@" in segment.byterange else segment.uri


def _joint(url: str) -> str:
    return "&" if urlsplit(url).query else "?"


def next_address(url: str, media: Media | None, turn: int) -> str:
    """What a player asks for next: the playlist with the next part or segment where that may be waited for; every
    other time a delta update will do. Parameters are in order (§6.3.2)."""
    control = (media.control if media else None) or {}
    if media is None or media.endlist:
        return url
    asked = []
    if control.get("CAN-BLOCK-RELOAD") == "YES":
        airing = media.airing.msn if media.airing else media.last_msn + 1
        asked.append(f"_HLS_msn={airing}")
        if media.has_parts:
            asked.append(f"_HLS_part={len(media.airing.parts) if media.airing else 0}")
    if control.get("CAN-SKIP-UNTIL") and turn % 2:
        asked.append("_HLS_skip=YES")
    if not asked:
        return url
    parts = urlsplit(url)
    query = "&".join(sorted([*filter(None, parts.query.split("&")), *asked]))
    return urlunsplit(parts._replace(query=query))


def patience_for(media: Media | None, asking: str) -> float:
    """A blocking reload is answered within three target durations or with an error (§6.2.5.2)."""
    return PATIENCE + (3 * media.target if media and "_HLS_msn" in asking else 0)


def pause_after(media: Media | None, before: Media | None, got: Fetched, asking: str) -> float:
    """Seconds until the next request: none after a blocking reload, else a target duration from the last one, half of
    it if nothing was new (§6.3.4)."""
    if media is None or got.status != 200 or media.endlist:
        return 1.0
    unchanged = before is not None and media.progress == before.progress
    if "_HLS_msn" in asking:
        return 0.2 if unchanged else 0.0
    if (media.control or {}).get("CAN-BLOCK-RELOAD") == "YES" and media.live:
        return 0.0
    every = media.part_target if media.has_parts and media.part_target else float(max(media.target, 1))
    if unchanged:
        every /= 2
    return max(0.05, every - (got.at - got.asked))

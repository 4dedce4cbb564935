"""The auditor: what clients saw of HLS playlists -> the rules that were broken, with clause numbers.

In: `Snapshot`s of any number of media and multivariant playlists in the order in which they were had, and `Answer`s;
from Everhall or from anybody. Out: `Violation`s, each told once. The rules are in `audit_rules`, each group in a
module of its own. Must stay true: correct playlists yield nothing; "must" is never said on suspicion. An `Auditor`
keeps the last version of each playlist only, so it may listen for days.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from everhall.engines.hls.audit_answers import Answer, answer_faults
from everhall.engines.hls.audit_changes import change_faults, is_older, part_changes
from everhall.engines.hls.audit_media import media_faults
from everhall.engines.hls.audit_multivariant import multivariant_faults
from everhall.engines.hls.audit_pace import Pace
from everhall.engines.hls.audit_parts import parts_faults, skip_faults
from everhall.engines.hls.audit_renditions import Presentation
from everhall.engines.hls.audit_rules import RULES, Found, Severity
from everhall.engines.hls.parse import parse
from everhall.engines.hls.parse_model import Media, Multivariant, bare
from everhall.engines.hls.parse_reader import whole


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One answer to one request for a playlist. `url` with delivery directives, `at` when it was had, `asked` when it
    was asked for (default: the same); `status` 0 where there was no answer; `base` is where a redirect led."""

    at: float
    url: str
    text: str
    status: int = 200
    asked: float | None = None
    base: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    clause: str
    at: float
    url: str
    message: str
    severity: Severity = "must"
    rule: str = ""


@dataclass(frozen=True, slots=True)
class _Directives:
    msn: int | None
    part: int | None
    skip: bool


@dataclass(slots=True)
class _Watched:
    """What is known of one media playlist."""

    last: Media | None = None
    text: str = ""
    had: bool = False
    away: tuple[float, int] | None = None
    pace: Pace = field(default_factory=Pace)


def audit(history: Iterable[Snapshot]) -> list[Violation]:
    """All that is wrong in the history, in the order in which it shows."""
    auditor = Auditor()
    return [violation for snapshot in history for violation in auditor.see(snapshot)]


def by_clause(violations: Sequence[Violation]) -> dict[str, int]:
    """Clause -> how many, most first."""
    return dict(Counter(violation.clause for violation in violations).most_common())


class Auditor:
    def __init__(self) -> None:
        self._watched: dict[str, _Watched] = {}
        self._presentations: dict[str, Presentation] = {}
        self._variables: dict[str, str] = {}
        self._told: set[tuple[str, str, str]] = set()
        self._digests: dict[str, str] = {}

    def playlist(self, url: str) -> Media | None:
        """The media playlist of this address as it was last seen."""
        known = self._watched.get(bare(url))
        return known.last if known else None

    def playlists(self) -> list[Media]:
        """All media playlists as they were last seen."""
        return [known.last for known in self._watched.values() if known.last is not None]

    def see(self, snapshot: Snapshot) -> list[Violation]:
        """What this snapshot shows that was not told yet."""
        url = bare(snapshot.url)
        return [v for where, found in self._faults(url, snapshot) for v in self._new(where, snapshot.at, found)]

    def answered(self, answer: Answer) -> list[Violation]:
        """What this answer shows that was not told yet, under the playlist that led to it."""
        found = list(answer_faults(answer))
        if answer.digest and self._digests.setdefault(answer.url, answer.digest) != answer.digest:
            found.append(Found("map-overwritten", answer.digest, f"{answer.url} has other bytes than before"))
        return [v for fault in found for v in self._new(bare(answer.listed or answer.url), answer.at, fault)]

    def _new(self, url: str, at: float, found: Found) -> Iterator[Violation]:
        key = (found.rule, url, found.subject)
        if key not in self._told:
            self._told.add(key)
            rule = RULES[found.rule]
            yield Violation(rule.clause, at, url, found.message, rule.severity, found.rule)

    # ------------------------------------------------------------ one snapshot
    def _faults(self, url: str, snapshot: Snapshot) -> Iterator[tuple[str, Found]]:
        watched = self._watched.setdefault(url, _Watched())
        asked_for = _directives(snapshot.url)
        if not 200 <= snapshot.status < 300:
            yield from ((url, found) for found in _absent(watched, snapshot, asked_for))
            return
        if watched.away:
            at, status = watched.away
            yield url, Found("playlist-unavailable", f"{at}", f"HTTP {status} in between")
            watched.away = None
        watched.had = True
        if asked_for.part is not None and asked_for.msn is None:
            yield url, Found("part-without-msn", "", "_HLS_part without _HLS_msn was answered with a playlist")
            return
        if watched.last is not None and snapshot.text == watched.text:
            # The same again says only that it is still so.
            playlist: Media | Multivariant | None = watched.last
        else:
            playlist = parse(snapshot.text, snapshot.base or snapshot.url, watched.last, self._variables)
        if playlist is None:
            yield url, Found("not-a-playlist", "", f"the answer does not begin with #EXTM3U: {snapshot.text[:40]!r}")
        elif isinstance(playlist, Multivariant):
            yield from ((url, found) for found in multivariant_faults(playlist))
            self._variables |= playlist.defines
            if url not in self._presentations or self._presentations[url].kinds != playlist.playlists:
                self._presentations[url] = Presentation(playlist.playlists)
        else:
            yield from self._media(url, watched, playlist, snapshot, asked_for)

    def _media(
        self, url: str, watched: _Watched, now: Media, snapshot: Snapshot, asked_for: _Directives
    ) -> Iterator[tuple[str, Found]]:
        asked = snapshot.at if snapshot.asked is None else snapshot.asked
        was = watched.last
        found: list[Found] = []
        if now is not was:
            found += [*media_faults(now, was), *parts_faults(now), *skip_faults(now, asked_for.skip, was is None)]
            if was is not None and not now.missing:
                found += [*change_faults(was, now), *part_changes(was, now)]
        found += _unblocked(now, asked_for)
        found += watched.pace.see(
            now, asked, snapshot.at, blocked=asked_for.msn is not None, msn=asked_for.msn or 0, part=asked_for.part
        )
        yield from ((url, fault) for fault in found)
        if now.missing or (was is not None and is_older(was, now)):
            return
        watched.last, watched.text = now, snapshot.text
        for presentation in self._presentations.values():
            if url in presentation.kinds:
                yield from presentation.see(url, now, asked, snapshot.at)


def _directives(url: str) -> _Directives:
    query = parse_qs(urlsplit(url).query)
    numbers = [whole(query[name][0]) if name in query else None for name in ("_HLS_msn", "_HLS_part")]
    return _Directives(numbers[0], numbers[1], "_HLS_skip" in query)


def _absent(watched: _Watched, snapshot: Snapshot, asked_for: _Directives) -> Iterator[Found]:
    """404 and 410 after the playlist was there may say that it is over (§6.2.1); 503 that a blocking reload took too
    long, other 4xx that it asked for too much (§6.2.5.2)."""
    status = snapshot.status
    directed = asked_for.msn is not None or asked_for.part is not None
    if directed and (status == 503 or 400 <= status < 500):
        return
    if watched.had and status in {404, 410}:
        watched.away = (snapshot.at, status)
        return
    yield Found("playlist-unavailable", str(status), f"HTTP {status}" if status else "no answer")


def _unblocked(now: Media, asked_for: _Directives) -> Iterator[Found]:
    """§6.2.5.2. That of which the last part is asked for may have ended with fewer parts."""
    if asked_for.msn is None or now.endlist or now.last_msn >= asked_for.msn:
        return
    airing = now.airing
    part = asked_for.part
    enough = part is not None and airing is not None and airing.msn >= asked_for.msn and (
        airing.msn > asked_for.msn or len(airing.parts) > part
    )  # fmt: skip
    if not enough:
        wanted = f"{asked_for.msn}" if part is None else f"{asked_for.msn}.{part}"
        yield Found("block-ignored", wanted, f"asked for {wanted}, answered with {now.last_msn} as the last segment")

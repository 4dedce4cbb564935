"""What a request gets: an answer, a wait, or an errand (something to read first). One function per kind of address.

In: a route, a query, an encoding, and the files. Out: a `Decision`. What must stay true: access is asked first and
at each request; nothing here waits or reads more than a kilobyte, or a part that was written just now.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from everhall.engines.hls import reload
from everhall.engines.hls.reload import BadDirectivesError, Directives, Verdict
from everhall.live import origin_files as files
from everhall.live.origin_access import ANYBODY, Leave, Tokens
from everhall.live.origin_answers import (
    FOR_GOOD,
    NOT_FOUND,
    TOO_LATE,
    WHILE,
    FileReply,
    Reply,
    kept,
    media_headers,
    refusal,
)
from everhall.live.origin_channel import Channel, Standing, Wanted
from everhall.live.origin_follow import channel_names
from everhall.live.origin_recording import Recordings
from everhall.live.origin_routes import Route
from everhall.live.origin_tracks import Inits
from everhall.live.origin_waiting import Ask

#: Remembered runs; beyond, all are forgotten and looked for again.
MOST_RUNS: Final = 1_000
#: Remembered decisions of one version of a channel.
MOST_DECIDED: Final = 5_000
#: Kinds of addresses whose answers change with the version of a channel only (captions change without it).
OF_VERSIONS: Final = frozenset({"media"})
#: A request as it came over the wire: address with its query, Accept-Encoding.
Asked = tuple[bytes, bytes]
NOT_BEGUN = refusal(503, "This channel has not begun.", (b"retry-after", b"2"))
NO_MSN = refusal(400, "_HLS_part needs _HLS_msn.")
TOO_FAR = refusal(400, "This is too far ahead.")


@dataclass(frozen=True, slots=True)
class Later:
    """There is nothing to send yet: `ask` again when the channel changes, `late` if it does not. Equal keys mean equal
    answers."""

    channel: Channel
    key: Hashable
    ask: Ask
    late: Reply = TOO_LATE


@dataclass(frozen=True, slots=True)
class Errand:
    """`work` in a thread, then `done` with what it found in the loop: a decision, or None to decide once more."""

    key: Hashable
    work: Callable[[], Any]
    done: Callable[[Any], "Decision | None"]


Decision = Reply | FileReply | Later | Errand


class Decider:
    """See the module."""

    def __init__(
        self, root: Path, secret: bytes, clock: Callable[[], float], steady: Callable[[], float], hot_bytes: int
    ) -> None:
        self.root = root
        self.clock = clock
        self.steady = steady
        self.hot = files.Hot(hot_bytes)
        self.inits = Inits(root)
        self.recordings = Recordings(root, self.inits)
        self.tokens = Tokens(secret)
        self._channels: dict[str, Channel] = {}
        #: (feed, run) -> the channel that showed it the last time somebody asked for a part
        self._shown_by: dict[tuple[str, str], str] = {}
        self._names_of: tuple[int, list[str]] = (-1, [])
        self._kinds: dict[str, Callable[[Route, Leave, str, str], Decision]] = {
            "index": self._index, "media": self._media, "captions": self._captions, "state": self._state,
            "recording_index": self._recording, "recording_media": self._recording,
            "recording_file": self._recording_file, "stored": self._stored, "part": self._part,
            "picture": self._of_feed, "health": self._of_feed,
        }  # fmt: skip

    def decide(self, route: Route, query: str, encoding: str) -> Decision:
        """What a request gets at this moment."""
        leave: Leave | None = ANYBODY
        if route.token:
            leave = self.tokens.leave(route.token, self.clock())
        return NOT_FOUND if leave is None else self._kinds[route.kind](route, leave, query, encoding)

    # ------------------------------------------------------------ the very same question again

    def again(self, route: Route, asked: Asked) -> Reply | Later | None:
        """What was decided on the very same request, if the channel's files are still those of then and it may still
        be seen."""
        channel = self._channels.get(route.name)
        if channel is None:
            return None
        channel.look(int(self.steady() * 1000))
        found = channel.decided.get(asked)
        if found is None:
            return None
        decision, leave = found
        now = self.clock()
        return decision if now < leave.expires and channel.is_open(leave, now) else None

    def remember(self, route: Route, asked: Asked, decision: Reply | Later) -> None:
        """Keep a decision for as long as the channel's files stay as they are."""
        channel = self._channels.get(route.name)
        if channel is None or route.kind not in OF_VERSIONS or len(channel.decided) >= MOST_DECIDED:
            return
        leave = self.tokens.leave(route.token, self.clock()) if route.token else ANYBODY
        if leave is not None and (isinstance(decision, Later) or decision.status == 200):
            channel.decided[asked] = (decision, leave)

    # ------------------------------------------------------------ keeping up

    def tick(self) -> int:
        return int(self.steady() * 1000)

    def channel(self, name: str) -> Channel | None:
        """A channel that has a folder, as new as its files."""
        found = self._channels.get(name)
        if found is None:
            folder = self.root / "channels" / name
            if not folder.is_dir():
                return None
            found = self._channels[name] = Channel(folder, self.inits)
        found.look(self.tick())
        return found

    def look_now(self, name: str) -> None:
        """A channel's files are known to have changed."""
        if name in self._channels:
            self._channels[name].look_again(self.tick())

    def look_for_those_who_wait(self) -> bool:
        """Look at the files for which somebody waits, give up for those who waited too long; whether any wait on."""
        now, tick = self.steady(), self.tick()
        waited_for = [channel for channel in self._channels.values() if channel.waiting]
        for channel in waited_for:
            channel.look(tick)
            channel.waiting.give_up(now)
        return any(channel.waiting for channel in waited_for)

    def _open_channel(self, route: Route, leave: Leave) -> Channel | None:
        channel = self.channel(route.name)
        return channel if channel is not None and channel.is_open(leave, self.clock()) else None

    # ------------------------------------------------------------ channels

    def _index(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        channel = self._open_channel(route, leave)
        if channel is None:
            return NOT_FOUND
        if not channel.has_begun:
            return NOT_BEGUN
        return channel.index(route.dvr, leave.private, encoding)

    def _media(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        channel = self._open_channel(route, leave)
        if channel is None:
            return NOT_FOUND
        if not channel.has_begun:
            return NOT_BEGUN
        if not channel.has(route.rendition):
            return NOT_FOUND
        if route.dvr and channel.lacks:
            return Errand(("long", route.name), channel.read_long, channel.hold_long)
        try:
            asked = reload.directives(query)
        except BadDirectivesError as problem:
            return refusal(400, f"{problem}.")
        return self._playlist(channel, route, leave, asked, encoding)

    def _playlist(
        self, channel: Channel, route: Route, leave: Leave, asked: Directives, encoding: str
    ) -> Decision:
        wanted = Wanted(
            route.rendition, dvr=route.dvr, skip=asked.skip, waited=asked.blocking,
            private=leave.private, encoding=encoding,
        )  # fmt: skip
        verdict = reload.verdict(asked, channel.edge(route.rendition, route.dvr))
        if verdict is Verdict.NOW:
            return channel.media(wanted)
        if verdict is Verdict.REFUSE:
            return NO_MSN if asked.msn is None else TOO_FAR

        def ask() -> Reply | None:
            there = reload.verdict(asked, channel.edge(route.rendition, route.dvr)) is Verdict.NOW
            return channel.media(wanted) if there else None

        return Later(channel, (*wanted, asked.msn, asked.part), ask)

    def _captions(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        channel = self._open_channel(route, leave)
        if channel is None or not channel.has(route.rendition):
            return NOT_FOUND
        return channel.captions(route.rendition, int(route.file), leave.private, encoding) or NOT_FOUND

    def _state(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        channel = self._open_channel(route, leave)
        return channel.state(self.clock()) if channel is not None else NOT_FOUND

    # ------------------------------------------------------------ recordings

    def _recording(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        if not self.recordings.is_open(route.name, leave, self.clock()):
            return NOT_FOUND
        recording = self.recordings.held(route.name)
        if recording is None:
            return Errand(
                ("recording", route.name),
                lambda: self.recordings.read(route.name),
                lambda found: self.recordings.hold(route.name, found),
            )
        if not recording.rows:
            return NOT_FOUND
        if route.kind == "recording_index":
            return recording.index(leave.private, encoding)
        if not recording.has(route.rendition):
            return NOT_FOUND
        return recording.media(route.rendition, leave.private, encoding)

    def _recording_file(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        if not self.recordings.is_open(route.name, leave, self.clock()):
            return NOT_FOUND
        path = self.recordings.file(route.name, route.file)
        if path is None:
            return NOT_FOUND
        return Errand(
            ("file", path, leave.private), lambda: files.read_changing(path, WHILE, leave.private), given
        )

    # ------------------------------------------------------------ bytes

    def _stored(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        """The address of a segment is a secret in itself: it is told only in playlists that one may see."""
        path = files.stored_path(self.root, route.file)
        if path is None:
            return NOT_FOUND
        return self._for_good(path, route.file, route.file.partition(".")[0], leave.private)

    def _for_good(self, path: Path, name: str, etag: str, private: bool) -> Decision:
        reply = self._hot(path, name, private)
        if reply is not None:
            return reply

        def done(found: Reply | FileReply) -> Decision:
            if isinstance(found, Reply) and found.status == 200:
                self.hot.put((name, private), found)
            return found

        return Errand(("bytes", name, private), lambda: files.read_for_good(path, etag, private), done)

    def _hot(self, path: Path, name: str, private: bool) -> Reply | None:
        """What is held; the same bytes serve those with and without a token."""
        reply = self.hot.get((name, private))
        if reply is None:
            other = self.hot.get((name, not private))
            if other is None:
                return None
            headers = media_headers(path.name.rpartition(".")[2], kept(FOR_GOOD, private))
            reply = Reply(200, headers, other.body, other.etag)
            self.hot.put((name, private), reply)
        return reply

    def _part(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        index, n, _ = route.file.split(".", 2)
        key = (f"feed/{route.name}", route.run, int(index), int(n))
        if leave.covers(key[0]):
            return self._part_bytes(route, leave)
        for channel in self._showing(route, leave):
            standing = channel.standing(*key)
            if standing is Standing.SHOWN:
                self._remember(route, channel)
                return self._part_bytes(route, leave)
            if standing is Standing.HINTED:
                return self._hinted(channel, key, route, leave)
        return NOT_FOUND

    def _remember(self, route: Route, channel: Channel) -> None:
        if len(self._shown_by) >= MOST_RUNS:
            self._shown_by.clear()
        self._shown_by[route.name, route.run] = channel.name

    def _showing(self, route: Route, leave: Leave) -> Iterator[Channel]:
        """Channels that may be seen, the one that showed this run the last time first."""
        if leave.scope:
            kind, _, name = leave.scope.partition("/")
            own = self.channel(name) if kind == "channel" else None
            if own is not None:
                yield own
            return
        first = self._shown_by.get((route.name, route.run), "")
        for name in [first, *self._names()] if first else self._names():
            channel = self.channel(name)
            if channel is not None and channel.is_open(leave, self.clock()):
                yield channel

    def _names(self) -> list[str]:
        """All channels; the folder is read once a second at the most."""
        second = self.tick() // 1000
        if self._names_of[0] != second:
            self._names_of = (second, channel_names(self.root))
        return self._names_of[1]

    def _hinted(
        self, channel: Channel, key: tuple[str, str, int, int], route: Route, leave: Leave
    ) -> Later:
        """A part that will come next: whoever asks gets it when it is whole (RFC 8216bis §6.2.6), or hears that it
        will not come."""

        def ask() -> Reply | None:
            standing = channel.standing(*key)
            if standing is Standing.HINTED:
                return None
            if standing is Standing.UNKNOWN:
                return NOT_FOUND
            found = self._read_part(route, leave)
            return found if isinstance(found, Reply) else NOT_FOUND

        key_of_all = ("part", route.name, route.run, route.file, leave.private)
        return Later(channel, key_of_all, ask, late=NOT_FOUND)

    def _part_bytes(self, route: Route, leave: Leave) -> Decision:
        path, name = self._part_path(route)
        return self._for_good(path, name, f"{route.run}-{route.file}", leave.private)

    def _read_part(self, route: Route, leave: Leave) -> Reply | FileReply:
        path, name = self._part_path(route)
        reply = self._hot(path, name, leave.private)
        if reply is not None:
            return reply
        found = files.read_for_good(path, f"{route.run}-{route.file}", leave.private)
        if isinstance(found, Reply) and found.status == 200:
            self.hot.put((name, leave.private), found)
        return found

    def _part_path(self, route: Route) -> tuple[Path, str]:
        path = self.root / "feeds" / route.name / route.run / "parts" / route.file
        return path, f"{route.name}/{route.run}/{route.file}"

    # ------------------------------------------------------------ feeds

    def _of_feed(self, route: Route, leave: Leave, query: str, encoding: str) -> Decision:
        """Pictures and health are for the desk: only with a token for this feed, or for all."""
        if not leave.covers(f"feed/{route.name}", "feeds"):
            return NOT_FOUND
        file = "picture.jpg" if route.kind == "picture" else "health.json"
        path = self.root / "feeds" / route.name / file
        return Errand(("file", path, True), lambda: files.read_note(path), given)


def given(found: Reply | FileReply) -> Decision:
    """What was read is the answer."""
    return found

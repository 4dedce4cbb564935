"""Chunks of the go-live page on their way from the web process to whoever receives the feed, and knocks at the door.

In: bytes with a session and a sequence number, in any order, some twice. Out: the same bytes in order, each once.
What must stay true: what `put` said yes to is given out by `Inbox` in order, also if either process is killed and
started again; chunk 0 (with the init of the recorder) is kept until its session is over; one session at a time.
Files again, not sockets: any web process may take a chunk, whether or not the receiving one is alive.
"""

import contextlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from everhall.live.store import Room, Store

#: Seconds without a chunk after which another session may begin.
SILENT_FOR: Final = 5.0
#: A chunk is a second or less of a camera; more is no chunk.
MOST_BYTES: Final = 16_000_000
#: How many chunks may wait for one that is missing before the page is told to begin anew.
MOST_WAITING: Final = 120

_SESSION: Final = re.compile(r"[0-9a-zA-Z_-]{8,64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page is told. `code`: "kept", "busy" (somebody else is live), "again" (begin a new session),
    "too_large", "full" (no room on the disk)."""

    code: str

    @property
    def kept(self) -> bool:
        return self.code == "kept"


def _folder(store: Store, feed: str) -> Path:
    return store.feed_folder(feed) / "push"


def _session(store: Store, feed: str, session: str) -> Path:
    if not _SESSION.fullmatch(session):
        msg = "no name of a session"
        raise ValueError(msg)
    return _folder(store, feed) / session


def _current(folder: Path) -> tuple[str, float]:
    """Session that is live and when it was last heard of; ("", 0.0) if none ever was."""
    try:
        found = json.loads((folder / "current.json").read_text(encoding="utf-8"))
        return str(found["session"]), (folder / "current.json").stat().st_mtime
    except (OSError, ValueError, KeyError, TypeError):
        return "", 0.0


def put(store: Store, feed: str, session: str, number: int, content: bytes, now: float) -> Answer:
    """Take chunk `number` of a session. The same chunk again is welcome and changes nothing."""
    folder, place = _folder(store, feed), _session(store, feed, session)
    if len(content) > MOST_BYTES or not 0 <= number < 10**8:
        return Answer("too_large")
    live, heard = _current(folder)
    if live != session:
        if live and now - heard < SILENT_FOR:
            return Answer("busy")
        if number != 0 or (place / "over").exists():
            return Answer("again")
        _begin(store, folder, place, session)
    if (place / "over").exists() or (place / "last").exists():
        return Answer("again")
    if store.room() >= Room.NO_PARTS:
        return Answer("full")
    # Touched first: a session is live from its first byte on.
    os.utime(folder / "current.json", (now, now))
    store.put_small(place / f"{number:08d}", content)
    return Answer("kept")


def _begin(store: Store, folder: Path, place: Path, session: str) -> None:
    place.mkdir(parents=True, exist_ok=True)
    store.put_small(folder / "current.json", json.dumps({"session": session}).encode())


def end(store: Store, feed: str, session: str) -> None:
    """The page says goodbye: what was put is still given out, and somebody else may begin at once."""
    folder, place = _folder(store, feed), _session(store, feed, session)
    if place.is_dir():
        (place / "last").touch()
        if _current(folder)[0] == session:
            os.utime(folder / "current.json", (0, 0))


def _begun(place: Path) -> int:
    """The number of the chunk with which another life would go on; 0 if nothing was given out yet."""
    try:
        return int((place / "begun").read_text() or 1)
    except (OSError, ValueError):
        return 0


class Inbox:
    """The receiving side of one feed; ask `new` every 50 ms or so."""

    def __init__(self, store: Store, feed: str) -> None:
        self._folder = _folder(store, feed)
        self.session = ""
        self._next = 0

    def take_up(self) -> bool:
        """Turn to the session that is live, if there is one that we do not have yet; from its beginning on, or
        (we were killed in the middle) with its init and what is still there."""
        live, _ = _current(self._folder)
        place = self._folder / live
        if not live or live == self.session or (place / "over").exists() or not (place / "00000000").exists():
            return False
        self.session = live
        self._next = _begun(place)
        self._keep_place()
        return True

    @property
    def resumed(self) -> bool:
        """Whether `first` must be cut to its init: the rest of it was given out in another life."""
        return self._next > 0

    def first(self) -> bytes:
        """Chunk 0, which is given out as often as it is asked for."""
        return (self._folder / self.session / "00000000").read_bytes()

    def new(self) -> list[bytes]:
        """The chunks that follow, as far as none is missing. They are forgotten here once given out."""
        place, found, begun = self._folder / self.session, [], self._next
        with contextlib.suppress(FileNotFoundError):
            while True:
                found.append((place / f"{self._next:08d}").read_bytes())
                self._next += 1
        if found:
            self._keep_place()
            for number in range(max(1, begun), self._next):
                (place / f"{number:08d}").unlink(missing_ok=True)
        return found

    def _keep_place(self) -> None:
        """Which chunk comes next. Whoever takes the session up after us cannot tell it from the files: when all were
        given out, only chunk 0 is there."""
        place = self._folder / self.session
        with contextlib.suppress(FileNotFoundError):
            new = place / ".begun"
            new.write_text(str(max(1, self._next)))
            new.replace(place / "begun")

    def over(self, now: float) -> bool:
        """Whether the session has ended: said goodbye, fell silent, or misses a chunk that does not come."""
        place = self._folder / self.session
        live, heard = _current(self._folder)
        if (place / f"{self._next:08d}").exists():
            return False
        if (place / "last").exists() or live != self.session or now - heard > 2 * SILENT_FOR:
            return True
        return len(list(place.glob("[0-9]" * 8))) > MOST_WAITING

    def finish(self) -> None:
        """Nothing of this session is taken any more; the page is told to begin anew."""
        if not self.session:
            return
        place = self._folder / self.session
        with contextlib.suppress(OSError):
            for path in place.glob("[0-9]" * 8):
                path.unlink(missing_ok=True)
            (place / "over").touch()
        for old in self._folder.iterdir():
            if old.is_dir() and old != place and (old / "over").exists():
                shutil.rmtree(old, ignore_errors=True)
        self.session, self._next = "", 0


# ---------------------------------------------------------------- knocking


def knock(store: Store, feed: str) -> None:
    """Somebody has begun to send to our RTMP server under this feed's key: fetch it now, not at the next look."""
    path = store.feed_folder(feed) / "knock"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def knocked(store: Store, feed: str) -> float:
    """When somebody last knocked; 0.0 for never."""
    try:
        return (store.feed_folder(feed) / "knock").stat().st_mtime
    except OSError:
        return 0.0

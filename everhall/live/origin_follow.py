"""What one channel's files say at this moment: rows, parts of the row in the air, captions, access.

In: the channel's folder, which the director and the desk write. Out: values, and a `version` that is another one
whenever any of them but captions changed. What must stay true: what was seen once is never unseen (parts are read before rows,
so that a row that ends while we read takes the place of its parts); looking costs a few system calls while nothing
is new; old rows are served for as long as nobody writes newer ones.
"""

import os
from bisect import bisect_left
from pathlib import Path
from typing import Final

from everhall.engines.hls.captions import Line, line_of
from everhall.engines.hls.model import Airing, Row
from everhall.live.origin_access import AccessFile
from everhall.live.store import Tail

#: Seconds of rows in a live playlist (Apple recommends fifteen minutes or more).
LIVE_WINDOW: Final = 900.0
#: Lines that hold a live window with room to spare: rows are two seconds long, a few are shorter.
LIVE_LINES: Final = 600
#: Seconds without a look after which following the log line by line would take longer than beginning anew.
FORGETFUL: Final = 600.0
#: Rows above the window before the oldest are let go, so that this is not done for each.
SLACK: Final = 64


class Following:
    """See the module. Not for several threads, but for `read_back`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        #: Another one whenever anything changed but captions; whenever rows or access did.
        self.version = 0
        self.rows_version = 0
        self.rows: list[Row] = []
        self.airing: list[Airing] = []
        #: Every rendition that a row or part was seen to have.
        self.renditions: set[str] = set()
        self.access_file = AccessFile(folder / "access.json")
        #: Seconds of rows that are held.
        self.held = LIVE_WINDOW
        #: How often what stood before was forgotten: after that, a row may have another one before it.
        self.beginnings = 0
        self._begin()

    @property
    def last(self) -> Row | None:
        return self.rows[-1] if self.rows else None

    def _begin(self) -> None:
        self._log = Tail(self.folder / "log.jsonl", last=LIVE_LINES)
        self._air = Tail(self.folder / "air.jsonl")
        self.captions = Captions(self.folder / "captions.jsonl")

    def begin_anew(self) -> None:
        """Forget everything; the next look reads the newest."""
        self.close()
        self.rows, self.airing, self.held = [], [], LIVE_WINDOW
        self.beginnings += 1
        self._begin()

    def close(self) -> None:
        self._log.close()
        self._air.close()

    def look(self) -> bool:
        """Take in what is new; whether anything was."""
        heard = [one for one in self._air.new() if isinstance(one, Airing)]
        rows = [one for one in self._log.new() if isinstance(one, Row)]
        changed = self.access_file.look()
        if rows:
            self._append(rows)
        if rows or changed:
            self.rows_version += 1
        if rows or heard:
            self._keep_airing(heard)
            changed = True
        self.captions.look()
        if changed:
            self.version += 1
        return changed

    def _append(self, rows: list[Row]) -> None:
        for row in rows:
            last = self.last
            if last is not None and row.msn <= last.msn:
                continue
            if last is not None and row.msn != last.msn + 1:
                # A hole in the numbers cannot be told in a playlist; what stands before it is history.
                self.rows.clear()
                self.beginnings += 1
            self.rows.append(row)
            self.renditions.update(row.media)
        self._let_go()

    def _keep_airing(self, heard: list[Airing]) -> None:
        last = self.last
        following = last.msn + 1 if last is not None else None
        known = [*self.airing, *heard]
        if following is None:
            following = min((one.msn for one in known), default=0)
        self.airing = [one for one in known if one.msn == following]
        for one in heard:
            self.renditions.update(one.parts)

    def _let_go(self) -> None:
        first = self.first_since(self.held)
        if first > SLACK:
            # One is left before the window: it decides whether the first begins with a discontinuity.
            del self.rows[: first - 1]

    def first_since(self, seconds: float) -> int:
        """Index of the first row of the last so many seconds."""
        if not self.rows:
            return 0
        return bisect_left(self.rows, self.rows[-1].ends - seconds, key=lambda row: row.airtime)

    def row(self, msn: int) -> Row | None:
        if not self.rows:
            return None
        at = msn - self.rows[0].msn
        return self.rows[at] if 0 <= at < len(self.rows) else None

    # ------------------------------------------------------------ the long window

    def read_back(self, seconds: float) -> list[Row]:
        """Older rows from the log, the oldest first. From a thread: hours of rows take a moment to read."""
        tail = Tail(self.folder / "log.jsonl", last=int(seconds / 1.5) + LIVE_LINES)
        try:
            return [one for one in tail.new() if isinstance(one, Row)]
        finally:
            tail.close()

    def hold_more(self, older: list[Row], seconds: float) -> None:
        """Put what `read_back` found before what is held."""
        self.held = max(self.held, seconds)
        if not self.rows:
            return
        wanted = self.rows[0].msn - 1
        before = []
        for row in reversed(older):
            if row.msn == wanted:
                before.append(row)
                wanted -= 1
        self.rows[:0] = reversed(before)
        for row in before:
            self.renditions.update(row.media)
        self._let_go()


class Captions:
    """The lines of `captions.jsonl` by language, in order of their start; whole lines only, the newest of many."""

    #: Bytes of the file that are read at first, and lines of one language that are held: more than four hours.
    MOST_BYTES: Final = 2_000_000
    MOST_LINES: Final = 20_000

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[str, list[Line]] = {}
        self._at = 0
        self._inode = 0

    def look(self) -> bool:
        """Take in what is new; whether anything was."""
        try:
            status = self.path.stat()
        except OSError:
            return False
        if status.st_ino != self._inode or status.st_size < self._at:
            self._inode, self.lines = status.st_ino, {}
            self._at = max(0, status.st_size - self.MOST_BYTES)
        if status.st_size == self._at:
            return False
        with self.path.open("rb") as file:
            file.seek(self._at)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._at += len(whole)
        found = (line_of(raw) for raw in whole.decode("utf-8", "replace").split("\n") if raw)
        self._add([line for line in found if line is not None])
        return bool(whole)

    def _add(self, new: list[Line]) -> None:
        for language in {line.language for line in new}:
            lines = self.lines.setdefault(language, [])
            lines += [line for line in new if line.language == language]
            lines.sort(key=lambda line: line.start)
            del lines[: -self.MOST_LINES]


def channel_names(root: Path) -> list[str]:
    """All channels that have a folder."""
    try:
        with os.scandir(root / "channels") as found:
            return [entry.name for entry in found if entry.is_dir()]
    except OSError:
        return []

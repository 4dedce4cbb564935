"""The folder of one import: lock, progress, stop sign, journal of files.

In: the id of a batch. Out: what everybody may know of its run while it runs. Must stay true: progress never
goes through the database, because an import is one transaction and on SQLite nobody can write beside it; and
a lock that the system frees when its process dies tells a running import from one that was killed.
"""

import contextlib
import fcntl
import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone


class Busy(Exception):  # noqa: N818 - an answer, not a fault
    """Another process works on this import."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `stage` is one of starting, reading, checking, files, writing, finishing, undoing, done."""

    stage: str
    done: int
    total: int
    at: float
    host: str

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class Room:
    """The folder `imports/<id>/` in the data folder."""

    #: Progress is written at most this often, so that it costs nothing.
    EVERY_SECONDS = 0.2
    #: Another machine's import is taken for dead after this silence.
    SILENCE_SECONDS = 60
    #: So long may a process take from its start to its lock.
    START_SECONDS = 30

    def __init__(self, batch_id: int) -> None:
        self.path = Path(settings.DATA_DIR) / "imports" / str(batch_id)
        self._told = 0.0

    def make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)

    def clear(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Only one process at a time. A look by `is_running` may hold it for a moment, so we try twice. A stop that
        was asked for since the process was started is heeded."""
        self.make()
        with (self.path / "lock").open("a") as file:
            for _ in range(20):
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                time.sleep(0.05)
            else:
                raise Busy
            if not self.is_starting:
                (self.path / "stop").unlink(missing_ok=True)
            self.tell("starting", 0, 0)
            (self.path / "starting").unlink(missing_ok=True)
            yield

    def start(self) -> None:
        """Note that a process is being started, which takes the lock when it is there."""
        self.make()
        (self.path / "stop").unlink(missing_ok=True)
        (self.path / "starting").write_text(str(timezone.now().timestamp()))

    @property
    def is_starting(self) -> bool:
        """Whether a process is on its way to the lock."""
        try:
            at = float((self.path / "starting").read_text())
        except (OSError, ValueError):
            return False
        return timezone.now().timestamp() - at < self.START_SECONDS

    def is_running(self) -> bool:
        """Whether some process works on it now."""
        if self.is_starting:
            return True
        progress = self.progress()
        age = timezone.now().timestamp() - progress.at if progress else 0.0
        if progress is not None and progress.host != socket.gethostname():
            return age < self.SILENCE_SECONDS
        try:
            with (self.path / "lock").open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def tell(self, stage: str, done: int, total: int) -> None:
        """Write progress; whole at any moment, because a rename replaces it."""
        now = timezone.now().timestamp()
        if now - self._told < self.EVERY_SECONDS and done not in (0, total):
            return
        self._told = now
        progress = Progress(stage, done, total, now, socket.gethostname())
        new = self.path / f"progress.{os.getpid()}"
        new.write_text(json.dumps(asdict(progress)))
        new.replace(self.path / "progress.json")

    def progress(self) -> Progress | None:
        if self.is_starting:
            return Progress("starting", 0, 0, timezone.now().timestamp(), socket.gethostname())
        try:
            return Progress(**json.loads((self.path / "progress.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def ask_stop(self) -> None:
        self.make()
        (self.path / "stop").touch()

    @property
    def stop_asked(self) -> bool:
        return (self.path / "stop").exists()

    # ------------------------------------------------------------ files on their way into the library
    def note_file(self, name: str) -> None:
        """Remember a stored file before it is written."""
        with (self.path / "files").open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(name) + "\n")
            journal.flush()
            os.fsync(journal.fileno())

    def noted_files(self) -> list[str]:
        try:
            lines = (self.path / "files").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []
        names = []
        for line in lines:
            # The last line may be cut where a process was killed; then its file was not begun.
            with contextlib.suppress(ValueError):
                names.append(json.loads(line))
        return names

    def forget_files(self) -> None:
        (self.path / "files").unlink(missing_ok=True)

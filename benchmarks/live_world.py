"""What benches of the live path share: films with a burned-in clock, publishers, a studio and an origin as processes.

In: a folder of the bench's own. Out: processes that end with the block that began them. What must stay true: nobody's
Django is needed; every frame of a film shows a clock value of its own, so that what was sent and what was kept can be
counted; publishers copy what was encoded before, so that the machine's cores are for what is measured.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np

from benchmarks.clock import read_clock
from everhall.engines.burned_clock import pattern
from everhall.engines.hls.model import Segment
from everhall.live.store import Log, Store

ROOT = Path(__file__).resolve().parent.parent
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
PASSPHRASE = "abcdefghjkmnpq"  # noqa: S105 - of benches
#: Pixels of a picture whose clock is read.
WIDE, HIGH = 320, 180
#: Seconds between keyframes of films.
GOP_S = 2


def now() -> float:
    return time.time()  # noqa: TID251 - benches of the live path live in real time


# ---------------------------------------------------------------- films
@dataclass(frozen=True, slots=True)
class Film:
    """What a publisher sends."""

    name: str
    size: str
    rate: int
    kilobits: int = 1500
    sound: int = 48_000
    b_frames: int = 2

    def made(self, folder: Path, seconds: float) -> Path:
        """The film as MP4, keyframes every two seconds; made once per folder."""
        path = folder / f"{self.name}-{seconds:.0f}.mp4"
        if path.exists():
            return path
        folder.mkdir(parents=True, exist_ok=True)
        width, height = map(int, self.size.split("x"))
        fresh = path.with_suffix(".new")
        gop = str(GOP_S * self.rate)
        subprocess.run(
            [FFMPEG, "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", pattern(width, height, self.rate, self.name),
             "-t", str(seconds), "-map", "0:v", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
             "-bf", str(self.b_frames), "-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-b:v", f"{self.kilobits}k",
             "-maxrate", f"{self.kilobits}k", "-bufsize", f"{self.kilobits}k", "-nal-hrd", "cbr",
             "-map", "0:a", "-c:a", "aac", "-ar", str(self.sound), "-b:a", "96k", "-f", "mp4", str(fresh)],
            check=True,
        )  # fmt: skip
        fresh.replace(path)
        return path


def clocks(content: bytes | Path, form: str = "mp4") -> list[int]:
    """Values of the burned-in clocks of a film's frames, in order."""
    source = str(content) if isinstance(content, Path) else "pipe:0"
    done = subprocess.run(
        [FFMPEG, "-loglevel", "fatal", "-nostdin", "-f", form, "-i", source, "-map", "0:v:0", "-fps_mode", "passthrough",
         "-vf", f"scale={WIDE}:{HIGH}:flags=area", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        input=content if isinstance(content, bytes) else b"", stdout=subprocess.PIPE, check=False,
    )  # fmt: skip
    size = WIDE * HIGH
    whole = done.stdout[: len(done.stdout) // size * size]
    pictures = np.frombuffer(whole, np.uint8).reshape(-1, HIGH, WIDE)
    return [value for picture in pictures if (value := read_clock(picture)) is not None]


def recorded_clocks(store: Store, key: str, rendition: str = "v720") -> set[int]:
    """Clock values of all frames of a recording."""
    runs: dict[str, list[Segment]] = {}
    for line in Log.reading(store.root / "recordings" / f"{key}.jsonl"):
        if isinstance(line, Segment) and rendition in line.media:
            runs.setdefault(line.run, []).append(line)
    found: set[int] = set()
    for segments in runs.values():
        media = [segment.media[rendition] for segment in segments]
        film = store.get(media[0].init, ".mp4") + b"".join(store.get(one.body) for one in media)
        found.update(clocks(film))
    return found


# ---------------------------------------------------------------- publishers
def srt_url(port: int) -> str:
    return f"srt://127.0.0.1:{port}?passphrase={PASSPHRASE}&pkt_size=1316&latency=120000"


@dataclass(slots=True)
class Sent:
    """One life of a publisher: what it sent, beside in a file, and how much of that when somebody died."""

    path: Path
    film: Film
    until: int | None = None

    def frames(self) -> list[int]:
        content = self.path.read_bytes() if self.path.exists() else b""
        return clocks(content if self.until is None else content[: self.until], "mpegts")


@dataclass(slots=True)
class Publisher:
    """An encoder at a stage, as `ffmpeg -re -c copy` with a film: reconnects by itself half a second after it lost the
    connection, and goes on with the film where the time is by then."""

    folder: Path
    url: str
    film: Film
    source: Path
    form: str = "mpegts"
    port: int = 0
    #: films with which it may come back
    others: dict[str, tuple[Film, Path]] = field(default_factory=dict)
    lives: list[Sent] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    _process: subprocess.Popen[bytes] | None = None
    _wanted: threading.Event = field(default_factory=threading.Event)
    _closed: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> "Publisher":
        self._wanted.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        return self

    def _run(self) -> None:
        while not self._closed.is_set():
            if not self._wanted.wait(0.1):
                continue
            self._process = self._begin()
            self._process.wait()
            self._closed.wait(0.5)

    def _begin(self) -> subprocess.Popen[bytes]:
        sent = Sent(self.folder / f"sent-{self.film.name}-{time.monotonic_ns()}.ts", self.film)
        self.lives.append(sent)
        # RTMP goes to peers only, of whom nobody asks what they kept.
        where = ["-f", "tee", f"[f={self.form}]{self.url}|[f=mpegts]{sent.path}"]
        if self.form == "flv":
            where = ["-f", "flv", self.url]
        at = (time.monotonic() - self.began) // GOP_S * GOP_S
        return subprocess.Popen(
            [FFMPEG, "-v", "error", "-nostdin", "-re", "-ss", f"{at:.3f}", "-i", str(self.source), "-map", "0", "-c", "copy",
             "-flush_packets", "1", *where],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def mark(self) -> None:
        """Whoever listens has died just now: what is sent from here on is received by nobody."""
        life = self.lives[-1] if self.lives else None
        if life is not None and life.until is None and life.path.exists():
            life.until = life.path.stat().st_size

    def vanish(self) -> None:
        """As if the cable were cut; stays away."""
        self._wanted.clear()
        self.mark()
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def back(self, film: Film | None = None, source: Path | None = None) -> None:
        """Somebody plugged it in again, perhaps with other settings."""
        self.film, self.source = film or self.film, source or self.source
        self._wanted.set()

    def close(self) -> None:
        self._closed.set()
        self.vanish()
        if self._thread is not None:
            self._thread.join(5)


# ---------------------------------------------------------------- processes
def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(slots=True)
class StudioProcess:
    """`benchmarks.live_studio` in a process of its own; its wishes are a file."""

    root: Path
    folder: Path
    arguments: Sequence[str] = ()
    wishes: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.folder / "studio.log").open("ab")
        command = [sys.executable, "-m", "benchmarks.live_studio", str(self.root), str(self.folder / "wishes.json")]
        self.process = subprocess.Popen([*command, *self.arguments], cwd=ROOT, stdout=log, stderr=log)
        log.close()

    def want(self, **changes: Any) -> None:
        self.wishes |= changes
        fresh = self.folder / ".wishes.json"
        fresh.write_text(json.dumps(self.wishes))
        fresh.replace(self.folder / "wishes.json")

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()


def opened(root: Path, channel: str, **said: Any) -> None:
    """Let anybody see the channel."""
    folder = root / "channels" / channel
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "access.json").write_text(json.dumps({"public": True, **said}))


@contextlib.contextmanager
def site(root: Path, folder: Path, port: int, module: str = "benchmarks.live_site") -> Iterator[str]:
    """The origin, pages and what else the folder holds, by uvicorn in a process of its own; the address."""
    with (folder / "site.log").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(root), str(folder), str(port)],
            cwd=ROOT, stdout=out, stderr=out,
        )  # fmt: skip
        try:
            wait_for_port(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    msg = f"nobody listens at port {port}"
    raise RuntimeError(msg)


def children_of(pid: int) -> Mapping[int, str]:
    """Process id -> command line of whatever this process has started."""
    found = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            with contextlib.suppress(OSError):
                found[int(child)] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return found


def cores() -> int:
    return os.cpu_count() or 1

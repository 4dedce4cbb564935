"""What tests of feeds share: a small house, publishers with a burned-in clock, the news that were told, and the
frames that were kept, read back from decoded pixels."""

import asyncio
import itertools
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from benchmarks.clock import read_clock
from everhall.engines.burned_clock import SPAN, pattern
from everhall.engines.hls.model import Segment, TrackLine
from everhall.live.ingest import House, Ingest, News, PartTold, RunBegan, RunEnded
from everhall.live.ingest_commands import Rung
from everhall.live.rules import FeedSpec
from everhall.live.store import Log, Store

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
RATE = 25
KEY = "abcdefghjkmnpq"
HOUSE = House(
    rungs=(Rung("v720", 180, 300), Rung("v360", 90, 80)), pattern=(320, 180, RATE), listen="127.0.0.1",
    preset="ultrafast",
)  # fmt: skip


def now() -> float:
    return time.time()  # noqa: TID251 - tests of feeds live in real time


def srt_spec(port: int, key: str = "stage", **more) -> FeedSpec:
    return FeedSpec(key, "srt", "舞台", True, port=port, passphrase=KEY, audio={0: "zh"}, **more)


def srt_url(port: int, passphrase: str = KEY) -> str:
    key = f"passphrase={passphrase}&" if passphrase else ""
    return f"srt://127.0.0.1:{port}?{key}pkt_size=1316&latency=60000"


class Publisher:
    """An ffmpeg that sends the test pattern; beside it the same encoding goes to a file, frame for frame."""

    def __init__(
        self, folder: Path, *where: str, size: str = "320x180", rate: int = RATE, gop: int = 2 * RATE,
        video: Sequence[str] = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-sc_threshold", "0"),
        audio: Sequence[str] = ("-c:a", "aac", "-b:a", "48k"), speed: str = "1", seconds: float = 60.0,
    ) -> None:  # fmt: skip
        width, height = map(int, size.split("x"))
        self.sent = folder / f"sent-{time.monotonic_ns()}.ts"
        targets = "|".join([f"[f=mpegts:flush_packets=1]{self.sent}", *where])
        sound = ("-map", "0:a", *audio) if audio else ()
        self.process = subprocess.Popen(
            [FFMPEG, "-hide_banner", "-nostdin", "-loglevel", "error", "-readrate", speed, "-f", "lavfi",
             "-i", pattern(width, height, rate, "test"), "-t", str(seconds), "-map", "0:v", *video, "-g", str(gop),
             "-keyint_min", str(gop), "-b:v", "200k", *sound, "-flush_packets", "1", "-f", "tee", targets],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def vanish(self) -> None:
        """As if the cable were cut."""
        self.process.send_signal(signal.SIGKILL)
        self.close()

    def close(self) -> None:
        if self.alive:
            self.process.kill()
        self.process.wait()

    def frames(self) -> list[int]:
        """Numbers of the frames that it encoded."""
        found = clocks(self.sent.read_bytes(), "mpegts")
        assert len(found) > RATE, "the publisher has sent nothing"
        return found


def clocks(content: bytes, form: str = "mp4") -> list[int]:
    """Numbers of the frames in a film, in order, by the clock that is burned into them."""
    said = subprocess.run(
        [FFMPEG, "-loglevel", "fatal", "-f", form, "-i", "pipe:0", "-map", "0:v:0", "-fps_mode", "passthrough",
         "-vf", "scale=320:180", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        input=content, stdout=subprocess.PIPE, check=False,
    ).stdout  # fmt: skip
    pictures = np.frombuffer(said[: len(said) // 57_600 * 57_600], np.uint8).reshape(-1, 180, 320)
    return [number(value) for picture in pictures if (value := read_clock(picture)) is not None]


def number(value: int, rate: int = RATE) -> int:
    """Of the frame that shows this clock, counted from the epoch."""
    turns = round((now() * 1000 - value) / SPAN)
    return round((value + turns * SPAN) * rate / 1000)


def kept_runs(store: Store, feed: str = "stage") -> dict[str, list[Segment]]:
    """Run -> its segments, as its index tells."""
    found: dict[str, list[Segment]] = {}
    for path in sorted(store.feed_folder(feed).glob("*/index.jsonl")):
        found[path.parent.name] = [line for line in Log.reading(path) if isinstance(line, Segment)]
    return found


def kept_frames(store: Store, feed: str = "stage", rendition: str = "v720") -> dict[str, list[int]]:
    """Run -> numbers of its frames, decoded from what is in the store."""
    return {
        run: clocks(film(store, segments, rendition))
        for run, segments in kept_runs(store, feed).items()
        if any(rendition in segment.media for segment in segments)
    }


def film(store: Store, segments: Sequence[Segment], rendition: str) -> bytes:
    """The segments of a run as one file."""
    media = [segment.media[rendition] for segment in segments if rendition in segment.media]
    assert len({one.init for one in media}) == 1
    return store.get(media[0].init, ".mp4") + b"".join(store.get(one.body) for one in media)


class Told:
    """The news of an ingest, and waiting for them."""

    def __init__(self) -> None:
        self.news: list[tuple[float, str, News]] = []

    def __call__(self, feed: str, news: News) -> None:
        self.news.append((now(), feed, news))

    def of(self, kind: type) -> list:
        return [news for _, _, news in self.news if isinstance(news, kind)]

    @property
    def segments(self) -> list[Segment]:
        return self.of(Segment)

    @property
    def parts(self) -> list[PartTold]:
        return self.of(PartTold)

    @property
    def runs(self) -> list[RunBegan]:
        return self.of(RunBegan)

    @property
    def ended(self) -> list[RunEnded]:
        return self.of(RunEnded)

    @property
    def tracks(self) -> list[TrackLine]:
        return self.of(TrackLine)


async def until(so: Callable[[], object], seconds: float = 30.0, what: str = "") -> None:
    """Wait for it; AssertionError if it takes longer."""
    ends = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < ends, what or "it did not happen in time"
        await asyncio.sleep(0.05)


def bound(port: int) -> bool:
    """Whether somebody on this machine has this UDP port; looking takes it from nobody, as binding would."""
    return any(line.split()[1].endswith(f":{port:04X}") for line in Path("/proc/net/udp").read_text().splitlines()[1:])


async def listening(port: int) -> None:
    """The receiver has its port: a publisher that comes before it gives up after three seconds."""
    await until(lambda: bound(port), what="the receiver did not open its port")


class Receiving:
    """`async with`: an ingest that receives these feeds."""

    def __init__(self, root: Path, *specs: FeedSpec, house: House = HOUSE, pictures: bool = False, store: Store | None = None) -> None:
        self.store = store or Store(root)
        self.told = Told()
        self.specs = specs
        self.house, self.pictures = house, pictures

    async def __aenter__(self) -> "Receiving":
        self.ingest = Ingest(self.store, self.told, now, house=self.house, pictures=self.pictures)
        await self.ingest.want(self.specs)
        return self

    async def __aexit__(self, *_problem: object) -> None:
        await self.ingest.close()


def check_runs(store: Store, feed: str = "stage") -> None:
    """What must be true of everything that was ever kept: whole files, no holes, nothing twice."""
    for run, segments in kept_runs(store, feed).items():
        assert [one.index for one in segments] == list(range(len(segments))), run
        for before, after in itertools.pairwise(segments):
            assert abs(before.media_time + before.duration - after.media_time) < 0.002
            assert after.captured > before.captured
        for segment in segments:
            assert segment.duration < 2.5
            for name, media in segment.media.items():
                body = store.get(media.body)
                assert len(body) == media.size
                parts = segment.parts.get(name, ())
                assert not parts or sum(part.size for part in parts) == media.size

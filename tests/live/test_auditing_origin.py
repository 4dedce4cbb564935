"""The origin's channel, watched over HTTP by the auditor while it goes on: live with parts, a slate, live again."""

import asyncio
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import imageio_ffmpeg
import pytest
import uvicorn

from everhall.engines.hls.model import Kind, Media, Row, part_name
from everhall.live.auditing import audit_address
from tests.live.origin_world import RUN, Stage, an_origin

pytestmark = pytest.mark.slow

#: Rows before anybody watches: as many as a window that slides has to have.
BEFORE = 12


@contextmanager
def served(app) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="error", loop="asyncio"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until = time.monotonic() + 40
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def made(kind: str) -> bytes:
    """A second of fragmented MP4."""
    source, codec = {"v": ("testsrc=size=64x36:rate=25", "libx264"), "a": ("sine=sample_rate=48000", "aac")}[kind]
    return subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-f", "lavfi", "-i", source, "-t", "1", "-c", codec,
            "-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_keyframe", "-",
        ],
        capture_output=True, check=True, stdin=subprocess.DEVNULL,
    ).stdout  # fmt: skip


class Airing:
    """A director's hand: rows and parts at their time."""

    def __init__(self, stage: Stage, clock) -> None:
        self.stage, self.clock = stage, clock
        self.over = threading.Event()

    def until(self, moment: float) -> bool:
        return self.over.wait(max(0.0, moment - self.clock()))

    def live(self) -> None:
        self.two_parts()

    def slate(self) -> None:
        last = self.stage.last
        if last is None or self.until(last.ends + 2):
            return
        media = {name: replace(m, body=self.stage.store.put(b"\0\0\0\x18stypslat" + name.encode())) for name, m in self.stage.media.items()}
        self.stage.row(kind=Kind.SLATE, source="slate/house", run="s", index=0, dsn=last.dsn + 1, parts={}, media=media)

    def back(self) -> None:
        """The feed again, in another run of timestamps."""
        last = self.stage.last
        if last is None:
            return
        self.two_parts(dsn=last.dsn + 1)

    def two_parts(self, **more) -> None:
        """The first as soon as it is there, the second with its row."""
        row = self.stage.a_row(**more)
        if self.until(row.airtime + 1):
            return
        self.stage.part(0, **more)
        if self.until(row.airtime + 2):
            return
        for name in self.stage.renditions:
            self.stage.part_bytes(row.index, 1, name)
        self.stage.row(**more)

    def go_on(self) -> None:
        while not self.over.is_set():
            for show in (self.live, self.slate, self.back):
                if not self.over.is_set():
                    show()


class FilmedStage(Stage):
    """Its parts begin as parts of films do: the auditor looks at them."""

    def part_bytes(self, index: int, n: int, rendition: str) -> bytes:
        content = b"\0\0\0\x18stypmsdh" + f"part {index}.{n} of {rendition}".encode()
        self.store.put_part(self.feed, part_name(RUN, index, n, rendition), content)
        return content


@pytest.fixture
def stage(tmp_path) -> Stage:
    stage = FilmedStage(tmp_path)
    for name in stage.renditions:
        content = made(name[0])
        init, body = content[: content.index(b"moof") - 4], content[content.index(b"moof") - 4 :]
        stage.media[name] = Media(stage.store.put(init, ".mp4"), stage.store.put(body), 2.0, len(body))
    stage.access(low_latency=True, captions=["zh"])
    return stage


def first_row(stage: Stage, now: float) -> Row:
    return stage.row(airtime=now - 2 * BEFORE)


def test_a_channel_of_the_origin_breaks_no_must(stage):
    begins, steady = 1_700_000_000.0, time.monotonic()

    def clock() -> float:
        return begins + time.monotonic() - steady

    first_row(stage, clock())
    stage.row(BEFORE - 1)
    air = Airing(stage, clock)
    airing = threading.Thread(target=air.go_on, daemon=True)
    with served(an_origin(stage.root, clock)) as base:
        airing.start()
        audited = audit_address(f"{base}/live/c/main/index.m3u8", 9, clock=clock)
        air.over.set()
        airing.join()
    musts = [f"{v.rule}: {v.message} {v.url}" for v in audited.violations if v.severity == "must"]
    assert not musts, "\n".join(musts)
    # The index is too small to be compressed, inits say no frame rate, and the hand that tells parts may be late.
    shoulds = {v.rule for v in audited.violations}
    assert shoulds <= {"average-bandwidth-missing", "frame-rate-missing", "playlist-plain", "part-late"}
    assert {url.rpartition("/")[2] for url in audited.playlists} == {"v720.m3u8", "a-zh.m3u8", "t-zh.m3u8"}
    assert audited.versions > 20

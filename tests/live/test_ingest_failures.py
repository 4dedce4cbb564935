"""Whatever goes wrong, feeds go on and nothing that was received is lost but what was in the air."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from everhall.engines.hls.model import Segment
from everhall.live.ingest_commands import Rung
from everhall.live.ingest_recover import recover
from everhall.live.rules import FeedSpec
from everhall.live.store import Disk, Log, Reserve, Store
from tests.live.feeds_world import (
    FFMPEG,
    HOUSE,
    RATE,
    Publisher,
    Receiving,
    check_runs,
    clocks,
    kept_frames,
    kept_runs,
    listening,
    now,
    srt_spec,
    srt_url,
    until,
)
from tests.live.test_ingest_kinds import film_spec, made

pytestmark = pytest.mark.slow

PATTERN = FeedSpec("stage", "test", "T", True)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# ---------------------------------------------------------------- time


def test_a_source_slower_than_time_goes_on_and_is_told_of(tmp_path):
    port = free_port()

    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            publisher = Publisher(tmp_path, f"[f=mpegts]{srt_url(port)}", speed="0.7")
            await until(lambda: any(code == "drift" for code, _ in here.ingest._supervisors["stage"].told(now())["warnings"]), 20.0)
            watch = here.ingest.watch("stage")
            publisher.close()
            return here, watch

    here, watch = asyncio.run(story())
    check_runs(here.store)
    assert watch.lives == 1
    assert watch.drift < -1.0
    assert len(here.told.runs) == 1


def test_timestamps_that_jump_back_lose_nothing(tmp_path):
    film = made(tmp_path / "film.ts", 3.0)
    film.write_bytes(film.read_bytes() * 2)

    async def story():
        async with Receiving(tmp_path / "live", film_spec(film)) as here:
            await until(lambda: sum(one.duration for one in here.told.segments) >= 5.9, 20.0)
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    frames = [frame for many in kept_frames(here.store).values() for frame in many]
    assert frames[:150] == [*range(frames[0], frames[0] + 75)] * 2


def test_a_leap_in_time_begins_another_run_with_the_next_keyframe(tmp_path):
    """A gap of three seconds within a film: the recorder of a camera that stood still."""
    film = tmp_path / "film.mkv"
    whole = made(tmp_path / "whole.mkv", 6.0, "-bf", "0")
    subprocess.run(
        [FFMPEG, "-loglevel", "error", "-i", str(whole), "-map", "0", "-c", "copy",
         "-bsf:v", "setts=ts=TS+gte(N\\,91)*3/TB", "-bsf:a", "setts=ts=TS+gte(TS*TB\\,3.64)*3/TB", str(film)],
        check=True,
    )  # fmt: skip

    async def story():
        async with Receiving(tmp_path / "live", film_spec(film)) as here:
            await until(lambda: len(here.told.runs) >= 2 and len(here.told.ended) >= 1, 20.0)
            await until(lambda: sum(one.duration for one in here.told.segments) >= 5.9, 20.0)
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    assert here.told.ended[0].reason == "timestamps_jump"
    kept = list(kept_frames(here.store).values())
    first = kept[0][0]
    assert kept[0] == list(range(first, first + 91))
    # Those before the keyframe could not be decoded without the ones before the leap.
    assert kept[1][:50] == list(range(first + 100, first + 150))
    order = [type(news).__name__ for _, _, news in here.told.news if type(news).__name__.startswith("Run")]
    assert order[:3] == ["RunBegan", "RunEnded", "RunBegan"]


# ---------------------------------------------------------------- the disk


def test_a_disk_that_fills_up_stops_pictures_and_parts_but_no_segment(tmp_path):
    free = [10_000]
    store = Store(tmp_path, disk=lambda _path: Disk(free[0], 10_000), reserve=Reserve(1000, 400, 200))
    picture = tmp_path / "feeds/stage/picture.jpg"

    async def story():
        async with Receiving(tmp_path, PATTERN, store=store, pictures=True) as here:
            health = lambda: dict(here.ingest._supervisors["stage"].told(now())["warnings"])  # noqa: E731
            await until(lambda: here.told.parts and picture.exists(), 20.0)
            free[0] = 900
            await until(lambda: "disk_low" in health())
            free[0] = 300
            await until(lambda: "no_pictures" in health())
            await asyncio.sleep(1.0)
            looked = picture.stat().st_mtime_ns
            parts = len(here.told.parts)
            await until(lambda: len(here.told.parts) > parts + 1)
            assert picture.stat().st_mtime_ns == looked
            free[0] = 100
            await until(lambda: "no_parts" in health())
            await asyncio.sleep(0.5)
            parts, segments = len(here.told.parts), len(here.told.segments)
            await until(lambda: len(here.told.segments) >= segments + 2)
            assert len(here.told.parts) == parts
            assert not here.told.segments[-1].parts
            free[0] = 10_000
            await until(lambda: len(here.told.parts) > parts + 1)
            await until(lambda: here.told.segments[-1].parts)
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    (frames,) = kept_frames(here.store).values()
    assert frames == list(range(frames[0], frames[0] + len(frames)))


def test_what_is_received_while_a_disk_is_full_is_kept_when_there_is_room_again(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    house = replace(HOUSE, rungs=(Rung("v720", 180, 300),))
    try:
        (small / "ballast").write_bytes(b"b" * 450_000)
        # A disk that lies about its room, so that it is the system that says no.
        store = Store(small / "live", disk=lambda _path: Disk(10**12, 10**12))

        async def story():
            async with Receiving(small, PATTERN, store=store, house=house) as here:
                await until(lambda: "disk_full" in here.ingest.watch("stage")._noted, 30.0)
                await asyncio.sleep(2.5)
                (small / "ballast").unlink()
                told = len(here.told.segments)
                await until(lambda: len(here.told.segments) > told + 1)
                return here

        here = asyncio.run(story())
        check_runs(here.store)
        (frames,) = kept_frames(here.store).values()
        assert frames == list(range(frames[0], frames[0] + len(frames)))
    finally:
        subprocess.run(["umount", str(small)], check=True)


# ---------------------------------------------------------------- ourselves

PROCESS = """
import asyncio, sys, time
from pathlib import Path
from everhall.live.ingest import Ingest
from everhall.live.store import Store
from tests.live.feeds_world import HOUSE, srt_spec

async def main():
    told = lambda feed, news: print(type(news).__name__, flush=True)
    ingest = Ingest(Store(Path(sys.argv[1])), told, time.time, house=HOUSE, pictures=True)
    await ingest.want([srt_spec(int(sys.argv[2]))])
    await asyncio.sleep(60)

asyncio.run(main())
"""


@contextlib.contextmanager
def receiving(root: Path, port: int):
    """A process of its own that receives."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(root), str(port)], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def hear(process: subprocess.Popen[str], word: str, times: int = 1) -> None:
    """Read what it tells until it has told this so many times."""
    assert process.stdout is not None
    while times:
        line = process.stdout.readline()
        assert line, "it has ended"
        times -= line.strip() == word


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        try:
            again.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def test_a_process_that_is_killed_leaves_no_ffmpeg_and_loses_less_than_a_segment(tmp_path):
    port, root = free_port(), tmp_path / "live"
    with receiving(root, port) as process:
        asyncio.run(listening(port))
        publisher = Publisher(tmp_path, f"[f=mpegts]{srt_url(port)}")
        hear(process, "Segment")
        hear(process, "PartTold")
        time.sleep(0.7)
        children = children_of(process.pid)
        assert len(children) == 2, "a receiver and a lookout"
        process.send_signal(signal.SIGKILL)
        sent = publisher.sent.read_bytes()
        process.wait()
        for _ in range(400):
            if all(gone(pid) for pid in children):
                break
            time.sleep(0.05)
        assert all(gone(pid) for pid in children)
        # A leader may be a zombie while a thread of its process still gives back the socket.
        for _ in range(400):
            if is_free(port):
                break
            time.sleep(0.05)
        assert is_free(port)
    store = Store(root)
    before = sum(len(segments) for segments in kept_runs(store).values())
    (run,) = kept_runs(store)
    assert store.parts_of("stage", run)
    with receiving(root, port) as process:
        hear(process, "Segment")
        hear(process, "RunEnded")
        publisher.close()
        time.sleep(1.0)
        publisher = Publisher(tmp_path, f"[f=mpegts]{srt_url(port)}")
        hear(process, "RunBegan")
        hear(process, "Segment")
        publisher.close()
    check_runs(store)
    one, other = kept_runs(store).values()
    assert len(one) == before + 1
    assert other[0].run > one[0].run
    frames = kept_frames(store)[run]
    assert frames == list(range(frames[0], frames[0] + len(frames)))
    missing = [frame for frame in clocks(sent, "mpegts") if frame > frames[-1]]
    assert len(missing) <= 2 * RATE, "more than a segment was lost"


def forget_line_of(index: int, folder: Path) -> None:
    """On a busy machine the segment is finished while its folder is copied."""
    for path in (folder / "feeds/stage").glob("*/index.jsonl"):
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(line for line in lines if json.loads(line)[0] != "segment" or json.loads(line)[3] < index))


def torn(tmp_path: Path) -> tuple[Path, str, list[Segment]]:
    """A folder as a killed process leaves it: the last segment's parts are there and its line is not."""

    async def story():
        async with Receiving(tmp_path / "live", PATTERN) as here:
            await until(lambda: any(part.index == 2 and part.n == 1 for part in here.told.parts), 20.0)
            shutil.copytree(tmp_path / "live", tmp_path / "torn")
            forget_line_of(2, tmp_path / "torn")
            await until(lambda: len(here.told.segments) >= 3)
            return here

    here = asyncio.run(story())
    return tmp_path / "torn", here.told.runs[0].run, here.told.segments


def test_recovery_finds_the_same_however_often_it_is_broken_off(tmp_path):
    folder, run, segments = torn(tmp_path)
    index = folder / "feeds/stage" / run / "index.jsonl"
    with index.open("ab") as file:
        file.write(b'["segment","feed/stage","')
    once = shutil.copytree(folder, tmp_path / "once")
    (found,) = recover(Store(once), "stage")
    assert recover(Store(once), "stage") == []
    assert found.index == 2
    assert found.captured == pytest.approx(segments[2].captured)
    assert found.media_time == pytest.approx(segments[2].media_time)
    # It is what the segment would have been, up to what was in the air.
    for name, media in found.media.items():
        body = Store(once).get(media.body)
        assert (tmp_path / "live/store").exists()
        assert Store(tmp_path / "live").get(segments[2].media[name].body).startswith(body)
        assert found.parts[name] == segments[2].parts[name][: len(found.parts[name])]
    # Broken off after the line was written, before the parts were dropped.
    twice = shutil.copytree(folder, tmp_path / "twice")
    parts = {path.name: path.read_bytes() for path in Store(twice).parts_of("stage", run)}
    assert recover(Store(twice), "stage") == [found]
    again = twice / "feeds/stage" / run / "parts"
    again.mkdir()
    for name, content in parts.items():
        (again / name).write_bytes(content)
    assert recover(Store(twice), "stage") == []
    lines = [line for line in Log.reading(twice / "feeds/stage" / run / "index.jsonl") if isinstance(line, Segment)]
    assert [line.index for line in lines] == [0, 1, 2]
    assert (index.parent / "parts").exists(), "what was copied is untouched"
    # A part of the lead that is missing ends it; one of the others is missing there only.
    holed = shutil.copytree(folder, tmp_path / "holed")
    place = holed / "feeds/stage" / run / "parts"
    (place / "2.1.v720.m4s").unlink()
    (place / "2.0.a-zh.m4s").unlink()
    (short,) = recover(Store(holed), "stage")
    assert len(short.parts["v720"]) == 1
    assert "a-zh" not in short.media
    # Nothing of the lead, nothing at all.
    empty = shutil.copytree(folder, tmp_path / "empty")
    (empty / "feeds/stage" / run / "parts/2.0.v720.m4s").unlink()
    assert recover(Store(empty), "stage") == []


def test_garbage_among_the_files_does_not_stop_recovery(tmp_path):
    folder, run, _ = torn(tmp_path)
    place = folder / "feeds/stage"
    (place / "000000000000aaaaaaaa/parts").mkdir(parents=True)
    (place / "000000000000aaaaaaaa/parts/0.0.v720.m4s").write_bytes(b"no index")
    broken = place / "000000000001aaaaaaaa"
    shutil.copytree(place / run, broken)
    for path in broken.glob("parts/2.*"):
        path.write_bytes(os.urandom(500))
    (place / "health.json").write_text(json.dumps({}))
    found = recover(Store(folder), "stage")
    assert [segment.run for segment in found] == [run]

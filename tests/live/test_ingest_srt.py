"""Feeds by SRT, with a real ffmpeg on both sides: what was received is kept, whoever dies and whoever comes."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator

import pytest

from tests.live.feeds_world import (
    FFMPEG,
    KEY,
    Publisher,
    Receiving,
    check_runs,
    clocks,
    kept_frames,
    listening,
    srt_spec,
    srt_url,
    until,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def port() -> int:
    """A UDP port that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def publishers(tmp_path) -> Iterator[list[Publisher]]:
    made: list[Publisher] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def publish(tmp_path, publishers, port):
    def begin(*, passphrase: str = KEY, **more) -> Publisher:
        publishers.append(Publisher(tmp_path, f"[f=mpegts]{srt_url(port, passphrase)}", **more))
        return publishers[-1]

    return begin


def lost(sent: list[int], kept: dict[str, list[int]]) -> list[int]:
    """Frames that were sent and are in no run."""
    found = {frame for frames in kept.values() for frame in frames}
    return [frame for frame in sent if frame not in found]


def test_what_fits_is_copied_in_parts_and_segments(tmp_path, port, publish):
    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            publisher = publish()
            await until(lambda: len(here.told.segments) >= 2)
            publisher.vanish()
            await until(lambda: here.told.ended)
            return here, publisher

    here, publisher = asyncio.run(story())
    check_runs(here.store)
    (run,) = here.told.runs
    assert run.renditions == ("v720", "a-zh")
    assert {line.track.rendition: line.track.codec[:4] for line in here.told.tracks} == {"v720": "avc1", "a-zh": "mp4a"}
    first, second = here.told.segments[:2]
    assert first.duration == second.duration == pytest.approx(2.0)
    assert set(first.media) == {"v720", "a-zh"}
    assert all(0 < part.duration <= 1.01 for part in first.parts["v720"])
    # Parts were told before the segment that they make, and their files are there.
    told = [(part.index, part.n) for part in here.told.parts]
    assert told == sorted(told)
    frames = next(iter(kept_frames(here.store).values()))
    # Of what was on its way when the cable was cut, some packets are missing.
    assert frames[:100] == list(range(frames[0], frames[0] + 100))
    assert len(lost(publisher.frames(), {"": frames})) <= 2 * 25


def test_a_publisher_that_vanishes_in_the_middle_of_a_segment_leaves_a_short_one(tmp_path, port, publish):
    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            first = publish()
            await until(lambda: any(part.index == 1 for part in here.told.parts))
            first.vanish()
            # SRT notices after its timeout that nothing comes any more.
            await until(lambda: here.told.ended, what="the end of the run was not told")
            second = publish()
            await until(lambda: len(here.told.runs) == 2 and here.told.segments[-1].run == here.told.runs[1].run)
            second.vanish()
            return here, (first, second)

    here, publishers = asyncio.run(story())
    check_runs(here.store)
    one, other = here.told.runs
    assert one.run < other.run
    kept = kept_frames(here.store)
    assert set(kept) == {one.run, other.run}
    for publisher, frames in zip(publishers, kept.values(), strict=True):
        missing = [frame for frame in publisher.frames() if frame not in frames]
        assert len(missing) <= 2 * 25, "more than a segment was lost"
        assert frames == sorted(set(frames))


def test_an_encoder_that_goes_on_between_two_keyframes_is_received_at_its_second_try(tmp_path, port):
    """As hardware does that sends all the time: each connection begins where it happens to be."""
    whole, cut = tmp_path / "whole.ts", tmp_path / "cut.ts"
    subprocess.run(
        [FFMPEG, "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i", "sine=r=48000",
         "-t", "40", "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0",
         "-c:a", "aac", "-f", "mpegts", str(whole)], check=True,
    )  # fmt: skip
    content = whole.read_bytes()
    packets = len(content) // 188
    cut.write_bytes(content[packets // 100 * 188 :])  # from 0.4 s on, of two seconds between keyframes
    command = [FFMPEG, "-loglevel", "error", "-nostdin", "-re", "-f", "mpegts", "-i", str(cut), "-map", "0", "-c", "copy",
               "-copyinkf", "-f", "mpegts", srt_url(port, KEY)]  # fmt: skip

    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            tries = 0
            while tries < 3 and not here.told.segments:
                tries += 1
                encoder = await asyncio.create_subprocess_exec(*command)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(encoder.wait(), 20)
                if encoder.returncode is None:
                    encoder.kill()
                    await encoder.wait()
                await asyncio.sleep(0.5)
            return here, tries

    here, tries = asyncio.run(story())
    assert tries == 2
    assert here.told.segments[0].duration == pytest.approx(2.0, abs=0.05)
    check_runs(here.store)


def test_a_publisher_may_come_back_as_another(tmp_path, port, publish):
    """Other size, other frame rate, other codecs: H.264 small, H.264 larger at 30, HEVC with MP2 sound."""

    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            publisher = publish()
            await until(lambda: len(here.told.segments) >= 1)
            publisher.process.send_signal(signal.SIGTERM)
            await until(lambda: len(here.told.ended) == 1)
            publisher = publish(size="640x360", rate=30, gop=60)
            await until(lambda: len(here.told.runs) == 2 and here.told.segments[-1].run == here.told.runs[-1].run)
            publisher.process.send_signal(signal.SIGTERM)
            await until(lambda: len(here.told.ended) == 2)
            hevc = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=50")
            for _ in range(2):
                # The first time it is turned away while the house finds out what arrives.
                publisher = publish(video=hevc, audio=("-c:a", "mp2"))
                await until(lambda one=publisher: not one.alive or len(here.told.runs) == 3, 20.0)
            await until(lambda: here.told.segments[-1].run == here.told.runs[2].run, 20.0)
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    small, larger, foreign = here.told.runs[:3]
    tracks = {(line.run, line.track.rendition): line.track for line in here.told.tracks}
    assert tracks[small.run, "v720"].width == 320
    assert tracks[larger.run, "v720"].width == 640
    assert tracks[larger.run, "v720"].frame_rate == pytest.approx(30, abs=0.5)
    # The last one went through the encoder: the ladder, and AAC.
    assert foreign.renditions == ("v720", "v360", "a-zh")
    assert tracks[foreign.run, "v720"].codec.startswith("avc1")
    assert tracks[foreign.run, "a-zh"].codec == "mp4a.40.2"
    assert here.ingest.watch("stage") is None


def test_a_wrong_passphrase_is_turned_away_and_the_listener_stays(tmp_path, port, publish):
    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            stranger = publish(passphrase="zyxwvutsrqponm")
            nobody = publish(passphrase="")
            await until(lambda: not stranger.alive and not nobody.alive)
            assert here.told.news == []
            lives = here.ingest.watch("stage").lives
            right = publish()
            await until(lambda: here.told.segments)
            assert here.ingest.watch("stage").lives == lives == 1
            right.vanish()
            return here

    check_runs(asyncio.run(story()).store)


def test_a_second_publisher_is_turned_away_while_one_is_live(tmp_path, port, publish):
    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            first = publish()
            await until(lambda: here.told.parts)
            second = publish(size="640x360")
            await until(lambda: not second.alive)
            before = len(here.told.segments)
            await until(lambda: len(here.told.segments) > before + 1)
            assert first.alive
            return here, first

    here, first = asyncio.run(story())
    check_runs(here.store)
    assert len(here.told.runs) == 1
    frames = next(iter(kept_frames(here.store).values()))
    assert set(frames) <= set(first.frames())


def test_a_receiver_that_is_killed_is_replaced_at_once(tmp_path, port, publish):
    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            first = publish()
            await until(lambda: any(part.index == 1 for part in here.told.parts))
            sent = first.sent.read_bytes()
            os.kill(here.ingest._supervisors["stage"]._life._process.pid, signal.SIGKILL)
            await until(lambda: here.told.ended and here.ingest.watch("stage").lives == 2)
            # The publisher's end of SRT takes five seconds to notice.
            assert first.alive, "the receiver is there again before the publisher has noticed"
            await until(lambda: not first.alive)
            publish()
            await until(lambda: {one.run for one in here.told.segments} == {one.run for one in here.told.runs[:2]} and len(here.told.runs) == 2)
            return here, sent

    here, sent = asyncio.run(story())
    check_runs(here.store)
    assert here.told.ended[0].reason == "killed"
    assert len(lost(clocks(sent, "mpegts"), kept_frames(here.store))) <= 2 * 25


def test_garbage_at_the_port_disturbs_nobody(tmp_path, port, publish):
    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                publisher = publish()
                while not here.told.segments:
                    for _ in range(20):
                        stranger.sendto(os.urandom(1316), ("127.0.0.1", port))
                    await asyncio.sleep(0.05)
            assert publisher.alive
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    assert len(here.told.runs) == 1


def test_who_knows_the_passphrase_and_sends_garbage_blocks_the_port_for_seconds_only(tmp_path, port, publish):
    async def story():
        async with Receiving(tmp_path / "live", srt_spec(port)) as here:
            await listening(port)
            vandal = await asyncio.create_subprocess_exec(
                *_sender(port), stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
            )
            sending = asyncio.create_task(_send_garbage(vandal))
            await until(lambda: vandal.returncode is not None or here.ingest.watch("stage").lives > 1, 25.0)
            sending.cancel()
            if vandal.returncode is None:
                vandal.kill()
            await vandal.wait()
            assert not here.told.runs
            publish()
            await until(lambda: here.told.segments, 20.0)

    asyncio.run(story())


def _sender(port: int) -> list[str]:
    return [FFMPEG, "-loglevel", "quiet", "-f", "data", "-i", "pipe:0", "-map", "0", "-c", "copy", "-f", "data",
            srt_url(port)]  # fmt: skip


async def _send_garbage(process) -> None:
    while True:
        process.stdin.write(os.urandom(20_000))
        await process.stdin.drain()
        await asyncio.sleep(0.05)

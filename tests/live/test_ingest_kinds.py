"""Feeds of every kind, with a real ffmpeg: pattern, film, pulled, pushed by a browser; what fits and what does not."""

import asyncio
import functools
import http.server
import json
import os
import re
import signal
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from everhall.live import spool
from everhall.live.rules import FeedSpec
from everhall.live.store import Store
from tests.live.feeds_world import (
    FFMPEG,
    RATE,
    Receiving,
    check_runs,
    kept_frames,
    now,
    until,
)

pytestmark = pytest.mark.slow

LONG_KEYFRAMES = ("-g", "250", "-keyint_min", "250")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-sc_threshold", "0")


def made(path: Path, seconds: float, *options: str, sound: bool = True) -> Path:
    """A film with the burned-in clock, made at once."""
    from everhall.engines.burned_clock import pattern

    graph = pattern(320, 180, RATE, "film")
    audio = ("-map", "0:a", "-c:a", "aac") if sound and "-c:a" not in options else ("-map", "0:a") if sound else ()
    subprocess.run(
        [FFMPEG, "-loglevel", "error", "-y", "-f", "lavfi", "-i", graph, "-t", str(seconds), "-map", "0:v", *H264,
         "-g", "50", "-keyint_min", "50", "-b:v", "200k", *audio, *options, str(path)],
        check=True,
    )  # fmt: skip
    return path


def film_spec(path: Path, **more) -> FeedSpec:
    return FeedSpec("stage", "file", "Film", True, film=str(path), audio=more.pop("audio", {0: "zh"}), **more)


def test_the_pattern_has_keyframes_at_even_seconds_and_a_picture_and_numbers(tmp_path):
    async def story():
        async with Receiving(tmp_path, FeedSpec("stage", "test", "T", True), pictures=True) as here:
            await until(lambda: len(here.told.segments) >= 3)
            await until(lambda: here.ingest.watch("stage").picture_at)
            await asyncio.sleep(1.2)
            return here, json.loads((tmp_path / "feeds/stage/health.json").read_text())

    here, health = asyncio.run(story())
    check_runs(here.store)
    assert here.told.runs[0].renditions == ("v720", "v360", "a-zh")
    (frames,) = kept_frames(here.store).values()
    assert frames == list(range(frames[0], frames[0] + len(frames)))
    segments = here.told.segments
    # Each but the first begins with a frame of an even second of the wall clock.
    assert frames[round(segments[0].duration * RATE)] % (2 * RATE) == 0
    # What it says of the capture time is what the burned-in clock shows, but for the time that pipes and cores take.
    shown = frames[0] / RATE
    assert abs(segments[0].captured - shown) < 1.5
    assert (tmp_path / "feeds/stage/picture.jpg").read_bytes()[:2] == b"\xff\xd8"
    assert health["state"] == "live"
    assert health["fps"] == pytest.approx(RATE, abs=0.1)
    assert health["keyframe_interval"] == pytest.approx(2.0, abs=0.05)
    assert health["dropped"] == 0
    assert -40 < health["loudness_integrated"] < -5
    assert health["warnings"] == []


def test_a_film_that_fits_is_copied_as_if_live_and_begins_again_at_its_end(tmp_path):
    film = made(tmp_path / "film.mp4", 4.0)

    async def story():
        async with Receiving(tmp_path / "live", film_spec(film)) as here:
            begun = now()
            await until(lambda: sum(one.duration for one in here.told.segments) >= 6.0, 15.0)
            return here, now() - begun

    here, took = asyncio.run(story())
    check_runs(here.store)
    assert took > 4.5, "it must not play faster than time"
    assert here.told.runs[0].renditions == ("v720", "a-zh")
    frames = [frame for many in kept_frames(here.store).values() for frame in many]
    first = frames.index(min(frames))
    assert frames.count(frames[first]) >= 2


def test_a_film_without_sound_has_silence_and_no_encoder(tmp_path):
    film = made(tmp_path / "film.mp4", 8.0, sound=False)

    async def story():
        async with Receiving(tmp_path / "live", film_spec(film)) as here:
            await until(lambda: len(here.told.segments) >= 2)
            assert here.ingest._supervisors["stage"]._life._encoder is None
            return here, here.ingest.watch("stage").reasons

    here, reasons = asyncio.run(story())
    check_runs(here.store)
    assert reasons == ("no_audio",)
    for segment in here.told.segments[:2]:
        assert segment.media["a-zh"].duration == pytest.approx(segment.duration, abs=0.05)


def test_two_languages_come_as_two_renditions_whichever_comes_first(tmp_path):
    film = tmp_path / "film.mp4"
    subprocess.run(
        [FFMPEG, "-loglevel", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi",
         "-i", "sine=440:r=48000", "-f", "lavfi", "-i", "sine=880:r=44100", "-t", "8", "-map", "0:v", *H264,
         "-g", "50", "-map", "1:a", "-map", "2:a", "-c:a", "aac", str(film)],
        check=True,
    )  # fmt: skip

    async def story():
        async with Receiving(tmp_path / "live", film_spec(film, audio={0: "en", 1: "zh"})) as here:
            await until(lambda: here.told.segments)
            return here

    here = asyncio.run(story())
    rates = {line.track.rendition: line.track.sample_rate for line in here.told.tracks}
    assert rates == {"v720": 0, "a-en": 48000, "a-zh": 44100}
    assert set(here.told.segments[0].media) == {"v720", "a-en", "a-zh"}


def test_keyframes_too_far_apart_are_copied_until_the_next_and_encoded_from_there(tmp_path):
    film = made(tmp_path / "film.mp4", 20.0, *("-g", "150", "-keyint_min", "150"))

    async def story():
        async with Receiving(tmp_path / "live", film_spec(film)) as here:
            await until(lambda: len(here.told.runs) == 2 and len(here.told.segments) >= 6, 20.0)
            health = here.ingest.watch("stage")
            return here, health.reasons

    here, reasons = asyncio.run(story())
    check_runs(here.store)
    assert reasons == ("keyframes",)
    copied, encoded = here.told.runs
    assert encoded.renditions == ("v720", "v360", "a-zh")
    kept = kept_frames(here.store)
    assert len(kept[copied.run]) == 150, "it was switched at the keyframe"
    # Nothing was lost, and nothing came twice.
    assert kept[encoded.run][0] == kept[copied.run][-1] + 1
    # (At the very end pictures are missing that others, which came before them, are shown after.)
    frames = kept[encoded.run][:-4]
    assert frames == list(range(frames[0], frames[0] + len(frames)))


def test_an_encoder_that_is_killed_is_replaced_and_the_receiver_goes_on(tmp_path):
    film = made(tmp_path / "film.mkv", 20.0, "-pix_fmt", "yuv444p")

    async def story():
        async with Receiving(tmp_path / "live", film_spec(film)) as here:
            await until(lambda: any(part.index == 1 for part in here.told.parts), 20.0)
            life = here.ingest._supervisors["stage"]._life
            os.kill(life._encoder.pid, signal.SIGKILL)
            await until(lambda: len(here.told.runs) == 2)
            await until(lambda: len([one for one in here.told.segments if one.run == here.told.runs[1].run]) >= 2)
            assert here.ingest._supervisors["stage"]._life is life
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    one, other = kept_frames(here.store).values()
    assert one == list(range(one[0], one[0] + len(one)))
    # Encoded again from the last keyframe on: nothing is missing.
    assert other[0] <= one[-1] + 1
    assert one[-1] - other[0] <= 2 * RATE


def test_what_mp4_cannot_hold_is_encoded(tmp_path):
    film = made(tmp_path / "film.webm", 15.0, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")

    async def story():
        async with Receiving(tmp_path / "live", film_spec(film)) as here:
            await until(lambda: len(here.told.segments) >= 2, 25.0)
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    assert {line.track.codec.split(".")[0] for line in here.told.tracks} == {"avc1", "mp4a"}


# ---------------------------------------------------------------- pulled


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


def test_hls_is_pulled_and_may_go_away_for_a_while(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    source = subprocess.Popen(
        [FFMPEG, "-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i",
         "sine=r=48000", *H264, "-g", "25", "-c:a", "aac", "-f", "hls", "-hls_time", "1", "-hls_list_size", "6",
         "-hls_flags", "delete_segments", str(site / "live.m3u8")],
    )  # fmt: skip
    url = f"http://127.0.0.1:{server.server_port}/live.m3u8"
    spec = FeedSpec("stage", "pull", "P", True, url=url, may_be_private=True, audio={0: "zh"})

    async def story():
        async with Receiving(tmp_path / "live", spec) as here:
            await until(lambda: len(here.told.segments) >= 2, 25.0)
            (site / "live.m3u8").rename(site / "away.m3u8")
            source.send_signal(signal.SIGSTOP)
            await until(lambda: here.told.ended, 25.0)
            source.send_signal(signal.SIGCONT)
            await until(lambda: here.told.segments[-1].run != here.told.runs[0].run, 25.0)
            return here

    try:
        check_runs(asyncio.run(story()).store)
    finally:
        source.kill()
        source.wait()
        server.shutdown()
        server.server_close()


def test_nobody_looks_into_our_own_network(tmp_path):
    spec = FeedSpec("stage", "pull", "P", True, url="http://127.0.0.1:9/x.m3u8")

    async def story():
        async with Receiving(tmp_path, spec) as here:
            await until(lambda: here.ingest.watch("stage").state == "failed")
            assert here.ingest.watch("stage").lives == 0

    asyncio.run(story())


# ---------------------------------------------------------------- pushed


def chunked(path: Path, pieces: int) -> list[bytes]:
    """As a browser's recorder gives them out: cut anywhere, the first with the header."""
    content = path.read_bytes()
    step = len(content) // pieces + 1
    return [content[at : at + step] for at in range(0, len(content), step)]


def test_chunks_of_a_browser_become_a_feed_also_out_of_order_and_twice(tmp_path):
    live = ("-movflags", "empty_moov+default_base_moof+frag_keyframe", "-frag_duration", "250000")
    film = made(tmp_path / "a.mp4", 6.0, *live)
    chunks = chunked(film, 20)
    store = Store(tmp_path / "live")
    session = "first-session"

    async def story():
        async with Receiving(tmp_path / "live", FeedSpec("stage", "push", "P", True, audio={0: "zh"}), store=store) as here:
            order = [0, 2, 1, 1, *range(3, len(chunks))]
            for number in order:
                assert spool.put(store, "stage", session, number, chunks[number], now()).kept
                await asyncio.sleep(0.1)
            assert spool.put(store, "stage", "other-session", 0, b"x", now()).code == "busy"
            spool.end(store, "stage", session)
            await until(lambda: here.told.ended)
            assert spool.put(store, "stage", session, 99, b"x", now()).code == "again"
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    (frames,) = kept_frames(here.store).values()
    assert frames == list(range(frames[0], frames[0] + 150))
    assert here.told.ended[0].reason == "gone"


def test_a_browser_that_begins_anew_begins_a_new_run(tmp_path):
    films = [made(tmp_path / f"{n}.mkv", 3.0, "-c:a", "libopus", "-cluster_time_limit", "500") for n in range(2)]
    store = Store(tmp_path / "live")

    async def story():
        async with Receiving(tmp_path / "live", FeedSpec("stage", "push", "P", True), store=store) as here:
            for number, film in enumerate(films):
                for n, chunk in enumerate(chunked(film, 10)):
                    assert spool.put(store, "stage", f"session-{number}", n, chunk, now()).kept
                    await asyncio.sleep(0.1)
                spool.end(store, "stage", f"session-{number}")
                await until(lambda number=number: len(here.told.ended) >= number + 1, 20.0)
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    assert len(here.told.runs) == 2
    assert [len(frames) for frames in kept_frames(here.store).values()] == [75, 75]


def test_a_receiver_that_is_killed_gets_the_header_of_the_session_again(tmp_path):
    film = made(tmp_path / "a.mkv", 12.0, "-c:a", "libopus", "-cluster_time_limit", "500")
    chunks = chunked(film, 48)
    store = Store(tmp_path / "live")

    async def story():
        async with Receiving(tmp_path / "live", FeedSpec("stage", "push", "P", True), store=store) as here:
            for number, chunk in enumerate(chunks):
                assert spool.put(store, "stage", "a-session", number, chunk, now()).kept
                await asyncio.sleep(0.2)
                if number == 24:
                    os.kill(here.ingest._supervisors["stage"]._life._process.pid, signal.SIGKILL)
            spool.end(store, "stage", "a-session")
            await until(lambda: len(here.told.ended) == 2)
            return here

    here = asyncio.run(story())
    check_runs(here.store)
    first, second = kept_frames(here.store).values()
    assert second[0] > first[-1]
    assert second[0] - first[-1] <= 2 * RATE + 1, "more than a segment was lost"
    assert second[-1] - first[0] == 12 * RATE - 1


def test_settings_that_change_begin_a_new_life_and_the_others_go_on(tmp_path):
    film = made(tmp_path / "film.mp4", 10.0)
    one, other = film_spec(film), replace(film_spec(film), key="other")

    async def story():
        async with Receiving(tmp_path / "live", one, other) as here:
            await until(lambda: len({(feed, type(news)) for _, feed, news in here.told.news}) >= 6)
            await here.ingest.want([replace(one, enabled=False), other])
            assert here.ingest.watch("stage") is None
            assert [news.source for news in here.told.ended] == ["feed/stage"]
            await here.ingest.want([one, other])
            await until(lambda: len([run for run in here.told.runs if run.source == "feed/stage"]) == 2)
            return here

    here = asyncio.run(story())
    assert len([run for run in here.told.runs if run.source == "feed/other"]) == 1
    assert all(re.fullmatch(r"[0-9a-f]{20}", run.run) for run in here.told.runs)

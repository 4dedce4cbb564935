"""Recordings as playlists that do not change: trimmed by whole segments, with a discontinuity where something lacks."""

import asyncio
import dataclasses
import json

import pytest

from everhall.engines.hls.model import segment_line
from everhall.live.origin_recording import rows_of, trimmed
from everhall.live.store import Log
from tests.door.helpers import Got, ask
from tests.live.origin_world import NOW, Stage, an_origin


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path)


@pytest.fixture
def origin(stage):
    return an_origin(stage.root)


def get(origin, target: str, **headers: str) -> Got:
    return asyncio.run(ask(origin, target, **headers))


def test_a_recording_is_a_playlist_with_an_end(origin, stage):
    stage.record("17", 5, public=True)
    got = get(origin, "/live/r/17/v720.m3u8")
    text = got.body.decode()
    assert got.status == 200
    assert "#EXT-X-PLAYLIST-TYPE:VOD\n" in text
    assert text.endswith("#EXT-X-ENDLIST\n")
    assert text.count("#EXTINF:2.00000,") == 5
    assert f"../../s/{stage.media['v720'].body}.m4s" in text
    assert "#EXT-X-DISCONTINUITY\n" not in text
    assert get(origin, "/live/r/17/index.m3u8").status == 200
    assert get(origin, "/live/r/17/v999.m3u8").status == 404
    assert get(origin, "/live/r/18/v720.m3u8").status == 404
    # What has ended ignores directives (RFC 8216bis §6.2.5.2).
    assert get(origin, "/live/r/17/v720.m3u8?_HLS_msn=99&_HLS_part=7").raw == got.raw


def test_a_trim_is_in_the_next_answer(origin, stage):
    stage.record("17", 5, public=True)
    assert get(origin, "/live/r/17/v720.m3u8").body.count(b"#EXTINF") == 5
    said = {"public": True, "trim_in": 2.5, "trim_out": 6.0}
    stage.store.put_small(stage.root / "recordings" / "17.json", json.dumps(said).encode())
    text = get(origin, "/live/r/17/v720.m3u8").body.decode()
    assert text.count("#EXTINF") == 2
    assert "#EXT-X-MEDIA-SEQUENCE:0\n" in text


def test_a_recording_that_goes_on_is_longer_at_the_next_request(origin, stage):
    made = stage.record("17", 2, public=True)
    assert get(origin, "/live/r/17/v720.m3u8").body.count(b"#EXTINF") == 2
    more = dataclasses.replace(made[-1], index=2, captured=made[-1].captured + 2)
    Log(stage.root / "recordings" / "17.jsonl").append([segment_line(more)], sync=False)
    assert get(origin, "/live/r/17/v720.m3u8").body.count(b"#EXTINF") == 3


def test_files_beside_a_recording_have_stretches(origin, stage):
    stage.record("17", 1, public=True, files=["download.mp4", "none.mp4"])
    folder = stage.root / "recordings" / "17"
    folder.mkdir()
    (folder / "download.mp4").write_bytes(b"0123456789")
    (folder / "notes.txt").write_bytes(b"secret")
    got = get(origin, "/live/r/17/files/download.mp4", range="bytes=2-4")
    assert (got.status, got.raw) == (206, b"234")
    assert got.headers["cache-control"] == "public, max-age=10"
    assert get(origin, "/live/r/17/files/notes.txt").status == 404
    assert get(origin, "/live/r/17/files/none.mp4").status == 404


# ---------------------------------------------------------------- rows
def test_segments_that_go_on_are_one_stretch(stage):
    rows = rows_of(stage.record("1", 4))
    assert [row.msn for row in rows] == [0, 1, 2, 3]
    assert {row.dsn for row in rows} == {0}
    assert [row.airtime for row in rows] == [NOW, NOW + 2, NOW + 4, NOW + 6]


def test_another_run_and_a_hole_are_discontinuities(stage):
    a, b, c, d = stage.record("1", 4)
    rows = rows_of([a, c, dataclasses.replace(d, run="other", index=0, captured=NOW + 60)])
    assert [row.dsn for row in rows] == [0, 1, 2]
    assert [row.airtime for row in rows] == [NOW, NOW + 4, NOW + 60]
    assert b.index == 1


def test_moments_never_go_back(stage):
    a, b, *_ = stage.record("1", 4)
    rows = rows_of([a, dataclasses.replace(b, run="other", index=0, captured=NOW - 100)])
    assert rows[1].airtime == rows[0].ends


@pytest.mark.parametrize(
    ("trim", "kept"), [((0, None), [0, 1, 2, 3]), ((2, 6), [1, 2]), ((1.9, 6.1), [0, 1, 2, 3]), ((3, 3.5), [1]), ((8, None), []), ((0, 0), [])]
)
def test_a_trim_keeps_every_segment_of_which_something_is_wanted(stage, trim, kept):
    assert [one.index for one in trimmed(stage.record("1", 4), *trim)] == kept

"""Our playlists: what rows become, that versions follow each other as RFC 8216bis wants, that it is fast."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hls.audit import Snapshot, audit
from everhall.engines.hls.model import Kind, Part, Row
from everhall.engines.hls.multivariant import multivariant
from everhall.engines.hls.parse import parse
from everhall.engines.hls.playlist import Texts, View, date_of, media_playlist
from tests.engines.playlist_world import (
    BASE,
    GAP,
    LIVE,
    PARTED_RECORDING,
    PARTED_SLATE,
    RATES,
    RECORDING,
    RENDITIONS,
    SLATE,
    TRACKS,
    Channel,
    Show,
    watched,
)

GOLDEN = Path(__file__).parents[1] / "vectors" / "hls" / "playlists"
OTHER = Show(source="feed/zhengzhou", run="q9", renditions=("v720", "a-zh"))
PROGRAMME = [LIVE, LIVE, LIVE, OTHER, OTHER, SLATE, SLATE, LIVE, GAP, RECORDING, RECORDING, LIVE, LIVE]


def aired(shows, **fields) -> Channel:
    channel = Channel(**fields)
    for show in shows:
        channel.finish(channel.begin(show))
    return channel


def in_the_air(shows, further=LIVE, **fields) -> Channel:
    """The same with one part told of a further row."""
    channel = aired(shows, **fields)
    channel.tell_part(channel.begin(further), 0)
    return channel


# ---------------------------------------------------------------- golden files
def golden() -> dict[str, str]:
    channel, window = in_the_air(PROGRAMME), in_the_air(PROGRAMME, window=6)
    recording = View(aired([RECORDING] * 4).rows, renditions=RENDITIONS, vod=True)
    return {
        "programme.v720": media_playlist(channel.view(), "v720"),
        "programme.a-en": media_playlist(channel.view(), "a-en"),
        "programme.t-zh": media_playlist(channel.view(), "t-zh"),
        "programme-delta.v720": media_playlist(channel.view(), "v720", skip=True),
        "ranges.v720": media_playlist(in_the_air([LIVE, PARTED_SLATE], PARTED_RECORDING).view(), "v720"),
        "window.v360": media_playlist(window.view(), "v360"),
        "plain.v720": media_playlist(aired(PROGRAMME, low_latency=False).view(), "v720"),
        "dvr.v720": media_playlist(replace(aired([LIVE] * 4, dvr=True).view(), low_latency=False), "v720"),
        "ended.a-zh": media_playlist(replace(channel.view(), ended=True), "a-zh"),
        "recording.v720": media_playlist(recording, "v720"),
        "index": multivariant(TRACKS, bandwidths=RATES, averages=RATES, captions=["zh", "en"]),
        "index-sound": multivariant({"a-en": TRACKS["a-en"]}, bandwidths=RATES),
        "index-silent": multivariant({"v720": TRACKS["v720"]}, bandwidths=RATES),
    }


@pytest.mark.parametrize("name", golden())
def test_a_playlist_is_the_golden_file(name):
    """To write them anew: delete the file and run once; then read what was written."""
    path = GOLDEN / f"{name}.m3u8"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(golden()[name], encoding="utf-8")
        pytest.fail(f"{path.name} was written anew: read it")
    assert golden()[name] == path.read_text(encoding="utf-8")


# ---------------------------------------------------------------- what must stay true
def test_a_programme_of_everything_is_watched_without_a_violation():
    assert audit(watched(PROGRAMME * 4)) == []
    assert audit(watched([LIVE, LIVE, PARTED_SLATE, PARTED_SLATE, LIVE, PARTED_RECORDING, PARTED_RECORDING, SLATE] * 4)) == []


@pytest.mark.parametrize("fields", [{"low_latency": False}, {"window": 40}, {"dvr": True, "low_latency": False}])
def test_other_windows_are_watched_without_a_violation(fields):
    assert audit(watched(PROGRAMME * 3, Channel(**fields))) == []


part_lists = st.sampled_from([(1.0, 1.0), (0.96, 0.96), (1.0, 0.4), (0.3,), (1.0,), (0.92, 1.0, 0.36)])
shows = st.builds(
    Show,
    source=st.sampled_from(["feed/a", "feed/b"]),
    run=st.sampled_from(["r1", "r2"]),
    parts=part_lists,
    renditions=st.just(RENDITIONS),
)
whole_rows = st.sampled_from([SLATE, GAP, RECORDING])


@settings(max_examples=10, deadline=None)
@given(st.lists(st.one_of(shows, whole_rows), min_size=3, max_size=24), st.integers(6, 14), st.booleans())
def test_whatever_is_aired_breaks_no_rule(programme, window, low_latency):
    # Short rows must not leave less than three target durations in the window.
    programme = [LIVE, LIVE, LIVE, *programme]
    found = audit(watched(programme, Channel(window=window, low_latency=low_latency)))
    assert [v for v in found if v.rule not in {"too-short", "few-segments"}] == []


def test_a_source_that_lacks_a_language_gets_the_main_sound_with_its_map():
    text = media_playlist(aired([LIVE, OTHER, OTHER, LIVE]).view(), "a-en")
    playlist = parse(text, "https://x/live/c/1/a-en.m3u8")
    main = parse(media_playlist(aired([LIVE, OTHER, OTHER, LIVE]).view(), "a-zh"), "https://x/live/c/1/a-zh.m3u8")
    assert [s.uri == m.uri for s, m in zip(playlist.segments, main.segments, strict=True)] == [False, True, True, False]
    assert [s.map == m.map for s, m in zip(playlist.segments, main.segments, strict=True)] == [False, True, True, False]


def test_a_language_that_fails_for_one_segment_leaves_a_gap_and_no_other_track():
    channel = aired([LIVE, replace(LIVE, renditions=("v720", "a-zh")), LIVE])
    playlist = parse(media_playlist(channel.view(), "a-en"), "https://x/live/c/1/a-en.m3u8")
    assert [s.gap for s in playlist.segments] == [False, True, False]
    assert len({s.map for s in playlist.segments}) == 1


def test_a_small_picture_that_is_missing_becomes_the_large_one():
    view = aired([OTHER]).view()
    assert media_playlist(view, "v360").partition("#EXT-X-MAP")[2].partition("#EXT-X-REND")[0] == (
        media_playlist(view, "v720").partition("#EXT-X-MAP")[2].partition("#EXT-X-REND")[0]
    )


def test_the_discontinuity_of_the_first_row_stays_as_long_as_the_row():
    channel = aired([LIVE] * 4 + [OTHER] * 6, window=6)
    playlist = parse(media_playlist(channel.view(), "v720"), "https://x/v720.m3u8")
    assert (playlist.dsn, playlist.segments[0].dsn, playlist.segments[0].discontinuity) == (0, 1, True)


def test_parts_are_told_at_the_live_edge_only():
    playlist = parse(media_playlist(in_the_air([LIVE] * 10).view(), "v720"), "https://x/v720.m3u8")
    assert [bool(s.parts) for s in playlist.segments] == [False] * 8 + [True] * 2
    assert len(playlist.airing.parts) == 1
    assert playlist.hints[0].uri.endswith("/p/beijing/r1/10.1.v720.m4s")


def test_parts_stay_at_the_live_edge_where_sound_is_shorter_than_the_picture():
    # Frames of sound do not end with the picture: three rows may last 5.994 s, and the first is still at the edge.
    channel, texts = Channel(), []
    for n in range(8):
        row = channel.begin(LIVE)
        seconds = (2.005, 2.005, 1.984)[n % 3]
        sound = replace(row.media["a-zh"], duration=seconds)
        parts = (Part(0, 1.003, True, 10), Part(1, seconds - 1.003, True, 10))
        channel.finish(replace(row, media={**row.media, "a-zh": sound}, parts={**row.parts, "a-zh": parts}))
        channel.hint = None
        if n >= 4:
            view = replace(channel.view(), part_target=1.04)
            texts.append(Snapshot(row.ends, f"{BASE}a-zh.m3u8", media_playlist(view, "a-zh")))
    assert audit(texts) == []


def test_reports_name_the_last_part_of_all_other_playlists():
    playlist = parse(media_playlist(in_the_air([LIVE] * 3).view(), "v720"), "https://x/live/c/1/v720.m3u8")
    assert {(r.uri.rpartition("/")[2], r.last_msn, r.last_part) for r in playlist.reports} == {
        ("v360.m3u8", 3, 0), ("a-zh.m3u8", 3, 0), ("a-en.m3u8", 3, 0), ("t-zh.m3u8", 2, -1)
    }  # fmt: skip


def test_parts_of_a_row_that_was_written_since_are_not_told_twice():
    channel = aired([LIVE] * 3)
    row = channel.begin(LIVE)
    channel.tell_part(row, 0)
    told = tuple(channel.airing)
    channel.finish(row)
    late = replace(channel.view(), airing=told)
    assert media_playlist(late, "v720") == media_playlist(channel.view(), "v720")


def test_a_delta_update_put_together_is_the_whole_playlist():
    view = in_the_air(PROGRAMME * 2, window=20).view()
    whole = parse(media_playlist(view, "v720"), "https://x/v720.m3u8")
    delta = parse(media_playlist(view, "v720", skip=True), "https://x/v720.m3u8", before=whole)
    assert delta.skipped > 10
    assert delta.segments == whole.segments
    assert delta.airing == whole.airing


def test_nothing_is_skipped_where_everything_is_near():
    view = aired([LIVE] * 5).view()
    assert media_playlist(view, "v720", skip=True) == media_playlist(view, "v720")


def test_a_channel_without_rows_has_a_playlist():
    playlist = parse(media_playlist(View((), renditions=RENDITIONS, low_latency=True), "v720"), "https://x/v720.m3u8")
    assert playlist.segments == ()
    assert playlist.complaints == ()


def test_kept_texts_change_nothing():
    texts = Texts()
    channel = Channel(window=70)
    for show in PROGRAMME * 7:
        channel.finish(channel.begin(show))
        if len(channel.rows) % 17 == 0:
            texts.forget(len(channel.rows) - 80)
        for rendition in ("v720", "a-en", "t-zh"):
            view = channel.view()
            assert media_playlist(view, rendition, texts=texts) == media_playlist(view, rendition)
            delta = media_playlist(view, rendition, skip=True, texts=texts)
            assert delta == media_playlist(view, rendition, skip=True)


def test_fifteen_minutes_are_joined_and_not_written():
    """What is measured is the number of rows that are written, because clocks of test machines are no measure."""
    channel = aired([LIVE] * 460, window=450)
    media_playlist(channel.view(), "v720", texts=channel.texts)

    written: list[int] = []

    class Counting(Texts):
        def of(self, row: Row, *args, **fields):
            written.append(row.msn)
            return super().of(row, *args, **fields)

    counting = Counting()
    counting._rows, counting._blocks = channel.texts._rows, channel.texts._blocks
    media_playlist(channel.view(), "v720", texts=counting)
    assert len(written) <= 64 + 4


@given(st.floats(0, 4e9))
def test_a_date_is_read_as_it_was_written_to_the_millisecond(seconds):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", date_of(seconds))
    text = f"#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:{date_of(seconds)}\n#EXTINF:2,\na.ts\n"
    assert abs(parse(text, "https://x/a.m3u8").segments[0].date - seconds) <= 0.0006


def test_gap_rows_have_no_address_that_anybody_should_load():
    playlist = parse(media_playlist(aired([LIVE, GAP, LIVE]).view(), "v720"), "https://x/live/c/1/v720.m3u8")
    assert [s.gap for s in playlist.segments] == [False, True, False]
    assert aired([GAP]).rows[0].kind is Kind.GAP

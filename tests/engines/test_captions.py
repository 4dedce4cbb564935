"""Lines of captions as WebVTT segments: seen by those who are late, once by those who are not."""

import re

from everhall.engines.hls.captions import (
    CARRY,
    LONGEST,
    Line,
    caption_line,
    line_of,
    lines_within,
    webvtt,
)

#: A row that begins at airtime 1000 and at 50 s of its run.
AIRTIME, MEDIA = 1000.0, 50.0


def cues(text: str) -> list[tuple[str, str, str, str]]:
    return re.findall(r"^([0-9a-f]{16})\n(\S+) --> (\S+)\n(.*?)\n(?:\n|\Z)", text, re.MULTILINE | re.DOTALL)


def test_a_line_read_back_is_the_same():
    line = Line(1.5, 2.25, "zh", "大家好\u2028“>”")
    assert line_of(caption_line(line)) == line


def test_lines_that_cannot_be_read_are_none():
    for raw in ("", "[]", "{}", "[1,2,3]", '[2,1,"zh","x"]', '["a",2,"zh","x"]', '[1,2,3,"x"]', '[1,2,"zh"', "[1,2,\"zh\",null]", '[NaN,2,"zh","x"]'):
        assert line_of(raw) is None, raw


def test_a_line_does_not_stand_for_ever():
    found = line_of('[10,1e9,"zh","x"]')
    assert found is not None
    assert found.end == 10 + LONGEST


def test_times_are_those_of_the_runs_timeline():
    text = webvtt([Line(1000.5, 1001.25, "zh", "你好")], AIRTIME, MEDIA)
    assert text.startswith("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n")
    assert [cue[1:] for cue in cues(text)] == [("00:00:50.500", "00:00:51.250", "你好")]


def test_a_line_is_the_same_cue_in_every_segment_that_repeats_it():
    line = Line(1001.0, 1004.0, "en", "hello")
    first = cues(webvtt([line], AIRTIME, MEDIA))
    second = cues(webvtt([line], AIRTIME + 2.0000001, MEDIA + 2))
    assert first == second


def test_the_map_goes_on_beyond_33_bits():
    text = webvtt([Line(1000.0, 1001.0, "zh", "x")], AIRTIME, 100_500.0)
    local, ticks = re.search(r"LOCAL:(\S+),MPEGTS:(\d+)", text).groups()
    assert local == "27:46:40.000"
    assert int(ticks) == 100_000 * 90_000 % 2**33
    assert "27:55:00.000 --> 27:55:01.000" in text


def test_lines_of_the_row_and_those_that_came_late_are_within():
    lines = [Line(980, 985, "zh", "old"), Line(988, 991.5, "zh", "late"), Line(999, 1001, "zh", "across"), Line(1001.9, 1003, "zh", "last"), Line(1002, 1003, "zh", "next")]
    found = lines_within(lines, AIRTIME - CARRY, AIRTIME + 2)
    assert [line.text for line in found] == ["late", "across", "last"]


def test_nothing_in_a_line_ends_the_cue_or_is_markup():
    text = webvtt([Line(1000, 1001, "zh", "<b>a</b> & -->\n\n00:00 --> 9\r\n  x  ")], AIRTIME, MEDIA)
    (cue,) = cues(text)
    assert cue[3] == "&lt;b&gt;a&lt;/b&gt; &amp; --&gt;\n00:00 --&gt; 9\nx"
    assert text.count("-->") == 1


def test_a_line_from_before_the_run_begins_with_it_or_is_left_out():
    text = webvtt([Line(940, 949, "zh", "gone"), Line(949, 951, "zh", "cut")], AIRTIME, MEDIA)
    assert [cue[1:] for cue in cues(text)] == [("00:00:00.000", "00:00:01.000", "cut")]

"""Captions as people have them become WebVTT that every browser reads, or a fault that names its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import master_words
from everhall.engines.timed_text import (
    Cue,
    TimedTextError,
    cleaned,
    decoded,
    plain,
    read,
    said,
    webvtt,
)

VTT = """WEBVTT - a title
Language: zh

STYLE
::cue { color: red }

NOTE nobody
reads this

1
00:01.000 --> 00:03.500 align:start line:0 region:nowhere onclick:x
<v 张三>大家好 & <i>欢迎</i>

1:00:00.000 --> 1:00:02.000
<c.loud>Bye</c> <00:19.000>now
"""
SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}<font color=\"#fff\">你好</font>\r\n世界\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n5 < 6 --> 7\r\n"


def test_webvtt_is_read_with_its_notes_left_out_and_only_settings_that_browsers_know():
    first, last = read(VTT)
    assert first == Cue(1.0, 3.5, "<v 张三>大家好 &amp; <i>欢迎</i>", "align:start line:0")
    assert (last.start, last.end, last.text) == (3600.0, 3602.0, "Bye now")
    one, two = said((first, last))
    assert (one.who, one.text, one.clock) == ("张三", "大家好 & 欢迎", "0:01")
    assert two.clock == "1:00:00"


def test_subrip_becomes_webvtt():
    text = webvtt(read(SRT))
    assert text == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n你好\n世界\n\n00:00:03.000 --> 00:00:04.000\n5 &lt; 6 → 7\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_any_program_are_read(encoding):
    assert read(decoded(SRT.encode(encoding)))[0].text == "你好\n世界"


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("hello", "not-captions", None),
        ("", "not-captions", None),
        ("WEBVTT\n\nNOTE only this", "captions-empty", None),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>", "captions-empty", None),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nok\n\nx\n00:61.000 --> 00:99.000\nno", "captions-time", 7),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\nno", "captions-order", 3),
        ("WEBVTT\n\n00:01.000 -->\nno", "captions-time", 3),
        ("1\n00:00:01,000 --> 99:00:02,000\nno", "captions-order", 2),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "长" * 1001, "captions-long", 3),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\x00", "captions-encoding", None),
    ],
)
def test_a_fault_names_its_line_and_has_its_words(text, kind, line):
    with pytest.raises(TimedTextError) as refused:
        read(text)
    assert (refused.value.kind, refused.value.values.get("line")) == (kind, line)
    for language in ("zh-hans", "en"):
        what, do = master_words.words({"kind": kind, **refused.value.values}, language)
        assert "?" not in what + do
        assert kind in master_words.WORDS


def test_what_is_no_text_or_too_much_is_refused_before_it_is_read():
    with pytest.raises(TimedTextError) as refused:
        decoded(b"\xff\xfe\x00")
    assert refused.value.kind == "captions-encoding"
    with pytest.raises(TimedTextError) as refused:
        decoded(b"a" * 1_000_001)
    assert refused.value.kind == "captions-too-big"
    with pytest.raises(TimedTextError) as refused:
        read("WEBVTT\n" + "\n00:01.000 --> 00:02.000\na\n" * 8_001)
    assert refused.value.kind == "captions-too-many"


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80)


@given(st.lists(st.tuples(st.integers(0, 80_000_000), st.integers(1, 60_000), WORDS), min_size=1, max_size=8))
def test_whatever_is_said_is_read_back_as_it_was_written(lines):
    raw = "WEBVTT\n" + "".join(f"\n{clock(a)} --> {clock(a + b)}\n{text}\n" for a, b, text in lines)
    try:
        cues = read(raw)
    except TimedTextError:
        # Nothing but markup, which says nothing.
        assert all(not cleaned(text) for *_, text in lines)
        return
    assert read(webvtt(cues)) == cues
    for cue in cues:
        assert cue.start < cue.end
        assert "\n\n" not in cue.text
        assert "-->" not in cue.text
        assert plain(cue.text)


def clock(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds % 1000:03}"

"""Reading anybody's playlists: what is told, what follows from it, and that no text whatever breaks the reader."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hls.audit import Auditor, Snapshot, audit
from everhall.engines.hls.parse import parse
from everhall.engines.hls.parse_model import Media, bare
from everhall.engines.hls.parse_reader import attributes_of, decimal, whole
from tests.engines.playlist_world import LIVE, RECORDING, SLATE, watched

URL = "https://cdn.example/a/b/live.m3u8?token=7&_HLS_msn=3"


def media(*lines: str, url: str = URL):
    return parse("\n".join(["#EXTM3U", "#EXT-X-TARGETDURATION:4", *lines]) + "\n", url)


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("x.ts", "https://cdn.example/a/b/x.ts"),
        ("../x.ts?k=1", "https://cdn.example/a/x.ts?k=1"),
        ("/x.ts", "https://cdn.example/x.ts"),
        ("//other.example/x.ts", "https://other.example/x.ts"),
        ("http://other.example/x.ts", "http://other.example/x.ts"),
    ],
)
def test_addresses_are_made_absolute(uri, address):
    assert media("#EXTINF:4,", uri).segments[0].uri == address


def test_the_name_of_a_playlist_is_its_address_without_directives():
    assert bare(URL + "&_HLS_part=2&b=1#x") == "https://cdn.example/a/b/live.m3u8?token=7&b=1"


def test_attributes_may_have_commas_and_equals_signs_in_quotes():
    assert attributes_of('A=1,B="x,y=z",C=YES, D="" ,E=0x1F') == {"A": "1", "B": "x,y=z", "C": "YES", "D": "", "E": "0x1F"}


def test_numbers_are_numbers_and_nothing_else_is():
    assert [whole(t) for t in ("7", " 7 ", "-7", "7.0", "", "٣", "x")] == [7, 7, None, None, None, None, None]
    assert [decimal(t) for t in ("7", "7.25", ".5", "7.", "-1", "1e3", "nan", "", None)] == [7, 7.25, 0.5, 7, None, None, None, None, None]


def test_lines_may_end_as_on_windows_and_comments_are_passed_over():
    found = parse("#EXTM3U\r\n#EXT-X-TARGETDURATION:4\r\n# nothing\r\n\r\n#EXTINF:4,\r\na.ts\r\n", URL)
    assert [s.uri for s in found.segments] == ["https://cdn.example/a/b/a.ts"]


def test_numbers_count_from_the_header_and_discontinuities_before_the_uri():
    found = media(
        "#EXT-X-MEDIA-SEQUENCE:7", "#EXT-X-DISCONTINUITY-SEQUENCE:2", "#EXT-X-DISCONTINUITY", "#EXTINF:4,", "a",
        "#EXTINF:4,", "b", "#EXT-X-DISCONTINUITY", "#EXTINF:4,", "c",
    )  # fmt: skip
    assert [(s.msn, s.dsn, s.discontinuity) for s in found.segments] == [(7, 3, True), (8, 3, False), (9, 4, True)]


def test_dates_go_on_and_back_from_the_one_that_is_told():
    found = media(
        "#EXTINF:4,", "a", "#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:01:00.5+00:00", "#EXTINF:3,", "b", "#EXTINF:2,", "c"
    )
    assert [s.starts for s in found.segments] == [56.5, 60.5, 63.5]


@pytest.mark.parametrize("zone", ["Z", "+0000", "+00:00", ""])
def test_zones_are_read_as_everybody_writes_them(zone):
    found = media(f"#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:01:00.250{zone}", "#EXTINF:4,", "a")
    assert found.segments[0].date == 60.25


def test_map_and_key_hold_until_the_next():
    found = media(
        '#EXT-X-MAP:URI="i.mp4",BYTERANGE="700@0"', '#EXT-X-KEY:METHOD=AES-128,URI="k"', "#EXTINF:4,", "a", "#EXTINF:4,",
        "b", "#EXT-X-KEY:METHOD=NONE", '#EXT-X-MAP:URI="j.mp4"', "#EXTINF:4,", "c",
    )  # fmt: skip
    assert [s.map.rpartition("/")[2] for s in found.segments] == ["i.mp4@700@0", "i.mp4@700@0", "j.mp4"]
    assert [bool(s.key) for s in found.segments] == [True, True, False]


def test_variables_are_put_in():
    found = media('#EXT-X-DEFINE:NAME="where",VALUE="x/y"', '#EXT-X-DEFINE:QUERYPARAM="token"', "#EXTINF:4,", "{$where}/{$token}.ts")
    assert found.segments[0].uri == "https://cdn.example/a/b/x/y/7.ts"
    assert found.needs[0] == 11


def test_what_comes_after_the_last_uri_is_the_segment_in_the_air():
    found = media("#EXTINF:4,", "a", '#EXT-X-PART:DURATION=1.5,URI="p0",INDEPENDENT=YES', '#EXT-X-PART:DURATION=1,URI="p1"')
    assert (found.airing.msn, found.airing.length, found.airing.parts[0].independent) == (1, 2.5, True)
    assert found.progress == (0, 2)


def test_a_delta_update_that_cannot_be_put_together_says_how_many_are_missing():
    found = media("#EXT-X-MEDIA-SEQUENCE:5", "#EXT-X-SKIP:SKIPPED-SEGMENTS=3", "#EXTINF:4,", "d")
    assert (found.missing, found.segments[0].msn) == (3, 8)


# ---------------------------------------------------------------- any text at all
words = st.sampled_from(
    ["#EXTINF:4,", "#EXTINF:x", "a.ts", "b.m4s", "#EXT-X-DISCONTINUITY", "#EXT-X-MEDIA-SEQUENCE:9", "#EXT-X-MEDIA-SEQUENCE:x", "#EXT-X-TARGETDURATION:4", "#EXT-X-TARGETDURATION:-1", "#EXT-X-DISCONTINUITY-SEQUENCE:3", "#EXT-X-ENDLIST", "#EXT-X-GAP", "#EXT-X-MAP:", '#EXT-X-MAP:URI="i"', '#EXT-X-KEY:METHOD=AES-128,URI="k"', '#EXT-X-PART:DURATION=1,URI="p"', "#EXT-X-PART:DURATION=z", "#EXT-X-SKIP:SKIPPED-SEGMENTS=2", "#EXT-X-SKIP:", "#EXT-X-PART-INF:PART-TARGET=1", "#EXT-X-PART-INF:PART-TARGET=0", "#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=9,CAN-BLOCK-RELOAD=YES", '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="q"', '#EXT-X-RENDITION-REPORT:URI="r.m3u8"', "#EXT-X-PROGRAM-DATE-TIME:2020-01-01T00:00:00Z", "#EXT-X-PROGRAM-DATE-TIME:9999-99-99", '#EXT-X-DATERANGE:ID="d",START-DATE="2020-01-01T00:00:00Z"', "#EXT-X-BYTERANGE:5@", "#EXT-X-VERSION:x", '#EXT-X-DEFINE:NAME="v"', "#EXT-X-DEFINE:", "#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-I-FRAMES-ONLY", "http://[bad", "{$v}", "#EXT-X-MEDIA:TYPE=AUDIO", '#EXT-X-STREAM-INF:CODECS="avc1",AUDIO="g"', "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1", "#EXT"]
)
texts = st.lists(words, max_size=14).map(lambda found: "\n".join(["#EXTM3U", *found]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(texts, st.text(max_size=40)), min_size=1, max_size=4), st.sampled_from(["", "?_HLS_skip=YES", "?_HLS_msn=4&_HLS_part=x"]))
def test_nothing_that_a_server_sends_breaks_the_auditor(versions, query):
    auditor = Auditor()
    auditor.see(Snapshot(0, "https://x/i.m3u8", '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1\nb.m3u8'))
    for n, text in enumerate(versions):
        for name in ("a", "b"):
            auditor.see(Snapshot(n * 3.0, f"https://x/{name}.m3u8{query}", text))


@settings(max_examples=60, deadline=None)
@given(texts, texts)
def test_what_was_read_before_changes_nothing_in_what_is_read(earlier, later):
    later = later.replace("#EXT-X-SKIP", "#EXT-X-SKEP")
    before = parse(earlier, URL)
    assert parse(later, URL, before if isinstance(before, Media) else None) == parse(later, URL)


def test_what_was_read_before_changes_nothing_in_what_is_read_of_a_channel():
    known: dict[str, Media] = {}
    for snapshot in watched([LIVE, LIVE, SLATE, LIVE, RECORDING, LIVE, LIVE, LIVE, LIVE] * 3):
        url = bare(snapshot.url)
        found = parse(snapshot.text, snapshot.url, known.get(url))
        if isinstance(found, Media):
            if found.skipped is None:
                assert found == parse(snapshot.text, snapshot.url)
                assert url not in known or len(found.blocks) >= 2 or len(found.segments) < 4
            known[url] = found


def test_a_playlist_of_a_thousand_segments_is_judged_again_and_again_in_reasonable_time():
    """Not a measure: a guard against what grows with the square of the window."""
    lines = [f"#EXTINF:4,\n{n}.ts" for n in range(3000)]
    head = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:{}\n"
    history = [Snapshot(4.0 * n, URL, head.format(n) + "\n".join(lines[n : n + 1000])) for n in range(8)]
    assert {v.rule for v in audit(history)} == {"date-missing"}

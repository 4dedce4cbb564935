"""The origin through ASGI: playlists of a channel, now, later or not at all; the parts that come next."""

import asyncio
import contextlib
import re

import pytest

from everhall.engines.hls.model import Kind
from everhall.live import origin_waiting
from tests.door.helpers import Got, ask
from tests.live.origin_world import FEED, RUN, Clock, Stage, an_origin, settle

LIVE = "/live/c/main/v720.m3u8"


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    made.access()
    made.row(3)
    made.part(0)
    return made


@pytest.fixture
def origin(stage):
    return an_origin(stage.root)


def get(origin, target: str, **headers: str) -> Got:
    return asyncio.run(ask(origin, target, **headers))


def after(origin, target: str, change, seconds: float = 0.05, **headers: str) -> tuple[Got, float]:
    """The answer to a request during which something changes; and how long it took after the change."""

    async def both() -> tuple[Got, float]:
        asking = asyncio.create_task(ask(origin, target, **headers))
        await asyncio.sleep(seconds)
        assert not asking.done(), "it did not wait"
        changed = asyncio.get_running_loop().time()
        change()
        got = await asking
        return got, asyncio.get_running_loop().time() - changed

    return asyncio.run(both())


# ---------------------------------------------------------------- what a playlist is
def test_a_playlist_tells_rows_parts_hint_and_reports(origin):
    got = get(origin, LIVE)
    assert got.status == 200
    assert got.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert got.headers["access-control-allow-origin"] == "*"
    text = got.body.decode()
    assert "#EXT-X-MEDIA-SEQUENCE:100\n#EXT-X-DISCONTINUITY-SEQUENCE:3\n" in text
    assert text.count("#EXTINF:2.00000,") == 3
    assert text.count("#EXT-X-PART:") >= 3
    assert f'PRELOAD-HINT:TYPE=PART,URI="../../p/{FEED}/{RUN}/3.1.v720.m4s"' in text
    assert 'RENDITION-REPORT:URI="a-zh.m3u8",LAST-MSN=103,LAST-PART=0' in text


def test_the_multivariant_playlist_leads_to_the_others(origin, stage):
    got = get(origin, "/live/c/main/index.m3u8")
    assert got.status == 200
    assert got.body.startswith(b"#EXTM3U\n")


def test_addresses_lead_to_the_bytes_that_they_name(origin, stage):
    text = get(origin, LIVE).body.decode()
    for kind, name in re.findall(r"\.\./\.\./([sp])/([^\"\n]+)", text):
        if not name.endswith("3.1.v720.m4s") and kind == "s":
            assert get(origin, f"/live/{kind}/{name}").status == 200, name
    assert get(origin, f"/live/p/{FEED}/{RUN}/3.0.v720.m4s").body == b"part 3.0 of v720"


def test_a_new_row_is_in_the_next_answer(origin, stage):
    before = get(origin, LIVE)
    row = stage.row()
    got = get(origin, LIVE)
    assert got.body.count(b"#EXTINF") == 4
    assert got.headers["etag"] != before.headers["etag"]
    assert row.msn == 103


def test_no_version_takes_back_what_was_told(origin, stage):
    """The row that ends takes the place of its parts, whichever of the two files was written last."""
    told = get(origin, LIVE).body.decode()
    row = stage.a_row()
    stage.rows.append(row)
    stage.log.append([origin_row(row)], sync=False)
    settle()
    # The parts of the row that has ended are still in the other file.
    text = get(origin, LIVE).body.decode()
    assert f"{RUN}/3.0.v720.m4s" in text
    assert f"{RUN}/3.1.v720.m4s" in text
    assert text.count("#EXTINF") == told.count("#EXTINF") + 1
    assert f'HINT:TYPE=PART,URI="../../p/{FEED}/{RUN}/4.0.v720.m4s"' in text
    stage.air.truncate()
    settle()
    assert get(origin, LIVE).body.decode() == text


def origin_row(row) -> str:
    from everhall.engines.hls.model import row_line

    return row_line(row)


def test_old_rows_are_served_while_nobody_writes_new_ones(stage):
    clock = Clock()
    origin = an_origin(stage.root, clock)
    before = get(origin, LIVE).body
    clock.now += 86_400
    assert get(origin, LIVE).body == before
    assert get(an_origin(stage.root, clock), LIVE).body == before


def test_the_window_is_fifteen_minutes_and_the_head_goes_on(origin, stage):
    stage.row(500)
    text = get(origin, LIVE).body.decode()
    assert 448 <= text.count("#EXTINF") <= 452
    first = int(re.search(r"MEDIA-SEQUENCE:(\d+)", text)[1])
    stage.row(70)
    assert f"#EXT-X-MEDIA-SEQUENCE:{first + 70}\n" in get(origin, LIVE).body.decode()


def test_another_process_and_a_fresh_one_say_the_same(origin, stage):
    stage.row(480)
    stage.row(200, dsn=4)
    stage.row(300, dsn=5)
    get(origin, LIVE)
    stage.row(3, dsn=6)
    assert get(origin, LIVE).body == get(an_origin(stage.root), LIVE).body


def test_a_channel_without_low_latency_has_no_parts_and_no_hint(stage):
    stage.access(low_latency=False)
    text = get(an_origin(stage.root), LIVE).body.decode()
    assert "PART" not in text
    assert "HINT" not in text
    assert "CAN-BLOCK-RELOAD=YES" in text


def test_a_hole_in_the_numbers_begins_the_playlist_anew(origin, stage):
    get(origin, LIVE)
    stage.row(msn=200, dsn=9)
    text = get(origin, LIVE).body.decode()
    assert "#EXT-X-MEDIA-SEQUENCE:200\n" in text
    assert text.count("#EXTINF") == 1


def test_a_channel_that_has_not_begun_says_so(tmp_path):
    Stage(tmp_path).access()
    got = get(an_origin(tmp_path), LIVE)
    assert got.status == 503
    assert got.headers["retry-after"] == "2"


def test_torn_and_foreign_lines_are_passed_over(origin, stage):
    with (stage.folder / "log.jsonl").open("a") as file:
        file.write('["row",104,3\n["other",1]\n\n["row",')
    assert get(origin, LIVE).body.count(b"#EXTINF") == 3


# ---------------------------------------------------------------- the long window
def test_the_long_window_has_no_parts_and_goes_further_back(origin, stage):
    stage.row(1000)
    assert get(origin, LIVE).body.count(b"#EXTINF") < 460
    text = get(origin, "/live/c/main/dvr/v720.m3u8").body.decode()
    assert text.count("#EXTINF") == 1003
    assert "#EXT-X-PART" not in text
    assert "../../../s/" in text
    assert get(origin, "/live/c/main/dvr/index.m3u8").status == 200
    stage.row()
    text = get(origin, "/live/c/main/dvr/v720.m3u8").body.decode()
    assert text.count("#EXTINF") == 1004
    assert get(origin, LIVE).body.count(b"#EXTINF") < 460


def test_no_window_is_longer_than_the_channel_says(stage):
    stage.row(200)
    stage.access(window=60)
    for address in (LIVE, "/live/c/main/dvr/v720.m3u8"):
        text = get(an_origin(stage.root), address).body.decode()
        assert 29 <= text.count("#EXTINF") <= 31


def test_the_long_window_goes_on_as_the_live_one_does(origin, stage):
    get(origin, "/live/c/main/dvr/v720.m3u8")
    stage.row(5, dsn=4)
    for address in (LIVE, "/live/c/main/dvr/v720.m3u8"):
        assert get(origin, address).body == get(an_origin(stage.root), address).body


# ---------------------------------------------------------------- delivery directives
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("_HLS_part=0", 400),
        ("_HLS_msn=105", 400),
        ("_HLS_msn=103&_HLS_part=4", 400),
        ("_HLS_msn=x", 400),
        ("_HLS_msn=1", 200),
        ("_HLS_msn=1&_HLS_part=9", 200),
        ("_HLS_msn=102", 200),
        ("_HLS_msn=103&_HLS_part=0", 200),
        ("_HLS_skip=YES", 200),
        ("_HLS_future=7&token=a%2F..%2F", 200),
    ],
)
def test_directives_are_answered_at_once_or_refused(origin, query, status):
    got = get(origin, f"{LIVE}?{query}")
    assert got.status == status
    if status == 400:
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["access-control-allow-origin"] == "*"
        assert len(got.body) < 100


def test_whoever_waits_for_a_part_is_woken_by_it(origin, stage):
    got, late = after(origin, f"{LIVE}?_HLS_msn=103&_HLS_part=1", lambda: stage.part(1))
    assert got.status == 200
    assert b"3.1.v720.m4s" in got.body
    assert late < 4.0


def test_whoever_waits_for_a_segment_is_not_woken_by_a_part(origin, stage):
    async def both() -> Got:
        asking = asyncio.create_task(ask(origin, f"{LIVE}?_HLS_msn=103"))
        await asyncio.sleep(0.03)
        stage.part(1)
        await asyncio.sleep(0.05)
        assert not asking.done()
        stage.row()
        return await asking

    assert asyncio.run(both()).body.count(b"#EXTINF") == 4


def test_part_after_the_last_one_means_the_first_of_the_next_segment(origin, stage):
    stage.row()
    got, _ = after(origin, f"{LIVE}?_HLS_msn=103&_HLS_part=2", lambda: stage.part(0))
    assert b"4.0.v720.m4s" in got.body


def test_waiting_is_given_up_after_three_target_durations(origin, monkeypatch):
    assert origin_waiting.PATIENCE == 6.0
    monkeypatch.setattr(origin_waiting, "PATIENCE", 0.1)
    got = get(origin, f"{LIVE}?_HLS_msn=104")
    assert got.status == 503
    assert got.headers["cache-control"] == "no-store"


def test_a_director_in_the_same_process_need_not_be_waited_for(stage, monkeypatch):
    monkeypatch.setattr("everhall.live.origin.POLL", 5.0)
    origin = an_origin(stage.root)

    def change() -> None:
        stage.part(1)
        origin.told("main")

    _, late = after(origin, f"{LIVE}?_HLS_msn=103&_HLS_part=1", change)
    assert late < 4.0


def test_many_wait_for_one_answer(origin, stage):
    async def all_of_them() -> list[Got]:
        asking = [asyncio.create_task(ask(origin, f"{LIVE}?_HLS_msn=103&_HLS_part=1")) for _ in range(200)]
        await asyncio.sleep(0.05)
        stage.part(1)
        return await asyncio.gather(*asking)

    assert len({got.raw for got in asyncio.run(all_of_them())}) == 1


def test_a_delta_update_leaves_out_what_is_old(origin, stage):
    stage.row(20)
    whole = get(origin, LIVE).body
    delta = get(origin, f"{LIVE}?_HLS_skip=YES").body
    assert b"#EXT-X-SKIP:SKIPPED-SEGMENTS=" in delta
    assert len(delta) < len(whole)


# ---------------------------------------------------------------- what may be kept
def test_how_long_an_answer_may_be_kept(origin, stage):
    assert get(origin, LIVE).headers["cache-control"] == "public, max-age=1"
    assert get(origin, f"{LIVE}?_HLS_msn=102").headers["cache-control"] == "public, max-age=12"
    assert get(origin, f"{LIVE}?_HLS_skip=YES").headers["cache-control"] == "public, max-age=1"
    assert get(origin, "/live/c/main/none.m3u8").headers["cache-control"] == "no-store"
    assert get(origin, "/live/c/main/state.json").headers["cache-control"] == "no-store"


def test_each_encoding_is_a_copy_of_its_own(origin, stage):
    stage.row(30)
    got = {name: get(origin, LIVE, accept_encoding=name) for name in ("identity", "gzip", "br")}
    assert len({one.headers["etag"] for one in got.values()}) == 3
    assert len({one.body for one in got.values()}) == 1
    assert all(one.headers["vary"] == "Accept-Encoding" for one in got.values())
    assert len(got["br"].raw) < len(got["identity"].raw) / 2
    for name, one in got.items():
        again = get(origin, LIVE, accept_encoding=name, if_none_match=one.headers["etag"])
        assert (again.status, again.raw) == (304, b"")
        assert again.headers["etag"] == one.headers["etag"]


def test_other_methods_and_the_browsers_question_before(origin):
    assert asyncio.run(ask(origin, LIVE, "POST", b"x")).status == 405
    got = asyncio.run(ask(origin, LIVE, "OPTIONS"))
    assert got.status == 204
    assert "Range" in got.headers["access-control-allow-headers"]
    head = asyncio.run(ask(origin, LIVE, "HEAD"))
    assert head.raw == b""
    assert int(head.headers["content-length"]) == len(get(origin, LIVE).raw)


# ---------------------------------------------------------------- parts
def part(index: int, n: int, rendition: str = "v720") -> str:
    return f"/live/p/{FEED}/{RUN}/{index}.{n}.{rendition}.m4s"


def test_a_hinted_part_comes_when_it_is_whole(origin, stage):
    got, late = after(origin, part(3, 1), lambda: stage.part(1))
    assert (got.status, got.body) == (200, b"part 3.1 of v720")
    assert "immutable" in got.headers["cache-control"]
    assert late < 4.0


def test_a_hinted_part_that_came_with_its_row_comes_too(origin, stage):
    def change() -> None:
        stage.part_bytes(3, 1, "v720")
        stage.row()

    got, _ = after(origin, part(3, 1), change)
    assert got.body == b"part 3.1 of v720"


def test_a_hint_that_a_cut_has_overtaken_is_not_found(origin, stage):
    stage.row()
    got, _ = after(
        origin, part(4, 0), lambda: stage.row(dsn=4, source="slate/house", run="s", index=0, kind=Kind.SLATE, parts={})
    )
    assert got.status == 404


def test_a_hint_that_never_comes_is_given_up(origin, monkeypatch):
    monkeypatch.setattr(origin_waiting, "PATIENCE", 0.1)
    assert get(origin, part(3, 1)).status == 404


@pytest.mark.parametrize("address", [part(3, 2), part(4, 0), part(3, 0, "v999"), part(9, 0)])
def test_parts_that_are_neither_there_nor_hinted_are_not_found(origin, address):
    assert get(origin, address).status == 404


def test_whoever_waits_and_goes_away_disturbs_nobody(origin, stage):
    async def both() -> Got:
        gone = asyncio.create_task(ask(origin, f"{LIVE}?_HLS_msn=103&_HLS_part=1"))
        stays = asyncio.create_task(ask(origin, f"{LIVE}?_HLS_msn=103&_HLS_part=1"))
        await asyncio.sleep(0.03)
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await gone
        stage.part(1)
        return await stays

    assert asyncio.run(both()).status == 200


# ---------------------------------------------------------------- state
def test_the_state_says_what_is_on(stage):
    clock = Clock()
    got = get(an_origin(stage.root, clock), "/live/c/main/state.json")
    said = __import__("json").loads(got.body)
    assert said["now"] == clock.now
    assert (said["msn"], said["airtime"], said["item"], said["kind"]) == (102, stage.last.ends, "opening", "segment")
    assert said["renditions"] == ["a-zh", "v720"]
    # With the part that is in the air.
    assert said["spans"] == [[stage.rows[0].airtime, stage.last.ends + 1, "segment"]]


def test_the_state_tells_what_was_shown_when(stage):
    begins = stage.rows[0].airtime
    slate_at = stage.last.ends
    stage.row(2, kind=Kind.SLATE, source="slate/house")
    stage.row(70)
    stage.part(0, source="slate/house")
    said = __import__("json").loads(get(an_origin(stage.root, Clock()), "/live/c/main/state.json").body)
    ends = stage.last.ends
    # Of what is older than two minutes nothing is told.
    assert said["spans"] == [[ends - 120, ends, "segment"], [ends, ends + 1, "slate"]]
    stage.row(1)
    stage.row(1, kind=Kind.SLATE, source="slate/house")
    said = __import__("json").loads(get(an_origin(stage.root, Clock()), "/live/c/main/state.json").body)
    assert [span[2] for span in said["spans"]] == ["segment", "slate"]
    assert begins < slate_at < said["spans"][0][0]

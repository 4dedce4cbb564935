"""Captions as a rendition of their own: row by row with the picture, new lines in time, late lines too."""

import asyncio
import re

import pytest

from tests.door.helpers import Got, ask
from tests.live.origin_world import NOW, Stage, an_origin, settle

TEXT = "/live/c/main/t-zh.m3u8"


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    made.access(captions=["zh", "en"])
    made.row(3)
    return made


@pytest.fixture
def origin(stage):
    return an_origin(stage.root)


def get(origin, target: str) -> Got:
    return asyncio.run(ask(origin, target))


def control(got: Got) -> str:
    return re.search(r"#EXT-X-SERVER-CONTROL:.*", got.body.decode())[0]


def test_captions_have_the_rows_of_the_picture(origin, stage):
    stage.row(2, dsn=4)
    stage.part(0)
    text, picture = get(origin, TEXT), get(origin, "/live/c/main/v720.m3u8")
    assert re.findall(r"^t-zh/(\d+)\.vtt$", text.body.decode(), re.MULTILINE) == ["100", "101", "102", "103", "104"]
    for tag in ("#EXTINF:", "#EXT-X-DISCONTINUITY\n", "#EXT-X-MEDIA-SEQUENCE:100", "#EXT-X-DISCONTINUITY-SEQUENCE:3", "#EXT-X-TARGETDURATION:2"):
        assert text.body.decode().count(tag) == picture.body.decode().count(tag), tag
    # All playlists of a channel say the same about the server (RFC 8216bis §6.2.4).
    assert control(text) == control(picture)
    assert "EXT-X-PART:" not in text.body.decode()
    assert "EXT-X-MAP" not in text.body.decode()
    assert text.body.decode().rstrip().splitlines()[-2:][0].startswith("#EXT-X-RENDITION-REPORT")


def test_every_address_of_a_segment_leads_to_one(origin, stage):
    for playlist in (TEXT, "/live/c/main/dvr/t-zh.m3u8", TEXT + "?_HLS_skip=YES"):
        folder = playlist.partition("?")[0].rpartition("/")[0]
        lines = [line for line in get(origin, playlist).body.decode().splitlines() if line.endswith(".vtt")]
        assert len(lines) == 3
        for line in lines:
            address = f"{folder}/{line}".replace("/dvr/..", "")
            got = get(origin, address)
            assert got.status == 200
            assert got.headers["content-type"] == "text/vtt; charset=utf-8"


def test_languages_are_those_that_are_announced_and_those_that_are_spoken(origin, stage):
    index = get(origin, "/live/c/main/index.m3u8").body.decode()
    assert re.findall(r'URI="(t-\w+)\.m3u8"', index) == ["t-zh", "t-en"]
    assert get(origin, "/live/c/main/t-fr.m3u8").status == 404
    stage.say(NOW, NOW + 1, "bonjour", "fr")
    assert get(origin, "/live/c/main/t-fr.m3u8").status == 200
    assert 'URI="t-fr.m3u8"' in get(origin, "/live/c/main/index.m3u8").body.decode()
    assert get(origin, "/live/c/main/t-de/101.vtt").status == 404


def test_a_line_posted_while_its_row_is_in_the_air_comes_with_the_row(origin, stage):
    """A row lasts two seconds and is seen three seconds after its end at the earliest (PART-HOLD-BACK)."""

    async def both() -> str:
        asking = asyncio.create_task(ask(origin, TEXT + "?_HLS_msn=103"))
        await asyncio.sleep(0.05)
        stage.say(NOW + 6.5, NOW + 9, "你好")
        stage.row()
        playlist = await asking
        last = playlist.body.decode().split("t-zh/")[-1].split("\n")[0]
        return (await ask(origin, f"/live/c/main/t-zh/{last}")).body.decode()

    # The run was at 50 s when the channel began.
    assert "00:00:56.500 --> 00:00:59.000\n你好\n" in asyncio.run(both())


def test_a_line_posted_late_is_in_the_rows_that_follow(origin, stage):
    assert "late" not in get(origin, "/live/c/main/t-zh/102.vtt").body.decode()
    stage.say(NOW + 1, NOW + 3, "late")
    stage.row()
    cues = [get(origin, f"/live/c/main/t-zh/{msn}.vtt").body.decode() for msn in (100, 101, 102, 103)]
    assert all("00:00:51.000 --> 00:00:53.000\nlate\n" in cue for cue in cues)


def test_a_row_keeps_no_answer_from_before_a_line(origin, stage):
    first = get(origin, "/live/c/main/t-zh/102.vtt")
    assert first.headers["cache-control"] == "public, max-age=1"
    stage.say(NOW + 4, NOW + 5, "one")
    stage.say(NOW + 5, NOW + 6, "two")
    stage.say(NOW + 5, NOW + 6, "other", "en")
    text = get(origin, "/live/c/main/t-zh/102.vtt").body.decode()
    assert text.index("one") < text.index("two")
    assert "other" not in text
    stage.row(60)
    assert get(origin, "/live/c/main/t-zh/102.vtt").headers["cache-control"] == "public, max-age=10"


def test_torn_lines_are_read_when_they_are_whole(origin, stage):
    path = stage.folder / "captions.jsonl"
    path.write_text(f'[{NOW},{NOW + 1},"zh","fir')
    assert "fir" not in get(origin, "/live/c/main/t-zh/100.vtt").body.decode()
    with path.open("a") as file:
        file.write('st"]\nnonsense\n')
    settle()
    assert "first" in get(origin, "/live/c/main/t-zh/100.vtt").body.decode()


def test_rows_that_are_not_told_have_no_captions(origin):
    for msn in ("99", "103", "0", "999999999999999"):
        assert get(origin, f"/live/c/main/t-zh/{msn}.vtt").status == 404

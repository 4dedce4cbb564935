"""What may not be seen is not there: private, embargoed, off the air, outside the folder."""

import asyncio
import itertools
import json

import pytest

from everhall.engines import tokens
from everhall.engines.hls.model import Kind
from tests.door.helpers import Got, ask
from tests.live.origin_world import FEED, NOW, RUN, Clock, Stage, a_token, an_origin

ADDRESSES = ["index.m3u8", "v720.m3u8", "v720.m3u8?_HLS_msn=104", "dvr/v720.m3u8", "dvr/index.m3u8", "t-zh.m3u8", "t-zh/101.vtt", "state.json"]
CHANNEL = [f"c/main/{address}" for address in ADDRESSES]
PART = f"p/{FEED}/{RUN}/2.0.v720.m4s"
HINTED = f"p/{FEED}/{RUN}/3.1.v720.m4s"


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    made.part_bytes(2, 0, "v720")
    made.row(3)
    made.part(0)
    made.say(NOW, NOW + 2, "secret words")
    return made


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def origin(stage, clock):
    return an_origin(stage.root, clock)


def get(origin, target: str, **headers: str) -> Got:
    return asyncio.run(ask(origin, target, **headers))


def is_not_there(got: Got) -> bool:
    """Exactly the answer of an address that never was."""
    return (got.status, got.body) == (404, b"There is nothing here.\n") and got.headers["cache-control"] == "no-store"


def through(token: str, address: str) -> str:
    return f"/live/t/{token}/{address}"


# ---------------------------------------------------------------- private
def test_a_channel_without_a_word_about_access_is_private(origin):
    for address in [*CHANNEL, PART, HINTED]:
        assert is_not_there(get(origin, f"/live/{address}")), address


@pytest.mark.parametrize(
    "said", ['{"public": false}', "{", "[]", "null", '{"public": 1}', '{"public": "true"}', '{"public": true, "public_from": "soon"}', '{"public": true, "public_from": NaN}', ""]
)
def test_a_word_that_is_not_a_plain_yes_is_a_no(stage, origin, said):
    stage.store.put_small(stage.folder / "access.json", said.encode())
    for address in [*CHANNEL, PART, HINTED]:
        assert is_not_there(get(origin, f"/live/{address}")), address


def test_a_token_opens_its_channel_and_nothing_is_kept_by_others(origin, stage):
    token = a_token("channel/main")
    for address in [*CHANNEL[:2], *CHANNEL[3:], PART]:
        got = get(origin, through(token, address))
        assert got.status == 200, address
        assert got.headers["cache-control"].startswith(("private", "no-store")), address
    got = get(origin, through(token, f"s/{stage.media['v720'].body}.m4s"))
    assert got.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_a_token_ends_by_the_clock_of_each_request(origin, clock):
    token = a_token("channel/main", NOW + 10)
    assert get(origin, through(token, "c/main/v720.m3u8")).status == 200
    clock.now = NOW + 10
    for address in [*CHANNEL, PART]:
        assert is_not_there(get(origin, through(token, address))), address


def test_no_other_token_opens_a_channel(origin, stage):
    other = Stage(stage.root, name="other", feed="2021-other")
    other.row(2)
    wrong = [
        a_token("channel/other"), a_token("feed/main"), a_token("recording/main"), a_token("feeds"), a_token("channel/"),
        tokens.make(tokens.secret_of("guessed"), "channel/main", NOW + 60),
        a_token("channel/main")[:-2] + ("AA" if a_token("channel/main")[-2] != "A" else "BA"), a_token("channel/main", NOW - 1), "x" * 60,
    ]  # fmt: skip
    for token, address in itertools.product(wrong, [*CHANNEL, PART, HINTED]):
        assert is_not_there(get(origin, through(token, address))), (token, address)


def test_a_token_of_a_bad_kind_opens_not_even_what_is_public(origin, stage):
    stage.access()
    assert get(origin, "/live/c/main/v720.m3u8").status == 200
    assert is_not_there(get(origin, through("x" * 60, "c/main/v720.m3u8")))
    assert is_not_there(get(origin, through(a_token("channel/main", NOW - 1), f"s/{stage.media['v720'].body}.m4s")))


def test_a_channel_that_becomes_private_is_gone_at_the_next_request(origin, stage):
    stage.access()
    for address in CHANNEL:
        if "msn" not in address:
            assert get(origin, f"/live/{address}").status == 200, address
    stage.access(public=False)
    for address in [*CHANNEL, PART]:
        assert is_not_there(get(origin, f"/live/{address}")), address


# ---------------------------------------------------------------- embargo
def test_an_embargo_ends_by_the_clock_alone(origin, stage, clock):
    stage.access(public_from=NOW + 100)
    for address in [*CHANNEL, PART]:
        assert is_not_there(get(origin, f"/live/{address}")), address
    clock.now = NOW + 99.999
    assert is_not_there(get(origin, "/live/c/main/v720.m3u8"))
    clock.now = NOW + 100
    assert get(origin, "/live/c/main/v720.m3u8").status == 200
    assert get(origin, f"/live/{PART}").status == 200


def test_an_embargo_that_is_set_again_closes_what_was_in_memory(origin, stage):
    stage.access()
    assert get(origin, "/live/c/main/v720.m3u8").status == 200
    stage.access(public_from=NOW + 100)
    assert is_not_there(get(origin, "/live/c/main/v720.m3u8"))


# ---------------------------------------------------------------- off the air
def test_what_a_feed_sends_before_and_after_it_is_on_the_air_is_not_seen(origin, stage):
    """Names of parts can be counted on; only those that a channel shows are answered."""
    stage.access()
    for index in (0, 5, 40, 41):
        stage.part_bytes(index, 0, "v720")
    assert get(origin, f"/live/p/{FEED}/{RUN}/0.0.v720.m4s").status == 200
    assert is_not_there(get(origin, f"/live/p/{FEED}/{RUN}/5.0.v720.m4s"))
    # The director cuts away; the feed goes on sending.
    stage.row(20, dsn=4, source="slate/house", run="s", index=0, kind=Kind.SLATE, parts={})
    for index in (0, 40, 41):
        assert is_not_there(get(origin, f"/live/p/{FEED}/{RUN}/{index}.0.v720.m4s")), index


def test_a_private_channel_does_not_lend_its_feed_to_a_public_one(origin, stage):
    other = Stage(stage.root, name="other", feed="2021-other")
    other.access()
    other.row(2)
    assert get(origin, "/live/c/other/v720.m3u8").status == 200
    assert is_not_there(get(origin, f"/live/{PART}"))
    # Once the public one relays it, what is shown there is seen, and no more.
    other.row(1, dsn=9, source=f"feed/{FEED}", index=2)
    assert get(origin, f"/live/{PART}").status == 200
    assert is_not_there(get(origin, f"/live/p/{FEED}/{RUN}/1.0.v720.m4s"))


def test_a_feed_that_two_channels_show_is_seen_by_the_one_that_still_does(origin, stage):
    stage.access()
    other = Stage(stage.root, name="another")
    other.access()
    other.row(4)
    assert get(origin, f"/live/{PART}").status == 200
    stage.row(20, dsn=4, source="slate/house", run="s", index=0, kind=Kind.SLATE, parts={})
    assert get(origin, f"/live/{PART}").status == 200
    other.part(0)
    assert get(origin, f"/live/p/{FEED}/{RUN}/4.0.v720.m4s").status == 200


# ---------------------------------------------------------------- feeds
def test_pictures_and_health_of_a_feed_are_for_its_desk(origin, stage):
    stage.access()
    folder = stage.root / "feeds" / FEED
    stage.store.put_small(folder / "picture.jpg", b"picture")
    stage.store.put_small(folder / "health.json", b"{}")
    for file in ("picture.jpg", "health.json"):
        address = f"f/{FEED}/{file}"
        assert is_not_there(get(origin, f"/live/{address}"))
        for scope in ("channel/main", "feed/2021-other", "feed/", f"recording/{FEED}"):
            assert is_not_there(get(origin, through(a_token(scope), address))), scope
        for scope in (f"feed/{FEED}", "feeds"):
            got = get(origin, through(a_token(scope), address))
            assert got.status == 200
            assert got.headers["cache-control"] == "no-store"
        assert is_not_there(get(origin, through(a_token("feeds"), f"f/none/{file}")))
        assert is_not_there(get(origin, through(a_token(f"feed/{FEED}", NOW - 1), address)))
    assert get(origin, through(a_token(f"feed/{FEED}"), PART)).status == 200


def test_a_picture_that_is_another_one_is_sent_anew(origin, stage):
    path = stage.root / "feeds" / FEED / "picture.jpg"
    address = through(a_token("feeds"), f"f/{FEED}/picture.jpg")
    stage.store.put_small(path, b"one")
    first = get(origin, address)
    assert get(origin, address, if_none_match=first.headers["etag"]).status == 304
    stage.store.put_small(path, b"two")
    assert get(origin, address, if_none_match=first.headers["etag"]).body == b"two"


# ---------------------------------------------------------------- recordings
def test_a_recording_is_seen_when_it_is_published_and_its_embargo_is_over(origin, stage, clock):
    addresses = ["r/17/index.m3u8", "r/17/v720.m3u8", "r/17/files/download.mp4"]
    (stage.root / "recordings" / "17").mkdir(parents=True)
    (stage.root / "recordings" / "17" / "download.mp4").write_bytes(b"film")
    stage.record("17", files=["download.mp4"])
    for address in addresses:
        assert is_not_there(get(origin, f"/live/{address}"))
        assert is_not_there(get(origin, through(a_token("recording/18"), address)))
        assert is_not_there(get(origin, through(a_token("channel/17"), address)))
        assert get(origin, through(a_token("recording/17"), address)).status == 200
    said = {"public": True, "public_from": NOW + 5, "files": ["download.mp4"]}
    path = stage.root / "recordings" / "17.json"
    stage.store.put_small(path, json.dumps(said).encode())
    assert all(is_not_there(get(origin, f"/live/{address}")) for address in addresses)
    clock.now += 5
    assert all(get(origin, f"/live/{address}").status == 200 for address in addresses)
    stage.store.put_small(path, b'{"public": true}')
    assert is_not_there(get(origin, "/live/r/17/files/download.mp4"))
    stage.store.put_small(path, b'{"public": false}')
    assert all(is_not_there(get(origin, f"/live/{address}")) for address in addresses)
    path.unlink()
    assert all(is_not_there(get(origin, f"/live/{address}")) for address in addresses)


# ---------------------------------------------------------------- outside the folder
@pytest.mark.parametrize(
    "address",
    [
        "c/../secret/v720.m3u8", "c/main/../../secret.m3u8", "c/main/..%2f..%2fsecret.m3u8", "c//v720.m3u8", "c/./v720.m3u8",
        "c/main/v720.m3u8/", "c/main/v720.m3u8\n", "c/main/log.jsonl", "c/main/access.json", "c/main/air.jsonl", "c/main/",
        "s/../secret.mp4", "s/00000000000000000000000000000000", "s/0000000000000000000000000000000G.m4s",
        "s/00000000000000000000000000000000.json.m4s", "s/00000000000000000000000000000000.exe",
        "s/" + "0" * 31 + ".m4s", "s/" + "0" * 33 + ".m4s", "s/" + "0" * 32 + ".m4s\x00", "s/ａ" + "0" * 31 + ".m4s",
        "p/../secret/0.0.v720.m4s", f"p/{FEED}/../0.0.v720.m4s", f"p/{FEED}/{RUN}/../../picture.jpg", f"p/{FEED}/{RUN}/index.jsonl",
        f"p/{FEED}/{RUN}/0.0.../x.m4s", f"p/{FEED}/{RUN}/1.m4s", f"p/{FEED}/{RUN}/٣.0.v720.m4s",
        "r/../17/index.m3u8", "r/17/files/../17.json", "r/17/files/..", "r/17/files/x.jsonl", "r/17.jsonl", "r/17/files/.hidden.mp4",
        "f/../main/picture.jpg", f"f/{FEED}/secret.txt", "t/x/c/main/v720.m3u8", "t//c/main/v720.m3u8", "x/main", "", "..",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_its_folder(origin, stage, address):
    stage.access()
    (stage.root / "secret.mp4").write_bytes(b"secret")
    (stage.root / "secret.m3u8").write_bytes(b"secret")
    stage.store.put_small(stage.root / "feeds" / FEED / "secret.txt", b"secret")
    for token in ("", f"t/{a_token('feeds')}/", f"t/{a_token('channel/main')}/"):
        got = get(origin, f"/live/{token}{address}")
        assert is_not_there(got), got.body


def test_a_link_in_the_store_is_not_followed(origin, stage):
    secret = stage.root / "secret"
    secret.write_bytes(b"secret")
    name = "0" * 32
    (stage.root / "store" / "00").mkdir(parents=True, exist_ok=True)
    (stage.root / "store" / "00" / f"{name}.m4s").symlink_to(secret)
    assert is_not_there(get(origin, f"/live/s/{name}.m4s"))


def test_other_addresses_below_live_are_pages(origin):
    assert "/live/" not in origin
    assert "/live/sessions/" not in origin
    assert "/live/c" not in origin
    assert "/2021/live/c/main/index.m3u8" not in origin
    assert "/live/c/main/index.m3u8" in origin

"""Segments and films: whole, in stretches, once more, and not too many held."""

import asyncio

import pytest

from everhall.live import origin_files
from everhall.live.origin_answers import Reply
from everhall.live.origin_files import WEIGHT, Hot
from everhall.live.store import Store
from tests.door.helpers import Got, ask
from tests.live.origin_world import an_origin

BODY = bytes(range(256)) * 40


@pytest.fixture(params=["held", "film"])
def origin(request, tmp_path, monkeypatch):
    """An origin for which the segment is small enough to be held, and one for which it is not."""
    if request.param == "film":
        monkeypatch.setattr(origin_files, "LARGEST_HELD", 100)
        monkeypatch.setattr(origin_files, "PIECE", 1000)
    return an_origin(tmp_path)


@pytest.fixture
def address(tmp_path):
    return f"/live/s/{Store(tmp_path).put(BODY)}.m4s"


def get(origin, target: str, method: str = "GET", **headers: str) -> Got:
    return asyncio.run(ask(origin, target, method, **headers))


def test_a_segment_is_for_good(origin, address):
    for _ in range(2):
        got = get(origin, address)
        assert (got.status, got.raw) == (200, BODY)
        assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert got.headers["content-type"] == "video/mp4"
        assert got.headers["accept-ranges"] == "bytes"
        assert got.headers["access-control-allow-origin"] == "*"
        assert got.headers["etag"] == f'"{address[8:40]}"'
        assert got.headers["content-length"] == str(len(BODY))


@pytest.mark.parametrize(
    ("wanted", "first", "last"), [("bytes=0-0", 0, 0), ("bytes=100-4999", 100, 4999), ("bytes=-7", 10233, 10239), ("bytes=10000-", 10000, 10239), ("bytes=5-999999", 5, 10239)]
)
def test_a_stretch_of_it(origin, address, wanted, first, last):
    got = get(origin, address, range=wanted)
    assert (got.status, got.raw) == (206, BODY[first : last + 1])
    assert got.headers["content-range"] == f"bytes {first}-{last}/10240"
    assert got.headers["content-length"] == str(last + 1 - first)
    head = get(origin, address, "HEAD", range=wanted)
    assert (head.status, head.raw, head.headers) == (206, b"", got.headers)


def test_a_stretch_beyond_its_end(origin, address):
    got = get(origin, address, range="bytes=10240-")
    assert (got.status, got.raw) == (416, b"")
    assert got.headers["content-range"] == "bytes */10240"


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "lines=1-2", "bytes=9-1", "nonsense"])
def test_what_is_no_stretch_means_the_whole(origin, address, wanted):
    assert get(origin, address, range=wanted).raw == BODY


def test_a_stretch_of_another_version_means_the_whole(origin, address):
    assert get(origin, address, range="bytes=0-1", if_range='"other"').raw == BODY
    assert get(origin, address, range="bytes=0-1", if_range=f'"{address[8:40]}"').raw == BODY[:2]


def test_head_and_a_copy_that_is_still_good(origin, address):
    head = get(origin, address, "HEAD")
    assert (head.status, head.raw) == (200, b"")
    assert head.headers == get(origin, address).headers
    got = get(origin, address, if_none_match=f'W/"{address[8:40]}"')
    assert (got.status, got.raw) == (304, b"")
    assert got.headers["cache-control"].endswith("immutable")
    assert "content-length" not in got.headers


def test_what_is_not_there_is_looked_for_again(origin, tmp_path, address):
    name = "f" * 32
    assert get(origin, f"/live/s/{name}.m4s").status == 404
    path = tmp_path / "store" / "ff" / f"{name}.m4s"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"now")
    assert get(origin, f"/live/s/{name}.m4s").raw == b"now"


def test_kinds_have_their_types(origin, tmp_path):
    for suffix, kind in {"mp4": "video/mp4", "jpg": "image/jpeg", "webp": "image/webp", "vtt": "text/vtt; charset=utf-8"}.items():
        path = tmp_path / "store" / "ee" / f"{'e' * 32}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        assert get(origin, f"/live/s/{path.name}").headers["content-type"] == kind


def test_an_empty_file_is_a_whole_one(origin, tmp_path):
    path = tmp_path / "store" / "dd" / f"{'d' * 32}.m4s"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    assert get(origin, f"/live/s/{path.name}").status == 200
    assert get(origin, f"/live/s/{path.name}", range="bytes=0-").status == 416


def test_many_ask_for_what_is_read_once(tmp_path, address, monkeypatch):
    origin = an_origin(tmp_path)
    read = []
    genuine = origin_files.read_for_good
    monkeypatch.setattr(origin_files, "read_for_good", lambda *given: read.append(given) or genuine(*given))

    async def all_of_them() -> list[Got]:
        return await asyncio.gather(*(ask(origin, address) for _ in range(50)))

    assert {got.raw for got in asyncio.run(all_of_them())} == {BODY}
    assert len(read) == 1


def test_somebody_who_leaves_does_not_stop_a_read_for_others(tmp_path, address):
    origin = an_origin(tmp_path)

    async def both() -> Got:
        first = asyncio.create_task(ask(origin, address))
        second = asyncio.create_task(ask(origin, address))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(both()).raw == BODY


# ---------------------------------------------------------------- what is held
def reply(size: int) -> Reply:
    return Reply(200, [], bytes(size))


def test_what_is_held_stays_within_its_bound_and_the_wanted_stays():
    hot = Hot(10 * (1000 + WEIGHT))
    for n in range(10):
        hot.put((str(n), False), reply(1000))
    assert hot.get(("0", False)) is not None
    for n in range(10, 19):
        hot.put((str(n), False), reply(1000))
    assert hot.weight <= hot.capacity
    assert len(hot) == 10
    assert hot.get(("0", False)) is not None
    assert hot.get(("1", False)) is None


def test_what_is_larger_than_the_room_is_not_held():
    hot = Hot(1000)
    hot.put(("a", False), reply(5000))
    assert len(hot) == 0
    assert hot.weight == 0

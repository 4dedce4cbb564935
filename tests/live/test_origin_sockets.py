"""The origin behind the door over real sockets: both ways give the same answers, and whoever waits is woken."""

import contextlib
import http.client
import socket
import threading
import time

import pytest

from everhall.config.door import Door, Shelf
from everhall.live import origin_waiting
from tests.door.helpers import Clock as DoorClock
from tests.door.helpers import Site
from tests.door.test_short_way import connected, get, served
from tests.live.origin_world import FEED, NOW, RUN, Clock, Stage, a_token, an_origin

LIVE = "/live/c/main/v720.m3u8"
NEXT = f"{LIVE}?_HLS_msn=103&_HLS_part=1"


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    made.access()
    made.row(3)
    made.part(0)
    return made


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def door(stage, site, clock):
    return Door(site, Shelf(1_000_000, DoorClock()), live=an_origin(stage.root, clock))


@contextlib.contextmanager
def asked(port: int, *requests: bytes):
    """Raw requests on one connection; the socket, to be read from."""
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as wire:
        wire.sendall(b"".join(requests))
        yield wire


def request(target: str, *lines: bytes) -> bytes:
    return b"\r\n".join([f"GET {target} HTTP/1.1".encode(), b"host: x", *lines, b"", b""])


def answers(wire: socket.socket, count: int) -> list[tuple[int, bytes]]:
    """So many answers from one connection."""
    file = wire.makefile("rb")
    found = []
    for _ in range(count):
        status = int(file.readline().split()[1])
        length = 0
        while (line := file.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        found.append((status, file.read(length)))
    return found


def long_way(wire, target: str, **headers: str):
    """The same through ASGI: a condition that nothing fulfils takes that way."""
    return get(wire, target, If_None_Match='"none"', **headers)


def waiting(door: Door) -> int:
    channels = door.live._decider._channels
    return len(channels["main"].waiting) if "main" in channels else 0


def test_both_ways_give_the_same(stage, door):
    stage.row(30)
    segment = f"/live/s/{stage.media['v720'].body}.m4s"
    targets = [
        LIVE, f"{LIVE}?_HLS_skip=YES", f"{LIVE}?_HLS_msn=1", f"{LIVE}?_HLS_part=1", "/live/c/main/index.m3u8", "/live/c/none/index.m3u8",
        "/live/c/main/t-zh/101.vtt", segment, f"/live/t/{a_token('channel/main')}/c/main/a-zh.m3u8", "/live/c/%6dain/v720.m3u8",
    ]  # fmt: skip
    with served(door) as port, connected(port) as wire:
        for target in targets:
            for encoding in ("identity", "br", "gzip"):
                first = long_way(wire, target, Accept_Encoding=encoding)
                short = [get(wire, target, Accept_Encoding=encoding) for _ in range(2)]
                assert short == [first, first], target


def test_no_answer_on_the_short_way_is_older_than_the_files(stage, door):
    with served(door) as port, connected(port) as wire:
        for msn in range(103, 120):
            stage.row()
            assert b"#EXTINF" in get(wire, LIVE)[2]
            assert get(wire, LIVE)[2].count(b"#EXTINF") == msn - 99


def test_an_embargo_holds_on_the_short_way(stage, door, clock):
    with served(door) as port, connected(port) as wire:
        assert get(wire, LIVE)[0] == 200
        stage.access(public_from=NOW + 10)
        assert get(wire, LIVE)[0] == 404
        clock.now += 10
        assert get(wire, LIVE)[0] == 200
        token = a_token("channel/main", clock.now + 5)
        stage.access(public=False)
        assert get(wire, LIVE)[0] == 404
        assert get(wire, f"/live/t/{token}/c/main/v720.m3u8")[0] == 200
        clock.now += 5
        assert get(wire, f"/live/t/{token}/c/main/v720.m3u8")[0] == 404


def test_many_connections_wait_and_all_are_woken(stage, door):
    with served(door) as port, contextlib.ExitStack() as stack:
        wires = [stack.enter_context(asked(port, request(NEXT))) for _ in range(100)]
        until = time.monotonic() + 40
        while waiting(door) < 100 and time.monotonic() < until:
            time.sleep(0.02)
        assert waiting(door) == 100
        stage.part(1)
        found = [answers(wire, 1)[0] for wire in wires]
        assert {status for status, _ in found} == {200}
        assert len({body for _, body in found}) == 1
        assert b"3.1.v720.m4s" in found[0][1]


def test_whoever_waits_on_the_long_way_is_woken_too(stage, door):
    with served(door) as port, asked(port, request(NEXT, b'if-none-match: "x"')) as wire:
        time.sleep(0.1)
        stage.part(1)
        assert answers(wire, 1)[0][0] == 200


def test_a_connection_goes_on_after_waiting(stage, door):
    with served(door) as port, asked(port, request(NEXT)) as wire:
        time.sleep(0.1)
        stage.part(1)
        assert answers(wire, 1)[0][0] == 200
        wire.sendall(request(LIVE))
        assert b"3.1.v720.m4s" in answers(wire, 1)[0][1]
        wire.sendall(request(f"{LIVE}?_HLS_msn=103"))
        time.sleep(0.1)
        stage.row()
        assert answers(wire, 1)[0][1].count(b"#EXTINF") == 4


def test_requests_behind_one_that_waits_are_answered_after_it(stage, door):
    with served(door) as port, asked(port, request(NEXT), request(LIVE), request("/live/c/none/v720.m3u8")) as wire:
        time.sleep(0.1)
        stage.part(1)
        found = answers(wire, 3)
        assert [status for status, _ in found] == [200, 200, 404]
        assert found[0][1] == found[1][1]


def test_waiting_on_the_short_way_ends_in_503(stage, door, monkeypatch):
    monkeypatch.setattr(origin_waiting, "PATIENCE", 0.2)
    with served(door) as port, asked(port, request(f"{LIVE}?_HLS_msn=104")) as wire:
        assert answers(wire, 1)[0][0] == 503


def test_whoever_leaves_while_waiting_is_not_missed(stage, door):
    with served(door) as port:
        with asked(port, request(NEXT)):
            time.sleep(0.1)
        with asked(port, request(NEXT)) as wire:
            time.sleep(0.1)
            stage.part(1)
            assert answers(wire, 1)[0][0] == 200


def test_a_body_with_a_request_that_waits_is_read_away(stage, door):
    lines = [b"content-length: 5"]
    with served(door) as port, asked(port, request(NEXT, *lines) + b"hello", request(LIVE)) as wire:
        time.sleep(0.1)
        stage.part(1)
        assert [status for status, _ in answers(wire, 2)] == [200, 200]


def test_a_server_that_stops_lets_those_who_wait_finish(stage, door):
    found: list[tuple[int, bytes]] = []

    def wait_and_read(port: int) -> None:
        with asked(port, request(NEXT)) as wire:
            found.extend(answers(wire, 1))
            found.append((0, wire.recv(10)))

    with served(door) as port:
        thread = threading.Thread(target=wait_and_read, args=(port,))
        thread.start()
        until = time.monotonic() + 40
        while not waiting(door) and time.monotonic() < until:
            time.sleep(0.02)
        # The server is told to stop when this block ends; the part comes a moment later.
        timer = threading.Timer(0.5, stage.part, (1,))
        timer.start()
    thread.join(40)
    timer.join()
    assert found[0][0] == 200
    assert found[1] == (0, b"")


def test_a_hinted_part_is_waited_for(stage, door):
    with served(door) as port, asked(port, request(f"/live/p/{FEED}/{RUN}/3.1.v720.m4s")) as wire:
        time.sleep(0.1)
        stage.part(1)
        assert answers(wire, 1) == [(200, b"part 3.1 of v720")]


def test_stretches_head_and_methods(stage, door):
    segment = f"/live/s/{stage.store.put(bytes(range(256)) * 2000)}.m4s"
    with served(door) as port, connected(port) as wire:
        for _ in range(2):
            assert len(get(wire, segment)[2]) == 512_000
            status, headers, body = get(wire, segment, Range="bytes=256-511")
            assert (status, body, headers["content-range"]) == (206, bytes(range(256)), "bytes 256-511/512000")
            assert get(wire, segment, "HEAD")[1]["content-length"] == "512000"
        assert get(wire, LIVE, "OPTIONS")[0] == 204
        assert get(wire, LIVE, "DELETE")[0] == 405


def test_many_segments_in_one_packet_come_in_order(stage, door):
    segment = f"/live/s/{stage.store.put(b'x' * 300_000)}.m4s"
    with served(door) as port:
        with connected(port) as wire:
            get(wire, segment)
        with asked(port, *[request(segment), request(LIVE)] * 5) as wire:
            sizes = [len(body) for _, body in answers(wire, 10)]
            assert sizes[::2] == [300_000] * 5


def test_pages_below_live_are_still_the_sites(site, door):
    site.page("/live/", b"<p>now</p>", "video-2021")
    with served(door) as port, connected(port) as wire:
        assert [get(wire, "/live/")[2] for _ in range(3)] == [b"<p>now</p>"] * 3
        assert site.asked == ["/live/"]


def test_old_protocols_and_last_requests_are_answered(door):
    with served(door) as port:
        wire = http.client.HTTPConnection("127.0.0.1", port)
        wire.request("GET", LIVE, headers={"Connection": "close"})
        assert wire.getresponse().status == 200
        wire.close()
        with asked(port, f"GET {LIVE} HTTP/1.0\r\n\r\n".encode()) as raw:
            assert raw.recv(100).startswith(b"HTTP/1.1 200")

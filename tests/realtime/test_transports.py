"""The same frames through ASGI and through picows, on real sockets; and what people do who mean no good."""

import contextlib
import http.client
import json
import socket
import time

import pytest
from websockets.exceptions import ConnectionClosed

from everhall.realtime import serving, wire
from everhall.realtime.topics import KINDS
from tests.realtime.rooms import Room, wall


@pytest.fixture(params=["asgi", "picows"])
def room(request):
    with Room(request.param) as room:
        yield room


def test_what_is_posted_reaches_every_page_that_follows(room):
    with room.page() as one, room.page() as two:
        assert one.follow("chat.a")["subscribed"] == "chat.a"
        two.follow("chat.a")
        room.post("chat.a", {"text": "大家好"}, {"text": "hello"})
        assert one.news(2) == two.news(2) == [{"text": "大家好"}, {"text": "hello"}]
        assert room.ask(lambda hub: hub.presence()) == {"chat.a": 2}
    deadline = time.monotonic() + 40
    while room.ask(lambda hub: hub.presence()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert room.ask(lambda hub: hub.presence()) == {}


def test_a_page_that_comes_back_is_told_what_it_missed(room):
    with room.page() as page:
        known = page.follow("session.a")["id"]
    room.post("session.a", "moved to stage 2", urgent=True)
    with room.page() as page:
        page.follow("session.a", since=known)
        assert page.news(1) == ["moved to stage 2"]


def test_the_clock_answers_on_the_socket_and_over_http(room):
    with room.page() as page:
        before = wall()
        page.say({"ping": 12.25})
        answer = page.hear()
    assert answer["pong"] == 12.25
    assert before <= answer["received"] <= answer["replied"] <= wall()
    status, headers, told = get(room, "/clock")
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert answer["replied"] <= told["received"] <= told["replied"] <= wall()


def test_a_page_without_a_socket_asks_for_a_small_cacheable_answer(room):
    room.post("session.a", "one", urgent=True)
    status, headers, told = get(room, "/news/poll?topic=session.a")
    assert (status, headers["cache-control"]) == (200, "public, max-age=1")
    room.post("session.a", "two", urgent=True)
    _, _, told = get(room, f"/news/poll?topic=session.a&since={told['id']}")
    assert told["news"] == ["two"]
    assert get(room, "/news/poll?topic=nonsense")[0] == 404
    assert get(room, "/news/poll?topic=session.a&since=x")[0] == 400
    assert get(room, "/news/poll")[0] == 404


def test_private_topics_need_a_ticket_for_just_that_topic_and_time(room):
    wanted = "ceremony.2021"
    room.post(wanted, "secret", urgent=True)
    with room.page() as page:
        for tickets in ({}, {wanted: "x"}, {wanted: room.ticket("ceremony.2020")}, {wanted: room.ticket(wanted, -1)}):
            page.say({"sub": {wanted: 0}, "tickets": tickets})
            assert page.hear() == {"refused": wanted, "why": "no-such-topic"}
        assert page.follow(wanted, tickets={wanted: room.ticket(wanted)})["subscribed"] == wanted
    assert get(room, f"/news/poll?topic={wanted}&since=0")[0] == 404
    status, headers, _ = get(room, f"/news/poll?topic={wanted}&ticket={room.ticket(wanted)}")
    assert (status, headers["cache-control"]) == (200, "private, no-store")


def test_nonsense_is_answered_and_in_the_end_hung_up_on(room):
    with room.page() as page, room.page() as other:
        other.follow("chat.a")
        for _ in range(5):
            page.say("{")
            assert page.hear() == {"refused": "frame", "why": "not-json"}
        page.say("{")
        assert page.until_hung_up_on() == 1008
        room.post("chat.a", "still here")
        assert other.news(1) == ["still here"]


def test_ten_thousand_topics_are_not_for_one_page(room):
    with room.page() as page:
        for at in range(10):
            page.say({"sub": {f"chat.{at}-{each}": None for each in range(100)}})
        answers = [page.hear() for _ in range(1000)]
        assert sum("subscribed" in each for each in answers) == wire.MOST_TOPICS
        assert sum(each.get("why") == "too-many-topics" for each in answers) == 1000 - wire.MOST_TOPICS
        assert room.ask(lambda hub: len(hub._topics)) == wire.MOST_TOPICS


def test_a_flood_is_hung_up_on(room):
    with room.page() as page:
        with contextlib.suppress(ConnectionClosed):
            for at in range(500):
                page.say({"ping": at})
        # What was on its way when the door was shut may cost the page the reason.
        assert page.until_hung_up_on() in (None, 1008)


def test_a_frame_of_a_megabyte_is_hung_up_on(room):
    with room.page() as page, room.page() as other:
        other.follow("chat.a")
        with contextlib.suppress(ConnectionClosed):
            page.say("x" * 1_000_000)
        assert page.until_hung_up_on() in (None, 1002, 1009)
        room.post("chat.a", "still here")
        assert other.news(1) == ["still here"]


def test_a_reader_that_takes_nothing_costs_a_queue_and_nobody_else_waits(room):
    with Deaf(room) as deaf, room.page() as quick:
        deaf.follow("session.a")
        quick.follow("session.a")
        told = until_held(room, quick)
        most = KINDS["session"].queue
        for _ in range(most + 1):
            assert room.ask(lambda hub: hub.let_go) == 0
            room.post("session.a", "x" * 30_000, urgent=True)
            told += len(quick.news(1))
        assert room.ask(lambda hub: hub.let_go) == 1
        assert told > most


def test_a_reader_that_pauses_gets_everything_in_order(room):
    with Deaf(room) as slow, room.page() as quick:
        slow.follow("session.a")
        quick.follow("session.a")
        told = until_held(room, quick)
        for at in range(30):
            room.post("session.a", {"at": at}, urgent=True)
            quick.news(1)
        assert slow.news(told + 30)[told:] == [{"at": at} for at in range(30)]
        room.post("session.a", "and on", urgent=True)
        assert slow.news(1) == ["and on"]
        assert room.ask(lambda hub: len(hub.held)) == 0


def test_a_connection_whose_net_is_gone_is_asked_and_then_given_up(monkeypatch):
    monkeypatch.setattr(serving, "LOOK", 0.05)
    with Room("picows") as room, Deaf(room) as silent, room.page() as page:
        ahead = 0.0
        room.newsroom.clock = lambda: wall() + ahead
        silent.follow("chat.a"), page.follow("chat.a")
        ahead = serving.SILENT + 1
        assert silent.file.read(2)[0] == 0x89  # a ping, which nobody answers here
        deadline = time.monotonic() + 40
        while room.ask(lambda hub: hub.presence())["chat.a"] == 2 and time.monotonic() < deadline:
            # The page's library answers; each answer counts from when it came.
            ahead += 1
            time.sleep(0.1)
        assert room.ask(lambda hub: hub.presence()) == {"chat.a": 1}
        room.post("chat.a", "still here")
        assert page.news(1) == ["still here"]


# ---------------------------------------------------------------- by hand


def get(room, path):
    connection = http.client.HTTPConnection("127.0.0.1", room.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, headers, json.loads(body)


def until_held(room, quick):
    """Tell long messages until the other reader's connection takes no more: the kernel alone takes up to 4 MB."""
    for told in range(1, 1000):
        room.post("session.a", "x" * 30_000, urgent=True)
        quick.news(1)
        if room.ask(lambda hub: len(hub.held)):
            return told
    raise AssertionError("never held")


class Deaf:
    """A socket with a small buffer that reads only when it is told to."""

    def __init__(self, room) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", room.port))
        self.socket.sendall(
            b"GET /news/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        self.file = self.socket.makefile("rb")
        while self.file.readline() != b"\r\n":
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def follow(self, topic):
        told = json.dumps({"sub": {topic: None}}).encode()
        self.socket.sendall(bytes([0x81, 0x80 | len(told), 0, 0, 0, 0]) + told)
        assert self.frame()["subscribed"] == topic

    def frame(self):
        length = self.file.read(2)[1]
        if length >= 126:
            length = int.from_bytes(self.file.read(2 if length == 126 else 8))
        return json.loads(self.file.read(length))

    def news(self, count):
        found = []
        while len(found) < count:
            found += self.frame().get("news", [])
        return found

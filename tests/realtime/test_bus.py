"""The bus on a real NATS: several processes' newsrooms hear the same under the same numbers, whatever dies."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from everhall.realtime.bus import MemoryBus
from everhall.realtime.nats_bus import NatsBus
from tests.realtime.rooms import Room


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as asked:
        return asked.getsockname()[1]


class Nats:
    """A server with JetStream that can be killed and started again on its data."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.address = f"nats://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        program = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or "nats-server"
        self.process = subprocess.Popen(
            [program, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.05)
        raise AssertionError("nats-server did not start")

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture
def nats(tmp_path):
    server = Nats(tmp_path / "nats").start()
    yield server
    server.kill()


@pytest.fixture
def buses(nats):
    made = []

    def make():
        made.append(NatsBus(nats.address))
        return made[-1]

    yield make
    for bus in made:
        bus.close()


def numbered(room):
    """Wait until its newsroom follows the bus."""
    deadline = time.monotonic() + 40
    while room.ask(lambda hub: hub.baseline) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def told(bus, topic, *bodies, **more):
    for body in bodies:
        bus.post(topic, json.dumps(body).encode(), **more)


def test_in_one_process_what_is_posted_is_told():
    with Room("asgi") as room, room.page() as page:
        bus = MemoryBus()
        bus.attach(room.newsroom)
        page.follow("chat.a")
        told(bus, "chat.a", "hello")
        assert page.news(1) == ["hello"]
        bus.detach(room.newsroom)
        told(bus, "chat.a", "not heard")
        room.post("chat.a", "end")
        assert page.news(1) == ["end"]


def test_every_hub_tells_the_same_under_the_same_numbers(buses):
    with Room("picows") as one, Room("asgi") as two, one.page() as here, two.page() as there:
        first, second = buses(), buses()
        first.attach(one.newsroom)
        second.attach(two.newsroom)
        numbered(one), numbered(two)
        here.follow("session.a"), there.follow("session.a")
        told(first, "session.a", *range(20), urgent=True)
        assert here.news(20) == there.news(20) == list(range(20))
        known = one.ask(lambda hub: hub._topics["session.a"].last)
        assert known == two.ask(lambda hub: hub._topics["session.a"].last)
        told(second, "session.a", "for both", urgent=True)
        assert here.news(1) == there.news(1) == ["for both"]
        # A page leaves one hub and goes on at the other.
        with two.page() as moved:
            moved.follow("session.a", since=known)
            assert moved.news(1) == ["for both"]


def test_a_hub_that_was_killed_has_not_forgotten(buses):
    with Room("picows") as room, room.page() as page:
        bus = buses()
        bus.attach(room.newsroom)
        numbered(room)
        page.follow("session.a")
        told(bus, "session.a", "seen", urgent=True)
        page.news(1)
        known = room.ask(lambda hub: hub._topics["session.a"].last)
        told(bus, "session.a", "missed", urgent=True)
        page.news(1)
        bus.detach(room.newsroom)
    with Room("picows") as again:
        bus.attach(again.newsroom)
        numbered(again)
        with again.page() as page:
            page.follow("session.a", since=known)
            assert page.news(1) == ["missed"]


def test_a_ring_that_is_not_all_says_so(buses):
    bus = buses()
    told(bus, "session.a", *range(300))
    with Room("asgi") as room:
        bus.attach(room.newsroom)
        numbered(room)
        deadline = time.monotonic() + 40
        while room.ask(lambda hub: hub._topics["session.a"].told if hub._topics else 0) < 300:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        with room.page() as page:
            page.follow("session.a", since=10)
            assert page.hear()["gap"]
            page.say({"sub": {"session.a": 280}})
            assert page.news(20) == list(range(280, 300))


def test_while_nats_is_away_news_waits_and_then_all_of_it_is_told_in_order(nats, buses):
    with Room("asgi") as room, room.page() as page:
        bus = buses()
        bus.attach(room.newsroom)
        numbered(room)
        page.follow("session.a")
        told(bus, "session.a", "before", urgent=True)
        page.news(1)
        nats.kill()
        told(bus, "session.a", *range(50), urgent=True)
        # Whoever tells does not wait for a bus that is away: else we should not come here.
        time.sleep(3)
        nats.start()
        assert sorted(page.news(50, seconds=30)) == list(range(50))
        told(bus, "session.a", "after", urgent=True)
        assert page.news(1, seconds=30) == ["after"]


def test_who_comes_while_a_hub_is_told_what_was_kept_hears_nothing_twice(buses):
    told(buses(), "session.a", *range(250))
    with Room("asgi") as first:
        bus = buses()
        bus.attach(first.newsroom)
        with first.page() as page:
            # The one who knows them all and one who knows the first half come at once, long before all is told.
            page.say({"sub": {"session.a": 250}})
            assert page.hear() == {"subscribed": "session.a", "id": 250}
            with first.page() as half:
                half.follow("session.a", since=100)
                assert half.news(150) == list(range(100, 250))
            told(bus, "session.a", "new")
            assert page.news(1) == ["new"]


def test_started_before_nats_it_waits_for_it(tmp_path):
    nats = Nats(tmp_path / "nats")
    bus = NatsBus(nats.address)
    try:
        with Room("asgi") as room, room.page() as page:
            bus.attach(room.newsroom)
            page.say({"sub": {"session.a": None}})
            told(bus, "session.a", "early", urgent=True)
            nats.start()
            # What was said in between may be part of what is kept already: the page looks at the state anew.
            assert page.hear(30)["subscribed"] == "session.a"
            assert page.hear()["gap"]
            deadline = time.monotonic() + 40
            while room.ask(lambda hub: hub._topics["session.a"].told) == 0:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            told(bus, "session.a", "late", urgent=True)
            assert page.news(1)[-1] in ("early", "late")
    finally:
        bus.close()
        nats.kill()


def test_nothing_kept_is_nothing_to_wait_for(buses):
    with Room("picows") as room, room.page() as page:
        bus = buses()
        bus.attach(room.newsroom)
        assert page.follow("session.a")["subscribed"] == "session.a"
        assert page.hear()["gap"]
        told(bus, "session.a", "first")
        assert page.news(1) == ["first"]

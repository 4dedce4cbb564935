"""Acts in line and over ASGI: answered once, many in one transaction, whatever happens. No database: `perform` is a plain
function here; the real one has its own tests."""

import asyncio
import json
import threading
import time

import pytest

from everhall.audience import inbox as inboxes
from everhall.audience.asgi import Acting
from everhall.audience.gate import Gate
from everhall.audience.inbox import Inbox
from everhall.audience.services import Act, Refused
from everhall.engines import tokens

SECRET = tokens.secret_of("only for a test")
NOW = 1_700_000_000.0


def good_pass(guest: int = 1) -> str:
    return tokens.make(SECRET, f"talk/{guest}", NOW + 60)


def noted(answers: list, found, done: threading.Event, wanted: int = 1) -> None:
    answers.append(found)
    if len(answers) >= wanted:
        done.set()


@pytest.fixture
def running():
    started = []

    def run(perform):
        started.append(Inbox(perform))
        started[-1].start()
        return started[-1]

    yield run
    for each in started:
        each.stop()


def test_many_share_one_transaction(running) -> None:
    answers: list = []
    sizes, done = [], threading.Event()

    def perform(acts, now):
        sizes.append(len(acts))
        return [{"id": act.guest} for act in acts]

    inbox = running(perform)
    for number in range(100):
        assert inbox.put(Act("r", number, "say"), lambda found: noted(answers, found["id"], done, 100))
    assert done.wait(20)
    assert answers == list(range(100))
    assert len(sizes) <= 3


def test_a_batch_that_fails_is_answered_and_the_line_goes_on(running) -> None:
    answers: list = []
    fail, done = [True], threading.Event()

    def perform(acts, now):
        if fail:
            fail.pop()
            raise RuntimeError("the database is away")
        return [{} for _ in acts]

    inbox = running(perform)
    inbox.put(Act("r", 1, "say"), lambda found: noted(answers, found, done))
    assert done.wait(20)
    assert isinstance(answers[0], Refused)
    assert answers[0].code == "busy"
    done.clear()
    inbox.put(Act("r", 1, "say"), lambda found: noted(answers, found, done))
    assert done.wait(20)
    assert answers[1] == {}


def test_one_room_does_not_fill_the_line_for_others(monkeypatch) -> None:
    monkeypatch.setattr(inboxes, "MOST_OF_ROOM", 5)
    monkeypatch.setattr(inboxes, "MOST_WAITING", 8)
    inbox = Inbox(lambda acts, now: [{} for _ in acts])
    assert [inbox.put(Act("flooded", n, "say"), lambda found: None) for n in range(7)] == [True] * 5 + [False] * 2
    assert [inbox.put(Act(f"r{n}", n, "say"), lambda found: None) for n in range(4)] == [True] * 3 + [False]


def test_what_waits_is_written_before_the_end() -> None:
    written = []

    def perform(acts, now):
        written.extend(acts)
        return [{} for _ in acts]

    inbox = Inbox(perform)
    for number in range(400):
        inbox.put(Act("r", number, "say"), lambda found: None)
    inbox.start()
    inbox.stop()
    assert len(written) == 400
    assert not inbox.put(Act("r", 1, "say"), lambda found: None)


def ask(acting: Acting, body: bytes, method: str = "POST", headers=()) -> tuple[int, dict, dict]:
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": "/talk/act", "headers": list(headers), "client": ("10.0.0.1", 1)}
    asyncio.run(acting(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"]), dict(sent[0]["headers"])


@pytest.fixture
def acting(running):
    inbox = running(lambda acts, now: [{"state": "shown"} if act.body.get("text") else Refused("length") for act in acts])
    return Acting(Gate(SECRET), inbox, lambda: NOW)


def body(**values) -> bytes:
    return json.dumps({"pass": good_pass(), "room": "r", "verb": "say", "text": "x", **values}).encode()


def test_an_act_over_asgi(acting) -> None:
    status, told, headers = ask(acting, body())
    assert (status, told) == (200, {"ok": True, "state": "shown"})
    assert headers[b"cache-control"] == b"no-store"
    assert ask(acting, body(text=""))[:2] == (409, {"ok": False, "code": "length", "wait": 0.0})


@pytest.mark.parametrize(
    ("said", "method", "status"),
    [(b"", "POST", 400), (b"[1]", "POST", 400), (b"x" * 9000, "POST", 413), (body(), "GET", 405), (b'{"room":"r","verb":"say"}', "POST", 403), (b"[" * 8000, "POST", 400)],
)
def test_nonsense_over_asgi(acting, said, method, status) -> None:
    assert ask(acting, said, method)[0] == status


def test_a_flood_over_asgi_is_told_how_long_to_wait(acting) -> None:
    found = [ask(acting, body()) for _ in range(6)]
    assert [each[0] for each in found] == [200] * 4 + [429] * 2
    assert found[-1][2][b"retry-after"] == b"2"


def test_whoever_goes_away_or_a_loop_that_ends_stops_nobody(running) -> None:

    def perform(acts, now):
        time.sleep(0.2)
        return [{} for _ in acts]

    slow = running(perform)
    acting = Acting(Gate(SECRET), slow, lambda: NOW)

    async def leave() -> None:
        task = asyncio.ensure_future(acting._act(body(), "10.0.0.1"))
        await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(leave())
    assert ask(acting, body())[0] == 200

"""Chunks of the go-live page over ASGI: whoever has the feed's own token sends, in any order, and is told what became
of each chunk."""

import asyncio
import json
from pathlib import Path

import pytest

from everhall.engines import tokens
from everhall.live import spool
from everhall.live.origin import Origin
from everhall.live.origin_push import mark_of, mark_path
from everhall.live.store import Store

SECRET = tokens.secret_of("a key of a test")
NOW = 1_700_000_000.0
FEED = "2021-hall"
SESSION = "0123456789abcdef"
MARK = mark_of("the key of the feed")


@pytest.fixture(autouse=True)
def open_feed(tmp_path: Path) -> None:
    for feed in (FEED, "2021-other"):
        path = mark_path(tmp_path, feed)
        path.parent.mkdir(parents=True)
        path.write_text(MARK)


def ask(root: Path, path: str, body: bytes = b"", method: str = "POST", pieces: int = 1, told: int | None = None, now: float = NOW) -> tuple[int, dict]:
    """A request to the origin, its body in some pieces; the status and the JSON of the answer ({} for none)."""
    origin = Origin(root, SECRET, lambda: now)
    size = max(1, -(-len(body) // pieces))
    waiting = [body[n : n + size] for n in range(0, len(body), size)] or [b""]
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: dict) -> None:
        sent.append(message)

    length = len(body) if told is None else told
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [(b"content-length", b"%d" % length)]}
    asyncio.run(origin(scope, receive, send))
    answer = sent[1]["body"]
    return sent[0]["status"], json.loads(answer) if answer.startswith(b"{") else {}


def address(number: object, *, scope: str = f"push/{FEED}/{MARK}", feed: str = FEED, session: str = SESSION, until: float = NOW + 60) -> str:
    return f"/live/t/{tokens.make(SECRET, scope, until)}/push/{feed}/{session}/{number}"


def test_chunks_are_kept_and_given_out_in_order_each_once(tmp_path: Path) -> None:
    for number, body in ((0, b"init"), (2, b"two"), (1, b"one"), (1, b"one")):
        assert ask(tmp_path, address(number), body, pieces=2, method="PUT" if number else "POST") == (200, {"code": "kept"})
    inbox = spool.Inbox(Store(tmp_path), FEED)
    assert inbox.take_up()
    assert inbox.new() == [b"init", b"one", b"two"]


@pytest.mark.parametrize(
    "path",
    [
        address(0, scope=f"feed/{FEED}"), address(0, scope=f"push/{FEED}"), address(0, scope=f"push/{FEED}/{mark_of('old')}"), address(0, scope="feeds"), address(0, feed="2021-other"), address(0, until=NOW - 1),
        address(0).replace("/push/", "/push/../"), address("-1"), address("x"), address(0, session="short"),
        f"/live/push/{FEED}/{SESSION}/0",
    ],
)  # fmt: skip
def test_without_this_feeds_own_token_there_is_nothing(tmp_path: Path, path: str) -> None:
    status, _ = ask(tmp_path, path, b"init")
    assert status in {404, 405}
    assert not list(tmp_path.rglob("0000*"))


def test_a_session_begins_with_its_first_chunk(tmp_path: Path) -> None:
    assert ask(tmp_path, address(3), b"three") == (410, {"code": "again"})


def test_a_second_sender_is_told_that_somebody_is_live_until_the_first_says_goodbye(tmp_path: Path) -> None:
    assert ask(tmp_path, address(0), b"init")[0] == 200
    other = address(0, session="fedcba9876543210")
    assert ask(tmp_path, other, b"mine") == (409, {"code": "busy"})
    assert ask(tmp_path, address("end")) == (200, {"code": "ended"})
    assert ask(tmp_path, other, b"mine") == (200, {"code": "kept"})


def test_a_body_that_is_too_long_is_refused_whether_it_says_so_or_not(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(spool, "MOST_BYTES", 1000)
    assert ask(tmp_path, address(0), b"", told=1001) == (413, {"code": "too_large"})
    assert ask(tmp_path, address(0), b"x" * 1001, pieces=4, told=0) == (413, {"code": "too_large"})
    assert not list(tmp_path.rglob("0000*"))


def test_a_chunk_is_not_read_back(tmp_path: Path) -> None:
    assert ask(tmp_path, address(0), method="GET")[0] == 405

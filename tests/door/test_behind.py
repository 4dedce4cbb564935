"""What guards Django: sizes, threads, ids, and answers in words."""

import asyncio
import threading
import time
from typing import Any

import pytest

from everhall.config.door.behind import Behind, Limits, shown
from everhall.config.door.counts import Counts
from tests.door.helpers import ask

SMALL = Limits(threads=2, ordinary_body=1000, upload_body=200_000, import_body=300_000)
EDITOR = {"cookie": "sessionid=x", "content_type": "multipart/form-data; boundary=b"}


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """A WSGI site that reads the whole body and says what it saw."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {len(body)} {environ['HTTP_X_REQUEST_ID']}".encode()]


def behind(site: Any = echo, limits: Limits = SMALL) -> Behind:
    return Behind(site, limits, Counts())


def test_a_request_gets_an_id_and_keeps_a_sane_one():
    async def play():
        door = behind()
        got = await ask(door, "/")
        assert len(got.headers["x-request-id"]) == 32
        assert got.body.decode().endswith(got.headers["x-request-id"])
        assert (await ask(door, "/", x_request_id="proxy-0001")).headers[
            "x-request-id"
        ] == "proxy-0001"
        assert (await ask(door, "/", x_request_id="a b\tc")).headers["x-request-id"] != "a b\tc"

    asyncio.run(play())


@pytest.mark.parametrize(
    ("path", "size", "told", "more", "status"),
    [
        ("/form", 1000, True, {}, 200),
        ("/form", 1001, True, {}, 413),
        ("/form", 1001, False, {}, 413),
        ("/form", 5000, True, EDITOR, 413),
        ("/admin/add", 5000, True, {}, 413),
        ("/admin/add", 150_000, True, EDITOR, 200),
        ("/admin/add", 150_000, False, EDITOR, 200),
        ("/admin/add", 200_001, True, EDITOR, 413),
        ("/admin/add", 400_000, False, EDITOR, 413),
        ("/admin/imports/upload/", 300_000, True, EDITOR, 200),
        ("/admin/imports/upload/", 300_001, True, EDITOR, 413),
    ],
)
def test_a_body_that_is_too_large_is_refused_in_both_languages(path, size, told, more, status):
    async def play():
        headers = dict(more)
        if told:
            headers["content_length"] = str(size)
        door = behind()
        got = await ask(door, path, "POST", b"x" * size, **headers)
        assert got.status == status
        if status == 200:
            assert got.body.decode().startswith(f"POST {size} ")
        else:
            assert "太大" in got.body.decode()
            assert "too large" in got.body.decode()
            assert door.counts.refused_large == 1

    asyncio.run(play())


def test_at_most_so_many_renders_run_at_once_and_the_rest_is_told_to_come_again():
    running: list[int] = []
    most: list[int] = []
    lock = threading.Lock()

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with lock:
            running.append(1)
            most.append(len(running))
        time.sleep(0.05)
        with lock:
            running.pop()
        start_response("200 OK", [])
        return [b"ok"]

    async def play():
        door = behind(slow, Limits(threads=2, waiting=4))
        answers = await asyncio.gather(*(ask(door, "/") for _ in range(6)))
        assert sorted(answer.status for answer in answers) == [200] * 4 + [503] * 2
        assert max(most) == 2
        busy = next(answer for answer in answers if answer.status == 503)
        assert busy.headers["retry-after"] == "5"
        assert (await ask(door, "/")).status == 200

    asyncio.run(play())


def test_a_site_that_breaks_is_an_answer_not_a_broken_connection():
    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError

    async def play():
        got = await ask(behind(broken), "/")
        assert got.status == 500
        assert "出错了" in got.body.decode()
        assert got.headers["x-request-id"]

    asyncio.run(play())


def test_keys_in_links_of_mails_do_not_reach_the_log():
    assert shown("/accounts/confirm-email/MTU:1abc:secret/") == "/accounts/confirm-email…"
    assert shown("/en/accounts/password/reset/key/1-abc/") == "/en/accounts/password…"
    assert shown("/2021/exhibits/bj-a-017/") == "/2021/exhibits/bj-a-017/"
    assert shown("/2021/visit/take/abc.1.def/") == "/2021/visit/take/…"
    assert shown("/en/visit/m/abc.1.def/") == "/en/visit/m/…"
    assert shown("/accounts/invitations/Abc-def/") == "/accounts/invitations…"
    assert shown("/2021/tours/made/k3/change/secret/walk/") == "/2021/tours/made/k3/change/…"
    assert shown("/en/2021/tours/guide/w7/secret/") == "/en/2021/tours/guide/w7/…"
    assert shown("/2021/tours/ten-minutes/3/") == "/2021/tours/ten-minutes/3/"

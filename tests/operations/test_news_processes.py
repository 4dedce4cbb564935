"""News through the real commands: a socket in `everhall serve`, and `everhall hub` beside it over a real NATS."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.operations.test_serve import answered, everhall, is_one_sentence, own
from tests.operations.test_serve import data as data
from tests.realtime.test_bus import nats as nats

pytestmark = pytest.mark.slow


class Process:
    """`everhall COMMAND` on a free port."""

    def __init__(self, data, log, *command, **environment):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.site = f"http://127.0.0.1:{self.port}"
        self.log = log
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "everhall.config.cli", *command, "--port", str(self.port)],
                env=own(data, EVERHALL_LOG="json", **environment), stdout=out, stderr=out,
            )  # fmt: skip

    def __enter__(self):
        answered(f"{self.site}/clock", self.process)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0
        assert "Traceback" not in self.log.read_text()

    def socket(self):
        return connect(f"ws://127.0.0.1:{self.port}/news/socket", compression=None)


def say(page, told):
    page.send(json.dumps(told))
    return json.loads(page.recv(timeout=30))


def test_the_serving_process_answers_sockets_polls_and_the_clock(data, tmp_path):
    with Process(data, tmp_path / "log", "serve", "--no-live") as serve:
        with serve.socket() as page:
            assert say(page, {"ping": 1})["pong"] == 1
            assert say(page, {"sub": {"edition.2021": None}})["subscribed"] == "edition.2021"
            assert say(page, {"sub": {"ceremony.2021": None}})["why"] == "no-such-topic"
        assert json.loads(answered(f"{serve.site}/news/poll?topic=edition.2021", serve.process))["news"] == []
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{serve.site}/news/socket", timeout=30)  # noqa: S310 - our own address
        assert refused.value.code == 426
        refused.value.close()
        # Any other address speaks no WebSocket.
        with pytest.raises(Exception, match=r"403|rejected"), connect(f"ws://127.0.0.1:{serve.port}/2021/"):
            pass
        # Who is there when it stops is told so at once, and comes back.
        with serve.socket() as page:
            serve.process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                page.recv(timeout=30)
            assert closed.value.rcvd.code == 1012


def test_a_hub_without_a_bus_is_refused_in_a_sentence(data):
    done = everhall(data, "hub", "--port", "0", EVERHALL_NATS_URL="")
    assert is_one_sentence(done), done.stderr
    assert "EVERHALL_NATS_URL" in done.stderr


TELL = """
from everhall.realtime import bus
from everhall.realtime.telling import tell_pages
tell_pages("edition.2021", {"text": "moved"}, urgent=True)
bus.here().close()
"""


def test_what_any_process_tells_all_pages_hear_at_serve_and_at_the_hub(data, nats, tmp_path):
    bus = {"EVERHALL_NATS_URL": nats.address}
    with (
        Process(data, tmp_path / "serve.log", "serve", "--no-live", **bus) as serve,
        Process(data, tmp_path / "hub.log", "hub", **bus) as hub,
        serve.socket() as here, hub.socket() as there,
    ):  # fmt: skip
        for page in (here, there):
            say(page, {"sub": {"edition.2021": None}})
        told = everhall(data, "shell", "-c", TELL, **bus)
        assert told.returncode == 0, told.stderr
        frames = [json.loads(page.recv(timeout=20)) for page in (here, there)]
        assert [frame["news"] for frame in frames] == [[{"text": "moved"}]] * 2
        assert frames[0]["id"] == frames[1]["id"]

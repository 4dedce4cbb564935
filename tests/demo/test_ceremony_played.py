"""`everhall demo ceremony` with real processes: five venues check and give their go by themselves, once in a rehearsal and
once in earnest, and the launch fires; what it says to wrong input is one sentence."""

import json
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests import ready
from tests.demo.places_of_ceremony import VENUES
from tests.operations.test_news_processes import Process
from tests.operations.test_serve import everhall, is_one_sentence, own

pytestmark = pytest.mark.slow

DEMO = {"EVERHALL_DEMO": "yes"}
#: Seconds for a rehearsal and a launch together.
PATIENCE = 120.0


def make(data: Path, much: str) -> None:
    if not (data / "everhall.sqlite3").exists():
        ready.copy_sqlite(data / "everhall.sqlite3")
    subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.demo.ceremony_week", much], env=own(data, **DEMO), check=True)


class Played:
    """`everhall demo ceremony` beside a served week."""

    def __init__(self, data: Path, site: str, log: Path) -> None:
        self.log = log
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "everhall.config.cli", "demo", "ceremony", "--url", site],
                env=own(data, **DEMO), stdout=out, stderr=out,
                # A shell's background job, such as a run of all tests may be, has Ctrl+C ignored, and so have its children.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
            )  # fmt: skip

    def __enter__(self):
        until(lambda: "Ctrl+C" in self.log.read_text(), 60, self.log)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(60)

    def ctrl_c(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


class Director:
    """At their console, by HTTP."""

    def __init__(self, data: Path, site: str) -> None:
        told = everhall(data, "shell", "-c", SESSION, **DEMO)
        assert told.returncode == 0, told.stderr
        cookie, number = told.stdout.split()[-2:]
        self.desk = f"{site}/admin/live/ceremonies/{number}"
        self.headers = {"Accept": "application/json", "Cookie": f"{cookie}; csrftoken={'d' * 32}", "X-CSRFToken": "d" * 32}

    def ask(self, path: str, fields: dict | None = None) -> dict:
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(f"{self.desk}/{path}/", data, self.headers)  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.load(answer)

    def do(self, verb: str, **fields: str) -> None:
        assert self.ask(f"do/{verb}", fields)["ok"]

    def state(self) -> dict:
        return self.ask("state")

    def lead(self, log: Path, deadline: float) -> dict[str, str]:
        """From arming to the launch; the votes of all venues before it was counted."""
        self.do("arm")
        until(lambda: all(party["vote"] == "go" for party in self.state()["parties"]), deadline - time.monotonic(), log)
        parties = self.state()["parties"]
        self.do("confirm")
        self.do("count", ahead="10")
        until(lambda: self.state()["state"] == "launched", deadline - time.monotonic(), log)
        return {party["key"]: party["vote"] for party in parties}


SESSION = """
from everhall.accounts.models import User
from everhall.config.demo import venues_play
from everhall.live.models import Ceremony
print(venues_play.session_of(User.objects.get(email=venues_play.PLAYER)), Ceremony.objects.get().pk)
"""


def until(question, seconds: float, log: Path) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, log.read_text()[-2000:]
        time.sleep(0.2)


def test_five_venues_play_a_rehearsal_and_a_launch_by_themselves(tmp_path):
    data = tmp_path / "data"
    make(data, "all")
    with (
        Process(data, tmp_path / "serve.log", "serve", "--no-live", **DEMO) as serve,
        Played(data, serve.site, tmp_path / "played.log") as played,
    ):
        director = Director(data, serve.site)
        deadline = time.monotonic() + PATIENCE
        wanted = dict.fromkeys(VENUES, "go")
        director.do("rehearse")
        assert director.lead(played.log, deadline) == wanted
        assert director.state()["rehearsal"]
        director.do("end")
        assert played.process.poll() is None
        assert director.lead(played.log, deadline) == wanted
        # It has nothing to do any more.
        assert played.process.wait(60) == 0
        said = played.log.read_text()
        assert "Traceback" not in said
        assert all(f"{venue}:4/4,go" in said for venue in VENUES)
        # Once more is refused, until it is made anew.
        again = everhall(data, "demo", "ceremony", "--url", serve.site, **DEMO)
        assert is_one_sentence(again), again.stderr
        assert "--again" in again.stderr


def test_ctrl_c_ends_it_in_order(tmp_path):
    data = tmp_path / "data"
    make(data, "all")
    with (
        Process(data, tmp_path / "serve.log", "serve", "--no-live", **DEMO) as serve,
        Played(data, serve.site, tmp_path / "played.log") as played,
    ):
        time.sleep(1)
        assert played.ctrl_c() == 0, played.log.read_text()
        assert "stopped" in played.log.read_text()
        assert "Traceback" not in played.log.read_text()


def test_what_it_cannot_play_is_told_in_a_sentence(tmp_path):
    data = tmp_path / "data"
    ready.copy_sqlite(data / "everhall.sqlite3")
    for much, words in (("", "edition 2021"), ("edition", "no launch ceremony"), ("venues", "account"), ("all", "no demo answers")):
        if much:
            make(data, much)
        done = everhall(data, "demo", "ceremony", "--url", "http://127.0.0.1:9", **DEMO)
        assert is_one_sentence(done), done.stderr
        assert words in done.stderr
    chinese = everhall(data, "demo", "ceremony", "--url", "http://127.0.0.1:9", LC_ALL="zh_CN.UTF-8", **DEMO)
    assert "没有正在运行的示例站点" in chinese.stderr


def test_without_tables_it_says_so(tmp_path):
    done = everhall(tmp_path, "demo", "ceremony", **DEMO)
    assert is_one_sentence(done), done.stderr
    assert "everhall migrate" in done.stderr

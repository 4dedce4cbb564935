"""The real command in a process of its own: refusals in a sentence, news from other processes, a quiet end."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import ready

pytestmark = pytest.mark.slow

#: Static files that a page links, and how their names end.
LINKED = re.compile(r"/static/[^\"' ]+")
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


def everhall(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "everhall.config.cli", *arguments],
        env=own(data, **environment), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def own(data: Path, **environment: str) -> dict[str, str]:
    return {**os.environ, "EVERHALL_DATA": str(data), "EVERHALL_DATABASE_URL": "", "LC_ALL": "C.UTF-8", **environment}


def is_one_sentence(done: subprocess.CompletedProcess) -> bool:
    return done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A migrated data folder, with a space in its name."""
    folder = tmp_path_factory.mktemp("serve") / "data of ours"
    ready.copy_sqlite(folder / "everhall.sqlite3")
    return folder


def test_a_database_without_tables_is_told(tmp_path):
    done = everhall(tmp_path, "serve", "--port", "0")
    assert is_one_sentence(done), done.stderr
    assert "everhall migrate" in done.stderr


def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path):
    url = "postgresql://ann:hunter2@127.0.0.1:1/everhall"
    done = everhall(tmp_path, "serve", "--port", "0", EVERHALL_DATABASE_URL=url)
    assert is_one_sentence(done), done.stderr
    assert "does not answer" in done.stderr
    assert "hunter2" not in done.stderr
    chinese = everhall(tmp_path, "serve", EVERHALL_DATABASE_URL=url, LC_ALL="zh_CN.UTF-8")
    assert "无法连接数据库" in chinese.stderr


def test_a_data_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    done = everhall(tmp_path / "file" / "data", "serve", "--port", "0")
    assert is_one_sentence(done), done.stderr
    assert "EVERHALL_DATA" in done.stderr


def test_a_port_that_is_taken_is_told(data):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = everhall(data, "serve", "--port", str(port))
    assert is_one_sentence(done), done.stderr
    assert f"port {port} is taken" in done.stderr
    assert everhall(data, "serve", "--port", "99999").returncode == 2


@contextlib.contextmanager
def serving(data: Path, log: Path, *more: str) -> Iterator[Callable[[str], bytes]]:
    """`serve` on a free port until the block ends, and what asks it for a path; it ends in order, without a fault."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "everhall.config.cli", "serve", *more, "--port", str(port)],
            env=own(data, EVERHALL_LOG="json"), stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield lambda path: answered(f"http://127.0.0.1:{port}{path}", server)
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(20)
    assert code == 0
    assert "Traceback" not in log.read_text()


def test_it_serves_until_it_is_told_to_stop_and_ends_quietly(data, tmp_path):
    shutil.rmtree(data / "static", ignore_errors=True)
    with serving(data, tmp_path / "log") as ask:
        assert ask("/healthz") == b"ok\n"
        assert b'"ready": true' in ask("/readyz")
    assert '"path": "/readyz"' in (tmp_path / "log").read_text()


def test_two_that_begin_at_once_name_static_files_alike(data, tmp_path):
    shutil.rmtree(data / "static", ignore_errors=True)
    with serving(data, tmp_path / "one", "--no-live") as ask_one, serving(data, tmp_path / "other", "--no-live") as ask_other:
        one, other = (set(LINKED.findall(ask("/accounts/login/").decode())) for ask in (ask_one, ask_other))
        assert one == other
        assert all(HASHED.search(name) for name in one), one
        assert all(ask_other(name) for name in one)


def answered(address: str, server: subprocess.Popen) -> bytes:
    for _ in range(600):
        assert server.poll() is None
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
                return answer.read()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(address)

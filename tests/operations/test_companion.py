"""A child that yields to everybody else ends by itself or when it is to stop, be it deaf to the first word."""

import threading
import time

import pytest

from everhall.config import companion

pytestmark = pytest.mark.slow
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(120)"


def test_it_is_waited_for(tmp_path):
    companion.run_to_end(["shell", "-c", f"open({str(tmp_path / 'done')!r}, 'w').write('yes')"], threading.Event())
    assert (tmp_path / "done").read_text() == "yes"


def test_one_that_does_not_listen_is_ended(monkeypatch):
    monkeypatch.setattr(companion, "SHORT_GRACE", 0.5)
    stop = threading.Event()
    threading.Timer(6, stop.set).start()
    begun = time.monotonic()
    companion.run_to_end(["shell", "-c", DEAF], stop)
    assert time.monotonic() - begun < 60

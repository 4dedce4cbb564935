"""The demo, served by a process of its own: what visitors and Lighthouse see.

The data folder is kept between runs (`everhall demo` is idempotent), so only the first run pays for drawing.
"""

import contextlib
import fcntl
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests import ready

ROOT = Path(__file__).resolve().parents[2]

#: Twelve kinds of pages and more; Chinese addresses, English ones stand under /en.
PAGES = {
    "home": "/2021/",
    "exhibit list": "/2021/exhibition/",
    "exhibit list narrowed": "/2021/exhibition/?field=drones&venue=beijing",
    "exhibit": "/2021/exhibits/bj-h-003/",
    "exhibit with questions and what is about it": "/2021/exhibits/bj-a-001/",
    "ask the exhibitor": "/2021/exhibits/bj-a-001/ask/",
    "give contact details": "/2021/exhibits/bj-a-001/contact/",
    "my visit": "/2021/visit/",
    "my week": "/2021/my-week/",
    "my registrations without an account": "/registrations/",
    "my data": "/my-data/",
    "deleting my data": "/my-data/delete/",
    "what we keep of you": "/kept-of-you/",
    "checking a certificate": "/certificates/",
    "call for activities": "/2021/calls/activities-open/",
    "feedback on a session": "",
    "what I agreed to": "/visit/agreed/",
    "exhibit with a stage": "/2021/exhibits/bj-k-003/",
    "viewer of a model": "",
    "viewer of a board": "",
    "exhibit with a film": "/2021/exhibits/bj-k-013/",
    "exhibit with a sound": "/2021/exhibits/bj-k-002/",
    "exhibit with a panorama": "/2021/exhibits/bj-a-003/",
    "viewer of a panorama": "",
    "plans": "/2021/plan/",
    "plan": "/2021/plan/beijing/indoor/",
    "plan with a way": "/2021/plan/beijing/outdoor/?q=%E6%97%A0%E4%BA%BA%E6%9C%BA&booth=H-03&from=H-03&to=K-10",
    "label": "/b/",
    "free walk": "/2021/scene/",
    "scene": "",
    "tours": "/2021/tours/",
    "tour": "/2021/tours/ten-minutes/",
    "stop of a tour": "/2021/tours/ten-minutes/1/",
    "tour on paper": "/2021/tours/schools/print/",
    "joining a group": "/2021/tours/join/",
    "organisation": "",
    "programme day": "/2021/programme/?day=2021-10-20&venue=beijing",
    "programme list": "/2021/programme/list/",
    "now and next": "/2021/programme/now/",
    "changes to the programme": "/2021/programme/changes/",
    "activity": "",
    "session": "",
    "session one can register for": "/2021/sessions/bj-campus-day-1/",
    "registering": "/2021/sessions/bj-campus-day-1/register/",
    "registering where the host decides": "/2021/sessions/bj-access-1/register/",
    "venues": "/2021/venues/",
    "venue": "/2021/venues/beijing/",
    "column": "/2021/policy/",
    "article": "",
    "search": "/2021/search/?q=%E6%97%A0%E4%BA%BA%E6%9C%BA",
    "cloud video": "/2021/video/",
    "channel": "/2021/video/channels/national/",
    "calls": "/2021/calls/",
    "call": "/2021/calls/cloud-all-year/",
    "archive hall": "/archive/",
    "record of an edition": "/archive/2016/",
    "about": "/about/",
    "accessibility": "/accessibility/",
    "log in": "/accounts/login/",
    "not found": "/2021/exhibits/there-is-none/",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "EVERHALL_DATA": str(data),
        "EVERHALL_DEMO": "yes",
        "EVERHALL_BASE_URL": f"http://127.0.0.1:{port}",
        "EVERHALL_WEEK_CLOCK": "2021-10-20T09:40:00+08:00",
        # Scenes are drawn below, once: drawing all of them would be in the way of what is measured.
        "EVERHALL_SCENES": "no",
        "EVERHALL_COVERS": "no",
    }


def get(address: str, timeout: float = 5) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=timeout) as answer:  # noqa: S310 - our own server
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def run(env: dict[str, str], *arguments: str) -> str:
    """An `everhall` command to its end."""
    result = subprocess.run(
        [sys.executable, "-m", "everhall.config.cli", *arguments],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )
    if result.returncode:
        raise RuntimeError(f"everhall {' '.join(arguments)}: {result.stdout}{result.stderr}")
    return result.stdout


@contextlib.contextmanager
def serve(env: dict[str, str], port: int, *, live: bool = False) -> Iterator[str]:
    """`everhall serve` until the block ends, if `live` with its live process; yields the address."""
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "everhall.config.cli", "serve", *([] if live else ["--no-live"]), "--port", str(port)],
        cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if get(f"{address}/readyz")[0] == 200:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"the server stopped with exit code {process.returncode}")
            time.sleep(0.2)
        else:
            raise RuntimeError("the server did not become ready within three minutes")
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@contextlib.contextmanager
def demo(data: Path) -> Iterator[str]:
    """The demo, loaded and served. Of several processes one loads it, and the others wait."""
    port = free_port()
    env = environment(data, port)
    data.mkdir(parents=True, exist_ok=True)
    with (data / "loading.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (data / "everhall.sqlite3").exists():
            ready.copy_sqlite(data / "everhall.sqlite3")
        run(env, "demo")
        run(env, "derive")
        if not (data / "scenes").exists():
            run(env, "scenes", "2021", "--hall", "beijing.indoor", "--limit", "1")
        run(env, "collectstatic", "--noinput", "--verbosity", "0")
    with serve(env, port) as address:
        yield address


def pages_of(address: str) -> dict[str, str]:
    """`PAGES` with what must be looked up on the site itself."""
    found = dict(PAGES)
    links = {
        "organisation": ("/2021/exhibits/bj-h-003/", "/2021/organisations/"),
        "scene": (PAGES["free walk"], "/2021/scene/beijing/"),
        "session": (PAGES["programme list"], "/2021/sessions/"),
        "activity": ("", "/2021/activities/"),
        "article": (PAGES["column"], "/2021/policy/"),
    }
    for name, (page, prefix) in links.items():
        start = page or found["session"]
        _, body = get(address + start)
        found[name] = first_link(body.decode(), prefix, start)
    found["feedback on a session"] = found["session"] + "feedback/"
    staged = PAGES["exhibit with a stage"]
    viewers = re.findall(rf'href="({staged}stage/\d+/)"', get(address + staged)[1].decode())
    # Without the package of robots the demo has boards only.
    found["viewer of a model"], found["viewer of a board"] = viewers[0], viewers[-1]
    panorama = PAGES["exhibit with a panorama"]
    viewers = re.findall(rf'href="({panorama}stage/\d+/)"', get(address + panorama)[1].decode())
    # Without the package of panoramas there is none.
    found["viewer of a panorama"] = viewers[0] if viewers else panorama
    return found


def first_link(body: str, prefix: str, page: str) -> str:
    for part in body.split('href="')[1:]:
        target = part.partition('"')[0].partition("?")[0]
        if target.startswith(prefix) and target not in {prefix, page} and not target.endswith(".ics"):
            return target
    raise RuntimeError(f"{page} has no link to {prefix}…")

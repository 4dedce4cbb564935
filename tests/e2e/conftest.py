"""What walks in the browser share: Debian's Chromium, and a server process of their own."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests import ready
from tests.e2e import demo_site, shapes

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    # A drawn camera and microphone, allowed without asking.
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]
# Five seconds are few on a machine that plays video for the walk beside; a page that is right answers at once.
expect.set_options(timeout=20_000)

#: All that this process has opened.
BROWSERS: list[Browser] = []


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """A test that fails leaves its pages open, and one that draws would go on drawing beside all that come after."""
    before = [context for one in BROWSERS for context in one.contexts]
    yield
    for context in [context for one in BROWSERS for context in one.contexts]:
        if context not in before:
            with contextlib.suppress(Error):
                context.close()


@pytest.fixture(scope="session")
def launched() -> Iterator[Callable[[list[str]], Browser]]:
    """Starts Chromium of the machine with arguments; playwright's own is not downloaded. One for all browsers of a run:
    playwright bears no second loop."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:

        def launch(arguments: list[str]) -> Browser:
            BROWSERS.append(playwright.chromium.launch(executable_path=program, args=arguments))
            return BROWSERS[-1]

        yield launch
        while BROWSERS:
            BROWSERS.pop().close()


@pytest.fixture(scope="session")
def browser(launched: Callable[[list[str]], Browser]) -> Browser:
    return launched(ARGUMENTS)


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """`own_site(script)`: a new data folder, the script run in it, `everhall serve` on a free port; `live=True` with
    its live process. It ends with its file of tests: a dozen of servers with their workers slow down whatever comes after."""
    running = []

    def start(script: Path, *, live: bool = False) -> str:
        data, port = tmp_path_factory.mktemp("site"), demo_site.free_port()
        env = shapes.environment(data, port)
        ready.copy_sqlite(data / "everhall.sqlite3")
        shapes.prepare(env, script)
        server = demo_site.serve(env, port, live=live)
        running.append(server)
        address = server.__enter__()
        start.folders[address] = data
        return address

    #: address -> its data folder
    start.folders = {}
    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def demo_pages() -> Iterator[tuple[str, dict[str, str]]]:
    """The demo's address and its kinds of pages. Its data is kept between runs beside the virtual
    environment; drawing and importing it takes half a minute."""
    with demo_site.demo(demo_site.ROOT / ".venv" / "test-data" / "e2e-demo") as address:
        yield address, demo_site.pages_of(address)

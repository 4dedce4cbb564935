"""The site of `insync`: that of the live benches, with news and the server's clock as `everhall serve` has them:
`python -m benchmarks.insync_site ROOT FOLDER PORT`."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Any

import uvicorn

from benchmarks.live_site import ROOT, Site
from everhall.realtime.asgi import WEBSOCKETS, News
from everhall.realtime.clock import Clock
from everhall.realtime.newsroom import Newsroom


class SteppingSite(Site):
    """ASGI."""

    def __init__(self, root: Path, folder: Path) -> None:
        super().__init__(root, folder)
        self.news = News(Newsroom(bytes.decode, Clock(time.time), b"a bench"))  # noqa: TID251 - the real clock enters here
        self.folders["realtime"] = ROOT / "everhall" / "realtime" / "static" / "realtime"
        self.opened = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not self.opened:
            self.opened = True
            self.news.newsroom.open(asyncio.get_running_loop())
        path = scope["path"]
        if path in self.news:
            await self.news(scope, receive, send)
        elif path.startswith("/static/realtime/"):
            # The apps' static files are one folder, as after `collectstatic`.
            await super().__call__({**scope, "path": path.removeprefix("/static")}, receive, send)
        else:
            await super().__call__(scope, receive, send)


if __name__ == "__main__":
    uvicorn.run(
        SteppingSite(Path(sys.argv[1]), Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[3]), lifespan="off",
        access_log=False, log_level="warning", **WEBSOCKETS,
    )  # fmt: skip

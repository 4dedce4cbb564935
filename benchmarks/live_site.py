"""The origin and a few files beside it, for benches: `python -m benchmarks.live_site ROOT FOLDER PORT`.

Below `/live/` the origin answers; `/modules/` are node_modules, `/static/` the live app's static files, everything else
is looked for in FOLDER/www.
"""

import sys
import time
from pathlib import Path
from typing import Any

import uvicorn

from everhall.engines import tokens
from everhall.live.origin import Origin

ROOT = Path(__file__).resolve().parent.parent
KINDS = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
    ".m3u8": "application/vnd.apple.mpegurl", ".ts": "video/mp2t", ".m4s": "video/mp4", ".mp4": "video/mp4",
}  # fmt: skip


class Site:
    """ASGI."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.origin = Origin(root, tokens.secret_of("a bench"), time.time)  # noqa: TID251 - the real clock enters here
        self.folders = {
            "modules": ROOT / "node_modules",
            "static": ROOT / "everhall" / "live" / "static",
        }
        self.rest = folder / "www"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path in self.origin:
            await self.origin(scope, receive, send)
            return
        first, _, rest = path.lstrip("/").partition("/")
        folder = self.folders.get(first)
        file = folder / rest if folder is not None else self.rest / path.lstrip("/")
        found = ".." not in path and file.is_file()
        body = file.read_bytes() if found else b""
        headers = [
            (b"content-type", KINDS.get(file.suffix, "application/octet-stream").encode()),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-cache"),
        ]
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        Site(Path(sys.argv[1]), Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[3]), lifespan="off",
        access_log=False, log_level="warning",
    )  # fmt: skip

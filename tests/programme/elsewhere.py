"""Another platform, by real HTTP on this machine: what it serves is set by a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Elsewhere:
    """`body`, `status`, `headers` are what it answers; `asked` the headers of each request. It knows If-None-Match."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.body, self.status = b"", 200
        self.headers: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name.lower(): value for name, value in self.headers.items()}
            there.asked.append(asked)
            tag = there.headers.get("ETag")
            same = there.status == 200 and tag and asked.get("if-none-match") == tag
            self.send_response(304 if same else there.status)
            for name, value in there.headers.items():
                self.send_header(name, value)
            body = b"" if same else there.body
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = Elsewhere(f"http://127.0.0.1:{server.server_port}/schedule.json")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

"""A mail server of the tests: speaks as much of RFC 5321 as Python's client asks, and does what its `mood` says."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.mood = "well"
        #: Whole messages that were taken, as they came.
        self.taken: list[str] = []
        self.asked = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        server: MailServer = self.server  # type: ignore[assignment]
        server.asked += 1
        if server.mood == "closes":
            return
        self.say("220 tests")
        for raw in self.rfile:
            word = raw.decode().strip()
            verb = word.split(" ")[0].split(":")[0].upper()
            if verb in {"EHLO", "HELO"}:
                self.say("250 tests")
            elif verb == "RCPT" and server.mood in {"550", "450"}:
                self.say(f"{server.mood} <somebody@example.org> is not wanted")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                for line in self.rfile:
                    if line == b".\r\n":
                        break
                    lines.append(line.decode())
                server.taken.append("".join(lines))
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()

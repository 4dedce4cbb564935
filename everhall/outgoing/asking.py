"""One request to an address that a stranger named: a push service of somebody's browser, the programme of another platform.

In: method, address, body, headers. Out: `Answer`; status 0 if it could not be asked. Must stay true: https on its own port; the name is
resolved here and asked at an address that is not of our network, the very one that is then connected to; no redirect is followed;
what is read and how long it takes is bounded, also for a service that sends a letter now and then; nothing raises.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from everhall.engines import addresses

#: Seconds for one word of the service, and for the whole.
PATIENCE: Final = 8.0
WHOLE: Final = 12.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` in small letters. `whole`: the body was read to its end within the limit. `why`: of a status of 0 in short: "address",
    "private", "unreachable", "broken"."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = True
    why: str = ""


def is_fair(url: str) -> bool:
    """Whether it is https on its own port, without a name or a password, and no name of a home network."""
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    return (
        parts.scheme == "https" and bool(host) and port in {None, 443} and parts.username is None and parts.password is None
        and not addresses.is_home_name(host) and not addresses.is_private(host)
    )


def ask(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], *, most: int = 0, near: bool = False, whole: float = WHOLE
) -> Answer:
    """`most`: bytes of the answer's body that are read, none by default. `near`: for tests, by http on this machine."""
    if not near and not is_fair(url):
        return Answer(0, why="address")
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    try:
        plain = socket.create_connection(place_of(host, parts.port or 443, near=near), timeout=min(PATIENCE, whole))
    except ValueError:
        return Answer(0, why="private")
    except OSError:
        return Answer(0, why="unreachable")
    lines = [plain]

    def cut() -> None:
        # Not by the method of a TLS socket, which would take its state from under whoever reads.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(lines[-1], socket.SHUT_RDWR)

    # A service that sends a letter now and then would never run into a timeout of a single word.
    watch = threading.Timer(whole, cut)
    watch.daemon = True
    watch.start()
    try:
        if not near:
            # Wrapping takes the descriptor over, so it is the wrapped one that is cut, also in the middle of its greeting.
            wrapped = ssl.create_default_context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
            lines.append(wrapped)
            wrapped.do_handshake()
        return heard(lines[-1], parts, method, body, headers, most)
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(0, why="broken")
    finally:
        watch.cancel()
        for line in lines:
            line.close()


def heard(
    line: socket.socket, parts: urllib.parse.SplitResult, method: str, body: bytes | None, headers: Mapping[str, str], most: int
) -> Answer:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = http.client.HTTPConnection(parts.hostname or "", parts.port)
    asked.sock = line
    asked.request(method, path, body, dict(headers))
    told = asked.getresponse()
    read = told.read(most + 1) if most else b""
    return Answer(told.status, {name.lower(): value for name, value in told.headers.items()}, read[:most], len(read) <= most)


def place_of(host: str, port: int, *, near: bool) -> tuple[str, int]:
    """The address to connect to. ValueError if any that the name means is of a network of its own."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [str(place[0]) for *_, place in found]
    if not near and (addresses.is_home_name(host) or any(addresses.is_private(place) for place in places)):
        msg = "this address belongs to a private network"
        raise ValueError(msg)
    return places[0], port

"""One GET at a time, for those who look at other people's HTTP: everything that can happen is an answer.

In: an address. Out: `Fetched`; status 0 and a `problem` where there was no answer. Must stay true: nothing but the
clock is shared, so each thread has its own; what is read is bounded, compressed or not.
"""

import contextlib
import http.client
import socket
import ssl
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    BaseHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

#: Bytes; no playlist is larger.
MOST: Final = 16_000_000
_AGENT: Final = "Everhall-audit"


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is where redirects led; `asked` and `at` are when the request was sent and the answer was whole."""

    asked: float
    at: float
    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    problem: str = ""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")


class Fetcher:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._openers: dict[bool, OpenerDirector] = {}

    def get(self, url: str, *, patience: float, most: int = MOST, span: str = "") -> Fetched:
        """`patience` in seconds without a byte; of a longer body the first `most` bytes; `span` is a Range."""
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip" if not span else "identity", "Accept": "*/*"}
        if span:
            headers["Range"] = span
        asked = self._clock()
        try:
            with self._opener(url).open(Request(url, headers=headers), timeout=patience) as answer:  # noqa: S310
                body = _unpacked(answer.read(most), answer.headers.get("Content-Encoding", ""), most)
                return Fetched(asked, self._clock(), answer.url, answer.status, _headers(answer.headers), body)
        except HTTPError as error:
            with error:
                return Fetched(asked, self._clock(), url, error.code, _headers(error.headers))
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as problem:
            return Fetched(asked, self._clock(), url, problem=_why(problem))

    def _opener(self, url: str) -> OpenerDirector:
        """For http and https and nothing else, because addresses come from playlists of strangers. Proxies are those
        of the environment, but never for this very machine."""
        near = _is_near(urlsplit(url).hostname or "")
        if near not in self._openers:
            opener = self._openers[near] = OpenerDirector()
            handlers: list[BaseHandler] = [
                ProxyHandler({}) if near else ProxyHandler(), UnknownHandler(), HTTPHandler(), HTTPSHandler(),
                HTTPDefaultErrorHandler(), HTTPRedirectHandler(), HTTPErrorProcessor(),
            ]  # fmt: skip
            for handler in handlers:
                opener.add_handler(handler)
        return self._openers[near]


def _is_near(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def _headers(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    if "gzip" not in encoding:
        return body
    unpacking = zlib.decompressobj(wbits=31)
    found = unpacking.decompress(body, most)
    with contextlib.suppress(zlib.error):
        found += unpacking.flush()[: max(0, most - len(found))]
    return found


def _why(problem: Exception) -> str:
    reason = problem.reason if isinstance(problem, URLError) else problem
    if isinstance(reason, (TimeoutError, socket.timeout)):
        return "timeout"
    if isinstance(reason, socket.gaierror):
        return "unknown host"
    if isinstance(reason, ConnectionRefusedError):
        return "connection refused"
    if isinstance(reason, ssl.SSLError):
        return f"TLS: {reason.reason}"
    return str(reason) or type(reason).__name__

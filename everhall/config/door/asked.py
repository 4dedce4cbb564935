"""What is asked: a request boiled down to the few things on which a public page depends.

In: the headers, path and query of a request. Out: an `Asked` (or None: this request must not be answered
from memory). What must stay true: two requests with the same key get the same page; a request that could
see something of its own (session, credentials) has no key.
"""

from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from everhall.config.door.types import Headers, Scope
from everhall.engines.http_headers import best_encoding

#: A longer query is somebody's own; it would only push shared pages out.
LONGEST_QUERY = 256

#: Headers on which an answer depends; the others are not looked at.
LOOKED_AT = frozenset(
    {
        b"host",
        b"cookie",
        b"accept-encoding",
        b"if-none-match",
        b"authorization",
        b"x-forwarded-proto",
    }
)


Raw = tuple[bytes, bytes, bytes, bytes, bytes]


class Key(NamedTuple):
    """Which page: scheme and host, path, query in order, theme."""

    site: bytes
    path: str
    query: bytes
    theme: bytes


class Asked(NamedTuple):
    """Which page, in which encoding, and what the browser has already."""

    key: Key
    encoding: str
    has_already: bytes
    #: What stands for the key on the short way; None if the cookies say more than the theme.
    raw: Raw | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What the door must know of the installation."""

    private_cookies: frozenset[bytes] = frozenset({b"sessionid", b"messages"})
    themes: frozenset[bytes] = field(default=frozenset({b"light", b"dark"}))
    trusts_proxy: bool = False

    def asked(self, scope: Scope) -> Asked | None:
        """Boil a GET or HEAD down; None if it is private or too long to be shared."""
        query: bytes = scope["query_string"]
        if len(query) > LONGEST_QUERY:
            return None
        seen = looked_at(scope["headers"])
        if b"authorization" in seen:
            return None
        cookies = seen.get(b"cookie", b"")
        theme = self.theme(cookies)
        if theme is None:
            return None
        return Asked(
            Key(self.site(scope["scheme"], seen), scope["path"], in_order(query), theme),
            best_encoding(seen.get(b"accept-encoding", b"")),
            seen.get(b"if-none-match", b""),
            raw_of(scope, seen) if not cookies or cookies == b"theme=" + theme else None,
        )

    def site(self, scheme: str, seen: dict[bytes, bytes]) -> bytes:
        proto = seen.get(b"x-forwarded-proto", b"") if self.trusts_proxy else b""
        return (
            (b"https" if proto == b"https" else scheme.encode()) + b"://" + seen.get(b"host", b"")
        )

    def theme(self, cookies: bytes) -> bytes | None:
        """The theme that the cookies ask for, empty for none; None if they carry a session."""
        theme = b""
        for pair in cookies.split(b";") if cookies else ():
            name, _, value = pair.strip().partition(b"=")
            if name in self.private_cookies:
                return None
            if name == b"theme" and value in self.themes:
                theme = value
        return theme


def looked_at(headers: Headers) -> dict[bytes, bytes]:
    """The headers that matter, repeated ones joined as their syntax allows."""
    seen: dict[bytes, bytes] = {}
    for name, value in headers:
        if name not in LOOKED_AT:
            continue
        if name in seen:
            seen[name] += (b"; " if name == b"cookie" else b", ") + value
        else:
            seen[name] = value
    return seen


def raw_of(scope: Scope, seen: dict[bytes, bytes]) -> Raw:
    query: bytes = scope["query_string"]
    url: bytes = scope.get("raw_path", b"")
    return raw_from(url + b"?" + query if query else url, seen)


def raw_from(url: bytes, seen: dict[bytes, bytes]) -> Raw:
    """A request as it came over the wire; equal ones have equal keys, so the short way need not parse."""
    look = seen.get
    return (
        url, look(b"host", b""), look(b"accept-encoding", b""), look(b"cookie", b""), look(b"x-forwarded-proto", b""),
    )  # fmt: skip


def in_order(query: bytes) -> bytes:
    """Sort by name only: of `a=1&a=2` the last counts, so the order within a name must stay."""
    if b"&" not in query:
        return query
    pairs = [(pair.partition(b"=")[0], pair) for pair in query.split(b"&")]
    pairs.sort(key=itemgetter(0))
    return b"&".join(pair for _, pair in pairs)

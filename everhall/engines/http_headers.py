"""What a request's headers ask for: an encoding, a copy that may still be good, a stretch of bytes (RFC 9110).

In: values of headers as bytes. Out: plain values. What must stay true: a header that cannot be understood is as
if it were not there; nothing here raises.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_RANGE: Final = re.compile(rb"bytes=([0-9]{0,18})-([0-9]{0,18})")


@lru_cache(maxsize=512)
def best_encoding(accepted: bytes) -> str:
    """`br`, `gzip` or nothing, from an Accept-Encoding header (§12.5.3)."""
    weights: dict[bytes, bool] = {}
    for item in accepted.lower().split(b","):
        name, _, parameters = item.strip().partition(b";")
        weight = parameters.replace(b" ", b"").removeprefix(b"q=")
        weights[name.strip()] = weight.strip(b"0.") != b"" or weight == b""
    for name in (b"br", b"gzip"):
        if weights.get(name, weights.get(b"*", False)):
            return name.decode()
    return ""


def holds_already(if_none_match: bytes, etag: bytes) -> bool:
    """Whether who asks has this very answer. Weak comparison (§13.1.2)."""
    if if_none_match == etag or if_none_match.strip() == b"*":
        return True
    return etag in (tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b","))


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `first` to `last`, both included. `first` > `last`: nothing of that is there (416)."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return max(0, self.last - self.first + 1)


def span(wanted: bytes, size: int) -> Span | None:
    """The one stretch that a Range header asks for of `size` bytes; None: send the whole. Several stretches at once
    may be answered with the whole (§14.2), and nobody who plays video asks for them."""
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or found.groups() == (b"", b""):
        return None
    first, last = found.groups()
    if not first:
        count = min(int(last), size)
        return Span(size - count, size - 1) if count else Span(size, size - 1)
    if last and int(last) < int(first):
        return None  # §14.1.1: not a valid range
    end = min(int(last), size - 1) if last else size - 1
    return Span(min(int(first), size), end)

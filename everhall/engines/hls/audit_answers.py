"""What HTTP answered for playlists, segments, parts and maps: availability, form, caching.

In: `Answer`s, looked at sparsely. Out: `Found`s. Must stay true: an answer of a plain file server to what is in the
playlist yields no "must".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from everhall.engines.hls.audit_rules import Found

Kind = Literal["playlist", "segment", "part", "map"]

#: §10.4 of Apple's rules and §4 of RFC 8216bis.
_PLAYLIST_TYPES: Final = frozenset(["application/vnd.apple.mpegurl", "audio/mpegurl", "application/x-mpegurl"])
_BOXES: Final = frozenset([b"styp", b"moof", b"ftyp", b"sidx", b"emsg", b"prft", b"moov", b"free", b"mdat", b"imda"])
_AGE: Final = re.compile(r"(?:^|[,\s])(s-maxage|max-age)\s*=\s*\"?(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` by lower-case name; `first` are the first bytes; `digest` names the whole body where it was read;
    `target` is the playlist's TARGETDURATION, 0 where it is not live; `listed` is the playlist that named it."""

    at: float
    url: str
    kind: Kind
    status: int
    headers: Mapping[str, str]
    first: bytes = b""
    digest: str = ""
    target: int = 0
    encrypted: bool = False
    listed: str = ""


def answer_faults(answer: Answer) -> Iterator[Found]:
    if answer.kind == "playlist":
        yield from _playlist_faults(answer)
        return
    if answer.status not in {200, 206}:
        what = f"HTTP {answer.status}" if answer.status else "no answer"
        yield Found(f"{answer.kind}-unavailable", answer.url, f"{what} for {answer.url}")
        return
    if not answer.encrypted and not is_media(answer.first):
        yield Found("segment-format", answer.url, f"{answer.url} begins with {answer.first[:8].hex(' ')}")
    # Segments leave the playlist of a live channel, so caches want to be told for how long they are good.
    if answer.kind == "segment" and answer.target and lifetime(answer.headers) is None:
        yield Found("segment-uncached", "", f"{answer.url} has neither a Cache-Control with max-age nor Expires")


def _playlist_faults(answer: Answer) -> Iterator[Found]:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    named = urlsplit(answer.url).path.endswith((".m3u8", ".m3u"))
    if kind not in _PLAYLIST_TYPES and not named:
        yield Found("playlist-unnamed", "", f"Content-Type is {kind or 'missing'} and the path does not end in .m3u8")
    if "gzip" not in answer.headers.get("content-encoding", ""):
        yield Found("playlist-plain", "", "the playlist was not compressed although gzip was accepted")
    # A blocking reload is another address each time; its answer may be kept for long (Appendix B.1).
    kept = lifetime(answer.headers) if "_HLS_msn=" not in answer.url else None
    if answer.target and kept is not None and kept > 1.5 * answer.target:
        yield Found("playlist-cached", "", f"the playlist may be cached for {kept} s, TARGETDURATION is {answer.target}")


def lifetime(headers: Mapping[str, str]) -> int | None:
    """Seconds for which a cache may keep the answer; None if nothing is said or it may not."""
    control = headers.get("cache-control", "").lower()
    ages = {name.lower(): int(seconds) for name, seconds in _AGE.findall(control)}
    if "no-store" in control or "no-cache" in control:
        return None
    if ages:
        return ages.get("s-maxage", ages.get("max-age"))
    return 1 if headers.get("expires") else None


def is_media(first: bytes) -> bool:
    """One of the formats of §3.1, by its first bytes: fragmented MP4, MPEG-TS, packed audio, WebVTT, IMSC in MP4."""
    if first[4:8] in _BOXES or first[:1] == b"\x47" or first[:3] == b"ID3":
        return True
    if first.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return True
    # ADTS and MPEG audio begin with eleven set bits, AC-3 with 0b77.
    return (len(first) > 1 and first[0] == 0xFF and first[1] & 0xE0 == 0xE0) or first[:2] == b"\x0b\x77"

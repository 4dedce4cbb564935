"""Addresses below `/live/` and what they mean.

In: a path as the request had it. Out: a `Route`, or None for an address that nothing can stand behind. What must
stay true: only names of letters, digits, `-`, `_` and single dots in known places come through, so nothing in a
route can lead out of its folder; each pattern is matched as a whole.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

#: What the origin answers; other addresses below /live/ are pages.
PREFIXES: Final = tuple(f"/live/{letter}/" for letter in "crsptf")
_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}"
_RENDITION: Final = r"[a-z][a-z0-9-]{0,15}"
_TOKEN: Final = re.compile(r"/live/t/([A-Za-z0-9_.-]{40,300})(/.*)", re.ASCII)
_PATTERNS: Final = {
    "index": rf"/c/(?P<name>{_NAME})/(?P<dvr>dvr/)?index\.m3u8",
    "media": rf"/c/(?P<name>{_NAME})/(?P<dvr>dvr/)?(?P<rendition>{_RENDITION})\.m3u8",
    "captions": rf"/c/(?P<name>{_NAME})/(?P<rendition>t-[a-z]{{2,3}})/(?P<file>[0-9]{{1,15}})\.vtt",
    "state": rf"/c/(?P<name>{_NAME})/state\.json",
    "recording_index": rf"/r/(?P<name>{_NAME})/index\.m3u8",
    "recording_media": rf"/r/(?P<name>{_NAME})/(?P<rendition>{_RENDITION})\.m3u8",
    "recording_file": rf"/r/(?P<name>{_NAME})/files/(?P<file>[a-z0-9][a-z0-9_-]{{0,59}}\.[a-z0-9]{{3,4}})",
    "stored": r"/s/(?P<file>[0-9a-f]{32}\.[a-z0-9]{3,4})",
    "part": rf"/p/(?P<name>{_NAME})/(?P<run>[0-9a-z][0-9a-z-]{{0,63}})/(?P<file>[0-9]{{1,9}}\.[0-9]{{1,6}}\.(?P<rendition>{_RENDITION})\.m4s)",
    "picture": rf"/f/(?P<name>{_NAME})/picture\.jpg",
    "health": rf"/f/(?P<name>{_NAME})/health\.json",
}
#: All kinds of routes.
KINDS: Final = tuple(_PATTERNS)
_ROUTES: Final = [(kind, re.compile(pattern, re.ASCII)) for kind, pattern in _PATTERNS.items()]


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is that of a channel, recording or feed; `file` a name within it."""

    kind: str
    token: str = ""
    name: str = ""
    rendition: str = ""
    file: str = ""
    run: str = ""
    dvr: bool = False


@lru_cache(maxsize=4096)
def route_of(path: str) -> Route | None:
    """What a path means. Remembered, because viewers ask for few addresses, many times."""
    if not path.startswith("/live/"):
        return None
    token, rest = "", path.removeprefix("/live")
    found = _TOKEN.fullmatch(path)
    if found is not None:
        token, rest = found.groups()
    for kind, pattern in _ROUTES:
        match = pattern.fullmatch(rest)
        if match is not None:
            fields = match.groupdict(default="")
            dvr = bool(fields.pop("dvr", ""))
            return Route(kind, token, dvr=dvr, **fields)
    return None


@lru_cache(maxsize=4096)
def route_on_wire(path: bytes) -> Route | None:
    """The same for a path that was not decoded: one with percent signs means nothing here."""
    return route_of(path.decode("ascii")) if path.isascii() else None

"""Tags line by line: what the readers of media and of multivariant playlists have in common.

In: lines. Out, in the sub-classes: a `Media` or a `Multivariant`. Must stay true: nothing raises on any text; what
breaks the grammar is told as a `Complaint` and reading goes on. Clauses are those of RFC 8216bis.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from everhall.engines.hls.parse_model import Attributes, Complaint, Media, Multivariant, bare

#: §4.4.6, and §4.4.3 with §4.4.4: never in the same playlist.
MULTIVARIANT_TAGS: Final = frozenset(
    f"#EXT-X-{name}"
    for name in ("MEDIA", "STREAM-INF", "I-FRAME-STREAM-INF", "SESSION-DATA", "SESSION-KEY", "CONTENT-STEERING")
)
MEDIA_TAGS: Final = frozenset(
    ["#EXTINF"]
    + [
        f"#EXT-X-{name}"
        for name in (
            "TARGETDURATION", "MEDIA-SEQUENCE", "DISCONTINUITY-SEQUENCE", "ENDLIST", "PLAYLIST-TYPE",
            "I-FRAMES-ONLY", "PART-INF", "SERVER-CONTROL", "BYTERANGE", "DISCONTINUITY", "KEY", "MAP",
            "PROGRAM-DATE-TIME", "GAP", "BITRATE", "PART", "SKIP", "PRELOAD-HINT", "RENDITION-REPORT",
        )
    ]
)  # fmt: skip
#: §4.4.1.2, §4.4.2, §4.4.3, §4.4.5: at most once in a playlist.
ONCE: Final = frozenset(
    f"#EXT-X-{name}"
    for name in (
        "VERSION", "INDEPENDENT-SEGMENTS", "START", "TARGETDURATION", "MEDIA-SEQUENCE", "DISCONTINUITY-SEQUENCE",
        "ENDLIST", "PLAYLIST-TYPE", "I-FRAMES-ONLY", "PART-INF", "SERVER-CONTROL", "SKIP", "CONTENT-STEERING",
    )
)  # fmt: skip
#: Attributes that must be there. What EXT-X-STREAM-INF and EXT-X-MEDIA need has rules of its own.
NEEDED: Final = {
    "EXT-X-MAP": ("URI",),
    "EXT-X-KEY": ("METHOD",),
    "EXT-X-PART": ("URI", "DURATION"),
    "EXT-X-PART-INF": ("PART-TARGET",),
    "EXT-X-SKIP": ("SKIPPED-SEGMENTS",),
    "EXT-X-PRELOAD-HINT": ("TYPE", "URI"),
    "EXT-X-RENDITION-REPORT": ("URI",),
    "EXT-X-DATERANGE": ("ID",),
    "EXT-X-I-FRAME-STREAM-INF": ("URI",),
}
_ATTRIBUTE: Final = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^",]*)')
_VARIABLE: Final = re.compile(r"\{\$([A-Za-z0-9_-]+)\}")


def attributes_of(value: str) -> Attributes:
    """An attribute list (§4.2) without the quotes; what is no attribute is passed over."""
    return {name: text.strip().strip('"') for name, text in _ATTRIBUTE.findall(value)}


def whole(text: str) -> int | None:
    """A decimal-integer, None if it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() else None


def decimal(text: str | None) -> float | None:
    """A decimal number that is not negative, None if it is none."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*", text or "", re.ASCII)
    return float(found[1]) if found else None


@lru_cache(maxsize=8192)
def joined(base: str, uri: str) -> str:
    """An absolute address. Remembered, because versions of a playlist say the same again and again."""
    try:
        return urljoin(base, uri)
    except ValueError:
        return f"invalid:{uri}"


class Reader:
    """What both kinds have in common: tags by name, variables, complaints, the version that is needed."""

    def __init__(self, url: str, imports: dict[str, str]) -> None:
        self.url, self.imports = url, imports
        # Directives differ from request to request and say nothing of where things are.
        self.base = bare(url)
        self.variables: dict[str, str] = {}
        self.version = 1
        self.needs: tuple[int, str] = (1, "")
        self.seen: Counter[str] = Counter()
        self.complaints: list[Complaint] = []
        self.tags: dict[str, Callable[[str], None]] = {"#EXT-X-VERSION": self.versioned, "#EXT-X-DEFINE": self.define}
        self.at = 1

    def line(self, at: int, line: str) -> None:
        self.at, line = at, line.strip()
        if not line or (line.startswith("#") and not line.startswith("#EXT")):
            return
        if "{$" in line:
            line = _VARIABLE.sub(lambda found: self.variables.get(found[1], found[0]), line)
        if not line.startswith("#"):
            self.uri(joined(self.base, line))
            return
        name, _, value = line.partition(":")
        self.seen[name] += 1
        if name in ONCE and self.seen[name] == 2:
            self.complain("tag-repeated", name, f"{name[1:]} appears more than once (line {at})")
        self.tag(name, value)

    def tag(self, name: str, value: str) -> None:
        reading = self.tags.get(name)
        if reading is not None:
            reading(value)

    def uri(self, uri: str) -> None:
        raise NotImplementedError

    def done(self) -> Media | Multivariant:
        raise NotImplementedError

    def complain(self, rule: str, subject: str, message: str) -> None:
        self.complaints.append(Complaint(rule, subject, message))

    def need(self, version: int, why: str) -> None:
        """§8: what the playlist uses tells the least EXT-X-VERSION."""
        if version > self.needs[0]:
            self.needs = (version, why)

    def attributes(self, name: str, value: str) -> Attributes:
        found = attributes_of(value)
        lacking = [key for key in NEEDED.get(name, ()) if not found.get(key)]
        if lacking:
            self.complain("attribute-missing", name, f"{name} lacks {', '.join(lacking)} (line {self.at})")
        if any(key.startswith("REQ-") for key in found):
            self.need(12, "an attribute that begins with REQ-")
        return found

    def versioned(self, value: str) -> None:
        self.version = whole(value) or 1

    def define(self, value: str) -> None:
        found = attributes_of(value)
        self.need(8, "EXT-X-DEFINE")
        if "NAME" in found:
            self.variables[found["NAME"]] = found.get("VALUE", "")
        elif "IMPORT" in found and found["IMPORT"] in self.imports:
            self.variables[found["IMPORT"]] = self.imports[found["IMPORT"]]
        elif "QUERYPARAM" in found:
            self.need(11, "EXT-X-DEFINE with QUERYPARAM")
            self.variables[found["QUERYPARAM"]] = dict(parse_qsl(urlsplit(self.url).query)).get(
                found["QUERYPARAM"], ""
            )

    def address(self, found: Attributes, name: str = "URI") -> str:
        return joined(self.base, found[name]) if found.get(name) else ""

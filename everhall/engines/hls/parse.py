"""Reading playlists, ours and anybody's: text -> `Media`, `Multivariant`, or None where it is no playlist.

In: the text and the address it came from; for a Playlist Delta Update also the playlist before it, whose segments
take the place of those skipped. Must stay true: nothing here raises on any text; what breaks the grammar is told as
`Complaint`s, named as in `audit_rules`.
"""

import re
from collections.abc import Mapping
from typing import Final

from everhall.engines.hls.parse_media import MediaReader
from everhall.engines.hls.parse_model import Media, Multivariant
from everhall.engines.hls.parse_multivariant import MultivariantReader
from everhall.engines.hls.parse_reader import MULTIVARIANT_TAGS

_MULTIVARIANT: Final = re.compile(rf"^(?:{'|'.join(sorted(MULTIVARIANT_TAGS))})(?![A-Z-])", re.MULTILINE)


def parse(
    text: str, url: str, before: Media | None = None, imports: Mapping[str, str] | None = None
) -> Media | Multivariant | None:
    """`before` is needed for delta updates, and makes others faster: segments that were told in the same words are
    not read again. `imports` are the variables of the multivariant playlist (§4.4.2.3)."""
    lines = text.split("\n")
    if lines[0].rstrip() != "#EXTM3U":
        return None
    if _MULTIVARIANT.search(text):
        index = MultivariantReader(url, {})
        for at, line in enumerate(lines[1:], 2):
            index.line(at, line)
        return index.done()
    reader = MediaReader(url, dict(imports or {}), before)
    start = 1
    for end, line in enumerate(lines):
        if line and line[0] != "#" and not line.isspace():
            reader.block(start + 1, lines[start : end + 1])
            start = end + 1
    reader.block(start + 1, lines[start:])
    return reader.done()

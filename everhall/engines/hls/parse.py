"""Reading playlists, ours and anybody's: text -> `Media`, `Multivariant`, or None where it is no playlist.

In: the text and the address it came from; for a Playlist Delta Update also the playlist before it, whose segments
take the place of those skipped. Must stay true: nothing here raises on any text; what breaks the grammar is told as
`Complaint`s, named as in `audit_rules`.
"""

from collections.abc import Mapping

from everhall.engines.hls.parse_media import MediaReader
from everhall.engines.hls.parse_model import Media, Multivariant
from everhall.engines.hls.parse_multivariant import MultivariantReader
from everhall.engines.hls.parse_reader import MULTIVARIANT_TAGS, Reader


def parse(
    text: str, url: str, before: Media | None = None, imports: Mapping[str, str] | None = None
) -> Media | Multivariant | None:
    """`before` is needed for delta updates; `imports` are the variables of the multivariant playlist (§4.4.2.3)."""
    lines = text.split("\n")
    if lines[0].rstrip() != "#EXTM3U":
        return None
    names = {line.partition(":")[0].rstrip() for line in lines if line.startswith("#EXT")}
    reader: Reader = (
        MultivariantReader(url, {}) if names & MULTIVARIANT_TAGS else MediaReader(url, dict(imports or {}), before)
    )
    for at, line in enumerate(lines[1:], 2):
        reader.line(at, line)
    return reader.done()

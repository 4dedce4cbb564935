"""A channel's rows as media playlists: live with parts, long window, recording. Rows in, text out.

In: a `View`, which is all that a playlist depends on. Out: the text for one rendition. Addresses are relative to
`/live/c/<channel>/<rendition>.m3u8` (or `/live/r/<recording>/…`; for the long window to `/live/c/<channel>/dvr/…`).
Captions have a segment per row at `t-<language>/<msn>.vtt` beside the playlist. Must stay true (clauses of
RFC 8216bis): what a row contributes depends on the row and the one before it alone, so it may be kept (`Texts`) and
stays the same from version to version (§6.2.1); TARGETDURATION, PART-TARGET and SERVER-CONTROL are constant; a
DISCONTINUITY stays as long as its row, at the head of the window too, where DISCONTINUITY-SEQUENCE counts only those
before it (§6.2.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from everhall.engines.hls.model import (
    FEED,
    PART_TARGET,
    TARGET_DURATION,
    Airing,
    Kind,
    Media,
    Part,
    Row,
    part_name,
    told_parts,
)

#: Windows in target durations: parts are told (§6.2.2), and skipping begins (§4.4.3.8).
PARTS_FOR: Final = 3
SKIP_FROM: Final = 6
#: Segments with parts, the one in the air included.
PARTED: Final = 3
#: Seconds by which rows of other renditions may be shorter than those of the lead: frames of sound are 23 ms long.
SLACK: Final = 0.15
#: Where a row has no media at all: never loaded, because EXT-X-GAP stands before it (§4.4.4.7).
_NOTHING: Final = "gap"
#: Rows whose texts are kept joined.
_BLOCK: Final = 32
_MAIN_SOUND: Final = "a-zh"
_MAIN_PICTURE: Final = "v720"

#: Source, run, index and number of a part that does not exist yet.
Hint = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class View:
    """`rows` are the window, `before` the row just before it: whether the first row goes on from it is told by a
    DISCONTINUITY that has to stay. `dvr`: the long window, one folder further down. `airing` are the parts of the row in the air, in order. `hint` is the next part;
    `hint_within` where it is if that is known (`Airing.within`); `renditions` are those of the channel, in its order."""

    rows: Sequence[Row]
    airing: Sequence[Airing] = ()
    hint: Hint | None = None
    renditions: tuple[str, ...] = ()
    low_latency: bool = False
    target_duration: int = TARGET_DURATION
    part_target: float = PART_TARGET
    ended: bool = False
    vod: bool = False
    before: Row | None = None
    dvr: bool = False
    hint_within: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def up(self) -> str:
        """From the playlist's folder to the channel's."""
        return "../" if self.dvr else ""


class Texts:
    """What rows contribute, kept by number, and whole blocks of it: one for each channel, for all its renditions and
    windows. A row never changes, so nothing that is kept can be wrong."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str, str, bool], str] = {}
        self._blocks: dict[tuple[int, str, str], str] = {}

    def of(self, row: Row, before: Row | None, rendition: str, *, parts: bool, up: str = "") -> str:
        key = (row.msn, rendition, up, parts)
        text = self._rows.get(key)
        if text is None:
            text = self._rows[key] = row_text(row, before, rendition, parts=parts, up=up)
        return text

    def span(self, rows: Sequence[Row], start: int, end: int, rendition: str, up: str = "") -> list[str]:
        """Rows `start` (1 at least) to `end` without their parts, in blocks where one fits."""
        written, n = [], start
        while n < end:
            size = _BLOCK if rows[n].msn % _BLOCK == 0 and n + _BLOCK <= end else 1
            key = (rows[n].msn, rendition, up)
            text = self._blocks.get(key) if size > 1 else None
            if text is None:
                text = "".join(
                    self.of(rows[k], rows[k - 1], rendition, parts=False, up=up) for k in range(n, n + size)
                )
            if size > 1:
                self._blocks[key] = text
            written.append(text)
            n += size
        return written

    def forget(self, before_msn: int) -> None:
        """Rows that are in no window any more."""
        for row in [key for key in self._rows if key[0] < before_msn]:
            del self._rows[row]
        for block in [key for key in self._blocks if key[0] < before_msn]:
            del self._blocks[block]


def media_playlist(view: View, rendition: str, *, skip: bool = False, texts: Texts | None = None) -> str:
    """The playlist of one rendition; with `skip` a Playlist Delta Update (§6.2.5.1) if there is something to skip.
    `texts` makes it fast: the rows are then joined, not written."""
    texts = texts or Texts()
    rows, airing = view.rows, in_the_air(view)
    start = skippable(view) if skip else 0
    parted = max(_first_parted(view), start)
    written = [_head(view, rendition, start)]
    if rows and start == 0:
        written.append(row_text(rows[0], view.before, rendition, parts=parted == 0, head=True, up=view.up))
        start = 1
    written += texts.span(rows, start, parted, rendition, view.up)
    for n in range(max(start, parted), len(rows)):
        written.append(texts.of(rows[n], rows[n - 1], rendition, parts=True, up=view.up))
    if airing and not is_captions(rendition):
        before = rows[-1] if rows else view.before
        written.append(airing_text(airing, before, rendition, head=not rows, up=view.up))
    written.append(_tail(view, rendition))
    return "".join(written)


# ---------------------------------------------------------------- a row
def is_captions(rendition: str) -> bool:
    return rendition.startswith("t-")


def row_text(
    row: Row, before: Row | None, rendition: str, *, parts: bool, head: bool = False, up: str = ""
) -> str:
    """What one row contributes. `before` is the row before it in the channel, None if there was none; `head` says
    that it is the first of the playlist, which has to name its map whatever was before."""
    date = f"#EXT-X-PROGRAM-DATE-TIME:{date_of(row.airtime)}\n"
    opening = _opening(row, before)
    if is_captions(rendition):
        return f"{opening}{date}#EXTINF:{row.duration:.5f},\n{up}{rendition}/{row.msn}.vtt\n"
    follows = before if before and before.dsn == row.dsn else None
    name = shown(row.media, follows, rendition)
    media = row.media.get(name) if name and row.kind is not Kind.GAP else None
    if media is None:
        return f"{opening}{date}#EXT-X-GAP\n#EXTINF:{row.duration:.5f},\n{up}../../s/{_NOTHING}.m4s\n"
    kept = _init_of(follows, rendition) if follows and not head else ""
    lines = [opening, _map_line(media.init, kept, up), date]
    if parts:
        lines += _part_lines(row, name, media, up)
    return "".join([*lines, f"#EXTINF:{media.duration:.5f},\n{up}../../s/{media.body}.m4s\n"])


def shown(media: Mapping[str, object], before: Row | None, rendition: str) -> str:
    """The rendition that stands for this one: itself, else the main sound or picture, "" for nothing.

    `before` is the row from which this one goes on. If that had the rendition itself, another one in its place would
    be another track without a discontinuity, so nothing is shown instead (§4.4.4.3).
    """
    if rendition in media:
        return rendition
    if before is not None and rendition in before.media:
        return ""
    main = {"a": _MAIN_SOUND, "v": _MAIN_PICTURE}.get(rendition[:1], "")
    return main if main in media else ""


def _opening(row: Row | Airing, before: Row | None) -> str:
    return "#EXT-X-DISCONTINUITY\n" if before is not None and before.dsn != row.dsn else ""


def _init_of(row: Row, rendition: str) -> str:
    """The map in force after this row; "" where the row had nothing of its own, so that it is told again."""
    media = row.media.get(rendition)
    return media.init if media and row.kind is not Kind.GAP else ""


def _map_line(init: str, kept: str, up: str) -> str:
    return f'#EXT-X-MAP:URI="{up}../../s/{init}.mp4"\n' if init and init != kept else ""


def _part_uri(source: str, run: str, index: int, n: int, rendition: str, up: str) -> str:
    return f"{up}../../p/{source.removeprefix('feed/')}/{part_name(run, index, n, rendition)}"


def _part_lines(row: Row, name: str, media: Media, up: str) -> list[str]:
    at, lines = 0, []
    for part in told_parts(row, name):
        if row.source.startswith(FEED):
            lines.append(_part_line(_part_uri(row.source, row.run, row.index, part.n, name, up), part))
        else:
            lines.append(_part_line(f"{up}../../s/{media.body}.m4s", part, at))
        at += part.size
    return lines


def _part_line(uri: str, part: Part, at: int | None = None) -> str:
    """`at`: the byte of the address at which the part begins, if it is a range of it."""
    within = "" if at is None else f',BYTERANGE="{part.size}@{at}"'
    independent = ",INDEPENDENT=YES" if part.independent else ""
    # Nothing of this rendition came in time for this part (§4.4.4.9).
    gap = "" if part.size else ",GAP=YES"
    return f'#EXT-X-PART:DURATION={part.duration:.5f},URI="{uri}"{within}{independent}{gap}\n'


def date_of(airtime: float) -> str:
    """ISO 8601 to the millisecond, in UTC (§4.4.4.6)."""
    milliseconds = round(airtime * 1000)
    at = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


# ---------------------------------------------------------------- the row in the air
def airing_text(
    airing: Sequence[Airing], before: Row | None, rendition: str, *, head: bool = False, up: str = ""
) -> str:
    """The parts of the row in the air, after what will stand before the whole row."""
    first = airing[0]
    follows = before if before is not None and before.dsn == first.dsn else None
    name = shown(first.parts, follows, rendition)
    if not name:
        return ""
    kept = _init_of(follows, rendition) if follows is not None and not head else ""
    lines = [_opening(first, before), _map_line(first.inits.get(name, ""), kept, up)]
    lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{date_of(first.airtime)}\n")
    for told in airing:
        part = told.parts.get(name)
        if part is not None and name in told.within:
            body, at = told.within[name]
            lines.append(_part_line(f"{up}../../s/{body}.m4s", part, at))
        elif part is not None:
            lines.append(_part_line(_part_uri(told.source, told.run, told.index, part.n, name, up), part))
    return "".join(lines)


# ---------------------------------------------------------------- head and tail
def _first_parted(view: View) -> int:
    """Index of the first row whose parts are told: it is one of the last three, with the one in the air or
    hinted, and began no more than 3 target durations before the end (§6.2.2), in whichever rendition is shortest.
    hls-parser counts segments, not seconds."""
    if not view.low_latency or view.vod:
        return len(view.rows)
    airing = in_the_air(view)
    left = PARTS_FOR * view.target_duration - sum(told_duration(told) for told in airing)
    for n in range(len(view.rows) - 1, -1, -1):
        left -= view.rows[n].duration
        if left < -SLACK or len(view.rows) - n > PARTED - bool(airing or view.hint):
            return n + 1
    return 0


def in_the_air(view: View) -> Sequence[Airing]:
    """The parts to tell: none of a row that has been written since, none after the end."""
    goes_on = not view.rows or not view.airing or view.airing[0].msn == view.rows[-1].msn + 1
    return view.airing if goes_on and not view.ended and not view.vod else ()


def told_duration(told: Airing) -> float:
    """The longest of its renditions."""
    return max((part.duration for part in told.parts.values()), default=0.0)


def skippable(view: View) -> int:
    """How many rows end further from the end of the last row than the skip boundary (§6.2.5.1)."""
    if view.ended or view.vod:
        return 0
    boundary = SKIP_FROM * view.target_duration
    left = 0.0
    for n in range(len(view.rows) - 1, -1, -1):
        if left > boundary:
            return n + 1
        left += view.rows[n].duration
    return 0


def _head(view: View, rendition: str, skipped: int) -> str:
    airing = in_the_air(view)
    first: Row | Airing | None = view.rows[0] if view.rows else airing[0] if airing else None
    lines = [
        "#EXTM3U\n",
        # §8: EXT-X-SKIP needs 9; the whole playlist could do with less, but says what the channel needs.
        "#EXT-X-VERSION:9\n",
        f"#EXT-X-TARGETDURATION:{view.target_duration}\n",
        "" if is_captions(rendition) else "#EXT-X-INDEPENDENT-SEGMENTS\n",
    ]
    lines.append("#EXT-X-PLAYLIST-TYPE:VOD\n" if view.vod else _control(view))
    lines.append(f"#EXT-X-MEDIA-SEQUENCE:{first.msn if first else 0}\n")
    told = bool(first and _opening(first, view.before))
    lines.append(f"#EXT-X-DISCONTINUITY-SEQUENCE:{first.dsn - told if first else 0}\n")
    if skipped:
        lines.append(f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}\n")
    return "".join(lines)


def _control(view: View) -> str:
    target, part = view.target_duration, view.part_target
    control = f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL={SKIP_FROM * target},HOLD-BACK={3 * target}"
    if not view.low_latency:
        return control + "\n"
    # Three parts (§4.4.3.8) and a millisecond, so that nobody's rounding finds less.
    return f"{control},PART-HOLD-BACK={3 * part + 0.001:.3f}\n#EXT-X-PART-INF:PART-TARGET={part:g}\n"


def _tail(view: View, rendition: str) -> str:
    if view.ended or view.vod:
        return "#EXT-X-ENDLIST\n"
    lines = []
    if view.hint and view.low_latency and not is_captions(rendition):
        name, within = _hinted(view, rendition), ""
        uri = _part_uri(*view.hint, name, view.up)
        if name in view.hint_within:
            body, at = view.hint_within[name]
            uri, within = f"{view.up}../../s/{body}.m4s", f",BYTERANGE-START={at}"
        lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{uri}"{within}\n')
    lines += [_report(view, other) for other in view.renditions if other != rendition]
    return "".join(lines)


def _hinted(view: View, rendition: str) -> str:
    """The rendition whose part will come: the one that is shown now, if the source goes on."""
    last = view.rows[-1] if view.rows else view.before
    airing = in_the_air(view)
    known: Mapping[str, object] = airing[0].parts if airing else {}
    if not known and last is not None and view.hint and (last.source, last.run) == view.hint[:2]:
        known = last.media
    return shown(known, None, rendition) or rendition


def _report(view: View, rendition: str) -> str:
    """§4.4.5.4: the last segment, or the last part of the segment in the air."""
    airing, last = in_the_air(view), view.rows[-1] if view.rows else None
    told = 0
    if airing:
        name = shown(airing[0].parts, last if last and last.dsn == airing[0].dsn else None, rendition)
        told = sum(1 for told in airing if name in told.parts)
    if told:
        return f'#EXT-X-RENDITION-REPORT:URI="{rendition}.m3u8",LAST-MSN={airing[0].msn},LAST-PART={told - 1}\n'
    if last is None:
        return ""
    parts = len(told_parts(last, shown(last.media, None, rendition)))
    number = f",LAST-PART={parts - 1}" if parts and _first_parted(view) < len(view.rows) else ""
    return f'#EXT-X-RENDITION-REPORT:URI="{rendition}.m3u8",LAST-MSN={last.msn}{number}\n'

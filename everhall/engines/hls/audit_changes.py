"""Two versions of one media playlist, one after the other: what may not have changed between them (§6.2.1, §6.2.2).

In: the playlist as it was and as it is, delta updates already put together. Out: `Found`s. Must stay true: a server
that only appends, removes from the head and counts right yields nothing; what follows from another fault is not told
again.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from everhall.engines.hls.audit_dates import date_changes
from everhall.engines.hls.audit_media import EPSILON
from everhall.engines.hls.audit_rules import Found
from everhall.engines.hls.parse_model import Media, SegmentTag

#: Seconds by which the same EXTINF may differ: nothing but the number of digits.
_SAME: Final = 0.0005
#: Segments at the live edge, the one in the air or hinted included, as validators count them.
_EDGE: Final = 3


def change_faults(was: Media, now: Media) -> Iterator[Found]:
    yield from _header_changes(was, now)
    if was.endlist and (not now.endlist or now.last_msn > was.last_msn):
        yield Found("end-taken-back", "", "the playlist had ENDLIST and went on")
    elif was.kind == "VOD" and [_identity(s) for s in was.segments] != [_identity(s) for s in now.segments]:
        yield Found("type-vod-changed", "", "a playlist of type VOD changed")
    elif is_older(was, now):
        yield Found("playlist-older", str(now.last_msn), f"segment {was.last_msn} was told, now the last is {now.last_msn}")
    elif now.msn < was.msn:
        yield Found("media-sequence-decreased", str(now.msn), f"MEDIA-SEQUENCE went from {was.msn} to {now.msn}")
    else:
        moved = list(_content_changes(was, now))
        yield from moved
        if not moved:
            yield from _discontinuity_changes(was, now)
            yield from date_changes(was, now)
        yield from _removal_faults(was, now)


def _identity(s: SegmentTag) -> tuple[str, str]:
    return s.uri, s.byterange


def common(was: Media, now: Media, *, airing: bool = False) -> list[tuple[SegmentTag, SegmentTag]]:
    """Segments with the same number in both, whole ones only unless `airing`; those that are the very same are left
    out, because nothing can be wrong between them."""
    before = was.everything if airing else was.segments
    if not before:
        return []
    first = before[0].msn
    found = []
    for s in now.everything if airing else now.segments:
        n = s.msn - first
        if 0 <= n < len(before) and before[n] is not s:
            found.append((before[n], s))
    return found


def is_older(was: Media, now: Media) -> bool:
    """An earlier version: it ends earlier and says nothing else."""
    if now.progress >= was.progress or now.msn > was.msn or now.last_msn < was.msn:
        return False
    parts = [p.uri for p in now.airing.parts] if now.airing else []
    known = [p.uri for s in was.everything if now.airing and s.msn == now.airing.msn for p in s.parts]
    return all(_identity(a) == _identity(b) for a, b in common(was, now)) and known[: len(parts)] == parts


def _header_changes(was: Media, now: Media) -> Iterator[Found]:
    if was.target and now.target and was.target != now.target:
        yield Found("target-duration-changed", f"{was.target}>{now.target}", f"TARGETDURATION went from {was.target} to {now.target}")
    if was.part_target != now.part_target:
        yield Found("header-changed", "PART-TARGET", f"PART-TARGET went from {was.part_target} to {now.part_target}")
    if was.control != now.control:
        yield Found("header-changed", "SERVER-CONTROL", f"SERVER-CONTROL went from {was.control} to {now.control}")


# ---------------------------------------------------------------- segments
def _content_changes(was: Media, now: Media) -> Iterator[Found]:
    both = common(was, now)
    if any(_identity(a) != _identity(b) for a, b in both):
        if now.skipped is not None:
            yield Found("skip-wrong", str(now.msn), "a delta update gives other segments for numbers that were told")
        else:
            yield from _displaced(was, now)
        return
    if now.last_msn < was.last_msn:
        yield Found("segment-removed", str(was.last_msn), f"segment {was.last_msn} was removed from the end")
    for a, b in both:
        changed = _what_changed(a, b)
        if changed:
            yield Found("segment-changed", str(b.msn), f"segment {b.msn}: {changed}")


def _what_changed(a: SegmentTag, b: SegmentTag) -> str:
    if abs(a.duration - b.duration) > _SAME:
        return f"EXTINF went from {a.duration:g} to {b.duration:g}"
    # A gap has no media that a map could be for; at the head it may stand before all maps.
    if a.map != b.map and not b.gap:
        return f"EXT-X-MAP went from {a.map or 'none'} to {b.map or 'none'}"
    if a.key != b.key:
        return "EXT-X-KEY changed"
    return "EXT-X-GAP changed" if a.gap != b.gap else ""


def _displaced(was: Media, now: Media) -> Iterator[Found]:
    """Numbers lead to other segments than before: what was done to the list?"""
    edits = SequenceMatcher(
        None, [_identity(s) for s in was.segments], [_identity(s) for s in now.segments], autojunk=False
    ).get_opcodes()
    gone = edits[0][2] if edits[0][0] == "delete" else 0
    inner = [edit for n, edit in enumerate(edits) if edit[0] != "equal" and not _at_an_end(n, edit, len(edits))]
    if not inner and any(edit[0] == "equal" for edit in edits):
        yield _miscounted(was, now, gone)
        return
    for kind, i, _, j, until in inner:
        if kind == "delete":
            yield Found("segment-removed", str(was.segments[i].msn), f"segment {was.segments[i].msn} was removed from the middle")
        elif kind == "insert":
            yield Found("segment-inserted", str(now.segments[j].msn), f"segment {now.segments[j].msn} was put into the middle")
        else:
            for s in now.segments[j:until]:
                yield Found("segment-changed", str(s.msn), f"segment {s.msn} became another one: {s.uri}")


def _at_an_end(n: int, edit: tuple[str, int, int, int, int], count: int) -> bool:
    return (n == 0 and edit[0] == "delete") or (n == count - 1 and edit[0] == "insert")


def _miscounted(was: Media, now: Media, gone: int) -> Found:
    if not now.has_msn:
        return Found("media-sequence-missing", "", f"{gone} segments were removed and there is no MEDIA-SEQUENCE")
    return Found(
        "media-sequence-wrong", str(now.msn),
        f"{gone} segments were removed, MEDIA-SEQUENCE went from {was.msn} to {now.msn}",
    )  # fmt: skip


# ---------------------------------------------------------------- discontinuities
def _discontinuity_changes(was: Media, now: Media) -> Iterator[Found]:
    both = common(was, now, airing=True)
    slid = now.msn > was.msn
    if slid and not now.has_dsn and any(s.discontinuity for s in (*was.everything, *now.everything)):
        yield Found("discontinuity-sequence-missing", "", "segments were removed, there are discontinuities and no DISCONTINUITY-SEQUENCE")
        return
    if now.dsn < was.dsn:
        yield Found("discontinuity-sequence-decreased", str(now.dsn), f"DISCONTINUITY-SEQUENCE went from {was.dsn} to {now.dsn}")
        return
    tags = list(_tag_changes(both, now.msn))
    yield from tags
    if tags:
        return
    for a, b in both:
        if a.dsn != b.dsn:
            yield Found(
                "discontinuity-sequence-wrong", str(now.dsn),
                f"segment {b.msn} had the discontinuity number {a.dsn}, now {b.dsn}",
            )  # fmt: skip
            return


def _tag_changes(both: list[tuple[SegmentTag, SegmentTag]], head: int) -> Iterator[Found]:
    """At the head the tag may be folded into DISCONTINUITY-SEQUENCE: nothing precedes it, the numbers stay."""
    for a, b in both:
        if a.discontinuity and not b.discontinuity and not (b.msn == head and a.dsn == b.dsn):
            yield Found("discontinuity-vanished", str(b.msn), f"segment {b.msn} lost its DISCONTINUITY")
        elif b.discontinuity and not a.discontinuity and a.uri:
            yield Found("discontinuity-appeared", str(b.msn), f"segment {b.msn} got a DISCONTINUITY after it was told")


# ---------------------------------------------------------------- removal
def _removal_faults(was: Media, now: Media) -> Iterator[Found]:
    if now.msn <= was.msn:
        return
    if now.kind in {"EVENT", "VOD"}:
        yield Found("type-on-live", now.kind, f"segments are removed from a playlist of type {now.kind}")
    if now.endlist:
        return
    if now.duration < 3 * now.target - EPSILON:
        yield Found("too-short", str(now.msn), f"{now.duration:g} s are left, TARGETDURATION is {now.target}")
    elif len(now.segments) < 6:
        yield Found("few-segments", "", f"{len(now.segments)} segments are left")


# ---------------------------------------------------------------- parts
def part_changes(was: Media, now: Media) -> Iterator[Found]:
    """Parts stay as they were told, and stay at all while they are at the live edge: their segment began less than
    3 target durations before the end and is one of the last three."""
    if is_older(was, now) or now.msn < was.msn:
        return
    edge = _edge(now)
    for a, b in common(was, now, airing=True):
        yield from _parts_of_one(a, b, b.msn in edge)
    yield from _hint_kept(was, now)


def _edge(media: Media) -> set[int]:
    """Numbers of segments at the live edge."""
    found: set[int] = set()
    left = 3.0 * media.target
    most = _EDGE - (not media.airing and bool(media.hints))
    for s in reversed(media.everything):
        left -= s.length
        if left <= EPSILON or len(found) == most:
            break
        found.add(s.msn)
    return found


def _parts_of_one(a: SegmentTag, b: SegmentTag, kept: bool) -> Iterator[Found]:
    told = {(part.uri, part.byterange) for part in a.parts}
    known = {(part.uri, part.byterange): part for part in b.parts}
    for n, part in enumerate(a.parts):
        same = known.get((part.uri, part.byterange))
        if same is not None:
            if abs(same.duration - part.duration) > _SAME or (same.independent, same.gap) != (part.independent, part.gap):
                yield Found("part-changed", part.uri, f"part {b.msn}.{n} changed")
        elif kept:
            other = b.parts[n] if n < len(b.parts) else None
            if other is not None and (other.uri, other.byterange) not in told:
                yield Found("part-changed", part.uri, f"part {b.msn}.{n} became another one")
            else:
                yield Found("part-vanished", part.uri, f"part {b.msn}.{n} is no longer told")


def _hint_kept(was: Media, now: Media) -> Iterator[Found]:
    """§4.4.5.3. A hint may be given up where the planned segmentation changes (§6.2.6): at a discontinuity, at a
    segment that comes whole, at the end."""
    hint = next((h for h in was.hints if h.kind == "PART"), None)
    airing = was.airing.msn if was.airing else was.last_msn + 1
    index = len(was.airing.parts) if was.airing else 0
    following = {s.msn: s for s in now.everything}
    s = following.get(airing)
    if hint is None or s is None or now.endlist:
        return
    if len(s.parts) <= index and s.uri:
        s, index = following.get(airing + 1), 0
    if s is None or len(s.parts) <= index or (s.discontinuity and index == 0):
        return
    part = s.parts[index]
    start = part.byterange.partition("@")[2]
    if part.uri != hint.uri or (start.isdigit() and int(start) != hint.start):
        yield Found("hint-broken", f"{s.msn}.{index}", f"part {s.msn}.{index} is {part.uri}, hinted was {hint.uri}")

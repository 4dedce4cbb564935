"""A segment made of the parts that were told of it, for a channel that can wait for the whole one no longer.

In: the told parts of one segment, in order. Out: a `Segment` with the source's own name, whose bytes are in the store;
None if the parts are not here any more (a feed of another installation, a swept run). What must stay true: it holds
all parts that were told and nothing else, so no player has to take anything back (RFC 8216bis §6.2.2).
"""

import logging
from collections.abc import Sequence

from everhall.engines.hls.boxes import BrokenBoxes
from everhall.engines.hls.init import tracks_of
from everhall.engines.hls.model import Airing, Media, Part, Segment, part_name
from everhall.engines.hls.moof import batches_of
from everhall.live.store import Store

log = logging.getLogger(__name__)


def cut_short(store: Store, told: Sequence[Airing]) -> Segment | None:
    """See the module. `told` is not empty, its first part is the segment's first."""
    first = told[0]
    kind, _, feed = first.source.partition("/")
    if kind != "feed":
        return None
    try:
        made = {name: _joined(store, feed, told, name) for name in first.parts}
        lead = next((name for name in made if name.startswith("v")), next(iter(made)))
        begins = _media_time(store, first, feed, lead)
    except (OSError, BrokenBoxes, KeyError, IndexError, StopIteration) as problem:
        log.warning("%s: parts of %s %d are lost: %s", first.source, first.run, first.index, problem)
        return None
    media = {name: one for name, (one, _) in made.items()}
    parts = {name: told_parts for name, (_, told_parts) in made.items()}
    log.info("%s: %s %d is overdue; %d parts of it are aired", first.source, first.run, first.index, len(told))
    # When it was captured is known to the feed alone; within a run what counts is the time on the run's own line.
    return Segment(first.source, first.run, first.index, first.airtime, begins, media[lead].duration, media, parts)


def _joined(store: Store, feed: str, told: Sequence[Airing], name: str) -> tuple[Media, tuple[Part, ...]]:
    """A rendition's bytes as a body. Numbers are the same in all renditions; one that missed a part keeps its place."""
    found: list[Part] = []
    content = b""
    for n, one in enumerate(told):
        part = one.parts.get(name)
        if part is None:
            found.append(Part(n, next(iter(one.parts.values())).duration, False, 0))
            continue
        content += store.part_path(feed, part_name(one.run, one.index, part.n, name)).read_bytes()
        found.append(part)
    duration = sum(part.duration for part in found if part.size)
    return Media(told[0].inits[name], store.put(content), duration, len(content)), tuple(found)


def _media_time(store: Store, first: Airing, feed: str, lead: str) -> float:
    track = tracks_of(store.get(first.inits[lead], ".mp4"))[0]
    part = first.parts[lead]
    content = memoryview(store.part_path(feed, part_name(first.run, first.index, part.n, lead)).read_bytes())
    size = int.from_bytes(content[:4])
    batch = batches_of(content[:size], [content[size + 8 :]], {track.track_id: track})[track.track_id]
    return batch.dts / track.track.timescale

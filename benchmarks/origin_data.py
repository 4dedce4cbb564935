"""A channel for the bench of the origin, and the changes that the load generator makes to it.

In: the folder of the live path. Out: fifteen minutes of rows, a segment of 300 kB in the store; scripts for
`origin_load.c`. Parts are half a second long here, so that something changes every 500 ms, as the bench says.
"""

import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from everhall.engines.hls.model import Airing, Kind, Media, Part, Row, airing_line, row_line
from everhall.live.store import Log, Store

CHANNEL = "bench"
ADDRESS = f"/live/c/{CHANNEL}/v720.m3u8"
#: What a player of low latency asks for again and again.
DELTA = f"{ADDRESS}?_HLS_skip=YES"
FEED, RUN = "bench-feed", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
SEGMENT_BYTES = 300_000
BEGINNING = 1_634_695_800.0
ROWS = 470
PARTS = tuple(Part(n, 0.5, n == 0, 75_000) for n in range(4))


@dataclass(frozen=True, slots=True)
class Made:
    """Where things are."""

    log: Path
    air: Path
    segment: str
    segment_path: Path


def make(root: Path) -> Made:
    store = Store(root)
    segment = store.put(os.urandom(SEGMENT_BYTES))
    folder = root / "channels" / CHANNEL
    log = Log(folder / "log.jsonl")
    Log(folder / "air.jsonl").close()
    store.put_small(folder / "access.json", json.dumps({"public": True}).encode())
    log.append([row_line(row(msn, segment)) for msn in range(ROWS)], sync=False)
    log.close()
    return Made(folder / "log.jsonl", folder / "air.jsonl", segment, store.path(segment))


def media(segment: str) -> dict[str, Media]:
    return {name: Media("0" * 32, segment, 2.0, SEGMENT_BYTES) for name in ("v720", "v360", "a-zh")}


def row(msn: int, segment: str) -> Row:
    names = media(segment)
    return Row(
        msn, 0, BEGINNING + 2 * msn, 2.0, Kind.SEGMENT, f"feed/{FEED}", RUN, msn, BEGINNING + 2 * msn, 2.0 * msn,
        "", names, dict.fromkeys(names, PARTS),
    )  # fmt: skip


def changes(first: int, segment: str) -> Iterator[str]:
    """Lines of a script, from row `first` on: three parts, then the row with the fourth."""
    for msn in itertools.count(first):
        whole = row(msn, segment)
        for n, part in enumerate(PARTS):
            told = Airing(
                msn, 0, whole.airtime, whole.source, RUN, msn, "", {name: m.init for name, m in whole.media.items()},
                dict.fromkeys(whole.media, part),
            )  # fmt: skip
            line = row_line(whole) if n == 3 else airing_line(told)
            target = f"{DELTA}&_HLS_msn={msn}&_HLS_part={n}"
            holds = f'#EXT-X-PART:DURATION=0.50000,URI="../../p/{FEED}/{RUN}/{msn}.{n}.v720.m4s"'
            yield "\t".join(("R" if n == 3 else "A", line, target, holds)) + "\n"


def script(path: Path, first: int, rows: int, segment: str) -> None:
    """Changes of so many rows."""
    path.write_text("".join(itertools.islice(changes(first, segment), rows * 4)), encoding="utf-8")


def bare_script(path: Path, count: int) -> None:
    """As many changes for a server that knows no rows: a line in a file."""
    path.write_text("A\tx\t/w\t-\n" * count, encoding="utf-8")

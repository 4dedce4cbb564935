"""A folder of the live path, written by hand as the director, the ingest and the desk would, and an origin on it."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from everhall.engines import tokens
from everhall.engines.hls.captions import Line, caption_line
from everhall.engines.hls.model import (
    Airing,
    Kind,
    Media,
    Part,
    Row,
    Segment,
    airing_line,
    part_name,
    row_line,
    segment_line,
)
from everhall.live.origin import Origin
from everhall.live.store import Log, Store

SECRET = tokens.secret_of("a key of tests")
NOW = 1_634_695_800.0
FEED = "2021-main"
RUN = "0a1b2c3d4e5f"
PARTS = (Part(0, 1.0, True, 9), Part(1, 1.0, False, 9))


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


def settle() -> None:
    """An origin looks at its files at most once a millisecond; what was written is new to it after that."""
    time.sleep(0.002)


@dataclass
class Stage:
    """One channel on one feed with picture and sound; two parts a row."""

    root: Path
    name: str = "main"
    feed: str = FEED
    renditions: tuple[str, ...] = ("v720", "a-zh")
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store(self.root)
        self.folder = self.root / "channels" / self.name
        self.log = Log(self.folder / "log.jsonl")
        self.air = Log(self.folder / "air.jsonl")
        self.media = {
            name: Media(self.store.put(f"init {name}".encode(), ".mp4"), self.store.put(f"body {name}".encode()), 2.0, 9)
            for name in self.renditions
        }

    @property
    def last(self) -> Row | None:
        return self.rows[-1] if self.rows else None

    def access(self, **said: Any) -> None:
        self.store.put_small(self.folder / "access.json", json.dumps({"public": True, **said}).encode())
        settle()

    def a_row(self, **other: Any) -> Row:
        last = self.last
        msn = last.msn + 1 if last else 100
        fields: dict[str, Any] = {
            "msn": msn, "dsn": last.dsn if last else 3, "airtime": last.ends if last else NOW, "duration": 2.0,
            "kind": Kind.SEGMENT, "source": f"feed/{self.feed}", "run": RUN, "index": msn - 100,
            "captured": NOW, "media_time": (msn - 100) * 2.0 + 50, "item": "opening", "media": self.media,
            "parts": dict.fromkeys(self.renditions, PARTS),
        }  # fmt: skip
        return Row(**{**fields, **other})

    def row(self, count: int = 1, **other: Any) -> Row:
        """Append rows as the director does: to the log, then the parts in the air are void."""
        for _ in range(count):
            row = self.a_row(**other)
            self.rows.append(row)
            self.log.append([row_line(row)], sync=False)
        self.air.truncate()
        settle()
        return row

    def part(self, n: int = 0, **other: Any) -> Airing:
        """One more part of the row that is in the air: its bytes, then its line."""
        row = self.a_row()
        for name in self.renditions:
            self.part_bytes(row.index, n, name)
        fields: dict[str, Any] = {
            "msn": row.msn, "dsn": row.dsn, "airtime": row.airtime, "source": row.source, "run": row.run,
            "index": row.index, "item": row.item, "inits": {name: m.init for name, m in self.media.items()},
            "parts": dict.fromkeys(self.renditions, Part(n, 1.0, n == 0, 9)),
        }  # fmt: skip
        told = Airing(**{**fields, **other})
        self.air.append([airing_line(told)], sync=False)
        settle()
        return told

    def part_bytes(self, index: int, n: int, rendition: str) -> bytes:
        content = f"part {index}.{n} of {rendition}".encode()
        self.store.put_part(self.feed, part_name(RUN, index, n, rendition), content)
        return content

    def say(self, start: float, end: float, text: str, language: str = "zh") -> None:
        with (self.folder / "captions.jsonl").open("a") as file:
            file.write(caption_line(Line(start, end, language, text)) + "\n")
        settle()

    def record(self, name: str, count: int = 5, **said: Any) -> list[Segment]:
        """A recording of the feed's first segments."""
        made = [
            Segment(f"feed/{self.feed}", RUN, n, NOW + 2 * n, 50.0 + 2 * n, 2.0, self.media, {})
            for n in range(count)
        ]
        Log(self.root / "recordings" / f"{name}.jsonl").append([segment_line(one) for one in made], sync=False)
        self.store.put_small(self.root / "recordings" / f"{name}.json", json.dumps(said).encode())
        settle()
        return made


def an_origin(root: Path, clock: Callable[[], float] | None = None, **more: Any) -> Origin:
    return Origin(root, SECRET, clock or Clock(), **more)


def a_token(scope: str, expires: float = NOW + 60) -> str:
    return tokens.make(SECRET, scope, expires)

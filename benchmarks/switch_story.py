"""What happens during the switch bench, and what has become of it: the twenty switches, the six kills, the count.

In: the show (studio, publishers), how long it lasts. Out: actions at their moments; figures. Each kill names the
publishers whose connection it cut: what they had sent by then has to be in the recording.
"""

import os
import random
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.live_world import (
    PASSPHRASE,
    Film,
    Publisher,
    StudioProcess,
    children_of,
    now,
    recorded_clocks,
)
from everhall.engines.hls.model import Kind, Row
from everhall.live.store import Log, Store

CHANNEL = "show"
SWITCHES = 20
#: What is sent; "other" is what "stage" comes back with.
FILMS = {
    "hall": Film("hall", "1280x720", 25),
    "stage": Film("stage", "640x360", 30, kilobits=700, sound=44_100, b_frames=0),
    "other": Film("other", "960x540", 24, kilobits=900),
}
ORDER = ("hall", "stage", "pattern")


@dataclass(slots=True)
class Show:
    root: Path
    studio: StudioProcess
    publishers: dict[str, Publisher]
    cuts: list[dict[str, object]] = field(default_factory=list)

    def begin(self) -> None:
        began = now()
        feeds = [
            {"key": name, "kind": "srt", "name": name, "enabled": True, "port": one.port, "passphrase": PASSPHRASE,
             "audio": {"0": "zh"}}
            for name, one in self.publishers.items()
        ]  # fmt: skip
        feeds.append({"key": "pattern", "kind": "test", "name": "pattern", "enabled": True})
        self.studio.want(
            feeds=feeds, channels=[self._channel()],
            recordings=[{"key": name, "source": f"feed/{name}", "starts": began} for name in ORDER],
        )  # fmt: skip
        self.studio.start()
        time.sleep(2.0)
        for one in self.publishers.values():
            one.start()

    def _channel(self) -> dict[str, object]:
        item = {"id": "opening", "kind": "live", "source": "feed/pattern", "starts": 0.0, "duration": None}
        return {"key": CHANNEL, "items": [item], "cuts": self.cuts}

    def take(self, name: str) -> None:
        self.cuts.append({"at": now(), "kind": "take", "source": f"feed/{name}"})
        self.studio.want(channels=[self._channel()])

    def rows(self) -> list[Row]:
        return [line for line in Log.reading(self.root / "channels" / CHANNEL / "log.jsonl") if isinstance(line, Row)]

    def wait_for_rows(self, count: int, patience: float = 90.0) -> None:
        """Of the opening, so that the slate's making is not measured."""
        ends = time.monotonic() + patience
        while sum(row.source == "feed/pattern" for row in self.rows()) < count:
            if time.monotonic() > ends:
                log = (self.studio.folder / "studio.log").read_text()[-800:]
                msg = f"the show did not begin: {log}"
                raise RuntimeError(msg)
            time.sleep(0.2)

    def receiver_of(self, name: str) -> int:
        """Process id of the ffmpeg that receives the feed."""
        process = self.studio.process
        mark = f":{self.publishers[name].port}?"
        return next((pid for pid, line in children_of(process.pid if process else 0).items() if mark in line), 0)

    def end(self) -> None:
        for one in self.publishers.values():
            one.vanish()
        time.sleep(7.0)
        self.studio.close()


@dataclass(slots=True)
class Story:
    show: Show
    seconds: float
    beside: list[Publisher]
    say: Callable[[str], None]
    switches: int = 0
    kills: int = 0

    def tell(self) -> None:
        """Everything, at its time. A kill falls 1.3 s after the switch to its source: in the middle of a segment."""
        step = (self.seconds - 14.0) / SWITCHES
        kills = {2: self.publisher_gone, 5: self.receiver_killed, 9: self.other_parameters, 11: self.live_process_killed,
                 14: self.two_publishers, 17: self.garbage}  # fmt: skip
        began = time.monotonic()
        for number in range(SWITCHES):
            sleep_until(began + 2.0 + step * number)
            name = ORDER[(number + 1) % len(ORDER)]
            self.show.take(name)
            self.switches += 1
            self.say(f"{time.monotonic() - began:.1f} s: {name}")
            if number in kills:
                sleep_until(began + 2.0 + step * number + min(3.3, 0.45 * step))
                self.say(f"{now():.1f}: {kills[number].__name__}")
                kills[number](name)
                self.kills += 1
        sleep_until(began + self.seconds)

    def publisher_gone(self, name: str) -> None:
        """In the middle of a segment; back with the same after three seconds."""
        self._all(name, "vanish")
        time.sleep(3.0)
        self._all(name, "back")

    def other_parameters(self, name: str) -> None:
        """Gone, and back with another picture size, frame rate and sound."""
        self._all(name, "vanish")
        time.sleep(1.0)
        for one in (self.show.publishers[name], *self.beside):
            one.back(*one.others["other"])

    def _all(self, name: str, what: str) -> None:
        for one in (self.show.publishers[name], *self.beside):
            getattr(one, what)()

    def receiver_killed(self, name: str) -> None:
        pid = self.show.receiver_of(name)
        if pid:
            self.show.publishers[name].mark()
            os.kill(pid, signal.SIGKILL)

    def live_process_killed(self, _name: str) -> None:
        for one in self.show.publishers.values():
            one.mark()
        self.show.studio.kill()
        time.sleep(0.5)
        self.show.studio.start()

    def two_publishers(self, name: str) -> None:
        """A second one at the same port, for four seconds."""
        first = self.show.publishers[name]
        film, source = first.others["other"]
        second = Publisher(first.folder, first.url, film, source).start()
        time.sleep(4.0)
        second.close()

    def garbage(self, name: str) -> None:
        """Four seconds of random bytes at the port."""
        chance = random.Random(7)  # noqa: S311 - noise
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for _ in range(200):
                stranger.sendto(chance.randbytes(1316), ("127.0.0.1", self.show.publishers[name].port))
                time.sleep(0.02)


def sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


# ---------------------------------------------------------------- what has become of it
def figures(show: Show, story: Story) -> dict[str, float]:
    rows = show.rows()
    pairs = list(pairwise(rows))
    back = sum(after.msn != before.msn + 1 or not 0 <= after.dsn - before.dsn <= 1 for before, after in pairs)
    late = [after.airtime - before.ends for before, after in pairs]
    found = {
        "switches": float(story.switches),
        "kills": float(story.kills),
        "rows": float(len(rows)),
        "rows_slate": float(sum(row.kind is Kind.SLATE for row in rows)),
        "rows_gap": float(sum(row.kind is Kind.GAP for row in rows)),
        "sources_changed": float(sum(before.source != after.source for before, after in pairs)),
        "airtime_leap_longest_s": round(max(late, default=0.0), 3),
        "sequence_steps_back": float(back),
    }
    return found | unrecorded(show, story)


def unrecorded(show: Show, story: Story) -> dict[str, float]:
    """Seconds of each life of a publisher that it had sent when somebody died and that no recording has. Lives that
    were turned away, because a dead connection still held the port, sent nothing to anybody."""
    store = Store(show.root)
    worst = total = sent_s = 0.0
    for name, publisher in show.publishers.items():
        kept = recorded_clocks(store, name)
        for life in publisher.lives:
            frames = life.frames()
            lost = [frame for frame in frames if frame not in kept]
            if len(lost) == len(frames) and life is not publisher.lives[0]:
                story.say(f"{name}: a life of {len(frames) / life.film.rate:.1f} s was turned away")
                continue
            seconds = len(lost) / life.film.rate
            if seconds:
                story.say(f"{name}: {seconds:.2f} s of {len(frames) / life.film.rate:.1f} s are not recorded")
            worst, total, sent_s = max(worst, seconds), total + seconds, sent_s + len(frames) / life.film.rate
    return {
        "sent_s": round(sent_s, 2),
        "unrecorded_s": round(total, 2),
        "unrecorded_worst_s": round(worst, 2),
    }

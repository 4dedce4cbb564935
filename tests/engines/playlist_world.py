"""A channel that airs what it is told and is watched by everybody, with our own playlists; without clock or files.

`watched(shows)` gives the snapshots that clients of all renditions would have, blocking reloads and delta updates
included.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from everhall.engines.hls.audit import Snapshot
from everhall.engines.hls.model import Airing, Kind, Media, Part, Row, Track, address
from everhall.engines.hls.multivariant import multivariant
from everhall.engines.hls.playlist import Hint, Texts, View, media_playlist

RENDITIONS = ("v720", "v360", "a-zh", "a-en")
BASE = "https://everhall.example/live/c/1/"
BEGINS = 1_700_000_000.0
TRACKS = {
    "v720": Track("v720", "avc1.64001f", 90_000, 1280, 720, 25.0),
    "v360": Track("v360", "avc1.42c01e", 90_000, 640, 360, 25.0),
    "a-zh": Track("a-zh", "mp4a.40.2", 48_000, sample_rate=48_000, channels=2),
    "a-en": Track("a-en", "mp4a.40.2", 48_000, sample_rate=48_000, channels=2),
}
RATES = {"v720": 3_000_000, "v360": 800_000, "a-zh": 128_000, "a-en": 128_000}


@dataclass(frozen=True)
class Show:
    """One row to air. `parts` empty: it comes whole, after `duration` seconds."""

    source: str = "feed/beijing"
    run: str = "r1"
    parts: tuple[float, ...] = (1.0, 1.0)
    duration: float = 2.0
    kind: Kind = Kind.SEGMENT
    renditions: tuple[str, ...] = RENDITIONS

    @property
    def seconds(self) -> float:
        return sum(self.parts) if self.parts else self.duration


LIVE = Show()
SLATE = Show(source="slate/house", run="s", parts=(), kind=Kind.SLATE)
RECORDING = Show(source="recording/7", run="x", parts=())
#: The same in parts, as ranges of their segments.
PARTED_SLATE = Show(source="slate/house", run="s", kind=Kind.SLATE)
PARTED_RECORDING = Show(source="recording/7", run="x")
GAP = Show(source="", run="", parts=(), kind=Kind.GAP, renditions=())


@dataclass
class Channel:
    """Rows so far, and the row in the air."""

    window: int = 12
    low_latency: bool = True
    dvr: bool = False
    rows: list[Row] = field(default_factory=list)
    airing: list[Airing] = field(default_factory=list)
    hint: Hint | None = None
    hint_within: dict[str, tuple[str, int]] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)
    ended: bool = False

    def view(self) -> View:
        window = self.rows[-self.window :]
        before = self.rows[-self.window - 1] if len(self.rows) > self.window else None
        return View(
            window, tuple(self.airing), self.hint, (*RENDITIONS, "t-zh"), self.low_latency, ended=self.ended,
            before=before, dvr=self.dvr, part_target=1.0, hint_within=self.hint_within,
        )  # fmt: skip

    def begin(self, show: Show) -> Row:
        """The row that will be, without its parts."""
        last = self.rows[-1] if self.rows else None
        goes_on = last is not None and (last.source, last.run) == (show.source, show.run)
        index = last.index + 1 if last and goes_on and show.kind is not Kind.SLATE else 0
        media = {
            name: Media(
                address(f"{show.source}{show.run}{name}".encode()),
                address(f"{show.source}{show.run}{index}{name}".encode()), show.seconds, 10 * len(show.parts) or 1000,
            )
            for name in show.renditions
        }  # fmt: skip
        dsn = last.dsn + (not goes_on or show.kind is Kind.SLATE) if last else 0
        at = last.ends if last else BEGINS
        parts = {
            name: tuple(Part(n, seconds, n == 0, 10) for n, seconds in enumerate(show.parts))
            for name in (show.renditions if show.parts else ())
        }
        return Row(
            last.msn + 1 if last else 0, dsn, at, show.seconds, show.kind, show.source, show.run, index, at, at - BEGINS,
            "", media, parts,
        )  # fmt: skip

    def tell_part(self, row: Row, n: int) -> None:
        told = {name: parts[n] for name, parts in row.parts.items()}
        inits = {name: media.init for name, media in row.media.items()}
        within = {} if row.source.startswith("feed/") else {name: (media.body, 10 * n) for name, media in row.media.items()}
        self.airing.append(
            Airing(row.msn, row.dsn, row.airtime, row.source, row.run, row.index, "", inits, told, within)
        )
        self.hint = (row.source, row.run, row.index, n + 1)
        self.hint_within = {name: (body, at + 10) for name, (body, at) in within.items()}

    def finish(self, row: Row) -> None:
        self.rows.append(row)
        self.airing, self.hint_within = [], {}
        self.hint = (row.source, row.run, row.index + 1, 0) if row.parts and row.source.startswith("feed/") else None


def watched(shows: Sequence[Show], channel: Channel | None = None) -> list[Snapshot]:
    """All versions of all playlists as they come, from the third row on."""
    channel = channel or Channel()
    text = multivariant(TRACKS, bandwidths=RATES, averages=RATES, captions=["zh"])
    history = [Snapshot(BEGINS, BASE + "index.m3u8", text)]
    for n, show in enumerate(shows):
        row = channel.begin(show)
        for part in range(len(show.parts)):
            channel.tell_part(row, part)
            # The last part of a segment and the segment are told together.
            if part < len(show.parts) - 1 and channel.low_latency and n >= 2:
                told_at = row.airtime + sum(show.parts[: part + 1])
                history += snapshots(channel, told_at, f"_HLS_msn={row.msn}&_HLS_part={part}")
        channel.finish(row)
        channel.ended = channel.ended or (channel.dvr and n == len(shows) - 1)
        if n >= 2:
            history += snapshots(channel, row.ends, f"_HLS_msn={row.msn}")
    return history


def snapshots(channel: Channel, at: float, directives: str) -> Iterator[Snapshot]:
    """One of each rendition, a few milliseconds apart; delta updates and full ones in turn."""
    view = channel.view()
    for n, rendition in enumerate((*RENDITIONS, "t-zh")):
        skip = (len(channel.rows) + n) % 3 == 0
        if rendition == "t-zh" and "part" in directives:
            continue
        text = media_playlist(view, rendition, skip=skip, texts=channel.texts)
        url = f"{BASE}{'dvr/' if channel.dvr else ''}{rendition}.m3u8?{directives}{'&_HLS_skip=YES' if skip else ''}"
        yield Snapshot(at + 0.03 + n / 100, url, text, asked=at - 0.4)

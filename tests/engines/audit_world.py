"""Somebody's HLS, correct, small and easy to break: plain and low-latency, by itself or with a second rendition."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from everhall.engines.hls.audit import Snapshot

URL = "https://cdn.example/show/video.m3u8"
SOUND = "https://cdn.example/show/sound.m3u8"
INDEX = "https://cdn.example/show/index.m3u8"
BEGINS = 1_600_000_000.0
TARGET = 4
LOW_LATENCY = "CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=24,PART-HOLD-BACK=3"


@dataclass(frozen=True)
class Seg:
    """A segment as written; `before` are lines above it, `parts` are URIs of one second each."""

    uri: str
    duration: float = 4.0
    date: float | None = None
    map: str = ""
    disc: bool = False
    parts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    def text(self, *, whole: bool = True) -> str:
        lines = ["#EXT-X-DISCONTINUITY"] if self.disc else []
        lines += [f'#EXT-X-MAP:URI="{self.map}"'] if self.map else []
        lines += [f"#EXT-X-PROGRAM-DATE-TIME:{iso(self.date)}"] if self.date is not None else []
        lines += [f'#EXT-X-PART:DURATION=1,URI="{uri}"{self.flags(uri)}' for uri in self.parts]
        lines += [*self.lines, f"#EXTINF:{self.duration},", self.uri] if whole else []
        return "\n".join(lines) + "\n"

    def flags(self, uri: str) -> str:
        return ",INDEPENDENT=YES" if uri.endswith(".0.mp4") else ""


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def segments(count: int, *, discs: Sequence[int] = (), parted: bool = False) -> list[Seg]:
    """Numbered from 0, four seconds each; `discs` begin anew."""
    return [
        Seg(
            f"{n}.ts", date=BEGINS + 4 * n, disc=n in discs,
            parts=tuple(f"{n}.{k}.mp4" for k in range(4)) if parted else (),
        )
        for n in range(count)
    ]  # fmt: skip


@dataclass(frozen=True)
class Playlist:
    """One version. None leaves a tag out."""

    segs: tuple[Seg, ...]
    msn: int | None = 0
    dsn: int | None = 0
    target: int | None = TARGET
    version: int | None = 6
    control: str | None = None
    part_target: float | None = None
    kind: str = ""
    end: bool = False
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    airing: Seg | None = None

    @property
    def text(self) -> str:
        said = {
            "VERSION": self.version, "TARGETDURATION": self.target, "PLAYLIST-TYPE": self.kind or None,
            "SERVER-CONTROL": self.control,
            "PART-INF": None if self.part_target is None else f"PART-TARGET={self.part_target}",
            "MEDIA-SEQUENCE": self.msn, "DISCONTINUITY-SEQUENCE": self.dsn,
        }  # fmt: skip
        lines = ["#EXTM3U", *(f"#EXT-X-{name}:{value}" for name, value in said.items() if value is not None), *self.head]
        body = "".join(seg.text() for seg in self.segs)
        body += self.airing.text(whole=False) if self.airing else ""
        return "\n".join(lines) + "\n" + body + "".join(f"{line}\n" for line in self.tail) + ("#EXT-X-ENDLIST\n" if self.end else "")

    def but(self, **fields) -> "Playlist":
        return replace(self, **fields)

    def with_seg(self, n: int, **fields) -> "Playlist":
        """Another n-th segment."""
        segs = list(self.segs)
        segs[n] = replace(segs[n], **fields)
        return replace(self, segs=tuple(segs))


def window(all_segs: Sequence[Seg], first: int, size: int = 6, **fields) -> Playlist:
    """The playlist of a live server that keeps `size` segments and counts right."""
    gone = sum(seg.disc for seg in all_segs[:first])
    return Playlist(tuple(all_segs[first : first + size]), msn=first, dsn=gone, **fields)


def sliding(versions: int = 4, *, discs: Sequence[int] = (), **fields) -> list[Playlist]:
    segs = segments(versions + 8, discs=discs)
    return [window(segs, n, **fields) for n in range(versions)]


def parted(versions: int = 5) -> list[Playlist]:
    """Low latency: a window of six, of which three have parts; one version per part, the last with the segment."""
    segs = segments(30, parted=True)
    made = []
    for n in range(versions):
        first, told = n // 4, n % 4
        whole = [replace(seg, parts=() if k < 3 else seg.parts) for k, seg in enumerate(segs[first : first + 6])]
        coming = segs[first + 6]
        made.append(
            Playlist(
                tuple(whole), msn=first, control=LOW_LATENCY, part_target=1.0,
                airing=replace(coming, parts=coming.parts[:told]) if told else None,
                tail=(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{coming.parts[told]}"',),
            )
        )  # fmt: skip
    return made


def history(playlists: Sequence[Playlist | str], *, every: float = 4.0, url: str = URL, late: float = 0.0) -> list[Snapshot]:
    """Each version as somebody had it who asked for it in time."""
    return [
        Snapshot(BEGINS + 24 + late + every * n, url, p if isinstance(p, str) else p.text) for n, p in enumerate(playlists)
    ]


MULTIVARIANT = """#EXTM3U
#EXT-X-VERSION:4
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="snd",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="sound.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=25.000,AUDIO="snd"
video.m3u8
"""


def index(text: str = MULTIVARIANT) -> list[Snapshot]:
    return [Snapshot(BEGINS, INDEX, text)]


def pair(video: Sequence[Playlist], sound: Sequence[Playlist], *, every: float = 4.0) -> list[Snapshot]:
    """Both renditions of a presentation, seen in turn, a tenth of a second apart."""
    both = [*history(video, every=every), *history(sound, every=every, url=SOUND, late=0.1)]
    return [*index(), *sorted(both, key=lambda snapshot: snapshot.at)]


def spoken(playlists: Sequence[Playlist]) -> list[Playlist]:
    """The same as another rendition."""
    return [p.but(segs=tuple(replace(s, uri=s.uri.replace(".ts", ".aac")) for s in p.segs)) for p in playlists]

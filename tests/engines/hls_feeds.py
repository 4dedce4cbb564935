"""Feeds for the tests of the segmenter: golden files, feeds made up sample by sample, and what must hold of any run.

In: golden files' names or lists of samples. Out: bytes as a pipe delivers them; what a run made, looked at closely.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from struct import pack

from everhall.engines.hls.boxes import Splitter
from everhall.engines.hls.fragment import Sample, fragment, samples_of
from everhall.engines.hls.init import InitTrack, tracks_of
from everhall.engines.hls.model import Segment, address
from everhall.engines.hls.segmenter import Fault, InitMade, Made, PartMade, Segmenter, SegmentMade

GOLDEN = Path(__file__).resolve().parents[1] / "vectors" / "hls"
VIDEO, AUDIO = 90_000, 48_000
#: An AudioSpecificConfig of AAC-LC, 48 kHz, one channel, in its descriptors.
ESDS = bytes.fromhex("0319 0002 00 0411 4015") + bytes(11) + bytes.fromhex("0502 1188 060102")


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


# ---------------------------------------------------------------- made up


def box(kind: str, *payload: bytes) -> bytes:
    body = b"".join(payload)
    return pack(">I4s", 8 + len(body), kind.encode()) + body


def full(kind: str, *payload: bytes) -> bytes:
    return box(kind, bytes(4), *payload)


def trak(track_id: int, picture: bool, timescale: int, sps: bytes = b"\x67\x64\x00\x1f") -> bytes:
    if picture:
        avcc = box("avcC", bytes([1, 0x64, 0, 0x1F, 0xFF, 0xE1]), pack(">H", len(sps)), sps, b"\x00")
        size = pack(">HH", 1280, 720)
        entry = box("avc1", bytes(6), pack(">H", 1), bytes(16), size, bytes(50), avcc)
    else:
        numbers = pack(">HHHHI", 1, 16, 0, 0, 48000 << 16)
        entry = box("mp4a", bytes(6), pack(">H", 1), bytes(8), numbers, full("esds", ESDS))
    return box(
        "trak",
        full("tkhd", bytes(8), pack(">I", track_id), bytes(68)),
        box(
            "mdia",
            full("mdhd", bytes(8), pack(">II", timescale, 0), bytes(4)),
            full("hdlr", bytes(4), b"vide" if picture else b"soun", bytes(13)),
            box("minf", box("stbl", full("stsd", pack(">I", 1), entry))),
        ),
    )


def init_of(*traks: bytes) -> bytes:
    trexes = [full("trex", pack(">5I", number, 1, 0, 0, 0)) for number in range(1, len(traks) + 1)]
    mvex = box("mvex", *trexes)
    return box("ftyp", b"iso6") + box("moov", full("mvhd", bytes(96)), *traks, mvex)


def video_init(timescale: int = VIDEO) -> bytes:
    return init_of(trak(1, True, timescale))


def audio_init(timescale: int = AUDIO) -> bytes:
    return init_of(trak(1, False, timescale))


def pictures(durations: Iterable[int], keys: Callable[[int, int], bool], start: int = 0, mark: str = "v") -> list[Sample]:
    """Samples of a picture; `keys` is asked with number and time from the start. Data tell which sample it is."""
    found, dts = [], start
    for number, duration in enumerate(durations):
        data = f"{mark}{number}:".encode() * (3 + number % 5)
        key = keys(number, dts - start)
        found.append(Sample(dts, duration, 0, key, pack(">I", len(data)) + data))
        dts += duration
    return found


def sounds(count: int, start: int = 0, mark: str = "a") -> list[Sample]:
    return [Sample(start + 1024 * n, 1024, 0, True, f"{mark}{n}.".encode() * 3) for n in range(count)]


def every(count: int) -> Callable[[int, int], bool]:
    return lambda number, _: number % count == 0


def fragments(samples: Sequence[Sample], many: int = 3) -> list[bytes]:
    """Each run of `many` samples as a fragment; a hole in time and a key sample begin a new one, as with ffmpeg."""
    found: list[bytes] = []
    hand: list[Sample] = []
    for sample in samples:
        new = hand and (
            len(hand) >= many or sample.dts != hand[-1].dts + hand[-1].duration or (sample.key and not hand[-1].key)
        )
        if new:
            found.append(fragment(len(found) + 1, 1, hand))
            hand = []
        hand.append(sample)
    if hand:
        found.append(fragment(len(found) + 1, 1, hand))
    return found


def pipe(init: bytes, samples: Sequence[Sample], many: int = 3) -> bytes:
    return init + b"".join(fragments(samples, many))


# ---------------------------------------------------------------- runs


@dataclass
class Ran:
    """What a run made, sorted."""

    inits: dict[str, InitMade] = field(default_factory=dict)
    parts: list[PartMade] = field(default_factory=list)
    segments: list[SegmentMade] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    order: list[Made] = field(default_factory=list)

    def take(self, made: Iterable[Made]) -> None:
        for one in made:
            self.order.append(one)
            if isinstance(one, InitMade):
                assert one.rendition not in self.inits
                self.inits[one.rendition] = one
            elif isinstance(one, PartMade):
                self.parts.append(one)
            elif isinstance(one, SegmentMade):
                self.segments.append(one)
            else:
                self.faults.append(one)

    @property
    def codes(self) -> list[str]:
        return [fault.code for fault in self.faults]

    @property
    def story(self) -> list[Made]:
        """All in order, to be compared: what lies in pieces is put together."""
        return [whole(one) for one in self.order]

    def samples(self, rendition: str) -> list[Sample]:
        """The samples of all bodies, in order."""
        found: list[Sample] = []
        for segment in self.segments:
            if rendition in segment.bodies:
                found += samples_in(self.inits[rendition].content, body_of(segment, rendition))
        return found


def whole(made: Made) -> Made:
    """Parts and bodies in one piece each."""
    if isinstance(made, PartMade):
        return replace(made, parts={name: (part, (b"".join(pieces),)) for name, (part, pieces) in made.parts.items()})
    if isinstance(made, SegmentMade):
        return replace(made, bodies={name: (b"".join(pieces),) for name, pieces in made.bodies.items()})
    return made


def body_of(made: SegmentMade, rendition: str) -> bytes:
    """What the store gets as one file."""
    return b"".join(made.bodies[rendition])


def segmenter(renditions: Sequence[str], part_target: float = 1.0, **more) -> Segmenter:
    return Segmenter(
        source="feed/test", run="r1", lead=renditions[0], renditions=renditions, part_target=part_target, **more
    )


def ran(inputs: Mapping[str, bytes], renditions: Sequence[str], size: int = 1000, **more) -> Ran:
    """Feeds all inputs side by side, in pieces, everything at one moment, and ends the run."""
    run, found, at = segmenter(renditions, **more), Ran(), 0
    while any(at < len(data) for data in inputs.values()):
        for name, data in inputs.items():
            found.take(run.feed(name, data[at : at + size], 1000.0))
        at += size
    found.take(run.finish())
    return found


def samples_in(init: bytes, body: bytes) -> list[Sample]:
    """All samples of a single-track file, in order."""
    tracks: dict[int, InitTrack] = {track.track_id: track for track in tracks_of(init)}
    boxes = [box for box in Splitter().feed(body) if box.kind in {"moof", "mdat"}]
    found: list[Sample] = []
    for moof, mdat in zip(boxes[::2], boxes[1::2], strict=True):
        (samples,) = samples_of(moof.content, mdat.content, tracks).values()
        found += samples
    return [sample._replace(data=bytes(sample.data)) for sample in found]


def without_durations(samples: Iterable[Sample]) -> list[tuple[int, int, bool, bytes]]:
    return [(s.dts, s.offset, s.key, bytes(s.data)) for s in samples]


def faults_of(found: Ran, part_target: float, frame: float = 0.034, target: int = 2) -> list[str]:
    """What is wrong with a run, whatever was fed: the rules that hold for all of them. `frame`: the longest one."""
    bodies: dict[tuple[int, str], bytes] = {}
    wrong = []
    for told in found.parts:
        for rendition, (part, pieces) in told.parts.items():
            content = b"".join(pieces)
            bodies[told.index, rendition] = bodies.get((told.index, rendition), b"") + content
            if len(content) != part.size or part.duration > part_target + 1e-9:
                wrong.append(f"part {told.index}.{part.n}.{rendition} lasts {part.duration}")
    for number, made in enumerate(found.segments):
        segment: Segment = made.segment
        if segment.index != number or not set(segment.media) == set(made.bodies) == set(segment.parts):
            wrong.append(f"segment {number} is not whole")
        for rendition in segment.media:
            if body_of(made, rendition) != bodies[number, rendition]:
                wrong.append(f"body {number}.{rendition} is not its parts")
            wrong += _media_faults(found, made, rendition, target)
    return wrong + _short_parts(found, part_target, frame)


def _media_faults(found: Ran, made: SegmentMade, rendition: str, target: int) -> list[str]:
    where = f"{made.segment.index}.{rendition}"
    media, parts = made.segment.media[rendition], made.segment.parts[rendition]
    wrong = []
    if (media.body, media.init) != (address(body_of(made, rendition)), found.inits[rendition].address):
        wrong.append(f"addresses of {where}")
    if round(media.duration + 1e-9) > target:
        wrong.append(f"segment {where} lasts {media.duration}")
    if [part.n for part in parts] != list(range(len(parts))):
        wrong.append(f"numbers of parts {where}")
    if abs(sum(part.duration for part in parts) - media.duration) > 1e-5:
        wrong.append(f"parts and segment {where} do not last equally long")
    return wrong


def _short_parts(found: Ran, part_target: float, frame: float) -> list[str]:
    """Parts below 85% of the target that are not the last of their segment (RFC 8216bis §4.4.4.9)."""
    return [
        f"part {made.segment.index}.{part.n}.{rendition} lasts only {part.duration}"
        for made in found.segments
        for rendition, parts in made.segment.parts.items()
        for part, following in pairwise(parts)
        if part.size and following.size and part.duration < 0.85 * part_target - 1e-9 and frame < 0.15 * part_target
    ]

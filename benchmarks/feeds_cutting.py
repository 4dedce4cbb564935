"""Cutting parts and segments out of fragmented MP4: MB/s of one core in Python, beside copying the same bytes.

A feed of 2.5 Mbit/s, 720p30: a key frame of some 60 kB every two seconds, others of some 9 kB, in fragments as ffmpeg
writes them, fed in pieces of 64 kB as pipes deliver them. Beside it the same pieces copied once, into one body a
segment; the segmenter copies nothing: parts and bodies are written and named as their pieces lie. Times are of the
process, so that a busy machine disturbs little.
"""

import contextlib
import ctypes
import hashlib
import json
import statistics
import time
from collections.abc import Callable
from struct import pack

from everhall.engines.hls.boxes import Pieces
from everhall.engines.hls.fragment import Sample, fragment
from everhall.engines.hls.model import address_of
from everhall.engines.hls.segmenter import PartMade, Segmenter, SegmentMade

FPS, GOP, TIMESCALE = 30, 60, 15360
PIECE = 65536
SECONDS = 60
RUNS = 15


def box(kind: bytes, *payload: bytes) -> bytes:
    body = b"".join(payload)
    return pack(">I4s", 8 + len(body), kind) + body


def full(kind: bytes, *payload: bytes) -> bytes:
    return box(kind, bytes(4), *payload)


def init() -> bytes:
    """An init segment with one H.264 track, as short as it can be."""
    avcc = box(b"avcC", bytes([1, 0x64, 0, 0x1F, 0xFF, 0xE1]), pack(">H", 4), b"\x67\x64\x00\x1f\x00")
    entry = box(b"avc1", bytes(6), pack(">H", 1), bytes(16), pack(">HH", 1280, 720), bytes(50), avcc)
    mdia = box(
        b"mdia",
        full(b"mdhd", bytes(8), pack(">II", TIMESCALE, 0), bytes(4)),
        full(b"hdlr", bytes(4), b"vide", bytes(13)),
        box(b"minf", box(b"stbl", full(b"stsd", pack(">I", 1), entry))),
    )
    trak = box(b"trak", full(b"tkhd", bytes(8), pack(">I", 1), bytes(68)), mdia)
    trex = full(b"trex", pack(">5I", 1, 1, 0, 0, 0))
    return box(b"ftyp", b"iso6") + box(b"moov", trak, box(b"mvex", trex))


def feed_of(seconds: int, frames: int) -> bytes:
    """The bytes of a feed, `frames` a fragment."""
    noise = bytes(range(1, 256)) * 300
    found, dts, step = [init()], 0, TIMESCALE // FPS
    for number in range(0, seconds * FPS, frames):
        samples = []
        for frame in range(number, number + frames):
            key = frame % GOP == 0
            # Some 2.5 Mbit/s on average, no two neighbours alike.
            size = 60_000 if key else 7_000 + frame * 37 % 5_200
            samples.append(Sample(dts, step, 0, key, b"\x00\x00\xff\xff\x41" + noise[: size - 5]))
            dts += step
        found.append(fragment(number // frames + 1, 1, samples))
    return b"".join(found)


def cut(pieces: list[bytes], name: Callable[[Pieces], str] = address_of) -> tuple[int, int]:
    """Bytes of parts and of bodies made."""
    run = Segmenter(source="feed/bench", run="r", lead="v720", renditions=["v720"], name=name)
    parts = bodies = 0
    for piece in pieces:
        for made in run.feed("v720", piece, 0.0):
            if isinstance(made, PartMade):
                parts += made.parts["v720"][0].size
            elif isinstance(made, SegmentMade):
                bodies += sum(map(len, made.bodies["v720"]))
    return parts, bodies


def nameless(body: Pieces) -> str:
    """Stands for `address_of` where hashing is not what is measured."""
    return str(sum(map(len, body)))


def copied(pieces: list[bytes]) -> int:
    """A measure: the same bytes into one body a segment, nothing else."""
    return sum(len(b"".join(pieces[at : at + 10])) for at in range(0, len(pieces), 10))


def hashed(pieces: list[bytes]) -> int:
    return sum(len(hashlib.sha256(piece).hexdigest()) for piece in pieces)


def speed(size: int, work: Callable[[], object]) -> float:
    """MB/s of the process."""
    began = time.process_time()
    work()
    return size / (time.process_time() - began) / 1e6


def keep_memory() -> None:
    """Ask glibc not to give freed memory back at once: getting it again costs a page fault per 4 kB."""
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for setting in (-1, -3):  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
            mallopt(setting, 32 << 20)


def measure() -> dict[str, float]:
    """Medians, the contestants taking turns. `cut_100ms_mb_s`: parts and bodies, fragments of 100 ms; `..._named`:
    with the SHA-256 address of every body, as feeds do it."""
    keep_memory()
    feeds = {100: feed_of(SECONDS, 3), 500: feed_of(SECONDS, 15)}
    pieces = {ms: [data[at : at + PIECE] for at in range(0, len(data), PIECE)] for ms, data in feeds.items()}
    for ms, many in pieces.items():
        parts, bodies = cut(many)
        if not 0.95 * len(feeds[ms]) < bodies <= parts < 1.01 * len(feeds[ms]):
            raise RuntimeError(f"{parts} bytes of parts and {bodies} of bodies of {len(feeds[ms])}")
    size = len(feeds[100])
    contestants: dict[str, Callable[[], object]] = {
        "memcpy_mb_s": lambda: copied(pieces[100]),
        "sha256_mb_s": lambda: hashed(pieces[100]),
        "cut_100ms_mb_s": lambda: cut(pieces[100], nameless),
        "cut_100ms_named_mb_s": lambda: cut(pieces[100]),
        "cut_500ms_mb_s": lambda: cut(pieces[500], nameless),
        "cut_500ms_named_mb_s": lambda: cut(pieces[500]),
    }
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(RUNS):
        for name, work in contestants.items():
            found[name].append(speed(size, work))
    figures = {name: round(statistics.median(values), 0) for name, values in found.items()}
    for ms in (100, 500):
        figures[f"cut_{ms}ms_best_mb_s"] = round(max(found[f"cut_{ms}ms_mb_s"]), 0)
        figures[f"cut_{ms}ms_ratio_to_memcpy"] = round(figures[f"cut_{ms}ms_mb_s"] / figures["memcpy_mb_s"], 3)
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))  # noqa: T201 - a command's answer

"""What a feed costs: share of one core from socket to playable part, MB/s of cutting, memory after an hour.

Cost: eight publishers send the same 720p30 film of 2.5 Mbit/s by SRT, copied with `-re`; a process with the ingest
alone (`feeds_child.py`) receives them with an ffmpeg each and cuts them. Counted is the time of a core that this
process and all its children use, once with pictures and loudness off and once with them on; publishers are not counted.
Beside it, one ffmpeg that only copies one such feed to a pipe that nobody cuts.

Cutting: see `feeds_cutting.py`. Memory (`feeds_memory.py`): an hour of synthetic input goes through segmenter, run,
store, recorder and director as fast as it can, with a clock that goes along; only ffmpeg and SRT are not in it.
"""

import argparse
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks import Report, feeds_cutting, report
from benchmarks.live_world import FFMPEG, PASSPHRASE, ROOT, Film, free_port, srt_url

FILM = Film("feeds", "1280x720", 30, kilobits=2_400)
LIMITS: dict[str, tuple[str, float]] = {
    "core_percent_per_feed": ("<=", 2.5),
    "cut_500ms_mb_s": (">=", 2_000.0),
    "memory_growth_percent": ("<=", 5.0),
}


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench feeds")
    parser.add_argument("--feeds", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--hour", type=float, default=3600.0, help="seconds of input for the memory's growth")
    parser.add_argument("--films", type=Path, help="a folder in which the film is kept between runs")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    return parser.parse_args(argv)


PARTS = ("cost", "cutting", "memory")


def say(text: str) -> None:
    sys.stderr.write(f"feeds: {text}\n")


def run(argv: list[str]) -> Report:
    options = parse(argv)
    figures: dict[str, float] = {"feeds": float(options.feeds)}
    with tempfile.TemporaryDirectory(prefix="everhall-feeds-") as place:
        folder = Path(place)
        if "cutting" in options.only:
            say("cutting …")
            figures |= feeds_cutting.measure()
        if "memory" in options.only:
            say(f"memory: {options.hour:.0f} s of input …")
            figures |= memory(folder / "memory", options.hour)
        if "cost" in options.only:
            say("the film …")
            film = FILM.made(options.films or folder, options.seconds + 60.0)
            figures["film_mbit_s"] = round(8e-6 * film.stat().st_size / (options.seconds + 60.0), 2)
            for pictures in (False, True):
                say(f"{options.feeds} feeds for {options.seconds:.0f} s, pictures and loudness {'on' if pictures else 'off'} …")
                suffix = "_with_pictures" if pictures else ""
                cost = ingest_cost(folder, film, options.feeds, options.seconds, pictures=pictures)
                figures |= {f"{name}{suffix}": value for name, value in cost.items()}
            say("ffmpeg alone …")
            figures["ffmpeg_alone_percent"] = ffmpeg_alone(film, options.seconds / 2)
    return report("feeds", runs=1, figures=figures, limits=LIMITS)


# ---------------------------------------------------------------- cost
def used(process: psutil.Process) -> dict[str, float]:
    """Seconds of a core that the process and whatever it started have used so far."""
    own = process.cpu_times()
    own_s = own.user + own.system
    children = own.children_user + own.children_system
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            children += times.user + times.system + times.children_user + times.children_system
    return {"own": own_s, "children": children}


def ingest_cost(folder: Path, film: Path, feeds: int, seconds: float, *, pictures: bool) -> dict[str, float]:
    ports = [free_port(socket.SOCK_DGRAM) for _ in range(feeds)]
    root = folder / f"ingest-{pictures}"
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.feeds_child", str(root), str(int(pictures)), PASSPHRASE, *map(str, ports)],
        cwd=ROOT,
    )  # fmt: skip
    senders: list[subprocess.Popen[bytes]] = []
    try:
        time.sleep(2.0)
        senders += [send(film, port) for port in ports]
        wait_for_segments(root, feeds)
        process = psutil.Process(child.pid)
        before, began = used(process), time.monotonic()
        made = parts(root)
        time.sleep(seconds)
        after, took = used(process), time.monotonic() - began
        delivered = parts(root) - made
    finally:
        end([*senders, child])
    share = {name: 100 * (after[name] - before[name]) / took / feeds for name in after}
    return {
        "core_percent_per_feed": round(share["own"] + share["children"], 2),
        "core_percent_per_feed_python": round(share["own"], 2),
        "core_percent_per_feed_ffmpeg": round(share["children"], 2),
        "feeds_per_core": round(100 / (share["own"] + share["children"]), 1),
        # 1 if every feed delivered a segment each two seconds: else less was done than is said.
        "segments_delivered_share": round(delivered / (feeds * took / 2), 2),
    }


def send(film: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [FFMPEG, "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", str(film), "-map", "0", "-c", "copy", "-f", "mpegts", srt_url(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def parts(root: Path) -> int:
    """Segments in all indexes."""
    return sum(path.read_text().count('["segment"') for path in root.glob("feeds/*/*/index.jsonl"))


def wait_for_segments(root: Path, feeds: int) -> None:
    for _ in range(600):
        found = {path.parent.parent.name for path in root.glob("feeds/*/*/index.jsonl") if '["segment"' in path.read_text()}
        if len(found) == feeds:
            return
        time.sleep(0.1)
    msg = f"of {feeds} feeds only {len(found)} came"
    raise RuntimeError(msg)


def ffmpeg_alone(film: Path, seconds: float) -> float:
    port = free_port(socket.SOCK_DGRAM)
    receiver = subprocess.Popen(
        [FFMPEG, "-v", "error", "-nostdin", "-f", "mpegts", "-i", f"{srt_url(port)}&mode=listener", "-map", "0", "-c", "copy",
         "-bsf:a", "aac_adtstoasc", "-f", "mp4", "-movflags", "empty_moov+default_base_moof+delay_moov+frag_keyframe", "-frag_duration", "100000", "pipe:1"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    drain = subprocess.Popen(["cat"], stdin=receiver.stdout, stdout=subprocess.DEVNULL)
    time.sleep(1.0)
    sender = send(film, port)
    try:
        time.sleep(5.0)
        process = psutil.Process(receiver.pid)
        before, began = used(process), time.monotonic()
        time.sleep(seconds)
        if receiver.poll() is not None or sender.poll() is not None:
            msg = "ffmpeg alone did not receive the feed"
            raise RuntimeError(msg)
        return round(100 * (used(process)["own"] - before["own"]) / (time.monotonic() - began), 2)
    finally:
        end([sender, receiver, drain])


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for one in processes:
        one.terminate()
    for one in processes:
        try:
            one.wait(10)
        except subprocess.TimeoutExpired:
            one.kill()


# ---------------------------------------------------------------- memory
def memory(root: Path, seconds: float) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.feeds_memory", str(root), str(seconds)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found

"""Twenty switches among three sources of different parameters, and six kills: does the show go on?

In a folder of its own: a studio without Django as a process, the origin under uvicorn as another, two publishers by SRT
(1280x720@25 and 640x360@30 with other sound) and the house's test pattern as a ladder of 360 and 180 lines (small, because the same machine decodes all of it). While the director's cuts and
the kills fall, every playlist is fetched as players fetch them and judged by the auditor and by npm `hls-parser` in
strict mode; hls.js and shaka-player play in Chromium. Afterwards the burned-in frames that each publisher had sent
when somebody died are looked for in the recordings. Beside it ffmpeg's `hls` muxer and nginx-rtmp go through the same
deaths of their publishers. All of it in real time: `--minutes 10` is the whole, the default a third of it with the
same switches and kills (`time_factor`).
"""

import argparse
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from benchmarks import Report, report
from benchmarks import switch_peers as peers
from benchmarks import switch_players as players
from benchmarks.live_world import (
    ROOT,
    Publisher,
    StudioProcess,
    free_port,
    now,
    opened,
    site,
    srt_url,
)
from benchmarks.switch_story import CHANNEL, FILMS, Show, Story
from benchmarks.switch_story import figures as story_figures
from everhall.live.auditing import Audited, CannotAuditError, audit_address
from everhall.live.fetching import Fetched

WHOLE_S = 600.0
LIMITS: dict[str, tuple[str, float]] = {
    "switches": (">=", 20),
    "kills": (">=", 6),
    "violations_must": ("<=", 0),
    "hls_parser_complaints": ("<=", 0),
    "sequence_steps_back": ("<=", 0),
    "unrecorded_worst_s": ("<=", 2.5),
    **{f"{name}_fatal_errors": ("<=", 0.0) for name in players.SCRIPTS},
    **{f"{name}_longest_stall_s": ("<=", 3.0) for name in players.SCRIPTS},
    **{f"{name}_played_to_end": (">=", 1.0) for name in players.SCRIPTS},
}


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench switch")
    parser.add_argument("--minutes", type=float, default=3.3, help="of real time; 10 is the whole")
    parser.add_argument("--films", type=Path, help="a folder in which films are kept between runs")
    parser.add_argument("--keep", type=Path, help="keep everything in this folder, to look at it afterwards")
    parser.add_argument("--trace", action="store_true", help="tell in studio.log what was heard and aired, and when")
    parser.add_argument("--without", nargs="*", default=[], choices=("players", "peers"))
    return parser.parse_args(argv)


def say(text: str) -> None:
    sys.stderr.write(f"switch: {text}\n")


def run(argv: list[str]) -> Report:
    """The whole bench; what it needs and is not there is named in `missing`."""
    options = parse(argv)
    missing = [] if "players" in options.without else players.missing()
    missing += [] if "peers" in options.without else peers.missing()
    missing += [] if parser_there() else ["hls-parser"]
    with contextlib.ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-switch-")))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "www").mkdir()
        seconds = options.minutes * 60
        say("films …")
        films = {name: film.made(options.films or folder / "films", seconds + 60) for name, film in FILMS.items()}
        bench = Bench(folder, seconds, films, ["--small", *(["--trace"] if options.trace else [])])
        figures = bench.run(stack, "players" not in options.without and not players.missing(),
                            "peers" not in options.without, missing)  # fmt: skip
    figures["real_s"] = round(seconds, 1)
    figures["time_factor"] = round(WHOLE_S / seconds, 2)
    return report("switch", runs=1, figures=figures, limits=LIMITS, missing=missing)


@dataclass(slots=True)
class Watch:
    """The auditor on the channel, and every playlist that it had."""

    url: str
    seconds: float
    began: float
    audited: Audited | None = None
    texts: dict[str, None] = field(default_factory=dict)
    had: int = 0

    def start(self) -> Thread:
        thread = Thread(target=self._work, daemon=True)
        thread.start()
        return thread

    def _work(self) -> None:
        def show(_url: str, got: Fetched) -> None:
            self.had += 1
            if got.status == 200:
                self.texts[got.text] = None

        with contextlib.suppress(CannotAuditError):
            self.audited = audit_address(
                self.url, self.seconds, clock=lambda: self.began + time.monotonic(), show=show,
                tell=lambda v: say(f"{v.severity} {v.clause} {v.rule}: {v.message} ({v.url.rpartition('/')[2]}) at {v.at:.1f}"),
            )  # fmt: skip

    def figures(self) -> dict[str, float]:
        if self.audited is None:
            return {}
        complaints = strictly(list(self.texts))
        for text, said in zip(self.texts, complaints, strict=False):
            if said:
                say(f"hls-parser: {said}\n{text[-1500:]}")
        return {
            "playlists_fetched": float(self.had),
            "violations_must": float(self.audited.musts),
            "violations_should": float(len(self.audited.violations) - self.audited.musts),
            **({"hls_parser_complaints": float(sum(map(bool, complaints)))} if parser_there() else {}),
        }


@dataclass(slots=True)
class Bench:
    folder: Path
    seconds: float
    films: dict[str, Path]
    arguments: list[str]

    def run(self, stack: contextlib.ExitStack, with_players: bool, with_peers: bool, missing: list[str]) -> dict[str, float]:
        root = self.folder / "live"
        opened(root, CHANNEL)
        show = Show(root, StudioProcess(root, self.folder, self.arguments), self._publishers(stack))
        stack.callback(show.studio.close)
        address = stack.enter_context(site(root, self.folder, free_port()))
        beside = self._peers(stack, missing) if with_peers else []
        show.begin()
        began = now() - time.monotonic()
        src = f"/live/c/{CHANNEL}/index.m3u8"
        show.wait_for_rows(3)
        say("the show has begun")
        watch = Watch(address + src, self.seconds, began)
        watching = watch.start()
        for peer in beside:
            peer.watch(address, self.seconds, began)
        story = Story(show, self.seconds, [peer.publisher for peer in beside], say)
        telling = Thread(target=story.tell, daemon=True)
        figures: dict[str, float] = {}
        if with_players:
            figures |= self._played(address, src, telling)
        else:
            telling.start()
            telling.join()
        watching.join(60)
        show.end()
        figures |= watch.figures() | story_figures(show, story)
        for peer in beside:
            figures |= peer.figures()
        return figures

    def _publishers(self, stack: contextlib.ExitStack) -> dict[str, Publisher]:
        found = {}
        for name in ("hall", "stage"):
            port = free_port(socket.SOCK_DGRAM)
            found[name] = Publisher(self.folder, srt_url(port), FILMS[name], self.films[name])
            found[name].port = port
            found[name].others = {one: (FILMS[one], self.films[one]) for one in self.films}
            stack.callback(found[name].close)
        return found

    def _peers(self, stack: contextlib.ExitStack, missing: list[str]) -> list[peers.Peer]:
        film, source = FILMS["hall"], self.films["hall"]
        found = [stack.enter_context(peers.ffmpeg_hls(self.folder, film, source))]
        if "libnginx-mod-rtmp" not in missing:
            found.append(stack.enter_context(peers.nginx_rtmp(self.folder, film, source)))
        for peer in found:
            peer.publisher.others = {one: (FILMS[one], self.films[one]) for one in self.films}
            peer.publisher.start()
        return found

    def _played(self, address: str, src: str, telling: Thread) -> dict[str, float]:
        players.pages(self.folder / "www")
        figures: dict[str, float] = {}
        with players.browser() as opened_browser:
            pages = [players.play(opened_browser, name, address, src) for name in players.SCRIPTS]
            telling.start()
            while telling.is_alive():
                # Keeps playwright's loop awake; the pages measure by themselves.
                pages[0].page.wait_for_timeout(500)
            for player in pages:
                seen = player.seen()
                say(f"{player.name}: {json.dumps({k: seen[k] for k in ('fatal', 'faults', 'stalls')})}")
                figures |= players.figures(player.name, seen)
        return figures


# ---------------------------------------------------------------- hls-parser
def node() -> str | None:
    return shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv" / "bin"))


def parser_there() -> bool:
    return node() is not None and (ROOT / "node_modules" / "hls-parser").is_dir()


def strictly(texts: list[str]) -> list[str]:
    """What hls-parser says of each, "" for nothing."""
    if not parser_there():
        return []
    found: list[str] = []
    for at in range(0, len(texts), 500):
        done = subprocess.run(
            [str(node()), str(ROOT / "tests" / "live" / "hls_strict.mjs")],
            input=json.dumps(texts[at : at + 500]), capture_output=True, text=True, check=True,
        )  # fmt: skip
        found += json.loads(done.stdout)
    return found

"""The peers of the switch bench: ffmpeg's own `hls` muxer (append_list) and nginx-rtmp, each fed by a publisher that is
killed whenever ours is, each watched by the same auditor.

Their set-up is what their manuals say for a show that goes on after a break: ffmpeg is started anew when it ends and
appends to its list; nginx-rtmp goes on with its own. Files are served by the bench's site as they are.
"""

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.live_world import FFMPEG, PASSPHRASE, Film, Publisher, free_port, srt_url
from benchmarks.pages import tool
from everhall.live.auditing import Audited, CannotAuditError, audit_address

MODULES = ("/usr/lib/nginx/modules/ngx_rtmp_module.so", "/usr/lib64/nginx/modules/ngx_rtmp_module.so")
NGINX = """
load_module {module};
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{
  live on; hls on; hls_path {out}; hls_fragment 2s; hls_playlist_length 12s;
}} }} }}
"""


def rtmp_module() -> Path | None:
    """nginx's module, where Debian puts it or where `EVERHALL_NGINX_RTMP` says."""
    named = os.environ.get("EVERHALL_NGINX_RTMP", "")
    return next((Path(one) for one in (named, *MODULES) if one and Path(one).is_file()), None)


def missing() -> list[str]:
    return [] if tool("nginx") and rtmp_module() else ["libnginx-mod-rtmp"]


@dataclass(slots=True)
class Peer:
    """A peer that runs; `address` below the site."""

    name: str
    address: str
    publisher: Publisher
    audited: Audited | None = None
    problem: str = ""
    threads: list[threading.Thread] = field(default_factory=list)

    def watch(self, site: str, seconds: float, began: float) -> None:
        """Audit it from now on, as soon as there is a playlist."""

        def work() -> None:
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                try:
                    left = ends - time.monotonic()
                    self.audited = audit_address(
                        site + self.address, left, clock=lambda: began + time.monotonic()
                    )
                    return
                except CannotAuditError as problem:
                    self.problem = str(problem)
                    time.sleep(0.5)

        self.threads.append(threading.Thread(target=work, daemon=True))
        self.threads[-1].start()

    def figures(self) -> dict[str, float]:
        for thread in self.threads:
            thread.join(30)
        if self.audited is None:
            return {}
        return {
            f"{self.name}_violations_must": float(self.audited.musts),
            f"{self.name}_violations": float(len(self.audited.violations)),
        }


@contextlib.contextmanager
def ffmpeg_hls(folder: Path, film: Film, source: Path) -> Iterator[Peer]:
    out = folder / "www" / "peer-ffmpeg"
    out.mkdir(parents=True)
    port = free_port()
    listen = f"srt://127.0.0.1:{port}?mode=listener&latency=200000&passphrase={PASSPHRASE}&timeout=5000000"
    command = [
        FFMPEG, "-v", "error", "-nostdin", "-y", "-f", "mpegts", "-i", listen, "-map", "0", "-c", "copy",
        "-f", "hls", "-hls_time", "2", "-hls_list_size", "6", "-hls_segment_type", "mpegts",
        "-hls_flags", "append_list+delete_segments+program_date_time+independent_segments+omit_endlist",
        "-hls_segment_filename", str(out / "s%05d.ts"), str(out / "index.m3u8"),
    ]  # fmt: skip
    ended = threading.Event()
    process: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ended.is_set():
            process[:] = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
            process[0].wait()
            ended.wait(0.2)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    publisher = Publisher(folder, srt_url(port), film, source)
    try:
        yield Peer("ffmpeg", "/peer-ffmpeg/index.m3u8", publisher)
    finally:
        publisher.close()
        ended.set()
        for one in process:
            one.kill()
        keeper.join(5)


@contextlib.contextmanager
def nginx_rtmp(folder: Path, film: Film, source: Path) -> Iterator[Peer]:
    out, port = folder / "www" / "peer-nginx", free_port()
    out.mkdir(parents=True)
    config = folder / "nginx-rtmp.conf"
    config.write_text(NGINX.format(module=rtmp_module(), folder=folder, out=out, port=port))
    process = subprocess.Popen(
        [str(tool("nginx")), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    publisher = Publisher(folder, f"rtmp://127.0.0.1:{port}/live/show", film, source, form="flv")
    try:
        yield Peer("nginx_rtmp", "/peer-nginx/show.m3u8", publisher)
    finally:
        publisher.close()
        process.terminate()
        process.wait(10)

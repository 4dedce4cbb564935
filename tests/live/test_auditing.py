"""`everhall audit` over HTTP: a channel of ours with blocking reloads, and ffmpeg's own playlists, good and bad."""

import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import imageio_ffmpeg
import pytest
from django.core.management import call_command

from everhall.engines.hls.multivariant import multivariant
from everhall.engines.hls.playlist import media_playlist
from everhall.live.auditing import CannotAuditError, audit_address
from everhall.live.fetching import Fetcher
from tests.engines.playlist_world import RATES, RENDITIONS, TRACKS, Channel, Show

pytestmark = pytest.mark.slow


@contextmanager
def served(handler) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


# ---------------------------------------------------------------- ours
class OnTheAir:
    """A channel of segments of one second in halves, which goes on while it is watched."""

    def __init__(self) -> None:
        self.channel = Channel(window=8)
        self.changed = threading.Condition()
        self.over = threading.Event()
        for _ in range(6):
            self.channel.finish(self.channel.begin(SECOND))

    def go_on(self) -> None:
        while not self.over.is_set():
            row = self.channel.begin(SECOND)
            for n in range(2):
                self.over.wait(0.5)
                with self.changed:
                    self.channel.tell_part(row, n)
                    if n == 1:
                        self.channel.finish(row)
                    self.changed.notify_all()

    def playlist(self, rendition: str, query: dict[str, list[str]]) -> str | None:
        """As the origin would answer; None for a bad request."""
        msn, part = (int(query[name][0]) if name in query else None for name in ("_HLS_msn", "_HLS_part"))
        if msn is None and part is not None:
            return None
        with self.changed:
            self.changed.wait_for(lambda: msn is None or self.has(msn, part), timeout=20)
            view = replace(self.channel.view(), target_duration=1, part_target=0.5, renditions=RENDITIONS)
            return media_playlist(view, rendition, skip="_HLS_skip" in query)

    def has(self, msn: int, part: int | None) -> bool:
        last = self.channel.rows[-1].msn
        return last >= msn or (part is not None and last + 1 == msn and len(self.channel.airing) > part)


SECOND = Show(parts=(0.5, 0.5))


def handler_of(air: OnTheAir) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            where = urlsplit(self.path)
            name = where.path.rpartition("/")[2]
            body: str | None = "\0\0\0\x18stypmsdh"
            if name == "index.m3u8":
                body = multivariant(TRACKS, bandwidths=RATES, averages=RATES)
            elif name.endswith(".m3u8"):
                body = air.playlist(name.removesuffix(".m3u8"), parse_qs(where.query))
            self.send_response(200 if body is not None else 400)
            self.send_header("Content-Length", str(len((body or "").encode())))
            self.send_header("Cache-Control", "max-age=60" if not name.endswith(".m3u8") else "no-cache")
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *args) -> None:
            pass

    return Handler


def test_a_channel_with_blocking_reloads_is_watched_without_a_violation(clock):
    air = OnTheAir()
    airing = threading.Thread(target=air.go_on, daemon=True)
    with served(handler_of(air)) as base:
        airing.start()
        audited = audit_address(f"{base}/live/c/1/index.m3u8", 5, clock=clock)
        air.over.set()
        airing.join()
    # The test's own server does not compress, and on a busy machine a part may come late.
    assert [v for v in audited.violations if v.rule not in {"playlist-plain", "part-late"}] == []
    assert len(audited.playlists) == 4
    # Two parts a second of four playlists: blocking, or it would be fewer by far.
    assert audited.versions > 20
    assert audited.answers >= 2


# ---------------------------------------------------------------- ffmpeg's
class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass


def ffmpeg(folder: Path, gop: int, seconds: float, *flags: str, speed: float = 3.0) -> subprocess.Popen[bytes]:
    """Live HLS of a test picture, GOP in frames of 1/25 s."""
    return subprocess.Popen(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-readrate", str(speed),
            "-f", "lavfi", "-i", "testsrc=size=96x54:rate=25", "-t", str(seconds),
            "-c:v", "libx264", "-preset", "ultrafast", "-g", str(gop), "-keyint_min", str(gop), "-sc_threshold", "0",
            "-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "-hls_segment_type", "fmp4",
            "-hls_flags", "+".join(["program_date_time", *flags]), str(folder / "live.m3u8"),
        ],
        cwd=folder, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(path: Path) -> None:
    until = time.monotonic() + 40
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)


@pytest.fixture
def clock():
    begins, steady = 1_700_000_000.0, time.monotonic()
    return lambda: begins + time.monotonic() - steady


def test_ffmpeg_in_one_go_breaks_no_must(tmp_path, clock):
    with served(partial(Quiet, directory=str(tmp_path))) as base:
        process = ffmpeg(tmp_path, 25, 12, "omit_endlist", speed=2.0)
        wait_for(tmp_path / "live.m3u8")
        audited = audit_address(f"{base}/live.m3u8", 3.5, clock=clock)
        assert process.wait(30) == 0
    assert [v for v in audited.violations if v.severity == "must"] == []


def test_ffmpeg_restarted_with_another_gop_changes_targetduration_and_has_no_discontinuity_sequence(tmp_path, clock):
    """append_list goes on numbering and tells discontinuities, and that is all it keeps."""
    found = {}

    def watch(base: str) -> None:
        found["audited"] = audit_address(f"{base}/live.m3u8", 7, clock=clock)

    with served(partial(Quiet, directory=str(tmp_path))) as base:
        process = ffmpeg(tmp_path, 25, 8, "append_list", "omit_endlist")
        wait_for(tmp_path / "live.m3u8")
        watching = threading.Thread(target=watch, args=(base,))
        watching.start()
        process.wait(30)
        for gop in (75, 25):
            assert ffmpeg(tmp_path, gop, 6, "append_list", "omit_endlist").wait(30) == 0
        watching.join(30)
    rules = {v.rule for v in found["audited"].violations}
    assert {"target-duration-changed", "discontinuity-sequence-missing"} <= rules


def test_addresses_of_strangers_lead_to_http_only(tmp_path, clock):
    (tmp_path / "secret").write_bytes(b"WEBVTT")
    for url in (f"file://{tmp_path}/secret", "ftp://127.0.0.1/x", "data:text/plain,x", "invalid:http://[bad", "http://[bad"):
        got = Fetcher(clock).get(url, patience=1)
        assert (got.status, got.body, bool(got.problem)) == (0, b"", True)


# ---------------------------------------------------------------- the command
def test_the_command_prints_json_and_ends_with_1_on_violations(tmp_path, capsys):
    (tmp_path / "live.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:9,\na.ts\n#EXT-X-ENDLIST\n")
    (tmp_path / "a.ts").write_bytes(b"\x47" * 188)
    with served(partial(Quiet, directory=str(tmp_path))) as base, pytest.raises(SystemExit) as left:
        call_command("audit", f"{base}/live.m3u8", "--for", "5", "--json")
    assert left.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["must"]) == (False, 1)
    assert said["violations"][0]["clause"] == "8216bis 4.4.3.1"


def test_the_command_prints_what_it_found_and_ends_well_without_violations(tmp_path, capsys):
    (tmp_path / "live.m3u8").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\na.ts\n#EXT-X-ENDLIST\n")
    (tmp_path / "a.ts").write_bytes(b"\x47" * 188)
    with served(partial(Quiet, directory=str(tmp_path))) as base:
        call_command("audit", f"{base}/live.m3u8", "--for", "5")
    said = capsys.readouterr().out
    assert re.search(r"1 media playlists, \d versions, 1 segments", said)
    assert "must: 0, should: 1" in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "http://"),
        ("http://127.0.0.1:9/live.m3u8", "connection refused"),
        ("{base}/missing.m3u8", "HTTP 404"),
        ("{base}/page.html", "#EXTM3U"),
    ],
)
def test_what_cannot_be_audited_is_told_in_a_sentence_with_exit_code_2(tmp_path, capsys, url, said):
    (tmp_path / "page.html").write_text("<html>")
    with served(partial(Quiet, directory=str(tmp_path))) as base, pytest.raises(SystemExit) as left:
        call_command("audit", url.format(base=base), "--for", "1")
    assert left.value.code == 2
    sentence = capsys.readouterr().err
    assert said in sentence
    assert sentence.count("\n") == 1


def test_a_server_that_says_nothing_is_a_timeout(monkeypatch, clock):
    monkeypatch.setattr("everhall.live.auditing.PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CannotAuditError, match="timeout"):
        audit_address(f"http://127.0.0.1:{silent.getsockname()[1]}/live.m3u8", 1, clock=clock)

"""The test pattern's clock is that on the wall: no picture and no sound leaves the graph before its time.

Whatever latency is measured with it would otherwise be too good by as much.
"""

import subprocess
import time

import imageio_ffmpeg
import pytest

from everhall.engines.burned_clock import pattern

#: Seconds: half a frame, because frames are numbered by rounding.
EARLY = 0.5 / 25 + 0.002


@pytest.mark.parametrize("aligned", [True, False])
def test_nothing_is_shown_before_its_time(aligned):
    graph = pattern(320, 180, 25, "pace", aligned=aligned, paced=True)
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-copyts", "-f", "lavfi", "-i", graph, "-map", "0",
        "-c:v", "rawvideo", "-c:a", "pcm_s16le", "-flush_packets", "1", "-f", "framecrc", "-",
    ]  # fmt: skip
    bases: dict[str, float] = {}
    early: list[float] = []
    firsts: dict[str, float] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdout is not None
        for line in process.stdout:
            now = time.time()  # noqa: TID251 - the clock on the wall is what is compared
            if line.startswith("#tb"):
                name, base = line[4:].split(":")
                over, under = base.split("/")
                bases[name.strip()] = int(over) / int(under)
            elif not line.startswith("#"):
                stream, _dts, pts = (one.strip() for one in line.split(",")[:3])
                shown = int(pts) * bases[stream]
                early.append(shown - now)
                if shown - firsts.setdefault(stream, shown) > 2.0:
                    break
        process.kill()
    assert len(early) > 50
    assert max(early) <= EARLY
    if aligned:
        # Sound begins as it comes; pictures are what segments are cut by.
        assert (firsts["0"] + 1) % 2 == pytest.approx(1, abs=1e-3)

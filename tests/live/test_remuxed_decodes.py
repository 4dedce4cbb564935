"""What the segmenter writes is decoded by ffmpeg frame for frame, without a word of complaint."""

import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest

from tests.engines.hls_feeds import body_of, golden, ran, samples_in

FEEDS = {
    "25 fps": ({"v720": golden("p25-video.mp4"), "a-zh": golden("p25-audio.mp4")}, ["v720", "a-zh"]),
    "30 fps, one pipe": ({"all": golden("p30-both.mp4")}, ["v720", "a-zh"]),
    "29.97 fps": ({"v720": golden("p2997-v720.mp4"), "v360": golden("p2997-v360.mp4")}, ["v720", "v360"]),
    "key frames 8 s apart": ({"v720": golden("gop8-video.mp4")}, ["v720"]),
}


def decoded(path: Path) -> tuple[int, str]:
    """Frames that ffmpeg decodes, and what it has to say of the file beside that."""
    done = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-v", "warning", "-xerror",
         "-i", str(path), "-fps_mode", "passthrough", "-f", "framecrc", "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if re.match(r"^0,", line)]
    return len(lines), done.stderr.strip()


@pytest.mark.parametrize("name", FEEDS)
def test_every_frame_is_decoded_from_init_and_bodies(name, tmp_path):
    inputs, renditions = FEEDS[name]
    found = ran(inputs, renditions)
    for rendition in renditions:
        bodies = b"".join(body_of(made, rendition) for made in found.segments)
        path = tmp_path / f"{rendition}.mp4"
        path.write_bytes(found.inits[rendition].content + bodies)
        frames, words = decoded(path)
        assert not words
        assert frames == len(samples_in(found.inits[rendition].content, bodies))
        if rendition in inputs and rendition.startswith("v"):
            original = tmp_path / f"{rendition}-before.mp4"
            original.write_bytes(inputs[rendition])
            assert decoded(original) == (frames, "")

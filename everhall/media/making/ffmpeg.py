"""ffmpeg on files of others, for exhibits' films and for recordings of channels.

In: files and command lines. Out: what it said, a progress. What must stay true: a film is never read but by ffmpeg, as a file,
with a whitelist of formats of which none fetches another file; it runs at a low priority, because what is live comes first;
one that hangs is ended, and none outlives who asked for it.
"""

import ctypes
import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import imageio_ffmpeg
import numpy as np

Progress = Callable[[float], None]

#: Containers that are read; nothing of them fetches another file.
FORMATS: Final = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,flv,wav,mp3,aac,ogg,flac,aiff"
_TIME: Final = re.compile(rb"out_time_us=(\d+)")


class FilmError(Exception):
    """A film that cannot be used; `str` is a code for `Recording.fault`, `detail` what ffmpeg said last."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.detail = detail


def nothing(_share: float) -> None:
    """A progress that nobody looks at."""


def ffmpeg(args: Sequence[str], seconds: float, progress: Progress, *, limit: float = 6 * 3600) -> str:
    """Run it to its end; what it said. `seconds`: length of what is made, for the progress (0 to 1). `limit`: seconds that
    it may take; FilmError "too_long" after them."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-y", "-progress", "pipe:1", *args]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, preexec_fn=_gently) as process,  # noqa: S603, PLW1509 - no shell
    ):
        clock = threading.Timer(limit, process.kill)
        clock.start()
        try:
            for line in process.stdout or ():
                found = _TIME.match(line)
                if found and seconds:
                    progress(min(1.0, int(found[1]) / 1e6 / seconds))
            code = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            late = not clock.is_alive()
            clock.cancel()
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if code:
        raise FilmError("too_long" if late else "not_readable", text[-800:])
    return text


_LIBC: Final = ctypes.CDLL(None)
#: prctl(2): which signal the child gets when its parent's thread ends, however it ends.
_PR_SET_PDEATHSIG: Final = 1


def _gently() -> None:
    """Runs in the child between fork and exec."""
    os.nice(10)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def read(film: Path) -> list[str]:
    """The input of a command line."""
    return ["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i", f"file:{film}"]


def heard_by(film: Path) -> str:
    """What ffmpeg says of a file without decoding it."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", *read(film)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)  # noqa: S603 - no shell
    except subprocess.TimeoutExpired as late:
        raise FilmError("too_long") from late
    return done.stderr.decode("utf-8", "replace")


def peaks(film: Path, room: Path, count: int) -> list[float]:
    """Of the sound of a film, evenly over its length: peaks between 0 and 1. `room` is a folder for what lies there meanwhile."""
    sound = room / f".{film.name}.raw"
    ffmpeg([*read(film), "-vn", "-ac", "1", "-ar", "8000", "-f", "s16le", str(sound)], 0, nothing)
    wave = np.abs(np.fromfile(sound, dtype="<i2").astype(np.float32)) / 32768
    sound.unlink()
    return [round(float(part.max()), 3) if part.size else 0.0 for part in np.array_split(wave, count)]

"""Sounds of exhibits: narration, music, what a machine sounds like.

In: a sound, or a film of which only the sound is wanted. Out: `sound.m4a` (AAC) and `sound.mp3` for players that know no AAC, the
peaks of its waveform, and the facts. What must stay true: the master is not changed, and what is made is as loud as it is.
"""

from pathlib import Path
from typing import Any, Final

from everhall.engines import film
from everhall.media.making import films
from everhall.media.making.ffmpeg import FilmError, ffmpeg, heard_by, peaks, read
from everhall.media.making.node import MakingError, Progress

SOUNDS: Final = films.FILMS | {"mp3", "wav", "flac", "aac", "aiff"}
PEAKS: Final = 160


def look(path: Path) -> dict[str, Any]:
    """What it is, by its head; `MakingError` for what must not come in."""
    found = films.looked_at(path, SOUNDS, "not-a-sound")
    if not found.has_sound:
        raise MakingError("no-sound")
    films.within(found, film.MOST_SOUND_SECONDS)
    return {"seconds": found.seconds}


def make(path: Path, into: Path, progress: Progress) -> dict[str, Any]:
    look(path)
    found = films.looked_at(path, SOUNDS, "not-a-sound")
    aac, mp3 = into / "sound.m4a", into / "sound.mp3"
    clean = ("-map", "0:a:0", "-vn", *films.CLEAN)
    args = [
        "-t", str(film.MOST_SOUND_SECONDS + 1), *read(path),
        *clean, "-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-movflags", "+faststart", str(aac),
        *clean, "-c:a", "libmp3lame", "-b:a", "128k", "-ar", "44100", "-write_xing", "1", str(mp3),
    ]  # fmt: skip
    try:
        ffmpeg(args, found.seconds or 0, lambda share: progress(share * 0.9), limit=films.patience(found))
        length = (film.film_of(heard_by(aac)) or found).seconds or 0.0
        films.not_cut(found, length, film.MOST_SOUND_SECONDS)
        heard = peaks(aac, into, PEAKS)
    except FilmError as problem:
        raise films.as_making(problem) from problem
    return {"kind": "sound", "seconds": round(length, 2), "bytes": aac.stat().st_size, "peaks": heard}

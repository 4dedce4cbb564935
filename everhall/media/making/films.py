"""Films of exhibits: from whatever a camera or a program wrote to what every browser plays.

In: a film. Out: MP4 (H.264 and AAC) in one to three sizes, `poster.webp`, and the facts. What must stay true: the master is not
changed; what is refused is refused by its head; nothing of where and by whom it was filmed leaves with it; the sound is as loud
as it was.
"""

from pathlib import Path
from typing import Any, Final

from PIL import Image

from everhall.engines import film
from everhall.engines.file_kind import HEAD, kind_of
from everhall.engines.film import Film, Rung
from everhall.media.making.ffmpeg import FilmError, ffmpeg, heard_by, nothing, read
from everhall.media.making.node import MakingError, Progress

#: What may be looked at by ffmpeg at all, by first bytes.
FILMS: Final = frozenset(("mp4", "matroska", "avi", "ogg", "mpegts", "mpeg", "flv"))
POSTER: Final = (1200, 60_000)
#: A file that has so much less in it than it says was cut short: seconds, and a share of its length.
MISSING: Final = (2.0, 0.05)
#: Bright films (HLG, PQ) for screens that are not: https://trac.ffmpeg.org/wiki/colorspace, BT.2390.
STANDARD: Final = (
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=mobius:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv"
)
CLEAN: Final = ("-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn")
#: Seconds that making may take for each second of the film, and at least.
PACE, LEAST = 40.0, 300.0


def look(path: Path) -> dict[str, Any]:
    """What it is, by its head; `MakingError` for what must not come in."""
    found = looked_at(path, FILMS, "not-a-film")
    if not found.has_picture:
        raise MakingError("only-sound")
    if found.width * found.height > film.MOST_PIXELS or found.rate > film.MOST_RATE:
        raise MakingError("film-too-large", width=found.width, height=found.height, rate=round(found.rate))
    within(found, film.MOST_SECONDS)
    return {"width": found.width, "height": found.height, "seconds": found.seconds}


def looked_at(path: Path, kinds: frozenset[str], otherwise: str) -> Film:
    with path.open("rb") as file:
        kind = kind_of(file.read(HEAD))
    if kind not in kinds:
        raise MakingError(otherwise, **{"is": kind})
    try:
        found = film.film_of(heard_by(path))
    except FilmError as problem:
        raise as_making(problem) from problem
    if found is None:
        raise MakingError("cut-short", detail="no stream")
    return found


def within(found: Film, limit: int) -> None:
    if found.seconds is not None and found.seconds > limit:
        raise MakingError("film-too-long", told=film.told(found.seconds), limit=film.told(limit))


def as_making(problem: FilmError) -> MakingError:
    kind = "too-long" if str(problem) == "too_long" else "cut-short"
    return MakingError(kind, seconds=round(LEAST), detail=problem.detail[-300:])


def make(path: Path, into: Path, progress: Progress) -> dict[str, Any]:
    """The sizes and the poster into the folder; the facts."""
    look(path)
    found = looked_at(path, FILMS, "not-a-film")
    sizes = film.rungs(found)
    try:
        ffmpeg(ladder(path, found, sizes, into), found.seconds or 0, lambda share: progress(share * 0.95), limit=patience(found))
    except FilmError as problem:
        raise as_making(problem) from problem
    made = into / f"{sizes[-1].side}.mp4"
    length = (film.film_of(heard_by(made)) or found).seconds or 0.0
    not_cut(found, length, film.MOST_SECONDS)
    return {
        "kind": "film", "seconds": round(length, 2), "width": found.width, "height": found.height, "sound": found.has_sound,
        "rungs": [{"side": r.side, "width": r.width, "height": r.height, "bytes": (into / f"{r.side}.mp4").stat().st_size} for r in sizes],
        "poster": poster(into / f"{sizes[0].side}.mp4", length, into),
    }  # fmt: skip


def patience(found: Film) -> float:
    return max(LEAST, PACE * (found.seconds or film.MOST_SECONDS))


def not_cut(found: Film, length: float, limit: int) -> None:
    """`MakingError` where less, or more, was in it than its head said."""
    if length > limit:
        raise MakingError("film-too-long", told=film.told(length), limit=film.told(limit))
    said = found.seconds or length
    if not length or said - length > max(MISSING[0], said * MISSING[1]):
        raise MakingError("cut-short", detail=f"{length:.1f} of {said:.1f} s")


def ladder(path: Path, found: Film, sizes: tuple[Rung, ...], into: Path) -> list[str]:
    """One command: decoded once, encoded in all sizes."""
    bright = f"{STANDARD}," if found.bright else ""
    names = [f"[v{rung.side}]" for rung in sizes]
    steps = [f"[0:v:0]{bright}fps=fps='min(source_fps,30)',split={len(sizes)}{''.join(f'[s{n}]' for n in range(len(sizes)))}"]
    steps += [
        f"[s{n}]scale={rung.width}:{rung.height}:flags=bicubic,setsar=1,format=yuv420p{name}"
        for n, (rung, name) in enumerate(zip(sizes, names, strict=True))
    ]
    # Films that are longer than they say are given up one second after the longest that is allowed.
    args = ["-max_pixels", str(film.MOST_PIXELS), "-t", str(film.MOST_SECONDS + 1), *read(path), "-filter_complex", ";".join(steps)]
    for rung, name in zip(sizes, names, strict=True):
        args += [
            "-map", name, "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "23",
            "-maxrate", f"{rung.kilobits}k", "-bufsize", f"{2 * rung.kilobits}k", "-g", "120",
        ]  # fmt: skip
        if found.has_sound:
            args += ["-map", "0:a:0", "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]
        args += [*CLEAN, "-movflags", "+faststart", "-threads", "2", str(into / f"{rung.side}.mp4")]
    return args


def poster(made: Path, length: float, into: Path) -> dict[str, int]:
    """The picture that stands there until somebody plays it: one that shows much, from the first minute."""
    drawn = into / ".poster.png"
    start = min(length * 0.1, 5.0)
    try:
        ffmpeg(["-ss", f"{start:.2f}", "-t", "20", *read(made), "-an", "-vf", "thumbnail=100", "-frames:v", "1", str(drawn)], 0, nothing, limit=LEAST)
    except FilmError as problem:
        raise as_making(problem) from problem
    try:
        with Image.open(drawn) as picture:
            small = picture.convert("RGB")
    except FileNotFoundError as none:
        raise MakingError("cut-short", detail="no picture") from none
    drawn.unlink()
    small.thumbnail((POSTER[0], POSTER[0]), Image.Resampling.LANCZOS)
    target = into / "poster.webp"
    for quality in (80, 65, 50, 35, 20):
        small.save(target, "WEBP", quality=quality, method=5)
        if target.stat().st_size <= POSTER[1]:
            break
    return {"width": small.width, "height": small.height, "bytes": target.stat().st_size}

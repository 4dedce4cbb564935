"""Sample films of the demo: the drawn covers of a venue's exhibits pass by, over a quiet chord. Made by code, so that
`make demo` shows cloud video without a camera.

In: pictures that lie there already. Out: one MP4 per film with a keyframe each two seconds, so that a feed of kind
"file" is copied and costs next to nothing. What must stay true: a film is whole or not there; one that lies there is
kept; every picture carries the word SAMPLE.
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw, ImageFont

RATE = 25
#: Seconds that one picture is there, and that two share.
STILL, SHARED = 6, 1
WIDTH, HEIGHT = 1280, 720
#: How far a picture wanders, in pixels.
WANDER = 72


@dataclass(frozen=True, slots=True)
class Film:
    """`pictures` below the folder of drawings; `chord` in hertz."""

    name: str
    pictures: tuple[str, ...]
    chord: tuple[int, int, int]

    @property
    def seconds(self) -> int:
        return len(self.pictures) * (STILL - SHARED)


def cover(sheet: str, code: str) -> str:
    return f"exhibits-{sheet}/cover-{code}.webp"


FILMS = (
    Film("zhengzhou-main", ("others/venue-zhengzhou.webp", *(cover("venues", f"zhengzhou-a-{n:03}") for n in range(1, 6))), (196, 247, 294)),
    Film("beijing-roadshow", ("others/venue-beijing.webp", *(cover("beijing", c) for c in ("bj-a-001", "bj-b-002", "bj-c-003", "bj-d-004", "bj-e-005"))), (220, 277, 330)),
    Film("opening-talk", ("others/hero-2021.webp", *(cover("beijing", c) for c in ("bj-f-003", "bj-g-002", "bj-h-003", "bj-a-005", "bj-c-001", "bj-b-004"))), (174, 220, 262)),
)  # fmt: skip


def make_all(drawings: Path, films: Path) -> None:
    """Make the films that are not there, two at a time."""
    films.mkdir(parents=True, exist_ok=True)
    missing = [film for film in FILMS if not (films / f"{film.name}.mp4").exists()]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda film: make(film, drawings, films), missing))


def make(film: Film, drawings: Path, films: Path) -> None:
    stills = [drawings / name for name in film.pictures]
    stills = [path for path in stills if path.exists()] or sorted((drawings / "others").glob("hero-*.webp"))
    room = films / f".{film.name}"
    room.mkdir(exist_ok=True)
    names = []
    for n, path in enumerate(stills):
        names.append(room / f"{n}.png")
        framed(path).save(names[-1], compress_level=1)
    part = room / "film.mp4"
    subprocess.run(command(film, names, part), check=True, timeout=600)  # noqa: S603 - no word of it comes from outside
    part.replace(films / f"{film.name}.mp4")
    for path in (*names, room / "mark.png"):
        path.unlink()
    room.rmdir()


def framed(path: Path) -> Image.Image:
    """The picture, a little larger than the screen, with the mark of a sample."""
    wide, high = WIDTH + WANDER, HEIGHT + WANDER // 2
    with Image.open(path) as picture:
        scale = max(wide / picture.width, high / picture.height)
        large = picture.convert("RGB").resize((round(picture.width * scale) + 1, round(picture.height * scale) + 1))
    left, top = (large.width - wide) // 2, (large.height - high) // 2
    return large.crop((left, top, left + wide, top + high))


def mark() -> Image.Image:
    """What stands still over every picture."""
    image = Image.new("RGBA", (232, 44))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, 231, 43), 8, fill=(10, 14, 22, 170))
    draw.text((116, 22), "SAMPLE · EVERHALL", font=ImageFont.load_default(20), fill=(255, 255, 255, 235), anchor="mm")
    return image


def command(film: Film, stills: list[Path], target: Path) -> list[str]:
    """ffmpeg: stills that wander and dissolve into each other, the mark above them, a chord that swells."""
    sign = target.with_name("mark.png")
    mark().save(sign)
    seconds = len(stills) * (STILL - SHARED)
    args = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"]
    for path in stills:
        args += ["-i", str(path)]
    args += ["-i", str(sign)]
    steps = []
    for n in range(len(stills)):
        pace = WANDER / STILL
        x = f"{pace}*t" if n % 2 == 0 else f"{WANDER}-{pace}*t"
        # Read and converted once, then repeated: that is ten times as fast as an input that loops.
        steps.append(
            f"[{n}:v]format=yuv420p,setsar=1,loop=-1:1,setpts=N/({RATE}*TB),fps={RATE},trim=duration={STILL},"
            f"crop={WIDTH}:{HEIGHT}:x='{x}':y={WANDER // 4}[s{n}]"
        )
    shown = "s0"
    for n in range(1, len(stills)):
        steps.append(f"[{shown}][s{n}]xfade=duration={SHARED}:offset={n * (STILL - SHARED)}[x{n}]")
        shown = f"x{n}"
    steps.append(f"[{shown}][{len(stills)}:v]overlay=W-w-28:28[seen]")
    tones = "+".join(f"0.05*sin(2*PI*{hertz}*t)*(0.6+0.4*sin(2*PI*t/{6 + n}))" for n, hertz in enumerate(film.chord))
    steps.append(f"aevalsrc='{tones}|{tones}':s=48000:d={seconds}[heard]")
    return [
        *args, "-filter_complex", ";".join(steps), "-map", "[seen]", "-map", "[heard]", "-t", str(seconds),
        "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "main", "-crf", "27", "-maxrate", "2200k",
        "-bufsize", "2200k", "-g", str(2 * RATE), "-keyint_min", str(2 * RATE), "-sc_threshold", "0", "-bf", "0",
        "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", str(target),
    ]  # fmt: skip

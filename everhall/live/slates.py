"""The slate (垫片): what a channel shows while it has nothing else. Drawn and encoded once per data folder.

In: the folder. Out: `slates/house.jsonl` with `track` and `segment` lines of 20 seconds in the house ladder, and
their bytes in the store; and short ones, which make way for a live source when it begins (`engines/channel.py`). What
must stay true: every segment is exactly two seconds in every rendition, so that a slate never changes TARGETDURATION,
or shorter; a run that was stopped half-way leaves no list, and is made again.
"""

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw

from everhall.engines.hls.model import Segment, segment_line, track_line
from everhall.engines.hls.segmenter import InitMade, Segmenter, SegmentMade
from everhall.live.store import Log, Store

SECONDS = 20
#: Milliseconds that short ones last. Two of them are as far apart as a viewer may be later than need be.
SHORT = range(300, 1900, 100)
SOURCE = "slate/house"
#: A slow night sky in the house's colours; the mark stands still.
GROUND = "gradients=s=1280x720:r=30:c0=#0b1220:c1=#22304e:c2=#5b1a17:nb_colors=3:speed=0.004:seed=7"
X264 = ["-c:v", "libx264", "-preset", "superfast", "-profile:v", "high", "-pix_fmt", "yuv420p", "-g", "60",
        "-keyint_min", "60", "-sc_threshold", "0", "-bf", "0"]  # fmt: skip
FRAGMENTS = ["-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_keyframe+skip_trailer",
             "-frag_duration", "100000"]  # fmt: skip


def house_slate(store: Store, say: Callable[[str], None] = lambda _text: None) -> list[Segment]:
    """The slate's segments; made first if this folder has none."""
    found = []
    for name, what in (("house", make), ("short", make_short)):
        path = store.root / "slates" / f"{name}.jsonl"
        if not path.exists():
            say("slate … 垫片")
            what(store, path)
        found += [line for line in Log.reading(path) if isinstance(line, Segment)]
    return found


def make(store: Store, path: Path) -> None:
    keep(path, stored(store, "house", encoded(store.root)))


def make_short(store: Store, path: Path) -> None:
    """The beginning of the first segment in each length, each a run of its own. Nothing is encoded anew: its pictures
    need none after them."""
    first = next(line for line in Log.reading(path.with_name("house.jsonl")) if isinstance(line, Segment))
    lines: list[str] = []
    with tempfile.TemporaryDirectory(dir=store.root) as place:
        room = Path(place)
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin"]
        for name, media in first.media.items():
            whole = store.get(media.init, ".mp4") + store.get(media.body)
            (room / f"{name}.mp4").write_bytes(whole)
            command += ["-i", str(room / f"{name}.mp4")]
        for milliseconds in SHORT:
            for number, name in enumerate(first.media):
                out = room / f"{name}-{milliseconds}.mp4"
                command += ["-map", str(number), "-c", "copy", "-t", str(milliseconds / 1000), *FRAGMENTS, str(out)]
        subprocess.run(command, check=True, timeout=120)  # noqa: S603 - no word of it comes from outside
        for milliseconds in SHORT:
            tracks = {name: (room / f"{name}-{milliseconds}.mp4").read_bytes() for name in first.media}
            lines += stored(store, f"short-{milliseconds}", tracks)
    keep(path, lines)


def stored(store: Store, run: str, tracks: dict[str, bytes]) -> list[str]:
    """The lines of a run whose bytes are in the store."""
    lines: list[str] = []
    for made in cut(tracks, run):
        if isinstance(made, InitMade):
            store.put(made.content, ".mp4")
            lines.append(track_line(run, made.address, made.track))
        elif isinstance(made, SegmentMade):
            for name, body in made.bodies.items():
                store.put_as(made.segment.media[name].body, body)
            lines.append(segment_line(made.segment))
    return lines


def keep(path: Path, lines: list[str]) -> None:
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    log = Log(temporary)
    log.append(lines)
    log.close()
    temporary.replace(path)


def cut(tracks: dict[str, bytes], run: str = "house") -> list[object]:
    """Everything the segmenter makes of the encoded tracks."""
    segmenter = Segmenter(source=SOURCE, run=run, lead="v720", renditions=tuple(tracks), captured=0.0)
    made: list[object] = []
    for rendition, content in tracks.items():
        made += segmenter.feed(rendition, content, 0.0)
    return made + list(segmenter.finish())


def encoded(folder: Path) -> dict[str, bytes]:
    """Fragmented MP4 per rendition."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        room = Path(place)
        mark().save(room / "mark.png")
        out = {name: room / f"{name}.mp4" for name in ("v720", "v360", "a-zh")}
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin",
            "-f", "lavfi", "-i", GROUND, "-i", str(room / "mark.png"),
            "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo",
            "-filter_complex", "[0:v][1:v]overlay=(W-w)/2:(H-h)/2,split=2[big][b];[b]scale=640:360[small]",
            "-map", "[big]", *X264, "-crf", "28", "-t", str(SECONDS), *FRAGMENTS, str(out["v720"]),
            "-map", "[small]", *X264, "-crf", "30", "-t", str(SECONDS), *FRAGMENTS, str(out["v360"]),
            "-map", "2:a", "-c:a", "aac", "-b:a", "64k", "-t", str(SECONDS), *FRAGMENTS, str(out["a-zh"]),
        ]  # fmt: skip
        subprocess.run(command, check=True, timeout=120)  # noqa: S603 - no word of it comes from outside
        return {name: path.read_bytes() for name, path in out.items()}


def mark(height: int = 216) -> Image.Image:
    """The house's mark (an arch over a sun), transparent around it."""
    scale = 4  # drawn larger and made smaller, since Pillow draws hard edges
    unit = height * scale / 36
    image = Image.new("RGBA", (round(32 * unit), height * scale))
    draw = ImageDraw.Draw(image)
    white = (255, 255, 255, 230)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return (left * unit, top * unit, right * unit, bottom * unit)

    draw.pieslice(box(1, 0, 31, 30), 180, 360, fill=white)
    draw.rectangle(box(1, 15, 31, 36), fill=white)
    draw.pieslice(box(6, 5, 26, 25), 180, 360, fill=(0, 0, 0, 0))
    draw.rectangle(box(6, 15, 26, 36), fill=(0, 0, 0, 0))
    draw.ellipse(box(10.5, 13.5, 21.5, 24.5), fill=(232, 134, 46, 255))
    draw.rectangle(box(9, 30, 23, 33), fill=white)
    return image.resize((image.width // scale, image.height // scale), Image.Resampling.LANCZOS)

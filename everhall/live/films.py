"""What is made of whole films by ffmpeg, with a progress: the house ladder of an upload, and what goes with a recording.

In: files, or a recording's segments. Out: segments in the store and lines in `recordings/<key>.jsonl`; or thumbnail,
storyboard, waveform and download below `recordings/<key>/`. What must stay true: nothing appears before it is whole;
whatever was stopped half-way is made again from the start; a film is never read but by ffmpeg, as a file, with a
whitelist of formats; all of it runs at a low priority, because what is live comes first.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Final

from everhall.engines.hls.boxes import Splitter
from everhall.engines.hls.init import InitTrack, tracks_of
from everhall.engines.hls.model import Segment, segment_line, track_line
from everhall.engines.hls.moof import batches_of
from everhall.engines.hls.segmenter import InitMade, Segmenter, SegmentMade
from everhall.live.origin_recording import trimmed
from everhall.live.store import Log, Store
from everhall.media.making.ffmpeg import FilmError, Progress, ffmpeg, heard_by, nothing, peaks, read

#: From which second to which, None for the end.
Trim = tuple[float, float | None]

X264: Final = ("-c:v", "libx264", "-preset", "superfast", "-profile:v", "high", "-pix_fmt", "yuv420p",
               "-sc_threshold", "0", "-bf", "0", "-force_key_frames", "expr:gte(t,n_forced*2)")  # fmt: skip
FRAGMENTS: Final = ("-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_keyframe+skip_trailer",
                    "-frag_duration", "500000")  # fmt: skip
#: EBU R128 as broadcasters' web players use it: integrated loudness, true peak, range.
LOUDNESS: Final = "loudnorm=I=-16:TP=-1.5:LRA=11"
PEAKS: Final = 600
TILES: Final = (10, 10)
TILE: Final = (160, 90)

_DURATION: Final = re.compile(r"Duration: (\d+):(\d\d):(\d\d\.\d+)")


@dataclass(frozen=True, slots=True)
class Prepared:
    """`files`: thumbnail, storyboard, waveform, download -> name below `recordings/<key>/`."""

    duration: float
    files: dict[str, str]


def length_of(film: Path) -> float:
    """Seconds, as its container says; FilmError for what is no film."""
    text = heard_by(film)
    found = _DURATION.search(text)
    if found is None or "Video:" not in text:
        raise FilmError("no_film", text[-800:])
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])


# ---------------------------------------------------------------- a film as a recording


def cut_film(store: Store, key: str, film: Path, progress: Progress = nothing) -> float:
    """Make a recording of a film in the house ladder; its length in seconds."""
    seconds = length_of(film)
    with tempfile.TemporaryDirectory(dir=store.root, prefix=".film-") as place:
        out = {name: Path(place) / f"{name}.mp4" for name in ("v720", "v360", "a-zh")}
        ffmpeg(ladder_args(film, out), seconds, lambda share: progress(0.9 * share))
        lines = [*_cut(store, f"recording/{key}", out)]
    log_at = store.root / "recordings" / f"{key}.jsonl"
    new = log_at.with_suffix(".new")
    new.unlink(missing_ok=True)
    book = Log(new)
    book.append(lines)
    book.close()
    new.replace(log_at)
    progress(1.0)
    return seconds


def ladder_args(film: Path, out: dict[str, Path]) -> list[str]:
    """720p and 360p at 25 or 30 frames a second, and sound; silence where a film has none."""
    scaled = "[0:v:0]fps=fps='if(lte(source_fps,27),25,30)',split=2[a][b];[a]scale=-2:'min(720,ih)'[big];[b]scale=-2:360[small]"
    return [
        *read(film), "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo",
        "-filter_complex", scaled + ";[0:a:0]aresample=48000:async=1000,aformat=channel_layouts=stereo[heard]" if _has_sound(film) else scaled,
        "-map", "[big]", *X264, "-crf", "23", "-maxrate", "2500k", "-bufsize", "2500k", *FRAGMENTS, str(out["v720"]),
        "-map", "[small]", *X264, "-crf", "26", "-maxrate", "600k", "-bufsize", "600k", *FRAGMENTS, str(out["v360"]),
        "-map", "[heard]" if _has_sound(film) else "1:a", "-c:a", "aac", "-b:a", "128k", "-shortest", *FRAGMENTS, str(out["a-zh"]),
    ]  # fmt: skip


def _has_sound(film: Path) -> bool:
    return "Audio:" in heard_by(film)


def _cut(store: Store, source: str, tracks: dict[str, Path]) -> Iterator[str]:
    """Lines of the recording; the bytes go to the store as they are cut."""
    segmenter = Segmenter(
        source=source, run=source.replace("/", "-"), lead="v720", renditions=tuple(tracks), captured=0.0
    )
    fragments = [_fragments(name, path) for name, path in tracks.items()]
    # In order of time, as if they arrived: the segmenter waits for no rendition that lies far behind.
    for _, name, content in merge(*fragments, key=lambda one: one[0]):
        yield from _kept(store, segmenter.feed(name, content, 0.0))
    yield from _kept(store, list(segmenter.finish()))


def _fragments(name: str, path: Path) -> Iterator[tuple[float, str, bytes]]:
    """Each fragment of a file with one track and when it begins, the init first."""
    splitter = Splitter()
    known: dict[int, InitTrack] = {}
    pending, begins = b"", -1.0
    with path.open("rb") as file:
        while data := file.read(256 * 1024):
            for box in splitter.feed(data):
                content = bytes(box.content)
                if box.kind == "moov":
                    known = {track.track_id: track for track in tracks_of(content)}
                elif box.kind == "moof":
                    moof = content
                pending += content
                if box.kind == "mdat" and known:
                    found = batches_of(moof, box.payload, known)
                    begins = max(
                        (batch.dts / known[track].track.timescale for track, batch in found.items()),
                        default=begins,
                    )
                    yield begins, name, pending
                    pending = b""


def _kept(store: Store, made: Sequence[object]) -> Iterator[str]:
    for one in made:
        if isinstance(one, InitMade):
            store.put(one.content, ".mp4")
            yield track_line("", one.address, one.track)
        elif isinstance(one, SegmentMade):
            for name, body in one.bodies.items():
                store.put_as(one.segment.media[name].body, body)
            yield segment_line(one.segment)


# ---------------------------------------------------------------- what goes with a recording


def prepare(store: Store, key: str, trim: Trim = (0.0, None), progress: Progress = nothing) -> Prepared:
    """Thumbnail, storyboard, waveform and a download with even loudness, of what the trim leaves of all that was kept."""
    lines = list(Log.reading(store.root / "recordings" / f"{key}.jsonl"))
    segments = [line for line in lines if isinstance(line, Segment) and line.media]
    length = sum(segment.duration for segment in segments)
    segments = trimmed(segments, *trim)
    if not segments:
        raise FilmError("empty")
    folder = store.root / "recordings" / key
    with tempfile.TemporaryDirectory(dir=store.root, prefix=".prepare-") as place:
        room = Path(place)
        whole = room / "whole.ts"
        several = _joined(store, segments, room, whole)
        seconds = sum(segment.duration for segment in segments)
        progress(0.1)
        _download(whole, room / "download.mp4", seconds, several, lambda s: progress(0.1 + 0.5 * s))
        film = room / "download.mp4"
        ffmpeg(["-ss", f"{min(seconds * 0.2, 30):.2f}", "-i", str(film), "-frames:v", "1", "-vf", "scale=640:-2",
                "-q:v", "4", str(room / "thumbnail.jpg")], 0, nothing)  # fmt: skip
        progress(0.65)
        _storyboard(film, room, seconds, lambda s: progress(0.65 + 0.25 * s))
        _waveform(film, room / "waveform.json")
        folder.mkdir(parents=True, exist_ok=True)
        names = ["thumbnail.jpg", "storyboard.jpg", "storyboard.vtt", "waveform.json", "download.mp4"]
        for name in names:
            (room / name).replace(folder / name)
    progress(1.0)
    return Prepared(
        length,
        {"thumbnail": "thumbnail.jpg", "storyboard": "storyboard.vtt", "waveform": "waveform.json", "download": "download.mp4"},
    )


def _video(segment: Segment) -> str:
    return next((name for name in ("v720", "v360") if name in segment.media), "")


def _joined(store: Store, segments: Sequence[Segment], room: Path, whole: Path) -> bool:
    """All stretches one after the other as MPEG-TS, which may change its parameters; whether they do."""

    def stretch(segment: Segment) -> tuple[str, str, str]:
        picture, sound = segment.media.get(_video(segment)), segment.media.get("a-zh")
        return segment.run, picture.init if picture else "", sound.init if sound else ""

    inits = set()
    with whole.open("wb") as out:
        for number, (kinds, group) in enumerate(groupby(segments, stretch)):
            inits.add(kinds[1:])
            many = list(group)
            names = [n for n in (_video(many[0]), "a-zh") if n in many[0].media]
            inputs: list[str] = []
            for name in names:
                path = room / f"{number}.{name}.mp4"
                _write_track(store, many, name, path)
                inputs += ["-i", str(path)]
            piece = room / f"{number}.ts"
            maps = [part for n in range(len(names)) for part in ("-map", f"{n}:0")]
            ffmpeg([*inputs, *maps, "-c", "copy", "-f", "mpegts", str(piece)], 0, nothing)
            with piece.open("rb") as file:
                shutil.copyfileobj(file, out)
            piece.unlink()
            for name in names:
                (room / f"{number}.{name}.mp4").unlink()
    return len(inits) > 1


def _write_track(store: Store, segments: Sequence[Segment], name: str, path: Path) -> None:
    with path.open("wb") as file:
        file.write(store.get(segments[0].media[name].init, ".mp4"))
        for segment in segments:
            if name in segment.media:
                file.write(store.get(segment.media[name].body))


def _download(whole: Path, target: Path, seconds: float, several: bool, progress: Progress) -> None:
    """Two looks at the sound: measured, then brought to -16 LUFS in one linear step. The picture is copied where
    it is of one kind."""
    told = ffmpeg(["-i", str(whole), "-vn", "-af", f"{LOUDNESS}:print_format=json", "-f", "null", "-"], seconds,
                  lambda s: progress(0.3 * s)) if _has_sound(whole) else ""  # fmt: skip
    evened = LOUDNESS
    if "{" in told:
        found = json.loads(told[told.rindex("{") : told.rindex("}") + 1])
        silent = found["input_i"] in ("-inf", "inf") or float(found["input_i"]) < -69
        evened = "anull" if silent else (
            f"{LOUDNESS}:linear=true:measured_I={found['input_i']}:measured_TP={found['input_tp']}"
            f":measured_LRA={found['input_lra']}:measured_thresh={found['input_thresh']}:offset={found['target_offset']}"
        )  # fmt: skip
    picture = [*X264, "-vf", "scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:-1:-1", "-crf", "22"] if several else ["-c:v", "copy"]
    ffmpeg(
        ["-i", str(whole), "-map", "0:v:0?", "-map", "0:a:0?", *picture, "-c:a", "aac", "-b:a", "128k", "-ar", "48000",
         "-af", evened, "-movflags", "+faststart", str(target)],
        seconds, lambda s: progress(0.3 + 0.7 * s),
    )  # fmt: skip


def _storyboard(film: Path, room: Path, seconds: float, progress: Progress) -> None:
    """One sheet of small pictures, and where each lies, as WebVTT with media fragments."""
    wide, high = TILES
    step = max(2.0, seconds / (wide * high))
    width, height = TILE
    small = f"fps=1/{step:.4f}:round=up,scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:-1:-1"
    rows = min(high, max(1, -(-int(seconds // step + 1) // wide)))
    ffmpeg(["-i", str(film), "-an", "-vf", f"{small},tile={wide}x{rows}", "-frames:v", "1", "-q:v", "5",
            str(room / "storyboard.jpg")], seconds, progress)  # fmt: skip
    cues = ["WEBVTT", ""]
    for n in range(wide * rows):
        begin = n * step
        if begin >= seconds:
            break
        cues += [
            f"{_clock(begin)} --> {_clock(min(seconds, begin + step))}",
            f"storyboard.jpg#xywh={n % wide * width},{n // wide * height},{width},{height}", "",
        ]  # fmt: skip
    (room / "storyboard.vtt").write_text("\n".join(cues), encoding="utf-8")


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def _waveform(film: Path, target: Path) -> None:
    """Peaks between 0 and 1, evenly over the length."""
    found = peaks(film, target.parent, PEAKS) if _has_sound(film) else [0.0] * PEAKS
    target.write_text(json.dumps(found), encoding="utf-8")



"""ffmpeg's command lines, one pure function per thing it does for a feed.

In: what the feed is (`rules.FeedSpec`), what arrives (`Heard`, `Treatment`), the house's ladder. Out: `Command`s. A
feed that arrives from outside is received by one process that only copies ("receiver"); if what it copies does not
fit, a second one encodes it ("encoder"). What must stay true: no text from outside can become an option, another
protocol or another file; each output is fragmented MP4 whose `tfdt` plus composition offset is the presentation
time, so that tracks on different pipes stay in step (no edit lists, no shift to zero per output).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from everhall.engines.burned_clock import pattern
from everhall.engines.feeding import (
    MAIN_AUDIO,
    MAIN_VIDEO,
    Heard,
    Treatment,
    house_rate,
    wanted_audio,
)
from everhall.live.rules import FeedSpec, url_fault

#: Names of the receiver's only output, of the encoder's input, of the chunks that a page sends.
RECEIVED: Final = "received"
SENT: Final = "sent"

#: Microseconds in a fragment: how long a finished frame may wait for its part.
FRAGMENT: Final = 200_000
#: SRT hands on each packet at a moment of its own, some 200 a second and feed, and each wakes three threads. Told that
#: it may be so late, the system wakes them for many at once: ffmpeg takes a third less, the stage is seen so much later.
SLACK: Final = 0.1
_FILMS: Final = "mov,matroska,webm,mpegts,mpeg,avi,flv,ogg,wav,mp3,aac"
_PULLED: Final = "hls,mpegts,mov,matroska,webm,flv,aac,mp3,rtsp,sdp"
_PUSHED: Final = "matroska,webm,mov"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder: the height in pixels at most (nothing is made larger), kilobits a second."""

    rendition: str
    height: int
    kilobits: int


@dataclass(frozen=True, slots=True)
class House:
    """How the house encodes, and where its own servers are."""

    rungs: tuple[Rung, ...] = (Rung(MAIN_VIDEO, 720, 2500), Rung("v360", 360, 600))
    audio_kilobits: int = 128
    preset: str = "superfast"
    #: The test pattern: width (a multiple of 80), height, frames a second.
    pattern: tuple[int, int, int] = (1280, 720, 25)
    #: Seconds between UTC and the clock that is burned into the test pattern.
    clock_offset: int = 8 * 3600
    #: Address on which SRT listeners wait.
    listen: str = "0.0.0.0"  # noqa: S104 - publishers come from outside
    #: Milliseconds that SRT waits for what was lost on the way.
    srt_latency: int = 200
    #: nginx's application on the loopback from which RTMP feeds are pulled.
    rtmp: str = "rtmp://127.0.0.1:1935/live"


@dataclass(frozen=True, slots=True)
class Pipe:
    """Stands in `Command.args` for a pipe whose number is known only when the process is started."""

    name: str
    before: str = "pipe:"
    after: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """`args` go after the program's name; `outputs` and `inputs` name the pipes that it writes and reads."""

    args: tuple[str | Pipe, ...]
    outputs: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    #: Seconds by which its timers may be late.
    slack: float = 0.0


_BEGIN: Final = ("-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-y")
_FRAGMENTED: Final = (
    "-map_metadata", "-1", "-max_interleave_delta", "1000000", "-avoid_negative_ts", "disabled",
    "-f", "mp4",
    "-movflags", "empty_moov+default_base_moof+delay_moov+frag_discont+negative_cts_offsets+frag_keyframe+skip_trailer",
    "-frag_duration", str(FRAGMENT), "-video_track_timescale", "90000", "-flush_packets", "1",
)  # fmt: skip
#: Microseconds (and five times as many bytes: 40 Mbit/s) of MPEG-TS that are looked at before anything is written. All of
#: it is always waited for. An encoder that goes on in the middle of a group of pictures, as hardware does after a lost
#: connection, shows its parameters only at the next keyframe.
LOOK: Final = 1_000_000
LONG_LOOK: Final = 11_000_000
#: MP4 says at its beginning all that a decoder must know; nothing is held back to find out more.
_AT_ONCE: Final = ("-analyzeduration", "1", "-fpsprobesize", "0")
#: Before the first picture is shown nothing may be negative: `tfdt` has no sign.
_LATER: Final = ("-output_ts_offset", "1")


# ---------------------------------------------------------------- receiving


def receiver(spec: FeedSpec, house: House, *, fits_mp4: bool = True, long_look: bool = False) -> Command:
    """Copy what arrives to one pipe: as fragmented MP4, or (`fits_mp4` False: a codec that MP4 cannot hold, or
    sound that is not AAC) as NUT for the encoder. `long_look`: wait for a keyframe as long as any encoder may take,
    instead of a second. ValueError for an address that may not be pulled."""
    args: list[str | Pipe] = [*_BEGIN, *_input(spec, house, long_look=long_look), "-map", "0:v:0?"]
    for number in wanted_audio(spec.audio):
        args += ["-map", f"0:a:{number}?"]
    args += ["-c", "copy", "-copy_unknown", "-dn", "-sn"]
    if fits_mp4:
        # AAC in MPEG-TS carries its header in each frame, in MP4 once.
        args += ["-bsf:a", "aac_adtstoasc", *_LATER, *_FRAGMENTED]
    else:
        args += ["-max_interleave_delta", "1000000", "-f", "nut", "-flush_packets", "1"]
    args.append(Pipe(RECEIVED))
    return Command(
        tuple(args), (RECEIVED,), (SENT,) if spec.kind == "push" else (), slack=SLACK if spec.kind == "srt" else 0.0
    )


def _input(spec: FeedSpec, house: House, *, long_look: bool) -> list[str | Pipe]:
    if spec.kind == "srt":
        return _srt(spec, house, LONG_LOOK if long_look else LOOK)
    if spec.kind == "rtmp":
        return ["-rw_timeout", "15000000", "-rtmp_live", "live", "-protocol_whitelist", "rtmp,tcp",
                "-format_whitelist", "flv", "-i", f"{house.rtmp}/{quote(spec.key, safe='')}"]  # fmt: skip
    if spec.kind == "push":
        return ["-protocol_whitelist", "pipe", "-format_whitelist", _PUSHED, "-i", Pipe(SENT)]
    if spec.kind == "file":
        return ["-re", "-stream_loop", "-1", "-dts_delta_threshold", "1", "-protocol_whitelist", "file", "-format_whitelist", _FILMS,
                "-i", f"file:{spec.film}"]  # fmt: skip
    if spec.kind == "pull":
        return _pull(spec.url)
    msg = f"no such kind of feed: {spec.kind}"
    raise ValueError(msg)


def _srt(spec: FeedSpec, house: House, look: int) -> list[str | Pipe]:
    """`enforced_encryption`: who has no passphrase or a wrong one is turned away, and the listener stays."""
    query = {
        "mode": "listener", "latency": house.srt_latency * 1000, "enforced_encryption": 1, "pbkeylen": 16,
        "timeout": 5_000_000, "passphrase": quote(spec.passphrase, safe=""),
    }  # fmt: skip
    address = f"srt://{house.listen}:{spec.port}?" + "&".join(f"{k}={v}" for k, v in query.items())
    # A jump of the sender's clock by more than a second is straightened out here (MPEG-TS only).
    return ["-dts_delta_threshold", "1", "-probesize", str(5 * look), "-analyzeduration", str(look),
            "-protocol_whitelist", "srt,udp", "-f", "mpegts", "-i", address]  # fmt: skip


def _pull(url: str) -> list[str | Pipe]:
    if fault := url_fault(url):
        msg = f"this address may not be pulled ({fault})"
        raise ValueError(msg)
    if urlsplit(url).scheme.startswith("rtsp"):
        return ["-rtsp_transport", "tcp", "-timeout", "10000000",
                "-protocol_whitelist", "rtsp,rtsps,rtp,tcp,tls,udp", "-format_whitelist", _PULLED, "-i", url]  # fmt: skip
    # Paced: a finished video behind the address would else be swallowed at once.
    return ["-readrate", "1", "-readrate_initial_burst", "4", "-readrate_catchup", "1.2",
            "-rw_timeout", "10000000", "-dts_delta_threshold", "1",
            "-protocol_whitelist", "http,https,tcp,tls,crypto", "-format_whitelist", _PULLED, "-i", url]  # fmt: skip


# ---------------------------------------------------------------- looking

#: Names of the lookout's pipes.
LOOK_VIDEO: Final = "look-video"
LOOK_SOUND: Final = "look-sound"
PICTURE: Final = "picture"
NUMBERS: Final = "numbers"
#: Pixels.
PICTURE_WIDTH: Final = 384


def lookout(*, video: bool, sound: bool, every_frame: bool) -> Command:
    """Small pictures (JPEG, one after the other), their brightness, and loudness by EBU R128, out of parts.
    `every_frame` False: only keyframes are handed in, which costs next to nothing."""
    args: list[str | Pipe] = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"]
    if video:
        # Nobody sees the edges of blocks in so small a picture.
        args += ["-threads", "1", "-skip_loop_filter", "all", *_AT_ONCE, "-f", "mp4", "-i", Pipe(LOOK_VIDEO)]
    if sound:
        args += ["-threads", "1", *_AT_ONCE, "-f", "mp4", "-i", Pipe(LOOK_SOUND)]
    if video:
        # Keyframes may come with the frames after them (see `ingest_look.py`).
        few = "fps=1" if every_frame else "select='isnan(prev_selected_t)+gte(t-prev_selected_t,0.5)'"
        filters = f"{few},scale={PICTURE_WIDTH}:-2:flags=fast_bilinear,signalstats,"
        told = "metadata=mode=print:key=lavfi.signalstats.YHIGH:direct=1:file='pipe\\:"
        args += ["-map", "0:v:0", "-vf", Pipe(NUMBERS, f"{filters}{told}", "'"), "-fps_mode", "passthrough"]
        args += ["-c:v", "mjpeg", "-q:v", "6", "-threads", "1", "-f", "image2pipe", "-flush_packets", "1", Pipe(PICTURE)]
    if sound:
        told = "ebur128=metadata=1,ametadata=mode=print:direct=1:file='pipe\\:"
        args += ["-map", f"{int(video)}:a:0", "-af", Pipe(NUMBERS, told, "'"), "-f", "null", "-"]
    inputs = (*([LOOK_VIDEO] if video else []), *([LOOK_SOUND] if sound else []))
    return Command(tuple(args), (*([PICTURE] if video else []), NUMBERS), inputs)


# ---------------------------------------------------------------- encoding


def renditions(treated: Treatment, tracks: Sequence[Heard], house: House) -> tuple[str, ...]:
    """What the treatment yields: video, then sound in the order in which it arrives; silence for none."""
    video: tuple[str, ...] = ()
    if treated.video == "copy":
        video = (MAIN_VIDEO,)
    elif treated.video == "ladder":
        video = tuple(rung.rendition for rung in _rungs(_height(tracks), house))
    return (*video, *(treated.audio or (MAIN_AUDIO,)))


def _height(tracks: Sequence[Heard]) -> int:
    return next((track.height for track in tracks if track.kind == "video"), 0)


def _rungs(height: int, house: House) -> tuple[Rung, ...]:
    """The first rung always, the others if they are smaller than what arrives."""
    first, *others = house.rungs
    return (first, *(rung for rung in others if not height or rung.height < min(height, first.height)))


def encoder(
    treated: Treatment, tracks: Sequence[Heard], house: House, *, phase: float, fits_mp4: bool = True
) -> Command:
    """From the receiver's bytes on standard input to one pipe per rendition. `phase`: see `keyframe_phase`."""
    args: list[str | Pipe] = [
        *_BEGIN, *(_AT_ONCE if fits_mp4 else ()), "-f", "mp4" if fits_mp4 else "nut", "-i", Pipe(RECEIVED)
    ]  # fmt: skip
    outputs: list[str] = []
    if treated.video == "ladder":
        rungs = _rungs(_height(tracks), house)
        args += ["-filter_complex", _scaled(rungs, tracks)]
        for rung in rungs:
            args += ["-map", f"[{rung.rendition}]", *_h264(rung, _rate(tracks), house, phase)]
            args += [*_LATER, *_FRAGMENTED, Pipe(rung.rendition)]
            outputs.append(rung.rendition)
    elif treated.video == "copy":
        args += ["-map", "0:v:0", "-c:v", "copy", *_LATER, *_FRAGMENTED, Pipe(MAIN_VIDEO)]
        outputs.append(MAIN_VIDEO)
    for name, number in treated.audio.items():
        args += ["-map", f"0:a:{number}", *_sound(treated, house), *_LATER, *_FRAGMENTED, Pipe(name)]
        outputs.append(name)
    return Command(tuple(args), tuple(outputs), (RECEIVED,))


def _rate(tracks: Sequence[Heard]) -> float:
    return next((track.frame_rate for track in tracks if track.kind == "video"), 0.0)


def _scaled(rungs: Sequence[Rung], tracks: Sequence[Heard]) -> str:
    """Progressive, at most 31 frames a second, never larger than it arrives, even numbers of pixels."""
    before = "".join(
        [
            "yadif," if any(track.interlaced for track in tracks) else "",
            f"framestep={round(_rate(tracks) / house_rate(_rate(tracks)))},"
            if _rate(tracks) > house_rate(_rate(tracks))
            else "",
        ]
    )
    names = [f"[s{number}]" for number in range(len(rungs))]
    scaled = ";".join(
        f"{name}scale=-2:'min({rung.height},trunc(ih/2)*2)',format=yuv420p[{rung.rendition}]"
        for name, rung in zip(names, rungs, strict=True)
    )
    return f"[0:v:0]{before}split={len(rungs)}{''.join(names)};{scaled}"


def _h264(rung: Rung, frame_rate: float, house: House, phase: float) -> list[str]:
    """x264 with a keyframe at each even second of the wall clock, so that all feeds can be cut at the same one."""
    rate = house_rate(frame_rate)
    at = f"floor((t+{phase})/2+0.001)"
    before = f"floor((prev_forced_t+{phase})/2+0.001)"
    return [
        "-c:v", "libx264", "-preset", house.preset, "-tune", "zerolatency", "-profile:v", "high",
        "-threads", "2", "-fps_mode", "vfr", "-sc_threshold", "0", "-g", str(round(rate * 2.2)),
        "-force_key_frames", f"expr:if(isnan(prev_forced_t),1,gt({at},{before}))",
        "-b:v", f"{rung.kilobits}k", "-maxrate", f"{rung.kilobits}k", "-bufsize", f"{rung.kilobits}k",
    ]  # fmt: skip


def _sound(treated: Treatment, house: House) -> list[str]:
    if treated.sound == "copy":
        return ["-c:a", "copy", "-bsf:a", "aac_adtstoasc"]
    return ["-c:a", "aac", "-b:a", f"{house.audio_kilobits}k", "-ac", "2", "-ar", "48000"]


def pattern_command(spec: FeedSpec, house: House, now: float) -> Command:
    """Pattern, clock and beep, encoded. It begins at an even second of the wall clock, so keyframes are on even ones;
    timestamps are that clock's up to the muxer, and what is told counts from `now`."""
    width, height, rate = house.pattern
    since = ["-output_ts_offset", str(1 - int(now))]
    args: list[str | Pipe] = [
        *_BEGIN, "-copyts", "-f", "lavfi",
        "-i", pattern(width, height, rate, spec.key, house.clock_offset, aligned=True, paced=True),
    ]  # fmt: skip
    rungs = _rungs(height, house)
    names = "".join(f"[s{number}]" for number in range(len(rungs)))
    scaled = ";".join(
        f"[s{number}]scale=-2:{min(rung.height, height)}[{rung.rendition}]" for number, rung in enumerate(rungs)
    )
    args += ["-filter_complex", f"[0:v:0]split={len(rungs)}{names};{scaled}"]
    for rung in rungs:
        args += ["-map", f"[{rung.rendition}]", *_h264(rung, rate, house, 0.0)]
        args += [*since, *_FRAGMENTED, Pipe(rung.rendition)]
    args += ["-map", "0:a:0", "-c:a", "aac", "-b:a", f"{house.audio_kilobits}k", *since, *_FRAGMENTED, Pipe(MAIN_AUDIO)]
    return Command(tuple(args), (*(rung.rendition for rung in rungs), MAIN_AUDIO))

"""How a feed is, in numbers and words, from what was counted; pure.

In: parts as they are made, loudness and brightness as they are measured, moments. Out: `Picture of health` as a plain
dict, and warnings as codes with their numbers (texts are the desk's). What must stay true: a warning says what to do
about something that is measured now, and goes when it is over.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from everhall.engines.feeding import LONGEST_KEYFRAME_INTERVAL, dropped_frames
from everhall.engines.hls.batch import Batch, is_key

#: LUFS; quieter is silence.
SILENCE: Final = -60.0
#: Seconds of silence, or of black, before it is said.
SAID_AFTER: Final = 5.0
#: Brightness (16…235) that nine of ten pixels of a black picture stay below.
BLACK: Final = 32.0
#: LUFS; programmes are made at -23 (EBU R128), speech on the web at -16 (AES TD1008).
TOO_LOUD: Final = -10.0
#: Seconds by which a source's clock may go wrong before it is said.
DRIFTING: Final = 1.0
#: Seconds over which rates are counted.
_SPAN: Final = 10.0


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing that is wrong: "keyframes", "silence", "black", "loud", "frames_dropped", "drift", "no_audio",
    "encoded", "audio_missing", "disk_low", "no_pictures", "no_parts", "disk_full", "slow"; and how much."""

    code: str
    value: float = 0.0


@dataclass(slots=True)
class Since:
    """Since when something has been so; None while it is not."""

    at: float | None = None

    def saw(self, so: bool, now: float) -> None:
        if not so:
            self.at = None
        elif self.at is None:
            self.at = now

    def long(self, now: float, seconds: float = SAID_AFTER) -> bool:
        return self.at is not None and now - self.at >= seconds


@dataclass(slots=True)
class Watch:
    """What is known of one feed. Filled by whoever receives it."""

    state: str = "waiting"
    since: float = 0.0
    lives: int = 0
    last_reason: str = ""
    kbps: float = 0.0
    frame_rate: float = 0.0
    frames: int = 0
    dropped: int = 0
    keyframe_interval: float = 0.0
    last_part: float | None = None
    drift: float = 0.0
    momentary: float | None = None
    integrated: float | None = None
    picture_at: float | None = None
    reasons: tuple[str, ...] = ()
    _bytes: deque[tuple[float, int]] = field(default_factory=deque)
    _counted: deque[tuple[float, int, float, int]] = field(default_factory=deque)
    _key_at: float | None = None
    _silent: Since = field(default_factory=Since)
    _black: Since = field(default_factory=Since)
    _noted: dict[str, tuple[float, float]] = field(default_factory=dict)

    # ------------------------------------------------------------ what was seen

    def turned(self, state: str, now: float, reason: str = "") -> None:
        """Another state: "off", "waiting", "starting", "live", "silent", "failed"."""
        if state != self.state:
            self.state, self.since = state, now
        if reason:
            self.last_reason = reason

    def new_run(self) -> None:
        """Nothing that was measured of the run before counts for this one."""
        self._key_at, self.keyframe_interval, self.frame_rate, self.drift = None, 0.0, 0.0, 0.0
        self._counted.clear()

    def arrived(self, size: int, now: float) -> None:
        """Bytes from outside."""
        self._bytes.append((now, size))
        while self._bytes and self._bytes[0][0] < now - _SPAN:
            self._bytes.popleft()

    def video(self, batch: Batch, timescale: int, now: float) -> None:
        """A part of the lead video."""
        self.last_part = now
        durations = [duration / timescale for duration in batch.durations]
        frame = sorted(durations)[len(durations) // 2]
        lost = dropped_frames(durations, frame)
        self.frames += len(durations)
        self.dropped += lost
        self._counted.append((now, len(durations), sum(durations), lost))
        while self._counted and self._counted[0][0] < now - _SPAN:
            self._counted.popleft()
        seconds = sum(row[2] for row in self._counted)
        self.frame_rate = sum(row[1] for row in self._counted) / seconds if seconds else 0.0
        self._keys(batch, timescale)

    def _keys(self, batch: Batch, timescale: int) -> None:
        dts = batch.dts
        for duration, flags in zip(batch.durations, batch.flags, strict=True):
            if is_key(flags):
                if self._key_at is not None:
                    self.keyframe_interval = dts / timescale - self._key_at
                self._key_at = dts / timescale
            dts += duration
        if self._key_at is not None:
            # It may be that none ever comes again.
            self.keyframe_interval = max(self.keyframe_interval, dts / timescale - self._key_at)

    def loudness(self, momentary: float | None, integrated: float | None, now: float) -> None:
        if momentary is not None:
            self.momentary = momentary
            self._silent.saw(momentary < SILENCE, now)
        if integrated is not None:
            self.integrated = integrated

    def brightness(self, nine_of_ten: float, now: float) -> None:
        """The brightness below which nine of ten pixels are."""
        self._black.saw(nine_of_ten < BLACK, now)

    def note(self, code: str, now: float, value: float = 0.0) -> None:
        """Something went wrong; it is said for a minute."""
        self._noted[code] = (now, value)

    # ------------------------------------------------------------ what is told

    def warnings(self, now: float) -> list[Warned]:
        live = self.state == "live"
        found = []
        if live and self.keyframe_interval > LONGEST_KEYFRAME_INTERVAL:
            found.append(Warned("keyframes", round(self.keyframe_interval, 1)))
        if live and self._silent.long(now):
            found.append(Warned("silence", round(now - (self._silent.at or now))))
        if live and self._black.long(now):
            found.append(Warned("black", round(now - (self._black.at or now))))
        if live and self.momentary is not None and self.momentary > TOO_LOUD:
            found.append(Warned("loud", round(self.momentary, 1)))
        lost = sum(row[3] for row in self._counted)
        if live and lost:
            found.append(Warned("frames_dropped", lost))
        if live and abs(self.drift) > DRIFTING:
            found.append(Warned("drift", round(self.drift, 1)))
        found += [Warned("no_audio")] if live and "no_audio" in self.reasons else []
        found += [Warned("encoded")] if live and set(self.reasons) - {"no_audio"} else []
        found += [Warned(code, value) for code, (at, value) in self._noted.items() if now - at < 60.0]
        return found

    def told(self, now: float, extra: Sequence[Warned] = ()) -> dict[str, Any]:
        """What `health.json` says. Times are seconds since the epoch, ages seconds."""
        size = sum(size for at, size in self._bytes if at > now - _SPAN)
        span = min(_SPAN, now - self._bytes[0][0]) if self._bytes else 0.0
        return {
            "at": round(now, 3),
            "state": self.state,
            "since": round(self.since, 3),
            "lives": self.lives,
            "reason": self.last_reason,
            "kbps": round(size * 8 / 1000 / span, 1) if span > 0.5 else 0.0,
            "fps": round(self.frame_rate, 2),
            "frames": self.frames,
            "dropped": self.dropped,
            "keyframe_interval": round(self.keyframe_interval, 3),
            "drift": round(self.drift, 3),
            "part_age": None if self.last_part is None else round(now - self.last_part, 3),
            "loudness": self.momentary,
            "loudness_integrated": self.integrated,
            "picture_at": self.picture_at,
            "encoded_because": list(self.reasons),
            "warnings": [[one.code, one.value] for one in (*self.warnings(now), *extra)],
        }

"""What one sees and hears of a feed at a glance: a small picture about each second, loudness, black, silence.

In: the parts of a run. Out: `feeds/<feed>/picture.jpg`, numbers for the feed's `Watch`. What must stay true: this is
a process of its own, fed through a pipe that may overflow: whatever happens to it, the feed goes on; it is the first
to stop when the disk fills up.
"""

import asyncio
import contextlib
import logging
import re
from pathlib import Path
from typing import Final

from everhall.engines.feed_health import Watch
from everhall.engines.feeding import MAIN_AUDIO
from everhall.engines.hls.boxes import BrokenBoxes, Pieces
from everhall.engines.hls.fragment import batch_in, fragment
from everhall.engines.hls.init import InitTrack, tracks_of
from everhall.engines.hls.segmenter import InitMade, PartMade
from everhall.live.ingest_commands import LOOK_SOUND, LOOK_VIDEO, NUMBERS, PICTURE, lookout
from everhall.live.ingest_process import Process
from everhall.live.ingest_run import Shared
from everhall.live.store import Room

log = logging.getLogger(__name__)

#: Seconds before it is started again after it died.
PAUSE: Final = 5.0
#: A picture of this size is none.
_LARGEST: Final = 2_000_000
_NUMBER: Final = re.compile(rb"lavfi\.(r128\.M|r128\.I|signalstats\.YHIGH)=(-?[\d.]+|-?inf|nan)")


class Lookout:
    """Looks at one run; make another for the next."""

    def __init__(
        self, shared: Shared, feed: str, watch: Watch, renditions: tuple[str, ...], *, small: bool, deaf: bool
    ) -> None:  # fmt: skip
        """`small`: the smallest rendition is so small that each frame may be decoded; `deaf`: it has no sound."""
        self._shared, self._watch = shared, watch
        self._path: Path = shared.store.feed_folder(feed) / "picture.jpg"
        videos = [name for name in renditions if name.startswith("v")]
        self._video = videos[-1] if videos else ""
        self._every_frame = small and len(videos) > 1
        self._sound = "" if deaf else MAIN_AUDIO
        self._track: InitTrack | None = None
        self._inits: dict[str, bytes] = {}
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._dead_at = float("-inf")
        self._closed = False
        self._jpeg = bytearray()

    def heard(self, made: InitMade | PartMade) -> None:
        """What the run made. Never waits, never raises."""
        if isinstance(made, InitMade):
            self._inits[made.rendition] = made.content
            if made.rendition == self._video:
                self._track = next(iter(tracks_of(made.content)), None)
            return
        now = self._shared.now()
        if self._closed:
            return
        if self._shared.store.room() >= Room.NO_PICTURES:
            if self._process is not None:
                self._process.kill()
        elif self._process is not None:
            self._hand_over(made)
        elif self._task is None and now - self._dead_at > PAUSE and self._inits:
            self._task = asyncio.get_running_loop().create_task(self._look())

    def close(self) -> None:
        """Stop looking for good."""
        self._closed = True
        if self._process is not None:
            self._process.kill()

    async def wait(self) -> None:
        """Until it is gone."""
        if self._task is not None:
            await self._task

    def _hand_over(self, made: PartMade) -> None:
        process = self._process
        if process is None:
            return
        video = made.parts.get(self._video)
        if video is not None and self._every_frame:
            process.write(LOOK_VIDEO, b"".join(video[1]))
        elif video is not None and video[0].independent and self._track is not None:
            with contextlib.suppress(BrokenBoxes):
                process.write(LOOK_VIDEO, keyframe_of(video[1], self._track))
        sound = made.parts.get(self._sound)
        if sound is not None and self._sound in self._inits:
            process.write(LOOK_SOUND, b"".join(sound[1]))

    async def _look(self) -> None:
        video, sound = self._video in self._inits, self._sound in self._inits
        try:
            process = await Process.start(
                lookout(video=video, sound=sound, every_frame=self._every_frame), self._data, lambda _line: None
            )
            if video:
                process.write(LOOK_VIDEO, self._inits[self._video])
            if sound:
                process.write(LOOK_SOUND, self._inits[self._sound])
            self._process = process
            if self._closed:
                process.kill()
            await process.wait()
        except OSError as problem:
            log.warning("no pictures: %s", problem)
        finally:
            self._process, self._task = None, None
            self._dead_at = self._shared.now()

    # ------------------------------------------------------------ what comes back

    def _data(self, name: str, data: bytes) -> None:
        if name == NUMBERS:
            self._numbers(data)
        elif name == PICTURE:
            self._jpeg += data
            # No end marker occurs within the coded data of a JPEG (ITU-T T.81 §B.1.1.5).
            end = self._jpeg.rfind(b"\xff\xd9")
            if end >= 0:
                start = self._jpeg.rfind(b"\xff\xd8", 0, end)
                picture, self._jpeg = bytes(self._jpeg[max(start, 0) : end + 2]), self._jpeg[end + 2 :]
                self._keep(picture)
            elif len(self._jpeg) > _LARGEST:
                self._jpeg.clear()

    def _keep(self, picture: bytes) -> None:
        self._watch.picture_at = self._shared.now()
        loop = asyncio.get_running_loop()
        loop.run_in_executor(self._shared.disk, _put, self._shared, self._path, picture)

    def _numbers(self, data: bytes) -> None:
        now = self._shared.now()
        for found in _NUMBER.finditer(data):
            value = float(found[2])
            if found[1] == b"r128.M":
                # The meter says -120.7 or nan for nothing at all.
                self._watch.loudness(max(value, -99.0) if value == value else -99.0, None, now)
            elif found[1] == b"r128.I":
                self._watch.loudness(None, value, now)
            else:
                self._watch.brightness(value, now)


def keyframe_of(part: Pieces, track: InitTrack) -> bytes:
    """The first sample of a part as a fragment of its own. Where pictures are reordered the decoder gives one out
    only when two more have come, so the next two go with it: cheaper than a wait of two keyframes."""
    batch = batch_in(part, track)
    wanted = 3 if len(set(batch.offsets)) > 1 else 1
    return fragment(1, track.track_id, batch.samples()[:wanted])


def _put(shared: Shared, path: Path, picture: bytes) -> None:
    try:
        shared.store.put_small(path, picture)
    except OSError as problem:
        log.warning("no picture: %s", problem)

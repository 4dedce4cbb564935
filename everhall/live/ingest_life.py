"""One life of a feed's receiver, and of the encoder behind it if what arrives does not fit.

In: a post. Out: runs. The receiver copies; what fits is cut as it is ("direct"), everything else goes through an
encoder, which may come, go and die without the publisher noticing. What must stay true: what was received goes into
exactly one run, but for the seconds since the last keyframe, which are encoded again when an encoder has died.
"""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Final

from everhall.engines import feeding
from everhall.engines.feeding import MAIN_AUDIO, Hearing, Treatment
from everhall.engines.hls.boxes import BrokenBoxes
from everhall.engines.hls.segmenter import FATAL, Fault
from everhall.live.ingest_commands import LONG_LOOK, RECEIVED, SENT, encoder, receiver, renditions
from everhall.live.ingest_making import Making, Post
from everhall.live.ingest_process import Process
from everhall.live.ingest_units import Keyframes, Unit, Units
from everhall.live.spool import Inbox

log = logging.getLogger(__name__)

#: Seconds without a part after which a receiver that has begun to deliver is killed.
SILENCE: Final = 4.0
#: Seconds that one which reaches out itself has for its first byte; and anybody from first byte to first part.
NO_ANSWER: Final = 15.0
#: Seconds between two looks of the watchdog.
LOOK: Final = 0.25
#: Seconds for which somebody who knows the passphrase may send what nobody understands.
GARBAGE: Final = 6.0
#: More new runs than this within `TROUBLE` seconds, and the receiver begins anew.
MOST_RUNS: Final = 5
TROUBLE: Final = 10.0


#: What ffmpeg says when it has seen no keyframe.
NO_KEYFRAME: Final = ("dimensions not set", "unspecified size")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a life ended. `reason`: "gone" (the other side left), "failed", "killed", "silent", "no_answer", "broken",
    "keyframes", "closed"; `delivered`: at least one part was made."""

    reason: str
    delivered: bool


@dataclass(frozen=True, slots=True)
class _Gone:
    """The encoder with this number has ended."""

    number: int


class Life:
    """See the module; `run` once."""

    def __init__(self, post: Post, inbox: Inbox | None = None) -> None:
        self.post = post
        self._inbox = inbox
        self._process: Process | None = None
        self._hearing = Hearing()
        self._heard = asyncio.Event()
        self._queue: asyncio.Queue[bytes | _Gone | tuple[Making, Fault] | None] = asyncio.Queue()
        self._units = Units()
        self._treated: Treatment | None = None
        self._making: Making | None = None
        self._encoder: Process | None = None
        self._encoders = 0
        self._waiters: set[asyncio.Task[None]] = set()
        self._keys = Keyframes()
        self._runs: deque[float] = deque(maxlen=MOST_RUNS)
        self._started = 0.0
        self._first_byte: float | None = None
        self._first_line: float | None = None
        self._why = ""
        self._delivered = False

    # ------------------------------------------------------------ the whole of it

    async def run(self) -> Outcome:
        """Until the receiver has ended and everything that it delivered is kept. Cancelled: the same, at once."""
        post, known = self.post, self.post.known
        self._started = post.shared.now()
        post.watch.turned("starting" if post.spec.kind in ("pull", "file", "push") else "waiting", self._started)
        command = receiver(post.spec, post.shared.house, fits_mp4=known.fits_mp4, long_look=known.long_look)
        self._process = await Process.start(command, self._data, self._line)
        if self._why:
            # Told to end while it was being started.
            self._process.kill()
        tasks = [asyncio.create_task(self._consume()), asyncio.create_task(self._watchdog())]
        if self._inbox is not None:
            tasks.append(asyncio.create_task(self._hand_in(self._inbox)))
        try:
            code = await self._process.wait()
        except asyncio.CancelledError:
            self.kill("closed")
            code = await self._process.wait()
        for task in tasks[1:]:
            task.cancel()
        reason = self._why = self._why or ("gone" if code == 0 else "killed" if code < 0 else "failed")
        self._queue.put_nowait(None)
        await tasks[0]
        await asyncio.gather(*tasks[1:], *self._waiters, return_exceptions=True)
        if reason == "failed":
            log.warning("%s: receiver failed: %s", post.spec.key, " | ".join(self._process.last_lines[-4:]))
        known.long_look = not self._delivered and any(
            sign in line for line in self._process.last_lines for sign in NO_KEYFRAME
        )
        if self._hearing.tracks and post.spec.kind != "push":
            known.fits_mp4 = feeding.mp4_holds(self._hearing.tracks)
        return Outcome(reason, self._delivered)

    def kill(self, why: str) -> None:
        self._why = self._why or why
        if self._process is not None:
            self._process.kill()

    def _data(self, _name: str, data: bytes) -> None:
        if self._first_byte is None:
            self._first_byte = self.post.shared.now()
            self.post.watch.turned("starting", self._first_byte)
        self._queue.put_nowait(data)

    def _line(self, text: str) -> None:
        if self._first_line is None:
            self._first_line = self.post.shared.now()
        self._hearing.line(text)
        if self._hearing.complete:
            self._heard.set()

    async def _consume(self) -> None:
        """One thing after the other, in the order in which it came."""
        while (item := await self._queue.get()) is not None:
            try:
                if isinstance(item, bytes):
                    await self._received(item)
                elif isinstance(item, _Gone):
                    await self._encoder_gone(item.number)
                else:
                    await self._judge(*item)
            except BrokenBoxes as problem:
                log.warning("%s: %s", self.post.spec.key, problem)
                self.kill("broken")
            except (OSError, ValueError) as problem:
                log.error("%s: %s", self.post.spec.key, problem)
                self.kill("failed")
        await self._end_making(self._why)

    async def _watchdog(self) -> None:
        """Kill what has fallen silent; let time pass for what waits. All lives look at the same moments, so that the
        loop wakes once for all of them."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK - loop.time() % LOOK)
            if self._making is not None:
                self._making.tick()
            if why := self._too_silent(self.post.shared.now()):
                self.kill(why)

    def _too_silent(self, now: float) -> str:
        """Why it has to end, if it has to. A listener says nothing until somebody comes, so its first line counts."""
        making = self._making
        if making is not None and making.run.last_part is not None:
            return "silent" if now - making.run.last_part > SILENCE else ""
        if self._first_byte is not None:
            since = making.begun if making is not None else self._first_byte
            return "silent" if now - since > NO_ANSWER else ""
        if self.post.spec.kind == "srt":
            patience = GARBAGE + (LONG_LOOK / 1e6 if self.post.known.long_look else 0.0)
            return "broken" if self._first_line is not None and now - self._first_line > patience else ""
        return "no_answer" if now - self._started > NO_ANSWER else ""

    async def _hand_in(self, inbox: Inbox) -> None:
        """Chunks of the go-live page, as they come, until the session is over."""
        assert self._process is not None  # noqa: S101 - started before this task
        init = feeding.init_of(inbox.first()) if inbox.resumed else b""
        self._process.write(SENT, init)
        while not inbox.over(self.post.shared.now()):
            for chunk in inbox.new():
                whole = feeding.whole_from(chunk, init) if init else chunk
                init = b"" if whole else init
                if not self._process.write(SENT, whole):
                    self.kill("failed")
            await asyncio.sleep(0.05)
        self._process.close_inputs()

    # ------------------------------------------------------------ what arrives

    async def _received(self, data: bytes) -> None:
        self.post.watch.arrived(len(data), self.post.shared.now())
        if self._treated is None:
            await self._decide()
        if not self.post.known.fits_mp4:
            if self._encoder is None:
                await self._start_encoder([])
            self._to_encoder(data)
            return
        for unit in self._units.feed(data):
            await self._unit(unit)

    async def _decide(self) -> None:
        """What to do with what arrives; ffmpeg's log has said it before the first byte, but on another pipe."""
        async with asyncio.timeout(5.0):
            await self._heard.wait()
        known, tracks = self.post.known, self._hearing.tracks
        if tracks != known.tracks:
            known.tracks, known.far_apart = tracks, False
        self._treat(feeding.treatment(tracks, self.post.spec.audio, far_apart=known.far_apart))

    def _treat(self, treated: Treatment) -> None:
        self._treated = treated
        self.post.watch.reasons = treated.reasons

    async def _unit(self, unit: Unit) -> None:
        self._units.remember(unit)
        self._keys.saw(unit)
        if self._keys.mended:
            # A publisher that has mended its keyframes is copied again in its next life.
            self.post.known.far_apart = False
        treated = self._treated
        if treated is None:
            return
        if treated.video == "copy" and self._keys.far_apart:
            await self._switch(unit)
        elif treated.direct and self.post.known.fits_mp4:
            if self._making is None:
                self._making = self._begin(treated, RECEIVED)
                self._making.feed(RECEIVED, self._units.init)
            self._making.feed(RECEIVED, unit)
            self._delivered = self._delivered or self._making.run.last_part is not None
        elif self._encoder is None:
            if unit.key or self._units.since_key:
                await self._start_encoder(self._units.since_key or [unit])
        else:
            self._to_encoder(unit.content)

    # ------------------------------------------------------------ runs and encoders

    def _begin(self, treated: Treatment, lead_input: str) -> Making:
        now = self.post.shared.now()
        if len(self._runs) == MOST_RUNS and now - self._runs[0] < TROUBLE:
            self.kill("broken")
        self._runs.append(now)
        names = renditions(treated, self._hearing.tracks, self.post.shared.house)
        lead = names[0] if names[0].startswith("v") else MAIN_AUDIO
        return Making(
            self.post, names, lead=lead, lead_input=lead_input or lead, on_fault=self._fault,
            small=treated.video == "ladder", silent=treated.sound == "silence",
        )  # fmt: skip

    def _fault(self, making: Making, fault: Fault) -> None:
        self._queue.put_nowait((making, fault))

    async def _start_encoder(self, units: list[Unit]) -> None:
        treated = self._treated
        if treated is None:
            return
        older = sum(unit.ends - unit.begins for unit in units if unit.begins is not None)
        phase = feeding.keyframe_phase(self.post.shared.now() - older)
        command = encoder(
            treated, self._hearing.tracks, self.post.shared.house, phase=phase, fits_mp4=self.post.known.fits_mp4
        )
        making = self._making = self._begin(treated, "")

        def data(name: str, content: bytes) -> None:
            making.feed(name, content)
            self._delivered = self._delivered or making.run.last_part is not None

        self._encoder = await Process.start(command, data, lambda _line: None)
        self._encoders += 1
        waiter = asyncio.create_task(self._wait_for(self._encoder, self._encoders))
        self._waiters.add(waiter)
        if self.post.known.fits_mp4:
            self._to_encoder(self._units.init + b"".join(unit.content for unit in units))

    async def _wait_for(self, process: Process, number: int) -> None:
        await process.wait()
        self._queue.put_nowait(_Gone(number))

    def _to_encoder(self, content: bytes) -> None:
        if self._encoder is not None and not self._encoder.write(RECEIVED, content):
            # Slower than the source for half a minute, or dead: then its end is on its way to us.
            self._encoder.kill()
            self.post.watch.note("slow", self.post.shared.now())

    async def _encoder_gone(self, number: int) -> None:
        if self._encoder is None or number != self._encoders:
            return
        log.warning("%s: encoder ended: %s", self.post.spec.key, " | ".join(self._encoder.last_lines[-3:]))
        self._encoder = None
        await self._end_making("encoder_gone")
        if not self.post.known.fits_mp4:
            self.kill("failed")

    async def _end_making(self, reason: str) -> None:
        """Let the encoder finish what it was given, then the run."""
        making, self._making = self._making, None
        process, self._encoder = self._encoder, None
        if process is not None:
            await process.finish(3.0)
        if making is not None:
            await making.finish(reason)
            self._delivered = self._delivered or making.run.last_part is not None

    # ------------------------------------------------------------ what is wrong

    async def _judge(self, making: Making, fault: Fault) -> None:
        """Do about a fault what has to be done."""
        if fault.code != "keyframes_far_apart":
            self.post.watch.note(fault.code, self.post.shared.now())
        if making is not self._making:
            return
        if fault.code == "keyframes_far_apart":
            # What comes as MP4 is judged by `Keyframes`; what comes as NUT has lost nothing on the way.
            if self._treated is not None and self._treated.video == "copy" and not self.post.known.fits_mp4:
                self.post.known.far_apart = True
                self.kill("keyframes")
        elif fault.code in FATAL or fault.code == "not_kept":
            log.info("%s: %s (%s): another run", self.post.spec.key, fault.code, fault.detail)
            await self._another_run(making, fault)

    async def _another_run(self, making: Making, fault: Fault) -> None:
        if self._encoder is not None:
            self._encoder.kill()
            return
        if fault.code == "timestamps_jump":
            self._making = making.heir()
            self._runs.append(self.post.shared.now())
        else:
            # Begins with the next unit that comes.
            self._making = None
        await making.finish(fault.code)

    async def _switch(self, unit: Unit) -> None:
        """From here on, a keyframe if one came in time, it is encoded; all before it was copied."""
        self.post.known.far_apart = True
        encoding = self._encoder is not None
        await self._end_making("keyframes")
        self._treat(feeding.treatment(self._hearing.tracks, self.post.spec.audio, far_apart=True))
        await self._start_encoder([unit] if unit.key or encoding else self._units.since_key or [unit])

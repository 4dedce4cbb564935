"""A run and whoever looks at it: what every way of receiving ends in.

In: a feed's post (what it is, what is remembered of it), bytes by rendition or of all renditions in one. Out: the
run's files and news, numbers for the feed's health, pictures. What must stay true: looking costs the run nothing but
the time to copy a part into a pipe.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from everhall.engines.feed_health import Watch
from everhall.engines.feeding import MAIN_AUDIO, Heard, run_name
from everhall.engines.hls.boxes import BrokenBoxes
from everhall.engines.hls.fragment import batch_in
from everhall.engines.hls.init import InitTrack, tracks_of
from everhall.engines.hls.segmenter import Fault, InitMade, PartMade, SegmentMade
from everhall.engines.silence import Silence
from everhall.live.ingest_look import Lookout
from everhall.live.ingest_run import Run, Shared
from everhall.live.ingest_units import Unit, Units
from everhall.live.rules import FeedSpec

OnFault = Callable[["Making", Fault], None]


@dataclass(slots=True)
class Known:
    """What is remembered of a feed from one life of its receiver to the next."""

    #: MP4 can hold all codecs that arrived, and the sound was AAC.
    fits_mp4: bool = True
    #: No keyframe came in the time in which the last receiver looked for one: the next one looks longer.
    long_look: bool = False
    #: Keyframes were too far apart to copy, in what arrived as `tracks`.
    far_apart: bool = False
    tracks: tuple[Heard, ...] = ()
    last_run: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A feed where it is received."""

    shared: Shared
    spec: FeedSpec
    known: Known
    watch: Watch
    pictures: bool = True


class Making:
    """See the module. Bytes come under the names in `renditions`, or all in one under `lead_input`. `small`: each
    frame may be looked at; `silent`: no sound comes, and silence is made in step with the lead."""

    def __init__(
        self, post: Post, renditions: Sequence[str], *, lead: str, lead_input: str, on_fault: OnFault,
        small: bool = False, silent: bool = False, heir_of: "Making | None" = None,
    ) -> None:  # fmt: skip
        self._post, self._lead, self._lead_input = post, lead, lead_input
        self._on_fault, self._small, self._silent = on_fault, small, silent
        self._units: Units = heir_of._units if heir_of else Units()
        self._silence = Silence()
        self._track: InitTrack | None = None
        now = post.shared.now()
        self.begun = now
        post.known.last_run = run_name(now, secrets.randbits(32), post.known.last_run)
        post.watch.new_run()
        self._look = (
            Lookout(post.shared, post.spec.key, post.watch, tuple(renditions), small=small, deaf=silent)
            if post.pictures
            else None
        )
        self.run: Run = Run(
            post.shared, post.spec.key, post.known.last_run, renditions, lead=lead, lead_input=lead_input,
            hear=self._hear, on_fault=lambda fault: on_fault(self, fault),
            heir_of=heir_of.run if heir_of else None,
        )  # fmt: skip

    def feed(self, name: str, data: bytes | Unit) -> None:
        """As `Run.feed`."""
        self.run.feed(name, data)
        if self._silent and name == self._lead_input:
            for unit in [data] if isinstance(data, Unit) else self._units.feed(data):
                if unit.begins is not None:
                    self.run.feed(MAIN_AUDIO, self._silence.upto(unit.begins, unit.ends))

    def tick(self) -> None:
        self.run.tick()
        self._post.watch.drift = self.run.drift

    @property
    def last_part(self) -> float:
        """When the last part was made; before the first one, when this began."""
        return self.run.last_part or self.begun

    def heir(self) -> "Making":
        """The next run on the same inputs, after timestamps have jumped. This one still wants `finish`."""
        return Making(
            self._post, self.run.renditions, lead=self._lead, lead_input=self._lead_input,
            on_fault=self._on_fault, small=self._small, silent=self._silent, heir_of=self,
        )  # fmt: skip

    async def finish(self, reason: str) -> None:
        """Nothing more comes."""
        await self.run.finish(reason)
        if self._look is not None:
            self._look.close()
            await self._look.wait()

    def _hear(self, made: InitMade | PartMade | SegmentMade) -> None:
        if isinstance(made, SegmentMade):
            return
        if isinstance(made, InitMade) and made.rendition == self._lead:
            self._track = next(iter(tracks_of(made.content)), None)
        elif isinstance(made, PartMade):
            self._measure(made)
        if self._look is not None:
            self._look.heard(made)

    def _measure(self, made: PartMade) -> None:
        now = self._post.shared.now()
        watch = self._post.watch
        watch.turned("live", now)
        watch.last_part = now
        lead = made.parts.get(self._lead)
        if lead is None or self._track is None or self._track.handler != "vide":
            return
        try:
            batch = batch_in(lead[1], self._track)
        except BrokenBoxes:
            return
        watch.video(batch, self._track.track.timescale, now)

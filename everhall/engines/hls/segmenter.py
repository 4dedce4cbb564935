"""A run of a source: fragmented MP4 as an encoder delivers it, cut into parts and segments of all its renditions.

In: bytes of the run's inputs (pipes) as they come, and `now` (seconds since the epoch). Out: init segments, parts the
moment they are whole, segments, faults; in the order in which a player may be told of them.

Must stay true: however the bytes are cut into pieces, the same comes out; the body of a segment is its parts one after
the other, byte for byte; from the first key sample of the lead to the end of the run every sample comes out once, in
order; all renditions of a part cover the same time; no segment's duration rounds above the target.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from everhall.engines.hls.batch import Batch, is_key, unstretched
from everhall.engines.hls.boxes import Pieces
from everhall.engines.hls.cutting import Cut, Cutter
from everhall.engines.hls.intake import Intake
from everhall.engines.hls.lane import Lane
from everhall.engines.hls.made import FATAL, Fault, InitMade, Made, PartMade, SegmentMade
from everhall.engines.hls.making import Maker
from everhall.engines.hls.model import PART_TARGET, address_of
from everhall.engines.hls.parameters import parameter_sets

__all__ = ["FATAL", "Fault", "InitMade", "Made", "PartMade", "SegmentMade", "Segmenter"]

#: Seconds that a part waits for a rendition that is late.
PATIENCE: Final = 0.7
#: Seconds by which timestamps may leap ahead; more is another timeline.
LEAP: Final = 1
#: Seconds by which the others may be ahead of the lead, and for which one may be on a timeline of its own.
ASTRAY: Final = 10

#: Of AAC at 44.1 kHz: what is expected of sound that has not come yet.
_USUAL_SAMPLE: Final = Fraction(1024, 44100)


class Segmenter:
    """One run. `lead` is the rendition that decides where to cut; an input is called as the one rendition in it, or
    otherwise, if it holds several. Durations in seconds. `name` finds the address of a body from its pieces."""

    def __init__(
        self,
        *,
        source: str,
        run: str,
        lead: str,
        renditions: Sequence[str],
        captured: float | None = None,
        target: float = 2.0,
        part_target: float = PART_TARGET,
        name: Callable[[Pieces], str] = address_of,
    ) -> None:
        self._source, self._names, self._name = source, tuple(renditions), name
        self._target = Fraction(target).limit_denominator(1000)
        self._part_target = Fraction(part_target).limit_denominator(1000)
        self._lanes = {name: Lane(name) for name in renditions}
        self._lead = self._lanes[lead]
        self._others = [lane for name, lane in self._lanes.items() if name != lead]
        self._maker = Maker(source, run, self._lead, self._others, self._target, self._part_target, name)
        self._intakes: dict[str, Intake] = {}
        self._held: list[tuple[str, Batch]] = []  # what the run before left to this one
        self._cutter: Cutter | None = None
        self._early: list[Batch] = []  # of the lead, from its first key sample on, while the others are waited for
        self._early_since = 0.0
        self._cuts: deque[tuple[Cut, float]] = deque()  # and since when they wait
        self._made: list[Made] = []
        self._beyond: list[tuple[str, Batch]] = []  # samples on another timeline, for the next run
        self._astray: dict[str, float] = {}  # rendition -> since when it is on another timeline
        self._missing: set[str] = set()  # faults and renditions that were told of
        self._captured = captured
        self._anchor = (0.0, 0.0)  # media time and wall clock when the first samples had come
        self._now = 0.0
        self._finished = False
        #: The fatal fault, if there was one.
        self.over: Fault | None = None

    # ------------------------------------------------------------ for all to use

    @property
    def drift(self) -> float:
        """(media elapsed) - (wall elapsed) since the first samples: positive if the source's clock is fast."""
        if self._lead.last is None:
            return 0.0
        media, wall = self._anchor
        return (self._lead.last.end / self._lead.timescale - media) - (self._now - wall)

    @property
    def key_gap(self) -> float:
        """Seconds between the last two key samples of the lead; 0 if there were no two."""
        return self._cutter.key_gap if self._cutter else 0.0

    def feed(self, rendition_or_input: str, data: bytes, now: float) -> list[Made]:
        """What these bytes bring about. No bytes only tell that time passes."""
        if self._finished or (self.over is not None and self.over.code != "timestamps_jump"):
            return []
        intake = self._turn_to(rendition_or_input, now)
        return self._fed(rendition_or_input, intake, intake.feed(data))

    def feed_read(self, rendition_or_input: str, batches: Mapping[int, Batch], now: float) -> list[Made]:
        """As `feed`, of one fragment that was read already: track -> its samples. What came before it came whole, its
        init segment as bytes."""
        if self._finished or (self.over is not None and self.over.code != "timestamps_jump"):
            return []
        intake = self._turn_to(rendition_or_input, now)
        return self._fed(rendition_or_input, intake, intake.named(batches))

    def _turn_to(self, rendition_or_input: str, now: float) -> Intake:
        """Where its bytes come in, once what the run before left is taken in."""
        self._now = now
        held, self._held = self._held, []
        for name, batch in held:
            self._arrive(self._lanes[name], batch)
        intake = self._intakes.get(rendition_or_input)
        if intake is None:
            alone = rendition_or_input in self._lanes
            intake = self._intakes[rendition_or_input] = Intake([rendition_or_input] if alone else self._names)
        return intake

    def _fed(self, rendition_or_input: str, intake: Intake, found: list[tuple[str, Batch]]) -> list[Made]:
        lead = self._lead.name
        for name, batch in found:
            if name == lead and self._cutter is not None and self.over is None and self._cutter.goes_on(batch):
                self._lead.last = batch
            else:
                self._come(self._lanes[name], batch, intake)
        if self._cuts or self._cutter is None or self._astray:
            self._go_on()
        if intake.broken or intake.changed:
            # Told after all that came before; what waited for more waits no longer.
            if intake.broken:
                self._end("broken", f"{rendition_or_input}: {intake.broken}")
            else:
                self._end("parameters_change", f"{rendition_or_input}: another init segment")
            self._go_on()
        made, self._made = self._made, []
        return made

    def finish(self) -> list[InitMade | PartMade | SegmentMade]:
        """The source is gone: all that has come becomes parts, the last segment maybe a short one."""
        if self._finished:
            return []
        self._finished = True
        if self._cutter is None and self._early:
            self._open()
        if self._cutter is None:
            return []
        found: list[InitMade | PartMade | SegmentMade] = [one for one in self._made if isinstance(one, InitMade)]
        for cut, _ in self._cuts:
            found += [self._maker.part(cut)] if cut.batches else []
            found += self._maker.close() if cut.closes else []
        self._cuts.clear()
        found += [self._maker.part(cut, last=True) for cut in self._cutter.rest() if cut.batches]
        return [*found, *self._maker.flush(), *self._maker.close()]

    def successor(self, run: str) -> "Segmenter":
        """After "timestamps_jump": the next run on the same inputs. It begins with the samples that jumped, which
        count as come at its first feed(). This one must not be fed any more."""
        heir = Segmenter(
            source=self._source, run=run, lead=self._lead.name, renditions=self._names,
            target=float(self._target), part_target=float(self._part_target), name=self._name,
        )  # fmt: skip
        heir._intakes, self._intakes = self._intakes, {}
        heir._held, self._beyond = [*self._held, *self._beyond], []
        for name, lane in self._lanes.items():
            if lane.init is not None:
                heir._lanes[name].known(lane.init, lane.content)
        return heir

    # ------------------------------------------------------------ samples come

    def _come(self, lane: Lane, batch: Batch, intake: Intake) -> None:
        if lane.init is None:
            lane.known(*intake.inits[lane.name])
        lane.straighten(batch)
        for piece in unstretched(batch, LEAP * lane.timescale):
            self._arrive(lane, piece)

    def _arrive(self, lane: Lane, batch: Batch) -> None:
        if self.over is not None or lane.name in self._astray:
            self._beyond.append((lane.name, batch))
            return
        if self._jumps(lane, batch) or self._changes(lane, batch):
            return
        lane.last = batch
        if lane is not self._lead:
            lane.waiting.append(batch)
            if lane.begun is None and self._cutter is not None:
                self._begin(lane, batch)
                self._cutter.slack = self._slack()
        elif self._cutter is not None:
            self._cut(batch, self._now)
        else:
            self._first(batch)

    def _first(self, batch: Batch) -> None:
        """The lead's samples before it is known who comes along. Nobody can decode those before the first key."""
        if not self._early:
            at = next((n for n, flags in enumerate(batch.flags) if is_key(flags)), None)
            if at is None:
                return
            batch = batch.split(at)[1] if at else batch
            self._early_since = self._now
        self._early.append(batch)

    def _jumps(self, lane: Lane, batch: Batch) -> bool:
        """Whether the samples are on another timeline; then they are kept for the next run. Sound may leap ahead,
        that is a hole, as long as it does not lose the lead."""
        last = lane.last
        if last is None:
            return False
        ahead = batch.dts - last.end
        back = batch.dts < last.end - last.last_duration // 2
        if not back and (lane is not self._lead or ahead <= LEAP * lane.timescale):
            return self._lost(lane, batch)
        if lane is not self._lead and not lane.sequence:
            # Nothing of it has been made: what waits is a leftover of the timeline before.
            lane.waiting.clear()
            return False
        self._beyond.append((lane.name, batch))
        if lane is self._lead:
            self._end("timestamps_jump", f"{lane.name}: from {last.end / lane.timescale:.3f} s"
                      f" to {batch.dts / lane.timescale:.3f} s")  # fmt: skip
            if not back:
                self._part_ways((last.end + batch.dts) // 2)
        else:
            self._astray[lane.name] = self._now
        return True

    def _lost(self, lane: Lane, batch: Batch) -> bool:
        """Whether a lane is so far ahead of the lead that they cannot be on one timeline."""
        lead = self._lead.last
        if lane is self._lead or lead is None or self._cutter is None:
            return False
        limit = lead.end + ASTRAY * self._lead.timescale
        if 2 * batch.dts <= self._maker.doubled(lane, limit):
            return False
        self._beyond.append((lane.name, batch))
        self._end("timestamps_jump", f"{lane.name} is {ASTRAY} s ahead of {self._lead.name}")
        self._part_ways(limit)
        return True

    def _part_ways(self, time: int) -> None:
        """What the others have from this time of the lead on belongs to the next run."""
        for lane in self._others:
            if lane.init is not None:
                kept = lane.cut_off(-(-self._maker.doubled(lane, time) // 2))
                self._beyond[:0] = [(lane.name, batch) for batch in kept]

    def _changes(self, lane: Lane, batch: Batch) -> bool:
        """Whether the picture has changed without a new init segment."""
        if not (lane.picture and batch.keyed and lane.init and batch.first_key):
            return False
        found = parameter_sets(batch, lane.init)
        if lane.parameters and found and found != lane.parameters:
            self._end("parameters_change", f"{lane.name}: another size or profile")
            return True
        lane.parameters = found or lane.parameters
        return False

    def _end(self, code: str, detail: str) -> None:
        if self.over is None:
            self.over = Fault(code, detail)
            self._made.append(self.over)

    # ------------------------------------------------------------ the run begins

    def _open(self) -> None:
        """Begins the run when all renditions have come, or have been waited for long enough."""
        if not self._early:
            self._without_lead()
            return
        complete = all(lane.waiting for lane in self._others) or self.over is not None or self._finished
        if not complete and self._within(PATIENCE, self._early_since):
            return
        lead, early = self._lead, self._early
        for lane in self._lanes.values():
            if lane is lead or lane.waiting:
                self._begin(lane, early[0] if lane is lead else lane.waiting[0])
        for lane in self._others:
            if lane.waiting:
                lane.drop_before(self._maker.doubled(lane, early[0].dts) // 2)
        begins = early[0].dts
        came = early[0].end / lead.timescale
        self._anchor = (came, self._early_since)
        shown = self._maker.shown(lead, begins)
        captured = self._early_since - (came - begins / lead.timescale) if self._captured is None else self._captured
        self._maker.epoch = captured - shown
        self._cutter = Cutter(lead.timescale, begins, self._target, self._part_target, self._slack())
        self._early = []
        for batch in early:
            self._cut(batch, self._early_since)

    def _without_lead(self) -> None:
        """Of what comes before the lead, only the latest is kept: what is over before it will not be shown."""
        for lane in self._others:
            if lane.last is None or not lane.waiting:
                continue
            oldest = lane.last.end - ASTRAY * lane.timescale
            if lane.waiting[0].dts < oldest:
                lane.drop_before(oldest)
                if "lead" not in self._missing:
                    self._missing.add("lead")
                    self._made.append(Fault("lead_missing", f"{self._lead.name}: none for {ASTRAY} s"))

    def _begin(self, lane: Lane, first: Batch) -> None:
        begun = lane.begin(first)
        self._made.append(InitMade(lane.name, begun.track, begun.address, begun.content))

    def _slack(self) -> Fraction:
        return max((lane.longest or _USUAL_SAMPLE for lane in self._others), default=Fraction(0))

    # ------------------------------------------------------------ cuts become parts

    def _go_on(self) -> None:
        for name, since in self._astray.items():
            if not self._within(ASTRAY, since):
                self._end("timestamps_jump", f"{name} went back in time, and nothing else did")
        if self._cutter is None:
            self._open()
        self._settle()

    def _within(self, seconds: float, since: float) -> bool:
        """Less time has passed. A host's clock that was put back does not prolong it."""
        return 0 <= self._now - since < seconds

    def _cut(self, batch: Batch, since: float) -> None:
        if self._cutter is None:
            return
        self._cuts.extend((cut, since) for cut in self._cutter.feed(batch))
        if self._cutter.longest_without_key and "keyframes" not in self._missing:
            self._missing.add("keyframes")
            seconds = f"{self._cutter.longest_without_key:.1f}"
            self._made.append(Fault("keyframes_far_apart", f"{self._lead.name}: none for {seconds} s"))

    def _settle(self) -> None:
        """Makes the parts for which there is nothing more to wait."""
        while self._cuts:
            cut, since = self._cuts[0]
            if cut.batches and self._within(PATIENCE, since) and self._late(cut):
                return
            self._cuts.popleft()
            if cut.batches:
                self._made.append(self._maker.part(cut))
            if cut.closes:
                for made in self._maker.close():
                    self._made.append(made)
                    self._tell_missing(made)

    def _late(self, cut: Cut) -> bool:
        """Whether something that belongs before the end of the cut may still come."""
        maker = self._maker
        return any(
            not lane.absent and not lane.reaches(-(-maker.doubled(lane, cut.ends) // 2)) for lane in self._others
        )

    def _tell_missing(self, made: SegmentMade) -> None:
        for lane in self._others:
            if lane.name in made.segment.media:
                self._missing.discard(lane.name)
            elif lane.name not in self._missing:
                self._missing.add(lane.name)
                self._made.append(Fault("video_missing" if lane.picture else "audio_missing", lane.name))

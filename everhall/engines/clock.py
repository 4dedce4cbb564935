"""The clock of a launch: what the server's clock says at this instant, from pings, so that all browsers fire as one.

In: samples of pings, each with two readings of the client's steady clock and two of the server's; and `now` by the
client's steady clock. Out: the offset between the two clocks with a bound of its error; how long to wait until the
next ping, and until an instant. All times are seconds as floats. `realtime/clock.js` is the same for browsers, and
`tests/vectors/clock.json` holds both to the same numbers.

A message is not delivered before it is sent. So each ping says that the true offset (server minus client) lies
between `replied - arrived` and `received - sent`, and all of them together that it lies in the intersection, the
*envelope*. Its two ends may come from different pings: the luckiest way up and the luckiest way down. Sources:
Cristian, Probabilistic clock synchronization (1989), for the bound of one ping; Marzullo (1984) for intersecting
intervals that widen with age; RFC 5905, section 8, for the four stamps and their names' meaning.

What must stay true:
* While the two clocks run apart by no more than `DRIFT` and the client's readings are no coarser than `GRAIN`, the
  true offset lies within `offset ± error`, whatever the delays are. A lasting difference between way up and way
  down cannot be seen by anybody; half of it is in the offset, and inside the error.
* Samples that contradict each other mean a clock that was set, or slept; or a wrong stamp. **One sample against the
  trusted ones is doubted and changes nothing. A second one that agrees with it is a step, and so is any third in a
  row**: then the oldest samples are dropped until those that are left agree. A sample that agrees with the trusted
  and contradicts the doubted clears the doubt; one that agrees with both (a slow ping) leaves it.
* What was learned is never forgotten without something newer: without pings the error only grows, by `DRIFT`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: Seconds per second by which two clocks may run apart: two crystals of ± 50 parts in a million.
DRIFT: Final = 100e-6
#: Seconds to which a browser may round its steady clock (Firefox and Safari: 1 ms).
GRAIN: Final = 0.001
#: A window holds so many samples, none older than so many seconds when a new one comes.
MOST_SAMPLES: Final = 32
MOST_AGE: Final = 60.0
#: So many samples in a row against the trusted ones are believed even if they contradict each other.
UNDENIABLE: Final = 3
#: Seconds; a ping that was longer under way says less than the next one will.
MOST_ROUND_TRIP: Final = 5.0
#: Seconds; beyond it the difference of two floats is no longer good to a tenth of a millisecond.
FARTHEST: Final = 1e11

#: So many pings, so many seconds apart; the last gap is that of all further pings.
QUICK_PINGS: Final = 8
QUICK_GAP: Final = 0.25
FILLING_GAP: Final = 1.0
LASTING_GAP: Final = 2.0

#: Seconds before an instant at which the first stage of a wait ends, and the second.
EARLY: Final = 0.05
SPIN: Final = 0.004
#: Timers are late by a thousandth of their time (epoll's slack); five times that much is left for a further stage.
SLACK: Final = 0.005
#: Seconds; a browser's timer of 2^31 ms or more would fire at once.
LONGEST_WAIT: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One ping: `sent` and `arrived` by the client's steady clock, `received` and `replied` by the server's (s)."""

    sent: float
    received: float
    replied: float
    arrived: float


@dataclass(frozen=True, slots=True)
class Window:
    """What is remembered of the pings: `trusted` agree with each other, oldest first; `doubted` are those, at
    most two, that contradict them; `steps` counts how often doubt was confirmed."""

    trusted: tuple[Sample, ...] = ()
    doubted: tuple[Sample, ...] = ()
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """`offset`: seconds to add to the client's steady clock; `error`: the true offset is no farther away (s);
    `round_trip`: the shortest one in the window, without the server's time (s); `samples`: how many it is made of."""

    offset: float
    error: float
    round_trip: float
    samples: int


def accept(window: Window, new: Sample, now: float) -> Window:
    """The window after one more sample, at `now` (client's steady clock, s, not before the sample's arrival).

    A sample that cannot be true by itself (not finite, reply before receipt, arrival before sending or after `now`,
    longer under way than `MOST_ROUND_TRIP`, older than `MOST_AGE`) leaves the window as it is. The rule for samples
    that contradict others stands at the top of this module.
    """
    if not _plausible(new, now):
        return window
    trusted, doubted = _recent(window.trusted, now), _recent(window.doubted, now)
    supported = bool(doubted) and _agree((doubted[-1], new), now)
    if _agree((*trusted, new), now):
        left = doubted if supported else ()
        return Window((*trusted, new)[-MOST_SAMPLES:], left, window.steps)
    against = (*doubted, new)
    if not supported and len(against) < UNDENIABLE:
        return Window(trusted, against, window.steps)
    # The trusted ones are not all thrown away: if it is only drift beyond DRIFT, the newer of them are still good.
    everything = sorted((*trusted, *against), key=lambda sample: sample.arrived)
    return Window(_newest_agreeing(everything[-MOST_SAMPLES:], now), (), window.steps + 1)


def estimate(window: Window, now: float) -> Estimate | None:
    """Offset (s) and its greatest error (s) at `now` (client's steady clock, s); None before the first sample.

    The middle of the envelope and half its width, each bound widened by `DRIFT` per second of age and by `GRAIN`.
    """
    if not window.trusted:
        return None
    now = max(now, *(sample.arrived for sample in window.trusted))
    lower, upper = _envelope(window.trusted, now)
    return Estimate(
        offset=(lower + upper) / 2,
        error=(upper - lower) / 2,
        round_trip=min(map(_round_trip, window.trusted)),
        samples=len(window.trusted),
    )


def next_ping(count: int) -> float:
    """Seconds between ping number `count` (from 1; 0: none yet) and the next: quick ones at first, so that a page
    knows the time after two seconds; then one per second until a window is full; then enough to keep it full."""
    if count <= 0:
        return 0.0
    if count < QUICK_PINGS:
        return QUICK_GAP
    return FILLING_GAP if count < MOST_SAMPLES else LASTING_GAP


def next_wait(target: float, now: float) -> float:
    """Seconds to sleep before looking at the clock again, for something due at `target` (both by one clock, s).

    Timers are late in proportion to their length. So the first stage ends `EARLY` before the target (for long waits
    `SLACK` of the wait before it, then once more), the second `SPIN` before it. 0: due, or so near that only
    reading the clock over and over is exact.
    """
    rest = target - now
    if rest <= SPIN:
        return 0.0
    if rest <= 2 * EARLY:
        return rest - SPIN
    return min(rest - max(EARLY, rest * SLACK), LONGEST_WAIT)


def _plausible(new: Sample, now: float) -> bool:
    """Whether a sample can be true by itself. Comparisons with NaN are false, so it is refused too."""
    return (
        -FARTHEST <= new.sent <= new.arrived <= now <= FARTHEST
        and -FARTHEST <= new.received <= new.replied <= FARTHEST
        and new.arrived - new.sent <= MOST_ROUND_TRIP
        and now - new.arrived <= MOST_AGE
        # Else the server held it for longer than it was away: the client's clock stood still meanwhile.
        and _agree((new,), new.arrived)
    )


def _recent(samples: Sequence[Sample], now: float) -> tuple[Sample, ...]:
    return tuple([sample for sample in samples if now - sample.arrived <= MOST_AGE])


def _envelope(samples: Sequence[Sample], now: float) -> tuple[float, float]:
    """Least and greatest offset at `now` that all samples allow; the first is greater if they contradict.

    The server read its clock at some client time between `sent` and `arrived`. Since then the offset has changed by
    DRIFT at most; the two bounds are the worst cases, as if it had been at `arrived` for the lower one and at
    `sent` for the upper one.
    """
    lower = max([s.replied - s.arrived - DRIFT * (now - s.arrived) for s in samples])
    upper = min([s.received - s.sent + DRIFT * (now - s.sent) for s in samples])
    return lower - GRAIN, upper + GRAIN


def _agree(samples: Sequence[Sample], now: float) -> bool:
    lower, upper = _envelope(samples, now)
    return lower <= upper


def _newest_agreeing(samples: Sequence[Sample], now: float) -> tuple[Sample, ...]:
    """The samples (oldest first) without as many of the oldest as it takes for the others to agree."""
    starts = range(len(samples))
    return next(tuple(samples[n:]) for n in starts if _agree(samples[n:], now))


def _round_trip(sample: Sample) -> float:
    return (sample.arrived - sample.sent) - (sample.replied - sample.received)

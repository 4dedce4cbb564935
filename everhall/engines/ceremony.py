"""The launch ceremony: what is known of it at a version, what the clock makes of that, and who may see what.

In: a `Ceremony`, and `now` in UTC seconds since the epoch. Out: phases, views as JSON-able values, the certificate.
`ceremony_events` tells how a ceremony changes, `ceremony_rules` what may be asked of it, `ceremony_json` how it is
kept; static/live/ceremony.js is the twin for browsers. Must stay true: the launch is a matter of time, not of a
record: counting, and `now` >= T0, is launched in every process, whether or not anybody has written it down. Nothing
moves T0 from `SEAL` seconds before it. A rehearsal is never the public's business.

A rehearsal is the same machine with a flag: "rehearsing" is its "drafted", from there it goes through arming, armed,
counting, held, launched or aborted, and its end leads back to drafted. So what is rehearsed is what will happen.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal, get_args

State = Literal[
    "drafted", "rehearsing", "arming", "armed", "counting", "held", "launched", "aborted"
]
#: What a page shows.
Phase = Literal["waiting", "countdown", "held", "launched"]
#: What a venue's operator checks.
Item = Literal["feed", "picture", "sound", "stage"]
Vote = Literal["none", "go", "no-go"]

ITEMS: Final[tuple[Item, ...]] = get_args(Item)
PHASES: Final[Mapping[State, Phase]] = {
    "counting": "countdown",
    "held": "held",
    "launched": "launched",
}
#: Seconds before T0 from which on it cannot be taken back: a browser may not hear of it in time any more. Clocks of
#: servers may differ by less than this, see `sealed`.
SEAL: Final = 3.0


@dataclass(frozen=True, slots=True)
class Party:
    """A venue's part. `key`: the venue's public key. `required`: no launch without it. `done`: items that are checked,
    in the order of `ITEMS`. `reason`: of a no-go. `since`: when it came or dropped out. Times in seconds UTC."""

    key: str
    required: bool
    done: tuple[Item, ...] = ()
    vote: Vote = "none"
    reason: str = ""
    voted_by: str = ""
    voted_at: float | None = None
    present: bool = True
    since: float | None = None

    @property
    def ready(self) -> bool:
        """Go, and there."""
        return self.vote == "go" and self.present

    def cleared(self) -> "Party":
        """Nothing checked, nothing voted. Being there is a fact, not an answer, and stays."""
        return Party(self.key, self.required, present=self.present, since=self.since)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why it does not go on: held, aborted, or no longer armed. `t0`: the moment that was given up, if one was known.
    `party`: the one because of which it stopped by itself, "" if somebody stopped it."""

    by: str
    at: float
    t0: float | None
    party: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """All that is known after `version` events. `t0` is known while counting and launched. `shown`: the public sees
    which venues are ready. `turned`: the version at which state or T0 last became others, by whom and when.
    `public_version`: the version at which what the public may know last became other; it names a public view."""

    state: State = "drafted"
    rehearsal: bool = False
    parties: tuple[Party, ...] = ()
    t0: float | None = None
    stop: Stop | None = None
    shown: bool = False
    version: int = 0
    turned: int = 0
    turned_by: str = ""
    turned_at: float | None = None
    public_version: int = 0

    @property
    def launched_at(self) -> float | None:
        """Seconds UTC; T0 whenever it was written down. None: not launched, or nobody has written it down yet."""
        return self.t0 if self.state == "launched" else None

    @property
    def unready(self) -> tuple[str, ...]:
        """Keys of the required parties that are not go, or not there."""
        return tuple(p.key for p in self.parties if p.required and not p.ready)

    @property
    def complete(self) -> bool:
        """Whether it could be armed: there are parties, and all required ones are ready."""
        return bool(self.parties) and not self.unready

    def party(self, key: str) -> Party | None:
        """None if there is none."""
        return next((p for p in self.parties if p.key == key), None)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One venue of the certificate. `launched_at`: T0, seconds UTC. `skew`: seconds by which its display showed the
    launch after T0 (below zero: before), None if nobody measured it. `present`: at T0, as far as was known."""

    party: str
    required: bool
    vote: Vote
    voted_by: str
    voted_at: float | None
    present: bool
    launched_at: float
    skew: float | None


# ---------------------------------------------------------------- time
def settled(ceremony: Ceremony, now: float) -> Ceremony:
    """The ceremony as it is at `now` (seconds UTC): a count that has reached T0 is launched. No event, no version."""
    if ceremony.state == "counting" and ceremony.t0 is not None and now >= ceremony.t0:
        return replace(ceremony, state="launched")
    return ceremony


def sealed(ceremony: Ceremony, now: float) -> bool:
    """Whether T0 can no longer be taken back: it is less than `SEAL` seconds ahead of `now` (seconds UTC), or past.

    Two servers whose clocks differ by `SEAL` could disagree: one takes back what the other has shown."""
    return ceremony.state == "counting" and ceremony.t0 is not None and now > ceremony.t0 - SEAL


# ---------------------------------------------------------------- what is shown
def phase(ceremony: Ceremony, now: float) -> Phase:
    """What public pages show at `now` (seconds UTC). A rehearsal: waiting, and nothing else."""
    return "waiting" if ceremony.rehearsal else stage_phase(ceremony, now)


def stage_phase(ceremony: Ceremony, now: float) -> Phase:
    """What consoles and displays of those who take part show at `now` (seconds UTC), in a rehearsal as in earnest."""
    return PHASES.get(settled(ceremony, now).state, "waiting")


def counts_down_to(ceremony: Ceremony, now: float) -> float | None:
    """T0 in seconds UTC while the public counts down to it, else None."""
    return ceremony.t0 if phase(ceremony, now) == "countdown" else None


def public_content(ceremony: Ceremony) -> dict[str, Any]:
    """What the public may know, by what is written down alone."""
    known = phase(ceremony, float("-inf"))
    parties = ceremony.parties if ceremony.shown else ()
    return {
        "phase": known,
        "t0": ceremony.t0 if known in ("countdown", "launched") else None,
        # Votes of a rehearsal are not the public's either.
        "parties": [{"key": p.key, "ready": p.ready and not ceremony.rehearsal} for p in parties],
    }


def public_view(ceremony: Ceremony, now: float) -> dict[str, Any]:
    """What the public may know at `now` (seconds UTC), JSON-able: `version` (a page keeps to the highest it has seen),
    `phase`, `t0` (seconds UTC while counting down and once launched, else None: with it a page needs nobody to tell
    it the moment), `parties`: key and ready of each if the director shows them, else none."""
    return {"version": ceremony.public_version, **public_content(settled(ceremony, now))}


def staff_view(ceremony: Ceremony, now: float) -> dict[str, Any]:
    """What consoles show at `now` (seconds UTC), JSON-able: all of `state_json`, for each party whether it is `ready`,
    and `phase` (`stage_phase`), `sealed`, `unready` (what it waits for)."""
    at = settled(ceremony, now)
    view = state_json(at)
    for party, shown in zip(at.parties, view["parties"], strict=True):
        shown["ready"] = party.ready
    return {
        **view,
        "phase": stage_phase(at, now),
        "sealed": sealed(at, now),
        "unready": list(at.unready),
    }


def state_json(ceremony: Ceremony) -> dict[str, Any]:
    """All of it, JSON-able; `ceremony_json.from_state_json` is the way back."""
    state = asdict(ceremony)
    state["parties"] = [{**p, "done": list(p["done"])} for p in state["parties"]]
    return state


def certificate(ceremony: Ceremony, measured: Mapping[str, float]) -> list[CertificateRow]:
    """One row per party, in their order. `measured`: seconds of skew by party's key; keys of others are passed over.

    ValueError if it has not launched: give it what `settled` says."""
    if ceremony.state != "launched" or ceremony.t0 is None:
        raise ValueError("there is no certificate of a launch that has not happened")
    return [
        CertificateRow(
            p.key, p.required, p.vote, p.voted_by, p.voted_at, p.present, ceremony.t0,
            measured.get(p.key),
        )
        for p in ceremony.parties
    ]  # fmt: skip

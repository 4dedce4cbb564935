"""What is told to browsers, by kind: how fast, how much is kept, and what becomes of a reader who is slow.

A topic's name is its kind, a dot and whose it is: "chat.2021-beijing-opening". What must stay true: a name that
no `Kind` knows is no topic.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Seconds between two frames of a topic; urgent news does not wait.
TICK: Final = 0.25
_NAME: Final = re.compile(r"([a-z]{2,20})\.([a-z0-9][a-z0-9-]{0,119})")


class Policy(enum.Enum):
    """What becomes of frames that a reader has not taken yet."""

    #: Only the newest is kept: each frame tells everything (counts, a state).
    LATEST = "latest"
    #: The oldest go; the reader sees by `after` that some are missing (chatter).
    DROP_OLDEST = "drop-oldest"
    #: None may be missing: who is too slow is let go, comes back and is told what he missed.
    DISCONNECT_SLOW = "disconnect-slow"


@dataclass(frozen=True, slots=True)
class Kind:
    """How topics of one kind behave.

    `queue`: frames that may wait for one reader. `kept`: messages that a late joiner can still be told.
    `most`: messages a second that are told, evenly chosen from all; None: all of them. `private`: only with a
    ticket.
    """

    policy: Policy
    queue: int = 64
    kept: int = 256
    most: float | None = None
    private: bool = False


#: Kind -> how it behaves. `config` adds none: a kind is a decision about load, made here.
KINDS: Final[Mapping[str, Kind]] = {
    # An edition's launch, announcements, changes of time or stage.
    "edition": Kind(Policy.DISCONNECT_SLOW),
    "ceremony": Kind(Policy.DISCONNECT_SLOW, private=True),
    "session": Kind(Policy.DISCONNECT_SLOW),
    "chat": Kind(Policy.DROP_OLDEST, queue=16, kept=200, most=60.0),
    "questions": Kind(Policy.DISCONNECT_SLOW),
    "poll": Kind(Policy.LATEST, kept=1),
    "reactions": Kind(Policy.LATEST, kept=1),
    "viewers": Kind(Policy.LATEST, kept=1),
    # Where a group that walks together stands, and how many follow it: each message tells everything.
    "walk": Kind(Policy.LATEST, kept=1),
    "followers": Kind(Policy.LATEST, kept=1),
    # What screens of an edition show has changed: each looks by itself.
    "screens": Kind(Policy.LATEST, kept=1),
    "desk": Kind(Policy.DISCONNECT_SLOW, private=True),
}


def kind_of(name: str, kinds: Mapping[str, Kind] = KINDS) -> Kind | None:
    """The kind of a topic; None if the name is not one."""
    found = _NAME.fullmatch(name)
    return kinds.get(found[1]) if found else None

"""What is told of feeds, channels and recordings.

Their tags name pages as everywhere (`rules.video_tag`: the pages of cloud video of one edition, so that a cut does
not drop the whole edition), and the live process: `live-feeds`, `live-channels`, `live-recordings`.
"""

from dataclasses import dataclass

from everhall.realtime.events import Event


@dataclass(frozen=True, slots=True)
class FeedsChanged(Event):
    """Feeds were opened, closed, changed, or got another key. `keys` as in `Feed.key`."""

    ids: tuple[int, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChannelChanged(Event):
    """A channel or its running order is another than before."""

    ids: tuple[int, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutMade(Event):
    """The director has decided what a channel shows from now on."""

    ids: tuple[int, ...]
    channel: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class RecordingsChanged(Event):
    """Recordings were begun, ended, trimmed, published or withheld."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CeremonyChanged(Event):
    """Something has happened in a launch ceremony: its versions `after` + 1 to `upto`."""

    ids: tuple[int, ...]
    after: int
    upto: int


@dataclass(frozen=True, slots=True)
class CaptionsPosted(Event):
    """Lines were said on a feed or channel (`source` as in `Feed.source`)."""

    ids: tuple[int, ...]
    source: str
    language: str

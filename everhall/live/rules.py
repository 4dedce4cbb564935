"""What may be put on the air, which addresses a feed may be pulled from, and the values of which the live process is
told. Plain values only: no rows, no clock. Moments are seconds since the epoch (UTC). When an item of a running order
is on is the business of `engines.running_order`."""

import re
import urllib.parse
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from everhall.engines.addresses import host_of as host_of
from everhall.engines.addresses import is_home_name as is_home_name
from everhall.engines.addresses import is_private as is_private
from everhall.engines.running_order import Cut, Item

SLATE: Final = "slate/house"
#: Languages of sound and captions, as in names of renditions ("a-zh", "t-en").
LANGUAGE: Final = re.compile(r"^[a-z]{2,3}$")
PULLED: Final = frozenset({"http", "https", "rtsp", "rtsps"})
#: A name below the folder of films, never out of it.
FILM: Final = re.compile(r"^(?!.*\.\.)[\w][\w./ -]{0,199}$")


def video_tag(edition: str) -> str:
    """The tag of all pages on which cloud video of an edition is seen."""
    return f"video-{edition}"


def launch_tag(edition: str) -> str:
    """The tag of pages on which an edition counts down or has opened."""
    return f"launch-{edition}"


def channel_tag(key: str) -> str:
    return f"channel-{key}"


def key_of(edition: str, code: str) -> str:
    """Name of a feed or channel in folders and addresses; unique over all editions (the database sees to it)."""
    return f"{edition}-{code}"


# ---------------------------------------------------------------- snapshots for the live process
@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed as whoever receives it needs it. `audio`: number of the track -> language. `film`: the file that a
    feed of kind "file" plays, an absolute path. `may_be_private`: a superuser let the address be a private one."""

    key: str
    kind: str
    name: str
    enabled: bool
    port: int | None = None
    passphrase: str = field(default="", repr=False)
    url: str = ""
    may_be_private: bool = False
    film: str = ""
    audio: Mapping[int, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return f"feed/{self.key}"


@dataclass(frozen=True, slots=True)
class RecordingSpec:
    """A recording as whoever keeps and plays it needs it: the stretch [starts, ends) of `source` by `clock`
    ("captured" or "airtime"), `ends` None while it goes on; trims in seconds from its beginning. `film`: the file it
    is made from, an absolute path, instead of a stretch."""

    id: int
    source: str
    clock: str
    starts: float | None
    ends: float | None
    state: str
    trim_in: float
    trim_out: float | None
    film: str

    @property
    def key(self) -> str:
        return f"recording/{self.id}"


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """A channel as its director process needs it. What may not be aired at the moment of reading stands in `items`
    and `cuts` as the slate; read again when news says so, and at least each second, for embargoes end by the clock.
    `window`: seconds of time shift."""

    key: str
    enabled: bool
    low_latency: bool
    window: int
    items: tuple[Item, ...]
    cuts: tuple[Cut, ...]

    @property
    def source(self) -> str:
        return f"channel/{self.key}"


# ---------------------------------------------------------------- relays
def comes_back(shows: Mapping[str, Collection[str]], channel: str, wanted: str) -> bool:
    """Whether `channel` would show itself by relaying `wanted`. `shows`: channel -> sources that it may show."""
    seen: set[str] = set()
    waiting = [wanted]
    while waiting:
        source = waiting.pop()
        if source == channel:
            return True
        if source not in seen:
            seen.add(source)
            waiting += shows.get(source, ())
    return False


# ---------------------------------------------------------------- who may air what
@dataclass(frozen=True, slots=True)
class Airable:
    """Something that is to be put on a channel. `own`: it stands at the channel's venue or below it. `open_to_all`:
    visitors may see it now (of a feed, which has no face of its own: always)."""

    own: bool
    same_edition: bool
    enabled: bool
    may_be_relayed: bool
    open_to_all: bool


def may_air(thing: Airable) -> str:
    """"" if it may be put on the air, else why not: "other_edition", "closed", "not_relayed", "not_public"."""
    if not thing.same_edition:
        return "other_edition"
    if not thing.enabled:
        return "closed"
    if thing.own:
        return ""
    if not thing.may_be_relayed:
        return "not_relayed"
    return "" if thing.open_to_all else "not_public"


# ---------------------------------------------------------------- addresses to pull from
def url_fault(url: str) -> str:
    """"" or "scheme", "host": what is wrong with an address that a feed is pulled from."""
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port
    except ValueError:
        return "host"
    if parts.scheme not in PULLED:
        return "scheme"
    if not parts.hostname or port == 0 or any(c.isspace() or ord(c) < 32 for c in url):
        return "host"
    return ""


# ---------------------------------------------------------------- texts of people, checked
def audio_fault(audio: Any) -> bool:
    """Whether this is not a mapping of track numbers to languages."""
    if not isinstance(audio, Mapping) or len(audio) > 16:
        return True
    languages = list(audio.values())
    return (
        any(not str(track).isdecimal() or int(track) > 63 for track in audio)
        or any(not isinstance(name, str) or not LANGUAGE.match(name) for name in languages)
        or len(set(languages)) != len(languages)
    )


def chapters_fault(chapters: Any, duration: float | None) -> str:
    """"" or "shape", "order", "beyond" for chapters: [{"at": seconds, "title_zh": text, "title_en": text}]."""
    if not isinstance(chapters, list) or len(chapters) > 200:
        return "shape"
    last = -1.0
    for chapter in chapters:
        if not isinstance(chapter, Mapping) or not isinstance(chapter.get("at"), int | float):
            return "shape"
        if not isinstance(chapter.get("title_zh"), str) or not isinstance(chapter.get("title_en", ""), str):
            return "shape"
        if chapter["at"] <= last:
            return "order"
        last = float(chapter["at"])
    return "beyond" if duration is not None and last > duration else ""


def trim_fault(trim_in: float, trim_out: float | None, duration: float | None) -> bool:
    """Whether nothing, or something that is not there, would be left."""
    ends = trim_out if trim_out is not None else duration
    if trim_in < 0 or (ends is not None and ends <= trim_in):
        return True
    return duration is not None and (trim_in >= duration or (trim_out is not None and trim_out > duration + 0.001))

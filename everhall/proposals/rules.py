"""What a host says of an activity, field by field, and what is missing. Plain values only.

In: what was typed. Out: what is kept, what is wrong, as codes. Must stay true: a draft takes what is typed, also half of it; what is kept
is always text or a list of keys, so that two versions can be compared; wished times are kept as the venue's clock shows them.
"""

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from everhall.engines import local_time

Value = str | tuple[str, ...]

KINDS: Final = ("ceremony", "forum", "contest", "roadshow", "matchmaking", "lecture", "tour", "relay_station")
MODES: Final = ("onsite", "online", "both")
RELAYS: Final = ("none", "live", "recorded")
EQUIPMENT: Final = ("screen", "projector", "microphones", "interpretation", "captions", "network", "power", "tables")
WISHES: Final = ("wish1", "wish2", "wish3")
SPEAKERS: Final = 8
#: Columns of a speaker.
OF_SPEAKER: Final = ("name_zh", "name_en", "title_zh", "title_en")


@dataclass(frozen=True, slots=True)
class Spec:
    """A field. `shape`: line, area, long, choice, checks, number, moment; `limit`: letters, or the largest number."""

    name: str
    shape: str
    limit: int = 0
    least: int = 0
    choices: tuple[str, ...] = ()
    needed: bool = False


PARTS: Final[Mapping[str, tuple[Spec, ...]]] = {
    "what": (
        Spec("kind", "choice", choices=KINDS, needed=True),
        Spec("name_zh", "line", 200, needed=True), Spec("name_en", "line", 300),
        Spec("summary_zh", "area", 300, needed=True), Spec("summary_en", "area", 600),
        Spec("purpose_zh", "long", 4000, needed=True), Spec("purpose_en", "long", 6000),
        Spec("audience_zh", "line", 200, needed=True), Spec("audience_en", "line", 300),
    ),
    "when": (
        Spec("mode", "choice", choices=MODES, needed=True), Spec("relay", "choice", choices=RELAYS, needed=True),
        Spec("minutes", "number", 720, 10, needed=True),
        Spec("wish1", "moment", needed=True), Spec("wish2", "moment"), Spec("wish3", "moment"),
    ),
    "stage": (
        Spec("seats", "number", 100_000), Spec("equipment", "checks", choices=EQUIPMENT), Spec("needs", "area", 1000),
    ),
    "speakers": tuple(
        Spec(f"s{number}.{column}", "line", 80 if column == "name_zh" else 200)
        for number in range(1, SPEAKERS + 1) for column in OF_SPEAKER
    ),
    "picture": (Spec("alt_zh", "line", 200), Spec("alt_en", "line", 300)),
}  # fmt: skip
SPECS: Final[Mapping[str, Spec]] = {spec.name: spec for specs in PARTS.values() for spec in specs}


class Wrong(ValueError):  # noqa: N818 - reads as what it is
    """`code`: long, number, moment, choice; with the field's limits."""

    def __init__(self, code: str, spec: Spec) -> None:
        super().__init__(code)
        self.code, self.spec = code, spec


def empty(spec: Spec) -> Value:
    return () if spec.shape == "checks" else ""


def tidy(spec: Spec, value: Value) -> Value:
    """What is kept of what was typed; `Wrong` for what cannot be."""
    if isinstance(value, tuple):
        if spec.shape != "checks" or any(one not in spec.choices for one in value):
            raise Wrong("choice", spec)
        return tuple(one for one in spec.choices if one in value)
    text = value.strip()
    if not text:
        return ""
    if spec.shape == "choice" and text not in spec.choices:
        raise Wrong("choice", spec)
    if spec.shape == "number":
        return tidy_number(spec, text)
    if spec.shape == "moment":
        return tidy_moment(spec, text)
    if spec.shape == "line":
        text = " ".join(text.split())
    if spec.limit and len(text) > spec.limit:
        raise Wrong("long", spec)
    return text


def tidy_number(spec: Spec, text: str) -> str:
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and spec.least <= int(text) <= spec.limit):
        raise Wrong("number", spec)
    return str(int(text))


def tidy_moment(spec: Spec, text: str) -> str:
    found = local_time.read(text)
    if found is None:
        raise Wrong("moment", spec)
    return f"{found:%Y-%m-%dT%H:%M}"


def value_of(data: Mapping[str, object], name: str) -> Value:
    """As it is kept in JSON."""
    found = data.get(name)
    if SPECS[name].shape == "checks":
        return tuple(str(one) for one in found) if isinstance(found, list) else ()
    return found if isinstance(found, str) else ""


def text_of(data: Mapping[str, object], name: str) -> str:
    """Of a field that is no list."""
    found = value_of(data, name)
    return found if isinstance(found, str) else ""


# ---------------------------------------------------------------- speakers
@dataclass(frozen=True, slots=True)
class Speaker:
    name_zh: str
    name_en: str = ""
    title_zh: str = ""
    title_en: str = ""


def speakers_of(data: Mapping[str, object]) -> list[Speaker]:
    """Those with a name, each once."""
    rows = [Speaker(*(text_of(data, f"s{n}.{column}") for column in OF_SPEAKER)) for n in range(1, SPEAKERS + 1)]
    named = {(one.name_zh or one.name_en): one for one in reversed(rows) if one.name_zh or one.name_en}
    return [one for one in rows if named.get(one.name_zh or one.name_en) is one]


# ---------------------------------------------------------------- wished times
@dataclass(frozen=True, slots=True)
class Week:
    """The days of an edition, and the clock of the venue."""

    first: dt.date
    last: dt.date
    zone: zoneinfo.ZoneInfo


@dataclass(frozen=True, slots=True)
class Wish:
    """A wished time. `code`: "" fits; outside, skipped, late (ends after the last day)."""

    name: str
    local: dt.datetime
    begins: dt.datetime | None
    ends: dt.datetime | None
    code: str = ""


def wishes_of(data: Mapping[str, object], week: Week) -> list[Wish]:
    """In the order of the wishes; empty ones are none."""
    found = []
    minutes = int(text_of(data, "minutes") or 60)
    for name in WISHES:
        local = local_time.read(text_of(data, name)) if text_of(data, name) else None
        if local is not None:
            found.append(wish_of(name, local, minutes, week))
    return found


def wish_of(name: str, local: dt.datetime, minutes: int, week: Week) -> Wish:
    try:
        begins = local_time.moment_of(local, week.zone)
    except local_time.Skipped:
        return Wish(name, local, None, None, "skipped")
    ends = begins + dt.timedelta(minutes=minutes)
    if not week.first <= local.date() <= week.last:
        return Wish(name, local, begins, ends, "outside")
    midnight = dt.datetime.combine(week.last + dt.timedelta(days=1), dt.time())
    if ends.astimezone(week.zone).replace(tzinfo=None) > midnight:
        return Wish(name, local, begins, ends, "late")
    return Wish(name, local, begins, ends)


# ---------------------------------------------------------------- what is missing
@dataclass(frozen=True, slots=True)
class Missing:
    """`code`: needed, seats, or that of a wish."""

    code: str
    name: str


def missing(data: Mapping[str, object], week: Week) -> list[Missing]:
    """What must be put right before it can be handed in, in the order of the form."""
    found = [Missing("needed", name) for name, spec in SPECS.items() if spec.needed and not value_of(data, name)]
    found += [Missing(wish.code, wish.name) for wish in wishes_of(data, week) if wish.code]
    if text_of(data, "mode") in {"onsite", "both"} and not text_of(data, "seats"):
        found.append(Missing("seats", "seats"))
    order = list(SPECS)
    return sorted(found, key=lambda one: order.index(one.name))


def unlike(before: Mapping[str, object], after: Mapping[str, object]) -> Sequence[str]:
    """Names of fields that read otherwise."""
    return [name for name in SPECS if value_of(before, name) != value_of(after, name)]

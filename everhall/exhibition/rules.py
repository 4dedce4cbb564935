"""When an exhibit may be seen, the vocabulary of exhibits, and what cards and facets show. Plain values only."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

PRESENTATIONS: Final = ("object", "model", "multimedia", "board")
SEEKS: Final = ("capital", "space", "orders", "partners", "talent")
MATURITIES: Final = ("concept", "prototype", "pilot", "market")


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture of a card: what is needed to write the addresses of its sizes."""

    pk: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A field of technology by code and name, in the language of whoever asked."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """An exhibit in one edition as lists show it, in the language of whoever asked.

    `pk` is the placement's; `fields` are pairs of code and name, the first gives the card its colour.
    """

    pk: int
    exhibit_id: int
    edition: str
    code: str
    name: str
    summary: str
    organisation: str
    booth: str
    is_sample: bool
    fields: tuple[tuple[str, str], ...]
    cover: Cover | None

    @property
    def hue(self) -> str:
        return self.fields[0][0] if self.fields else ""

    @property
    def over(self) -> str:
        """The line above the name: two fields at the most."""
        return " · ".join(name for _, name in self.fields[:2])


@dataclass(frozen=True, slots=True)
class Entry:
    """A venue, zone or field: what the address calls it, its name, how deep it stands; and where one comes to it."""

    key: str
    name: str
    depth: int = 1
    walk: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a facet offers: how many exhibits there would be with it, and whether it is chosen."""

    key: str
    name: str
    count: int
    chosen: bool
    depth: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the list, as the page offers it, in the language of whoever asked."""

    name: str
    title: str
    options: tuple[Option, ...]
    open: bool
    #: What to do where there are too many to be offered.
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Legend:
    """What the numbers in an edition's rows stand for, each kind in the order in which people expect it."""

    venues: dict[int, Entry]
    zones: dict[int, Entry]
    fields: dict[int, Entry]
    #: Venue with all above it, as facets count: what stands in a part of a venue stands in the venue.
    above: dict[int, tuple[str, ...]]

    def stretch(self, venue_id: int, zone_id: int | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The order of `in_order`: by venue, hall and zone; without a zone, last in the venue."""
        venue = self.venues.get(venue_id)
        zone = self.zones.get(zone_id) if zone_id else None
        return (
            (venue is None, *(venue.walk if venue else ()), venue_id),
            (zone is None, *(zone.walk if zone else ())),
        )


def release_moment(
    *,
    live: bool,
    embargo_until: dt.datetime | None,
    published_at: dt.datetime | None,
    in_public_edition: bool,
) -> dt.datetime | None:
    """From when on the bytes of an exhibit may be seen; None: not yet."""
    if not live or not in_public_edition:
        return None
    return embargo_until or published_at

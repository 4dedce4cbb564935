"""What stands where in an edition, kept in memory: what lists count and plans tally.

In: an edition. Out: a `Catalogue`, the rows of all its published placements as numbers, in walking order. A hundred thousand rows
take half a second to read and a few milliseconds to count, so they are read once; before each use one small question tells
which exhibits have changed (`realtime.following`), and only these are read again. It holds no texts and decides nothing alone:
cards are fetched by the queries that know what is public, and an embargo is compared with the moment at each use.

What must stay true: whoever changes what a row holds tells `ExhibitsChanged` in the same transaction (models and sheets do). Inside
a transaction, which may see what is never committed, rows are read for this use only.
"""

import datetime as dt
import json
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from everhall.editions.models import Edition
from everhall.editions.prepared import Prepared
from everhall.engines.facets import Column, Table, Values
from everhall.exhibition.events import ExhibitsChanged
from everhall.exhibition.models import Exhibit, Placement
from everhall.exhibition.queries.joined import Joined
from everhall.exhibition.rules import Legend
from everhall.realtime.following import Following

Numbers = NDArray[np.int64]
Codes = NDArray[np.int32]
#: Editions kept at a time, and from how many changed exhibits on all is read again.
KEPT: Final = 4
MANY: Final = 500
#: No embargo ends before this.
ALWAYS: Final = -np.inf


def _columns(edition: Any) -> QuerySet[Placement, tuple[Any, ...]]:
    fields = Exhibit.fields.through.objects.filter(exhibit_id=OuterRef("exhibit_id")).values(joined=Joined("field_id"))
    return Placement.objects.filter(edition=edition, exhibit__live=True).values_list(
        "pk", "exhibit_id", "order", "venue_id", "zone_id", Subquery(fields), Cast("exhibit__presentation", TextField()),
        Cast("exhibit__seeks", TextField()), "booth", "exhibit__embargo_until",
    )


_all = Prepared(_columns)
_some = Prepared(lambda edition, exhibits: _columns(edition).filter(exhibit_id__in=exhibits))


class Codebook:
    """Numbers for combinations of values, as they are met."""

    def __init__(self) -> None:
        self._codes: dict[Any, int] = {}

    def code(self, value: Any) -> int:
        return self._codes.setdefault(value, len(self._codes))

    @property
    def values(self) -> Sequence[Any]:
        return tuple(self._codes)


@dataclass(frozen=True, slots=True)
class Books:
    """What the numbers in a catalogue's columns stand for; they only grow."""

    #: (venue, zone or None)
    places: Codebook
    fields: Codebook
    presentations: Codebook
    seeks: Codebook
    booths: Codebook


@dataclass(frozen=True, slots=True)
class Rows:
    """Published placements in no order, one column each. `until`: Unix time at which the embargo ends."""

    pk: Numbers
    exhibit: Numbers
    order: Numbers
    place: Codes
    fields: Codes
    presentation: Codes
    seeks: Codes
    booth: Codes
    until: NDArray[np.float64]

    def but(self, exhibits: Collection[int], more: "Rows") -> "Rows":
        """Without what belongs to these exhibits, and with `more`."""
        rest = ~np.isin(self.exhibit, np.fromiter(exhibits, np.int64, len(exhibits)))
        return Rows(*(np.concatenate([getattr(self, n)[rest], getattr(more, n)]) for n in Rows.__slots__))


def in_columns(rows: Iterable[tuple[Any, ...]], books: Books) -> Rows:
    """Rows of `_columns` as numbers."""
    found = [
        (
            pk, exhibit, order, books.places.code((venue, zone)), books.fields.code(fields), books.presentations.code(shown),
            books.seeks.code(seeks), books.booths.code(booth.strip()), until.timestamp() if until else ALWAYS,
        )
        for pk, exhibit, order, venue, zone, fields, shown, seeks, booth, until in rows
    ]  # fmt: skip
    columns: Sequence[Sequence[Any]] = tuple(zip(*found, strict=True)) if found else ((),) * 9
    kinds = (np.int64, np.int64, np.int64, np.int32, np.int32, np.int32, np.int32, np.int32, np.float64)
    return Rows(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))


@lru_cache(maxsize=256)
def words(text: str | None) -> Values:
    """A list of a JSON column."""
    return tuple(json.loads(text or "[]"))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An edition's published placements at one moment of its rows."""

    rows: Rows
    books: Books
    #: Order of the places -> all rows as one walks; the last one is kept.
    walks: dict[bytes, Numbers] = field(default_factory=dict)

    def is_open(self, now: dt.datetime) -> NDArray[np.bool_]:
        return self.rows.until <= now.timestamp()

    def next_release(self, now: dt.datetime) -> dt.datetime | None:
        """When the next embargo ends."""
        waiting = self.rows.until[~self.is_open(now)]
        return dt.datetime.fromtimestamp(float(waiting.min()), dt.UTC) if len(waiting) else None

    def walk(self, legend: Legend, now: dt.datetime) -> Numbers:
        """Where the public rows stand in the columns, in the order in which one walks (`queries.in_order`)."""
        stretches = [legend.stretch(*place) for place in self.books.places.values]
        ranks = {stretch: n for n, stretch in enumerate(sorted(set(stretches)))}
        rank = np.array([ranks[stretch] for stretch in stretches], np.int32)
        found = self.walks.get(key := rank.tobytes())
        if found is None:
            found = np.lexsort((self.rows.pk, self.rows.order, rank[self.rows.place] if len(rank) else self.rows.place))
            self.walks.clear()
            self.walks[key] = found
        return found[self.is_open(now)[found]]

    def table(self, legend: Legend, now: dt.datetime) -> Table:
        """For `engines.facets`: one row for each public placement, in walking order."""
        walk = self.walk(legend, now)
        places, rows = self.books.places.values, self.rows
        codes = [
            tuple(legend.fields[int(pk)].key for pk in (text or "").split(",") if pk and int(pk) in legend.fields)
            for text in self.books.fields.values
        ]
        return Table(
            rows.pk[walk],
            {
                "venue": Column(rows.place[walk], [legend.above.get(venue, ()) for venue, _ in places]),
                "zone": Column(rows.place[walk], [(str(zone),) if zone else () for _, zone in places]),
                "field": Column(rows.fields[walk], codes),
                "presentation": Column(rows.presentation[walk], [words(t) for t in self.books.presentations.values]),
                "seeks": Column(rows.seeks[walk], [words(text) for text in self.books.seeks.values]),
            },
        )

    def standing(self, legend: Legend, now: dt.datetime, zones: Collection[int]) -> list[tuple[int, int, str]]:
        """Placement, exhibit and booth of all public rows in these zones, as one walks."""
        there = np.array([zone in zones for _, zone in self.books.places.values], np.bool_)
        walk, booths = self.walk(legend, now), self.books.booths.values
        mine = walk[there[self.rows.place[walk]]] if len(there) else walk
        columns = (self.rows.pk, self.rows.exhibit, self.rows.booth)
        return [(pk, exhibit, booths[code]) for pk, exhibit, code in zip(*(c[mine].tolist() for c in columns), strict=True)]

    def kin(self, exhibit: int, zone: int, now: dt.datetime, count: int) -> list[int]:
        """Placements of exhibits that share a field with this one and stand in another zone; those with most in common first. Among
        equals one begins at the exhibit's own number, so that neighbours do not all point to the same."""
        rows, places = self.rows, self.books.places.values
        fields = [frozenset((text or "").split(",")) - {""} for text in self.books.fields.values]
        at = np.flatnonzero(rows.exhibit == exhibit)
        if not len(at):
            return []
        own = fields[rows.fields[at[0]]]
        alike = np.array([len(own & each) for each in fields], np.int32)[rows.fields]
        elsewhere = np.array([zone == 0 or there != zone for _, there in places], np.bool_)[rows.place]
        alike[~(self.is_open(now) & elsewhere & (rows.exhibit != exhibit))] = 0
        found: list[int] = []
        for most in range(len(own), 0, -1):
            pks = np.sort(rows.pk[alike == most])
            found += np.roll(pks, -(exhibit % len(pks)))[: count - len(found)].tolist() if len(pks) else []
            if len(found) == count:
                break
        return found

    def spread(self, legend: Legend, now: dt.datetime, count: int) -> list[int]:
        """Placements over the zones: the first of each, then the second …"""
        walk = self.walk(legend, now)
        zones = np.array([zone or 0 for _, zone in self.books.places.values], np.int64)[self.rows.place[walk]]
        by_zone = np.argsort(zones, kind="stable")
        starts = np.r_[True, np.diff(zones[by_zone]) != 0] if len(walk) else np.zeros(0, np.bool_)
        first = np.maximum.accumulate(np.where(starts, np.arange(len(walk)), 0))
        turn = np.empty(len(walk), np.int64)
        turn[by_zone] = np.arange(len(walk)) - first
        chosen = np.lexsort((np.arange(len(walk)), turn))[:count]
        pks: list[int] = self.rows.pk[walk][chosen].tolist()
        return pks


class Keeper:
    """The catalogues of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._following = Following(ExhibitsChanged)
        self._kept: dict[int, Catalogue] = {}

    def catalogue(self, edition_id: int, now: dt.datetime) -> Catalogue:
        """As the rows are now; one question where nothing has changed."""
        with self._lock:
            try:
                self._follow(now)
            except BaseException:
                # What was told is not told again.
                self._kept.clear()
                raise
            found = self._kept.pop(edition_id, None) or read(edition_id)
            self._kept[edition_id] = found
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
            return found

    def _follow(self, now: dt.datetime) -> None:
        told = self._following.news(now)
        changed = {pk for one in told or () for pk in one["ids"]}
        # A batch may name no rows.
        if told is None or len(changed) > MANY or not all(one["ids"] for one in told):
            self._kept.clear()
        for edition_id in self._kept if changed else ():
            self._kept[edition_id] = read_again(self._kept[edition_id], edition_id, sorted(changed))

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


def read(edition_id: int) -> Catalogue:
    """All of an edition."""
    books = Books(*(Codebook() for _ in range(5)))
    return Catalogue(in_columns(_all(edition_id), books), books)


def read_again(old: Catalogue, edition_id: int, exhibits: Sequence[int]) -> Catalogue:
    """With the rows of these exhibits as they are now. Who still reads the old one goes on with it."""
    more = in_columns(_some(edition_id, list(exhibits)), old.books)
    return Catalogue(old.rows.but(exhibits, more), old.books)


_keeper = Keeper()
forget = _keeper.forget


def catalogue_of(edition: Edition, now: dt.datetime) -> Catalogue:
    """The catalogue of an edition; whether the edition is public, its caller asks."""
    if connection.in_atomic_block:
        return read(edition.pk)
    return _keeper.catalogue(edition.pk, now)

"""What submissions are about, by registration: exhibits and activities.

Calls stand below the catalogue and cannot know it. An app above registers a `Kind` under its name; calls ask it for titles,
for the page that reviewers look at, for what is missing, and tell it of acceptance. Must stay true: `accept` and
`take_back` run in the transaction of the decision; what they refuse (`Refused`) undoes it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from everhall.editions.models import Venue


@dataclass(frozen=True, slots=True)
class About:
    """What lists show of a subject. `topics`: key and name of each, in the language of whoever asked."""

    title_zh: str
    title_en: str
    organisation_id: int | None
    topics: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that reads otherwise than before, as plain text."""

    name: str
    before: str
    after: str


class Kind(Protocol):
    """A kind of subject. `version` numbers are its own; None is "as it is now"."""

    def about(self, ids: Collection[int]) -> Mapping[int, About]:
        """Those that are gone are missing."""

    def topics(self) -> Sequence[tuple[str, str]]:
        """All topics there are, key and name."""

    def missing(self, pk: int, venue: Venue) -> list[str]:
        """What must be there before it can be handed in, as sentences in the active language."""

    def freeze(self, pk: int, by: Any) -> int | None:
        """The version as it is now, kept for reviewers; made if there is none."""

    def preview(self, pk: int, version: int | None, venue: Venue) -> str:
        """Address of the page reviewers look at; "" where there is none. Who may see it is asked by `sees`."""

    def changes(self, pk: int, before: int | None, after: int | None) -> list[Change]:
        """What reads otherwise in `after` than in `before`."""

    def columns(self, wanted: Collection[tuple[int, int | None]]) -> tuple[list[str], Mapping[int, Sequence[str]]]:
        """More for the desk's workbook: headers, and the cells of each subject in the version that is given with it."""

    def accept(self, pk: int, version: int | None, venue: Venue, by: Any) -> str:
        """Make it public as it was reviewed; a sentence for the desk where something is to be noted, or ""."""

    def take_back(self, pk: int, venue: Venue, by: Any) -> None:
        """An acceptance was taken back."""

    def withdrawn(self, pk: int, venue: Venue, by: Any) -> None:
        """Whoever handed it in has withdrawn it after acceptance. Visitors may have made plans for it."""


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Called by apps above when they are ready; `name` is that of `Call.kind`."""
    _kinds[name] = kind


def kind_of(name: str) -> Kind:
    """KeyError for what nobody registered."""
    return _kinds[name]


def known(name: str) -> bool:
    return name in _kinds


def about(name: str, ids: Collection[int]) -> Mapping[int, About]:
    """Nothing for an unknown kind: a call may have been made before its app is there."""
    return _kinds[name].about(ids) if name in _kinds else {}

"""What the index is told: one document for each thing in each edition. Plain frozen values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from everhall.engines.text import Halves

#: Facets a reader may narrow by; `kind` is one too, but every document has it by itself.
DIMENSIONS: Final = ("kind", "venue", "zone", "field", "presentation", "seeks")
#: Edition of things that belong to no single edition, such as an edition itself.
EVERY_EDITION: Final = ""


@dataclass(frozen=True, slots=True)
class Document:
    """`key` is the primary key as text. `path` is the Chinese address; the English one is below
    /en. `names` are further names by which it is found, in pinyin too. `public_from` is the end
    of an embargo. `facets` are pairs of dimension and value: for a venue, its ancestors as well,
    so that a parent includes its children. Texts are plain, without markup."""

    kind: str
    key: str
    edition: str
    title_zh: str
    title_en: str
    path: str
    public: bool
    body_zh: str = ""
    body_en: str = ""
    names: tuple[str, ...] = ()
    public_from: datetime | None = None
    facets: tuple[tuple[str, str], ...] = ()
    picture: int | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.kind, self.key, self.edition

    @property
    def tags(self) -> tuple[str, ...]:
        pairs = (("kind", self.kind), *self.facets)
        return tuple(sorted({f"{dimension}:{value}" for dimension, value in pairs}))


@dataclass(frozen=True, slots=True)
class Entry:
    """A document made ready for a store: its tokens, and a digest that tells whether it changed."""

    document: Document
    digest: str
    title: Halves = field(repr=False)
    names: Halves = field(repr=False)
    spelled: tuple[str, ...] = field(repr=False)
    body: Halves = field(repr=False)

    @property
    def public_from(self) -> int:
        """Seconds since 1970, rounded up: never a moment too early."""
        moment = self.document.public_from
        return 0 if moment is None else -int(-moment.timestamp() // 1)

"""What every store of the index can do, and the conditions that both write the same way."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.backends.base.base import BaseDatabaseWrapper

from everhall.engines.text import Query
from everhall.search.documents import EVERY_EDITION, Entry

COLUMNS = (
    "kind", "key", "edition", "public", "public_from", "digest", "path", "picture",
    "title_zh", "title_en", "body_zh", "body_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search, ready for a database. `moment` (seconds since 1970) lets only what is public then
    through; without it everything is seen, drafts too. `edition` None means every edition."""

    query: Query
    moment: int | None
    edition: str | None = None
    kinds: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles_only: bool = False


Row = tuple[int, str, str]  # id, kind, key


class Store(ABC):
    """Writes and reads one index. Callers hold the transaction."""

    vendor: ClassVar[str]

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    @abstractmethod
    def create(self) -> None:
        """Make what Django's schema editor cannot: the index itself, beside `search_document`."""

    @abstractmethod
    def remove(self) -> None:
        """Undo `create`."""

    @abstractmethod
    def lock(self) -> None:
        """Let one writer in at a time until the transaction ends, so that nobody overwrites a
        newer document with one read earlier."""

    @abstractmethod
    def write(self, entries: Iterable[Entry], *, new: bool) -> None:
        """Add the entries, one as soon as it is made, or replace those of the same identity; `new`:
        none of them is there."""

    @abstractmethod
    def settle(self) -> None:
        """After a few writes: leave nothing behind that later searches would pay for."""

    @abstractmethod
    def begin_bulk(self) -> None:
        """Before writing most of the index: searches stay right, but may be slow, until `tidy`."""

    @abstractmethod
    def tidy(self) -> None:
        """After many writes, finished or broken off: bring the index into its best shape."""

    @abstractmethod
    def rows(self, wanted: Wanted, offset: int, limit: int | None) -> tuple[list[Row], int]:
        """One page, best first, and the number of all that match."""

    @abstractmethod
    def tag_counts(self, wanted: Wanted, dimension: str | None = None) -> list[tuple[str, int]]:
        """Each tag of what matches (of one dimension), with the number of documents that carry it."""

    @abstractmethod
    def tags(self, kind: str, keys: Sequence[str]) -> list[str]:
        """Every tag that documents of these things carry."""

    def query(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def run(self, *statements: str) -> None:
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def columns_of(entry: Entry) -> tuple[Any, ...]:
    """The values of `COLUMNS`. A NUL character cannot be kept by PostgreSQL, nor shown."""
    document = entry.document
    texts = (document.title_zh, document.title_en, document.body_zh, document.body_en)
    return (
        *document.identity,
        document.public,
        entry.public_from,
        entry.digest,
        document.path,
        document.picture,
        *(text.replace("\0", "") for text in texts),
    )


def scope(wanted: Wanted) -> tuple[list[str], list[Any]]:
    """Who may see it, which edition, which kinds: the same conditions on both databases."""
    conditions: list[str] = []
    parameters: list[Any] = []
    if wanted.moment is not None:
        conditions += ["d.public", "d.public_from <= %s"]
        parameters.append(wanted.moment)
    if wanted.edition is not None:
        conditions.append("d.edition IN (%s, %s)")
        parameters += [wanted.edition, EVERY_EDITION]
    if wanted.kinds:
        conditions.append(f"d.kind IN ({', '.join(['%s'] * len(wanted.kinds))})")
        parameters += wanted.kinds
    return conditions, parameters


def tags_of(dimension: str, values: Sequence[str]) -> list[str]:
    return [f"{dimension}:{value}" for value in values]

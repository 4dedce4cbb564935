"""The index in PostgreSQL: a tsvector of our own tokens and an array of tags, under one GIN index.

Vectors and queries are written as literals, not by `to_tsvector`: PostgreSQL's parser would split
and stem tokens once more, by rules that SQLite does not share.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from everhall.engines.text import Phrase, Query, written
from everhall.search.documents import Entry
from everhall.search.stores.base import COLUMNS, Row, Store, Wanted, columns_of, scope, tags_of

# "Position values can range from 1 to 16383": PostgreSQL manual, 8.11.1 and 12.11. Later tokens
# would all claim the last place and break phrases, so they are left out.
LAST_POSITION = 16_383
# Weights of D, C, B, A: text, unused, names, title. 1: long documents count a little less.
_RANK = "ts_rank('{0.1, 0.1, 0.4, 1.0}', d.words, %s::tsquery, 1)"
_TITLE, _NAME, _TEXT = (
    [f":{position}{weight} " for position in range(1, LAST_POSITION + 1)]
    for weight in ("A", "B", "")
)
_LOCK = 8_021_500
# While many rows are written they wait in a list of at most 64 MB, then go in sorted.
_INDEX = (
    "CREATE INDEX IF NOT EXISTS search_document_words ON search_document USING gin (words, tags)"
    " WITH (gin_pending_list_limit = 65536)"
)
_NAMES = (*COLUMNS, "words", "tags")
_COPY = f"COPY {{table}} ({', '.join(_NAMES)}) FROM STDIN"
_STAGE = (
    "CREATE TEMPORARY TABLE search_stage ON COMMIT DROP AS"  # noqa: S608
    f" SELECT {', '.join(_NAMES)} FROM search_document WITH NO DATA"
)
_UPSERT = (
    f"INSERT INTO search_document ({', '.join(_NAMES)})"  # noqa: S608
    f" SELECT {', '.join(_NAMES)} FROM search_stage"
    " ON CONFLICT (kind, key, edition) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _NAMES[3:])
)


class PostgresStore(Store):
    vendor = "postgresql"

    def create(self) -> None:
        self.run(
            "ALTER TABLE search_document ADD COLUMN words tsvector NOT NULL DEFAULT ''::tsvector,"
            " ADD COLUMN tags text[] NOT NULL DEFAULT '{}'",
            # Compressing vectors costs more time than their room is worth.
            "ALTER TABLE search_document ALTER words SET STORAGE EXTERNAL",
            _INDEX,
        )

    def remove(self) -> None:
        self.run("ALTER TABLE search_document DROP COLUMN words, DROP COLUMN tags")

    def lock(self) -> None:
        self.run(f"SELECT pg_advisory_xact_lock({_LOCK})")

    def write(self, entries: Iterable[Entry], *, new: bool) -> None:
        if new:
            self._copy("search_document", entries)
            return
        self.run(_STAGE)
        self._copy("search_stage", entries)
        self.run(_UPSERT, "DROP TABLE search_stage")

    def _copy(self, table: str, entries: Iterable[Entry]) -> None:
        # PostgreSQL reads what has come while the next entry is made.
        with self.connection.cursor() as cursor, cursor.copy(_COPY.format(table=table)) as copy:
            for entry in entries:
                copy.write_row((*columns_of(entry), vector(entry), _array(entry.document.tags)))

    def settle(self) -> None:
        # New entries wait in a list that every search reads through; put them in their places.
        # In the middle of a bulk there is no index.
        self.run(
            "SELECT gin_clean_pending_list(oid) FROM pg_class"
            " WHERE oid = to_regclass('search_document_words')"
        )

    def begin_bulk(self) -> None:
        self.run("DROP INDEX IF EXISTS search_document_words")
        [(empty,)] = self.query("SELECT NOT EXISTS (SELECT 1 FROM search_document)", [])
        if empty:
            self.run("TRUNCATE search_document")  # else the dead rows of old would be read too

    def tidy(self) -> None:
        self.run(_INDEX)
        self.settle()
        # Not the columns that nobody narrows by: counting the words takes longer than all the others.
        self.run("ANALYZE search_document (kind, key, edition, public, public_from, tags)")

    def rows(self, wanted: Wanted, offset: int, limit: int | None) -> tuple[list[Row], int]:
        query, where, parameters = _where(wanted)
        found = self.query(
            "SELECT d.id, d.kind, d.key, count(*) OVER () FROM search_document d"  # noqa: S608
            f" WHERE {where} ORDER BY {_RANK} DESC, d.id LIMIT %s OFFSET %s",
            [*parameters, query, limit, offset],
        )
        return [(row[0], row[1], row[2]) for row in found], found[0][3] if found else 0

    def tag_counts(self, wanted: Wanted, dimension: str | None = None) -> list[tuple[str, int]]:
        _, where, parameters = _where(wanted)
        if dimension:
            where += " AND starts_with(tag, %s)"
            parameters = [*parameters, f"{dimension}:"]
        found = self.query(
            "SELECT tag, count(*) FROM search_document d, unnest(d.tags) AS tag"  # noqa: S608
            f" WHERE {where} GROUP BY tag",
            parameters,
        )
        return [(tag, number) for tag, number in found]

    def tags(self, kind: str, keys: Sequence[str]) -> list[str]:
        found = self.query(
            "SELECT DISTINCT unnest(tags) FROM search_document WHERE kind = %s AND key = ANY(%s)",
            [kind, list(keys)],
        )
        return [tag for (tag,) in found]


def vector(entry: Entry) -> str:
    """The entry as a tsvector literal: `token:position and weight`. A gap keeps phrases inside
    their part."""
    found, position = [], 0
    for part, places in ((entry.title, _TITLE), (entry.names, _NAME), (entry.body, _TEXT)):
        end = position + len(part[0])
        found.append(written(part, places[position:end]))
        position = end + 1
    return "".join((*found, *[token + _NAME[-1] for token in entry.spelled]))


def _array(values: Sequence[str]) -> str:
    """An array literal: PostgreSQL manual, 8.15.2."""
    quoted = (value.replace("\\", r"\\").replace('"', r"\"") for value in values)
    return "{" + ",".join([f'"{value}"' for value in quoted]) + "}"


def _where(wanted: Wanted) -> tuple[str, str, list[Any]]:
    query = tsquery(wanted.query, titles_only=wanted.titles_only)
    conditions, parameters = scope(wanted)
    for dimension, values in wanted.facets.items():
        conditions.append("d.tags && %s::text[]")
        parameters.append(tags_of(dimension, values))
    return query, " AND ".join(["d.words @@ %s::tsquery", *conditions]), [query, *parameters]


def tsquery(query: Query, *, titles_only: bool) -> str:
    """The query as a tsquery literal. Tokens are letters and digits, so none needs quoting."""
    weights = "AB" if titles_only else ""
    terms = [" | ".join(_phrase(phrase, weights) for phrase in term) for term in query.terms]
    return " & ".join(f"({term})" for term in terms)


def _phrase(phrase: Phrase, weights: str) -> str:
    last = len(phrase.tokens) - 1
    lexemes = []
    for at, token in enumerate(phrase.tokens):
        label = ("*" if at == last and phrase.open_ended else "") + weights
        lexemes.append(f"{token}:{label}" if label else token)
    return "(" + " <-> ".join(lexemes) + ")"

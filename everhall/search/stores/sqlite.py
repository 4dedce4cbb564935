"""The index in SQLite: an FTS5 table of tokens, and a narrow table of facets.

`search_fts` has the rowid of `search_document`. Triggers take the rows out of both when a document
goes, whoever deletes it. A later migration that rebuilds `search_document` must call `create` again:
SQLite drops triggers with their table.
"""

from collections.abc import Sequence
from typing import Any

from everhall.engines.text import Phrase, Query
from everhall.search.documents import Entry
from everhall.search.stores.base import COLUMNS, Row, Store, Wanted, columns_of, scope, tags_of

_HITS = "search_fts f CROSS JOIN search_document d ON d.id = f.rowid"
# A title counts eight times, a name four times as much as the text.
_RANK = "bm25(search_fts, 8.0, 4.0, 1.0)"
_ROW = "(" + ", ".join(["%s"] * len(COLUMNS)) + ")"
_UPSERT = (
    f"INSERT INTO search_document ({', '.join(COLUMNS)}) VALUES (rows)"  # noqa: S608
    " ON CONFLICT (kind, key, edition) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[3:])
    + " RETURNING id, kind, key, edition"
)


class SqliteStore(Store):
    vendor = "sqlite"

    def create(self) -> None:
        # Tokens come ready made; "ascii" parts them at spaces and leaves every Han character
        # alone, also those that Unicode knows longer than SQLite does.
        self.run(
            "CREATE VIRTUAL TABLE search_fts USING fts5(title, names, body, tokenize = 'ascii')",
            "CREATE TABLE search_facet (document_id INTEGER NOT NULL, tag TEXT NOT NULL,"
            " PRIMARY KEY (document_id, tag)) WITHOUT ROWID",
            "CREATE TRIGGER search_document_gone AFTER DELETE ON search_document BEGIN"
            " DELETE FROM search_fts WHERE rowid = old.id;"
            " DELETE FROM search_facet WHERE document_id = old.id; END",
        )

    def remove(self) -> None:
        self.run(
            "DROP TRIGGER IF EXISTS search_document_gone",
            "DROP TABLE IF EXISTS search_facet",
            "DROP TABLE IF EXISTS search_fts",
        )

    def lock(self) -> None:
        # A write that touches no row still takes the write lock.
        self.run("UPDATE search_document SET public = public WHERE id = -1")

    def write(self, entries: Sequence[Entry]) -> None:
        values = [value for entry in entries for value in columns_of(entry)]
        sql = _UPSERT.replace("(rows)", ", ".join([_ROW] * len(entries)))
        ids = {tuple(row[1:]): row[0] for row in self.query(sql, values)}
        words, facets = [], []
        for entry in entries:
            row = ids[entry.document.identity]
            names = " ".join((*entry.names, *entry.spelled))
            words.append((row, " ".join(entry.title), names, " ".join(entry.body)))
            facets += [(row, tag) for tag in entry.document.tags]
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_fts (rowid, title, names, body)"
                " VALUES (%s, %s, %s, %s)",
                words,
            )
            cursor.executemany(
                "DELETE FROM search_facet WHERE document_id = %s", [(row[0],) for row in words]
            )
            cursor.executemany("INSERT INTO search_facet VALUES (%s, %s)", facets)

    def settle(self) -> None:
        """FTS5 merges as it writes."""

    def begin_bulk(self) -> None:
        """Nothing to put off: FTS5 writes in portions by itself."""

    def tidy(self) -> None:
        self.run("INSERT INTO search_fts (search_fts) VALUES ('optimize')", "ANALYZE search_facet")

    def rows(self, wanted: Wanted, offset: int, limit: int | None) -> tuple[list[Row], int]:
        where, parameters = _where(wanted)
        # The rank can only be asked for beside the match itself, not under a window function.
        found = self.query(
            f"WITH hits AS MATERIALIZED (SELECT d.id, d.kind, d.key, {_RANK} AS rank"  # noqa: S608
            f" FROM {_HITS} WHERE {where})"
            " SELECT id, kind, key, (SELECT count(*) FROM hits) FROM hits"
            " ORDER BY rank, id LIMIT %s OFFSET %s",
            [*parameters, -1 if limit is None else limit, offset],
        )
        return [(row[0], row[1], row[2]) for row in found], found[0][3] if found else 0

    def tag_counts(self, wanted: Wanted) -> list[tuple[str, int]]:
        where, parameters = _where(wanted)
        found = self.query(
            f"SELECT t.tag, count(*) FROM {_HITS}"  # noqa: S608
            f" CROSS JOIN search_facet t ON t.document_id = d.id WHERE {where} GROUP BY t.tag",
            parameters,
        )
        return [(tag, number) for tag, number in found]

    def tags(self, kind: str, keys: Sequence[str]) -> list[str]:
        marks = ", ".join(["%s"] * len(keys))
        found = self.query(
            "SELECT DISTINCT t.tag FROM search_document d"  # noqa: S608
            " JOIN search_facet t ON t.document_id = d.id"
            f" WHERE d.kind = %s AND d.key IN ({marks})",
            [kind, *keys],
        )
        return [tag for (tag,) in found]


def _where(wanted: Wanted) -> tuple[str, list[Any]]:
    conditions, parameters = scope(wanted)
    for dimension, values in wanted.facets.items():
        marks = ", ".join(["%s"] * len(values))
        conditions.append(
            "EXISTS (SELECT 1 FROM search_facet t WHERE t.document_id = d.id"  # noqa: S608
            f" AND t.tag IN ({marks}))"
        )
        parameters += tags_of(dimension, values)
    sql = " AND ".join(["search_fts MATCH %s", *conditions])
    return sql, [match_expression(wanted.query, titles_only=wanted.titles_only), *parameters]


def match_expression(query: Query, *, titles_only: bool) -> str:
    """The query in FTS5's language. Tokens are letters and digits, so quoting is always safe."""
    terms = [" OR ".join(_phrase(phrase) for phrase in term) for term in query.terms]
    expression = " AND ".join(f"({term})" for term in terms)
    return f"{{title names}} : ({expression})" if titles_only else expression


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + ("*" if phrase.open_ended else "")

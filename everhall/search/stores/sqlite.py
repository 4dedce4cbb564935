"""The index in SQLite: an FTS5 table of tokens, and a narrow table of facets.

`search_fts` has the rowid of `search_document`. Triggers take the rows out of both when a document
goes, whoever deletes it. A later migration that rebuilds `search_document` must call `create` again:
SQLite drops triggers with their table.
"""

import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any

from everhall.engines.text import Phrase, Query, spaced
from everhall.search.documents import Entry
from everhall.search.stores.base import COLUMNS, Row, Store, Wanted, columns_of, scope, tags_of

_HITS = "search_fts f CROSS JOIN search_document d ON d.id = f.rowid"
# A title counts eight times, a name four times as much as the text.
_RANK = "bm25(search_fts, 8.0, 4.0, 1.0)"
# One row a statement: a statement of many rows opens a savepoint, and at every savepoint FTS5 writes
# what it has gathered as one more segment to be merged.
_UPSERT = (
    f"INSERT INTO search_document (id, {', '.join(COLUMNS)})"  # noqa: S608
    f" VALUES ({', '.join(['%s'] * (len(COLUMNS) + 1))})"
    " ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[3:])
)
_PORTION = 50  # few enough for their tokens to stay in the processor's cache
# While most of the index is written, FTS5 gathers 16 MB of tokens at a time and merges at the end;
# at other times as it does by itself.
_BULK = (("hashsize", 16 * 1024 * 1024), ("automerge", 0), ("crisismerge", 256))
_USUAL = (("hashsize", 1024 * 1024), ("automerge", 4), ("crisismerge", 16))


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

    def write(self, entries: Iterable[Entry], *, new: bool) -> None:
        rest = iter(entries)
        while portion := list(itertools.islice(rest, _PORTION)):
            self._write(portion, new=new)

    def _write(self, entries: Sequence[Entry], *, new: bool) -> None:
        known = {} if new else self._known([entry.document.identity for entry in entries])
        free = itertools.count(self._first_free() if len(known) < len(entries) else 0)
        rows = [known.get(entry.document.identity) or next(free) for entry in entries]
        numbered = list(zip(rows, entries, strict=True))
        # Rows that are surely new need not be looked for.
        verb = "INSERT OR REPLACE" if known else "INSERT"
        with self.connection.cursor() as cursor:
            cursor.executemany(_UPSERT, [(row, *columns_of(entry)) for row, entry in numbered])
            cursor.executemany(
                f"{verb} INTO search_fts (rowid, title, names, body) VALUES (%s, %s, %s, %s)",
                [(row, *_texts(entry)) for row, entry in numbered],
            )
            if known:
                cursor.executemany(
                    "DELETE FROM search_facet WHERE document_id = %s",
                    [(row,) for row in known.values()],
                )
            cursor.executemany(
                "INSERT INTO search_facet VALUES (%s, %s)",
                [(row, tag) for row, entry in numbered for tag in entry.document.tags],
            )

    def _known(self, identities: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
        found = self.query(
            "SELECT d.kind, d.key, d.edition, d.id FROM json_each(%s) r JOIN search_document d"
            " ON d.kind = json_extract(r.value, '$[0]') AND d.key = json_extract(r.value, '$[1]')"
            " AND d.edition = json_extract(r.value, '$[2]')",
            [json.dumps(identities)],
        )
        return {(kind, key, edition): row for kind, key, edition, row in found}

    def _first_free(self) -> int:
        # Never a number that was given before: Django's key is AUTOINCREMENT, and so keeps count.
        [(last,)] = self.query(
            "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'search_document'), 0),"
            " coalesce((SELECT max(id) FROM search_document), 0))",
            [],
        )
        return int(last) + 1

    def settle(self) -> None:
        """FTS5 merges as it writes."""

    def begin_bulk(self) -> None:
        [(empty,)] = self.query("SELECT NOT EXISTS (SELECT 1 FROM search_document)", [])
        if empty:
            # FTS5 keeps a mark for every token it has deleted, and would merge them all once more.
            self.remove()
            self.create()
        # Kept in the file: after a kill it stays so until the next rebuild, right but slower.
        self._configure(_BULK)

    def tidy(self) -> None:
        self._configure(_USUAL)
        self.run("INSERT INTO search_fts (search_fts) VALUES ('optimize')", "ANALYZE search_facet")

    def _configure(self, settings: Sequence[tuple[str, int]]) -> None:
        with self.connection.cursor() as cursor:
            for name, value in settings:
                cursor.execute(
                    "INSERT INTO search_fts (search_fts, rank) VALUES (%s, %s)", [name, value]
                )

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

    def tag_counts(self, wanted: Wanted, dimension: str | None = None) -> list[tuple[str, int]]:
        where, parameters = _where(wanted)
        if dimension:
            # A stretch of the key, so that tags of other dimensions are not even read; ";" comes after ":".
            where += " AND t.tag > %s AND t.tag < %s"
            parameters += [f"{dimension}:", f"{dimension};"]
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


def _texts(entry: Entry) -> tuple[str, str, str]:
    names = spaced(entry.names) + " ".join(entry.spelled)
    return spaced(entry.title), names, spaced(entry.body)


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

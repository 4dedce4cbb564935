"""Wagtail's search in SQLite's FTS5, with our tokens."""

from typing import Any

from modelsearch.backends.database.sqlite import query as fts
from modelsearch.backends.database.sqlite import sqlite
from modelsearch.query import SearchQuery

from everhall.search.backends.shared import Prefix, TokenCompiler, TokenIndex


class Content(TokenCompiler):
    def build_search_query_content(self, query: SearchQuery, config: Any = None) -> Any:
        if isinstance(query, Prefix):
            lexeme = fts.Lexeme(query.query_string, prefix=True)
            return fts.SearchQueryExpression(lexeme, config=config)
        return super().build_search_query_content(query, config=config)  # type: ignore[misc]


class Compiler(Content, sqlite.SQLiteSearchQueryCompiler):
    pass


class AutocompleteCompiler(Content, sqlite.SQLiteAutocompleteQueryCompiler):
    pass


class Index(TokenIndex, sqlite.SQLiteIndex):
    pass


class SearchBackend(sqlite.SQLiteSearchBackend):
    index_class = Index
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler

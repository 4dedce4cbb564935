"""Wagtail's search in PostgreSQL, with our tokens."""

from typing import Any

from django.contrib.postgres.search import SearchQuery as PostgresQuery
from modelsearch.backends.database.postgres import postgres
from modelsearch.query import Phrase, SearchQuery

from everhall.search.backends.shared import Prefix, TokenCompiler, TokenIndex


class Content(TokenCompiler):
    def build_tsquery_content(
        self, query: SearchQuery, config: Any = None, invert: bool = False
    ) -> Any:
        if isinstance(query, Prefix):
            raw = " <-> ".join(query.words) + ":*"
            asked = PostgresQuery(raw, search_type="raw", config=config)
            return ~asked if invert else asked
        built = super().build_tsquery_content(  # type: ignore[misc]
            query, config=config, invert=invert
        )
        # modelsearch forgets to turn a phrase round.
        return ~built if invert and isinstance(query, Phrase) else built

    def get_search_vectors(self, search_query: Any) -> Any:
        # Asked for single fields, modelsearch would read the columns themselves, without tokens.
        # The title has a vector of its own; other fields are in the body's.
        vectors = self.get_index_vectors(search_query)  # type: ignore[attr-defined]
        return vectors[:1] if self.fields == ["title"] else vectors  # type: ignore[attr-defined]


class Compiler(Content, postgres.PostgresSearchQueryCompiler):
    pass


class AutocompleteCompiler(Content, postgres.PostgresAutocompleteQueryCompiler):
    pass


class Index(TokenIndex, postgres.PostgresIndex):
    pass


class SearchBackend(postgres.PostgresSearchBackend):
    index_class = Index
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler

    def __init__(self, params: dict[str, Any]) -> None:
        # "simple" neither stems nor drops words: our tokens are final.
        super().__init__({"SEARCH_CONFIG": "simple", **params})

"""Wagtail's own search (desk, explorer, choosers) with the tokens of `engines.text`.

Wagtail's backends leave a run of Han characters as one word and so find next to nothing. Here texts
are turned into our tokens on their way in, and queries into phrases of them on their way to the
database. The backends of modelsearch are subclassed where they allow it; the objects they index are
wrapped so that each search field yields tokens, because `add_items` names its indexer itself.
"""

import copy
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from django.utils.encoding import force_str
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from modelsearch.query import And, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from everhall.engines.text import Phrase as Words
from everhall.engines.text import Query, parse, tokens
from everhall.search import tongue


def tokenised(value: Any) -> str:
    """A field's value as our tokens, apart by spaces."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return " ".join(tokenised(item) for item in value)
    return " ".join(tokens(tongue.folding().fold(force_str(value))))


# -- indexing ----------------------------------------------------------------------------------


def wrapped(thing: Any) -> SimpleNamespace:
    """What modelsearch asks of an object that it indexes, with tokens for texts."""
    fields = [_field(field, thing) for field in thing.get_search_fields()]
    return SimpleNamespace(pk=thing.pk, get_search_fields=lambda: fields)


def _field(field: Any, thing: Any) -> Any:
    """The field, reading from `thing` whatever object it is handed."""
    tokenising = copy.copy(field)
    if isinstance(field, RelatedFields):
        tokenising.get_value = lambda _: field.get_value(thing)
        tokenising.fields = [_related(inner) for inner in field.fields]
    elif isinstance(field, SearchField | AutocompleteField):
        tokenising.get_value = lambda _: tokenised(field.get_value(thing))
    return tokenising


def _related(field: Any) -> Any:
    tokenising = copy.copy(field)
    if isinstance(field, RelatedFields):
        tokenising.fields = [_related(inner) for inner in field.fields]
    elif isinstance(field, SearchField | AutocompleteField):
        tokenising.get_value = lambda thing: tokenised(field.get_value(thing))
    return tokenising


class TokenIndex:
    """Mixed in before modelsearch's index."""

    def add_items(self, model: Any, objs: Iterable[Any]) -> None:
        super().add_items(model, [wrapped(thing) for thing in objs])  # type: ignore[misc]

    def _refresh_title_norms(self, full: bool = False) -> None:
        # After each save modelsearch averages all titles; that makes a long import quadratic.
        # New rows keep the neutral norm of 1 until the index is rebuilt.
        if full:
            super()._refresh_title_norms(full=True)  # type: ignore[misc]


# -- asking ------------------------------------------------------------------------------------


class Prefix(PlainText):
    """Tokens side by side of which the last may go on; asked as one, so never split again."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(" ".join(words))
        self.words = tuple(words)


NOTHING = Not(MatchAll())


def rewritten(query: SearchQuery, *, typing: bool) -> SearchQuery:
    """The query with each text as phrases of our tokens."""
    if isinstance(query, Prefix):
        return query
    if isinstance(query, PlainText):
        return _plain(query, typing=typing)
    if isinstance(query, Phrase):
        return _plain(PlainText(f'"{query.query_string}"'), typing=False)
    if isinstance(query, Not):
        return Not(rewritten(query.subquery, typing=typing))
    if isinstance(query, And | Or):
        return type(query)([rewritten(inner, typing=typing) for inner in query.subqueries])
    return query


def _plain(query: PlainText, *, typing: bool) -> SearchQuery:
    asked: Query = parse(query.query_string, tongue.folding(), typing=typing)
    # Pinyin stands only in the public index: of each term the first phrase is the one typed.
    terms = [_phrase(term[0]) for term in asked.terms]
    if not terms:
        return NOTHING
    if len(terms) == 1:
        return terms[0]
    return And(terms) if query.operator == "and" else Or(terms)


def _phrase(words: Words) -> SearchQuery:
    return Prefix(words.tokens) if words.open_ended else Phrase(" ".join(words.tokens))


class TokenCompiler:
    """Mixed in before modelsearch's query compilers."""

    LAST_TERM_IS_PREFIX: bool
    query: SearchQuery

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = rewritten(self.query, typing=self.LAST_TERM_IS_PREFIX)

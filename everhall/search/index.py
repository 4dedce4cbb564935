"""Writing the index: documents in, rows and tokens out. Knows nothing of what the documents are."""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, transaction

from everhall.engines.pinyin import spellings
from everhall.engines.text import halves
from everhall.search import tongue
from everhall.search.documents import Document, Entry
from everhall.search.models import IndexedDocument
from everhall.search.stores import store

BATCH = 1000
#: Raise it when tokens are made differently, so that a rebuild writes every document again.
VERSION = 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many documents were written, were the same already, and were taken out."""

    written: int = 0
    unchanged: int = 0
    dropped: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.written + other.written,
            self.unchanged + other.unchanged,
            self.dropped + other.dropped,
        )


def digest(document: Document) -> str:
    return hashlib.blake2b(repr((VERSION, document)).encode(), digest_size=16).hexdigest()


def entry(document: Document) -> Entry:
    """The document with its tokens: both languages together, so that either finds it."""
    fold, readings = tongue.folding().fold, tongue.readings()
    names = [fold(name) for name in document.names]
    spelled: dict[str, None] = {}
    for name in (fold(document.title_zh), *names):
        spelled |= dict.fromkeys(spellings(name, readings))
    # A line's end is part of no token.
    return Entry(
        document=document,
        digest=digest(document),
        title=halves(fold(f"{document.title_zh}\n{document.title_en}")),
        names=halves("\n".join(names)),
        spelled=tuple(spelled),
        body=halves(fold(f"{document.body_zh}\n{document.body_en}")),
    )


def put(
    documents: Iterable[Document], *, fresh: bool = False, using: str = DEFAULT_DB_ALIAS
) -> Outcome:
    """Write the documents, batch by batch; those that did not change cost one look.

    `fresh` writes them all the same. Each batch is complete or not there.
    """
    outcome = Outcome()
    for batch in batches(documents, BATCH):
        with transaction.atomic(using=using):
            outcome += put_batch(batch, fresh=fresh, using=using)
    store(using).settle()
    return outcome


@contextlib.contextmanager
def bulk(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Around the writing of most of the index. However it ends, the index is made whole again."""
    with transaction.atomic(using=using):
        store(using).lock()
        store(using).begin_bulk()
    try:
        yield
    finally:
        store(using).tidy()


def put_batch(documents: Sequence[Document], *, fresh: bool, using: str) -> Outcome:
    """Write one batch inside the caller's transaction."""
    unique = {document.identity: document for document in documents}
    known = _digests(unique, using)
    added = [one for one in unique.values() if one.identity not in known]
    there = [one for one in unique.values() if one.identity in known]
    changed = [one for one in there if fresh or known[one.identity] != digest(one)]
    writer = store(using)
    for ones, new in ((added, True), (changed, False)):
        if ones:
            writer.write(map(entry, ones), new=new)
    return Outcome(len(added) + len(changed), unchanged=len(there) - len(changed))


def _digests(
    identities: Iterable[tuple[str, str, str]], using: str
) -> dict[tuple[str, str, str], str]:
    keys: dict[str, list[str]] = {}
    for kind, key, _ in identities:
        keys.setdefault(kind, []).append(key)
    return {
        (row.kind, row.key, row.edition): row.digest
        for kind, wanted in keys.items()
        for row in IndexedDocument.objects.using(using)
        .filter(kind=kind, key__in=wanted)
        .only("kind", "key", "edition", "digest")
    }


def drop(kind: str, keys: Iterable[str], *, using: str = DEFAULT_DB_ALIAS) -> int:
    """Take everything of these objects out of the index, in every edition."""
    dropped = 0
    for batch in batches(keys, BATCH):
        rows = IndexedDocument.objects.using(using).filter(kind=kind, key__in=batch)
        dropped += rows._raw_delete(using)
    return dropped


def drop_rows(ids: Iterable[int], *, using: str = DEFAULT_DB_ALIAS) -> int:
    dropped = 0
    for batch in batches(ids, BATCH):
        dropped += IndexedDocument.objects.using(using).filter(pk__in=batch)._raw_delete(using)
    return dropped


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch

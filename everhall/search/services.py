"""Keeping the index true: refresh what changed, rebuild everything.

Must stay true: the writer's lock is taken before things are read, so that a slow refresh never
overwrites a newer one. A refresh may run twice or out of order; it writes what is so now.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import DEFAULT_DB_ALIAS, transaction

from everhall.editions.models import Venue
from everhall.exhibition.models import Exhibit, Placement
from everhall.programme.models import Activity
from everhall.search import adapters, index
from everhall.search.adapters import Source
from everhall.search.index import Outcome
from everhall.search.models import IndexedDocument
from everhall.search.stores import store

#: Kind -> where its documents come from. Others are registered by config/wiring.
SOURCES: dict[str, Source] = {}

#: (kind, how many more things are done, how many there are)
Progress = Callable[[str, int, int], None]


def register_source(source: Source) -> None:
    """Make another kind searchable. Only config/wiring.py calls this."""
    SOURCES[source.kind] = source


for _source in (
    adapters.Editions(),
    adapters.Venues(),
    adapters.Organisations(),
    adapters.Exhibits(),
    adapters.Activities(),
):
    register_source(_source)


def refresh(kind: str, keys: Iterable[int]) -> Outcome:
    """Bring the documents of these things up to date, and those of others that tell of them: the
    organisations of exhibits and activities, the exhibits and activities of organisations, and
    all that stands at a venue whose place in the tree has changed. Things that are gone leave the
    index. A kind without a source is not searched."""
    if kind not in SOURCES:
        return Outcome()
    outcome = Outcome()
    for batch in index.batches(dict.fromkeys(keys), index.BATCH):
        with transaction.atomic():
            store().lock()
            before = _tags(kind, batch)
            outcome += _write(kind, batch)
            for other, others in _concerned(kind, batch, before, _tags(kind, batch)):
                for portion in index.batches(others, index.BATCH):
                    outcome += _write(other, portion)
    store().settle()
    return outcome


def refresh_edition(edition_id: int) -> Outcome:
    """The edition's own document; when its state shows or hides it, everything in it too."""
    shown = IndexedDocument.objects.filter(kind="edition", key=str(edition_id))
    before = set(shown.values_list("public", flat=True))
    outcome = refresh("edition", [edition_id])
    if before == set(shown.values_list("public", flat=True)):
        return outcome
    for kind, source in SOURCES.items():
        if kind != "edition":
            outcome += refresh(kind, list(source.of_edition(edition_id)))
    return outcome


def rebuild(
    kinds: Sequence[str] = (), *, fresh: bool = False, progress: Progress | None = None
) -> Outcome:
    """Write everything that changed (`fresh`: everything), then take out what is no more.

    It can be stopped at any moment: each batch is complete or not there, and a second run passes
    quickly over what the first has done.
    """
    chosen = [SOURCES[kind] for kind in (kinds or SOURCES)]
    if not fresh and IndexedDocument.objects.exists():
        return _rebuild(chosen, fresh=False, progress=progress)
    with index.bulk():
        return _rebuild(chosen, fresh=fresh, progress=progress)


def _rebuild(sources: Sequence[Source], *, fresh: bool, progress: Progress | None) -> Outcome:
    outcome = Outcome()
    for source in sources:
        # Things that appear while this runs are refreshed by their own news; only what was here
        # before and has no thing any more is taken out.
        indexed = IndexedDocument.objects.filter(kind=source.kind).values_list("key", flat=True)
        old = set(indexed)
        keys = list(source.keys())
        for batch in index.batches(keys, index.BATCH):
            with transaction.atomic():
                store().lock()
                outcome += _write(source.kind, batch, fresh=fresh)
            if progress is not None:
                progress(source.kind, len(batch), len(keys))
        gone = old - set(map(str, keys))
        outcome += Outcome(dropped=index.drop(source.kind, gone))
    store().settle()
    return outcome


def _write(kind: str, keys: Sequence[int], *, fresh: bool = False) -> Outcome:
    """Documents of these things, and nothing else of them, inside the caller's transaction."""
    documents = list(SOURCES[kind].documents(keys))
    outcome = index.put_batch(documents, fresh=fresh, using=DEFAULT_DB_ALIAS)
    wanted = {(document.key, document.edition) for document in documents}
    rows = IndexedDocument.objects.filter(kind=kind, key__in=map(str, keys))
    gone = [
        pk for pk, *found in rows.values_list("pk", "key", "edition") if tuple(found) not in wanted
    ]
    return outcome + Outcome(dropped=index.drop_rows(gone) if gone else 0)


def _tags(kind: str, keys: Sequence[int]) -> frozenset[str]:
    return frozenset(store().tags(kind, [str(key) for key in keys]))


def _concerned(
    kind: str, keys: Sequence[int], before: frozenset[str], after: frozenset[str]
) -> list[tuple[str, list[int]]]:
    """Other things whose documents hang on these."""
    if kind in ("exhibit", "activity"):
        named = (tag.partition(":") for tag in before | after)
        return [
            ("organisation", [int(value) for name, _, value in named if name == "organisation"])
        ]
    if kind == "organisation":
        exhibits = Exhibit.objects.filter(organisation_id__in=keys)
        activities = Activity.objects.filter(hosts__organisation_id__in=keys).distinct()
    elif kind == "venue" and before and before != after:
        below = Venue.objects.filter(pk__in=keys).values_list("path", flat=True)
        venues = [pk for path in below for pk in _at(path)]
        exhibits = Exhibit.objects.filter(
            pk__in=Placement.objects.filter(venue_id__in=venues).values("exhibit_id")
        )
        activities = Activity.objects.filter(venue_id__in=venues)
    else:
        return []
    return [
        ("exhibit", list(exhibits.values_list("pk", flat=True))),
        ("activity", list(activities.values_list("pk", flat=True))),
    ]


def _at(path: str) -> Iterable[int]:
    return Venue.objects.filter(path__startswith=path).values_list("pk", flat=True)


def samples(things: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (kind, key) are sample content, in one query per kind."""
    by_kind: dict[str, list[str]] = {}
    for kind, key in things:
        by_kind.setdefault(kind, []).append(key)
    return {
        (kind, key)
        for kind, keys in by_kind.items()
        if kind in SOURCES
        for key in SOURCES[kind].samples(keys)
    }

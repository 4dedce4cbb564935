"""Running orders and cuts as the engine knows them (`engines.running_order`), for the live process, desks and pages.

Must stay true: what a plan holds may be aired at the moment it is read. Withheld recordings, what is not public on a
channel that is, and what another venue no longer lets be relayed are slates; so taking a right away takes effect on
the air, whoever planned or took what.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import cast

from django.db.models import OuterRef, Q, Subquery

from everhall.engines import running_order
from everhall.engines.running_order import CutKind, Item, ItemKind
from everhall.live import rules
from everhall.live.models import Channel, Cut, Feed, Recording, RunningOrderItem
from everhall.live.queries.public import public_channels, public_recordings

#: Older cuts than these do not count any more, but for the last one before.
REMEMBERED = dt.timedelta(days=2)

Thing = Feed | Channel | Recording


def item_of(row: RunningOrderItem) -> Item:
    """A row as the engine knows it; its id is the row's."""
    return Item(
        str(row.pk), cast("ItemKind", row.kind), row.source, row.starts_at.timestamp() if row.starts_at else None,
        float(row.duration) if row.duration is not None else None, row.in_point, "delay" if row.late == "delay" else "join",
    )


def cut_of(row: Cut) -> running_order.Cut:
    return running_order.Cut(row.at.timestamp(), cast("CutKind", row.kind), row.source, row.in_point, f"cut/{row.pk}")


def rows_of(channel_ids: Collection[int]) -> dict[int, list[RunningOrderItem]]:
    """Running orders by channel."""
    found: dict[int, list[RunningOrderItem]] = defaultdict(list)
    rows = RunningOrderItem.objects.filter(channel_id__in=channel_ids).select_related(
        "feed__venue", "recording__venue", "other__venue", "session__activity"
    )
    for row in rows.order_by("channel_id", "sort_order", "pk"):
        found[row.channel_id].append(row)
    return found


def cuts_of(channel_ids: Collection[int], now: dt.datetime) -> dict[int, list[Cut]]:
    """Cuts that still count, by channel, in order of time."""
    since = now - REMEMBERED
    older = Cut.objects.filter(channel=OuterRef("pk"), at__lt=since).exclude(kind=Cut.Kind.HOLD)
    last = Subquery(older.order_by("-at", "-pk").values("pk")[:1])
    before = Channel.objects.filter(pk__in=channel_ids).annotate(last=last).values_list("last", flat=True)
    found: dict[int, list[Cut]] = defaultdict(list)
    wanted = Q(channel_id__in=channel_ids, at__gte=since, at__lte=now) | Q(pk__in=[pk for pk in before if pk])
    for row in Cut.objects.filter(wanted).order_by("at", "pk"):
        found[row.channel_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Open:
    """What visitors of an edition may see at a moment, by id."""

    channels: frozenset[int]
    recordings: frozenset[int]


def open_in(channels: Iterable[Channel], now: dt.datetime) -> dict[int, Open]:
    editions = {channel.edition_id: channel.edition for channel in channels}
    return {
        pk: Open(
            frozenset(public_channels(edition, now).values_list("pk", flat=True)),
            frozenset(public_recordings(edition, now).values_list("pk", flat=True)),
        )
        for pk, edition in editions.items()
    }


def fault_of(channel: Channel, thing: Thing, seen: Open) -> str:
    """"" if this may be on this channel, else why not: as `rules.may_air`, and "closed" for withheld recordings,
    "not_public" for what is hidden on a channel that is not."""
    is_recording = isinstance(thing, Recording)
    open_to_all = isinstance(thing, Feed) or thing.pk in (seen.recordings if is_recording else seen.channels)
    fault = rules.may_air(
        rules.Airable(
            own=thing.venue.path.startswith(channel.venue.path),
            same_edition=thing.edition_id == channel.edition_id,
            enabled=thing.state != Recording.State.WITHHELD if isinstance(thing, Recording) else thing.enabled,
            may_be_relayed=is_recording or bool(getattr(thing, "may_be_relayed", False)),
            open_to_all=open_to_all,
        )
    )
    if not fault and is_recording and channel.public and not open_to_all:
        return "not_public"
    return fault


def things(sources: Collection[str]) -> dict[str, Thing]:
    """Rows by the names of sources, in three queries at most."""
    keys: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        kind, _, key = source.partition("/")
        keys[kind].add(key)
    found: dict[str, Thing] = {}
    ids = [int(key) for key in keys["recording"] if key.isascii() and key.isdigit() and len(key) < 19]
    if keys["feed"]:
        found |= {row.source: row for row in Feed.objects.filter(key__in=keys["feed"]).select_related("venue")}
    if keys["channel"]:
        found |= {row.source: row for row in Channel.objects.filter(key__in=keys["channel"]).select_related("venue")}
    if ids:
        found |= {row.source: row for row in Recording.objects.filter(pk__in=ids).select_related("venue")}
    return found


def as_slate(item: Item) -> Item:
    return replace(item, kind="slate", source=rules.SLATE)


def plans_of(channels: Collection[Channel], now: dt.datetime) -> dict[int, rules.ChannelPlan]:
    """Plans of these channels (venue and edition fetched), in a constant number of queries for each edition."""
    ids = [channel.pk for channel in channels]
    rows, cuts, seen = rows_of(ids), cuts_of(ids, now), open_in(channels, now)
    taken = things({cut.source for many in cuts.values() for cut in many if cut.source})
    found: dict[int, rules.ChannelPlan] = {}
    for channel in channels:
        may = seen[channel.edition_id]
        items = []
        for row in rows[channel.pk]:
            thing = row.feed or row.recording or row.other
            fault = fault_of(channel, thing, may) if thing is not None and row.kind != "slate" else ""
            items.append(as_slate(item_of(row)) if fault else item_of(row))
        decided = []
        for one in cuts[channel.pk]:
            thing = taken.get(one.source)
            hidden = bool(one.source) and (thing is None or bool(fault_of(channel, thing, may)))
            decided.append(replace(cut_of(one), kind="slate", source="") if hidden else cut_of(one))
        if channel.loops:
            # Counted from the epoch, so every process and every life finds the same round.
            items = list(running_order.looped(items, 0.0, now.timestamp(), decided))
        found[channel.pk] = rules.ChannelPlan(
            channel.key, channel.enabled, channel.low_latency, channel.window, tuple(items), tuple(decided)
        )
    return found


def channel_plans(now: dt.datetime) -> list[rules.ChannelPlan]:
    """Plans of all channels of all editions, those out of use too (`enabled` false)."""
    channels = list(Channel.objects.select_related("venue", "edition").order_by("pk"))
    found = plans_of(channels, now)
    return [found[channel.pk] for channel in channels]

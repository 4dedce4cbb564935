"""Cuts, the running order, notes between desks. A cut is stored before anybody hears of it, and holds from the next
segment on."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from everhall.editions.models import Edition, Venue
from everhall.engines import running_order
from everhall.engines.running_order import Item
from everhall.live import queries, rules
from everhall.live.events import CutMade
from everhall.live.models import Channel, Cut, DeskNote, Feed, Recording, RunningOrderItem
from everhall.live.models.source import new_key
from everhall.live.queries.plans import cut_of, item_of, things
from everhall.live.services.refusals import Refused
from everhall.realtime import news


@transaction.atomic
def cut(
    channel: Channel, kind: str, *, by: Any, now: dt.datetime, source: str = "", label: str = "",
    in_point: float = 0.0,
) -> Cut:  # fmt: skip
    """Store the decision, write it in the log, tell it."""
    made = Cut.objects.create(
        channel=channel, at=now, kind=kind, source=source, label=label[:200], in_point=in_point,
        by=by, by_name=str(by or "")[:200], created_at=now,
    )
    log(
        instance=channel, action=f"everhall.cut_{kind}", user=by,
        data={"source": source, "label": label, "at": now.isoformat()},
    )
    tags = tuple(sorted(channel.news_tags()))
    news.tell(CutMade(tags=tags, ids=(made.pk,), channel=channel.key, kind=kind, source=source))
    return made


def take(
    channel: Channel, source: str, *, by: Any, now: dt.datetime, in_point: float = 0.0
) -> Cut:
    """Show this source from the next segment on, until another cut. `Refused` where the user may not air it."""
    found = queries.airable(channel, source, now)
    if found.fault or found.thing is None:
        raise Refused(found.fault or "unknown")
    return cut(
        channel, Cut.Kind.TAKE, by=by, now=now, source=source, label=found.thing.name, in_point=in_point
    )


def go_auto(channel: Channel, *, by: Any, now: dt.datetime) -> Cut:
    """Back to the running order."""
    return cut(channel, Cut.Kind.AUTO, by=by, now=now)


def show_slate(channel: Channel, *, by: Any, now: dt.datetime) -> Cut:
    return cut(channel, Cut.Kind.SLATE, by=by, now=now)


def hold(channel: Channel, *, by: Any, now: dt.datetime) -> Cut:
    """Stay with what is on, whatever the running order says."""
    return cut(channel, Cut.Kind.HOLD, by=by, now=now)


# ---------------------------------------------------------------- running order
Order = list[RunningOrderItem]


def move_item(channel: Channel, item_id: int, *, before: int | None, by: Any) -> Order:
    """Drag an item before another one (None: to the end); times stay with the places (`running_order.moved`)."""
    where = None if before is None else str(before)
    return changed(channel, "move", item_id, by, lambda plan: running_order.moved(plan, str(item_id), where))


def begin_item(channel: Channel, item_id: int, *, by: Any, now: dt.datetime) -> Order:
    """Begin an item now, early or late; what stood between comes afterwards."""
    cuts = [cut_of(c) for c in queries.cuts_of([channel.pk], now)[channel.pk]]
    return changed(
        channel, "begin", item_id, by,
        lambda plan: running_order.started(plan, str(item_id), cuts, now.timestamp()),
    )  # fmt: skip


def end_item(channel: Channel, item_id: int, *, by: Any, now: dt.datetime) -> Order:
    """End an item now; what follows on moves."""
    cuts = [cut_of(c) for c in queries.cuts_of([channel.pk], now)[channel.pk]]
    return changed(
        channel, "end", item_id, by,
        lambda plan: running_order.ended(plan, str(item_id), cuts, now.timestamp()),
    )  # fmt: skip


def stretch_item(channel: Channel, item_id: int, seconds: float, *, by: Any) -> Order:
    """Make an item longer, or shorter by a negative number."""
    return changed(
        channel, "stretch", item_id, by, lambda plan: running_order.extended(plan, str(item_id), seconds)
    )


def show(item: RunningOrderItem, channel: Channel, source: str) -> RunningOrderItem:
    """Let a new item show this source; "" is the slate. A feed of another venue is relayed."""
    Kind = RunningOrderItem.Kind  # noqa: N806 - a class
    if source in {"", rules.SLATE}:
        item.kind = Kind.SLATE
        return item
    thing = things([source]).get(source)
    if isinstance(thing, Recording):
        item.kind, item.recording = Kind.RECORDING, thing
    elif isinstance(thing, Channel):
        item.kind, item.other = Kind.RELAY, thing
    elif isinstance(thing, Feed):
        own = thing.venue.path.startswith(channel.venue.path)
        item.kind, item.feed = Kind.LIVE if own else Kind.RELAY, thing
    else:
        raise Refused("unknown")
    return item


@transaction.atomic
def plan_item(
    channel: Channel, item: RunningOrderItem, *, before: int | None = None, by: Any, now: dt.datetime
) -> RunningOrderItem:
    """Put a new item into the running order, at the end or before another one."""
    if item.kind != RunningOrderItem.Kind.SLATE:
        found = queries.airable(channel, item.source, now)
        if found.fault:
            raise Refused(found.fault)
    item.channel = channel
    item.full_clean(exclude=["channel"])
    rows = locked(channel)
    place = next((n for n, row in enumerate(rows) if row.pk == before), len(rows))
    rows.insert(place, item)
    store(channel, rows, "plan", item, by)
    return item


@transaction.atomic
def drop_item(channel: Channel, item_id: int, *, by: Any) -> Order:
    """Take an item out of the running order."""
    rows = locked(channel)
    gone = next((row for row in rows if row.pk == item_id), None)
    if gone is None:
        raise Refused("no_item")
    rows.remove(gone)
    RunningOrderItem.objects.filter(pk=item_id).delete()
    return store(channel, rows, "drop", gone, by)


def locked(channel: Channel) -> Order:
    """The running order, held against others until the transaction ends (SQLite holds all of it anyway)."""
    Channel.objects.select_for_update().get(pk=channel.pk)
    rows = RunningOrderItem.objects.filter(channel_id=channel.pk).order_by("sort_order", "pk")
    return list(rows.select_related("session__activity", "feed", "recording", "other"))


@transaction.atomic
def changed(
    channel: Channel, verb: str, item_id: int, by: Any, change: Callable[[Sequence[Item]], Sequence[Item]]
) -> Order:
    """Store what the engine makes of the running order."""
    rows = {str(row.pk): row for row in locked(channel)}
    try:
        plan = change([item_of(row) for row in rows.values()])
    except KeyError as unknown:
        raise Refused("no_item") from unknown
    for item in plan:
        row = rows[item.id]
        row.starts_at = dt.datetime.fromtimestamp(item.starts, dt.UTC) if item.starts is not None else None
        row.duration = max(1, round(item.duration)) if item.duration is not None else None
        row.late = item.late
    return store(channel, [rows[item.id] for item in plan], verb, rows[str(item_id)], by)


def store(channel: Channel, rows: Order, verb: str, thing: RunningOrderItem, by: Any) -> Order:
    for number, row in enumerate(rows):
        row.sort_order = number
        row.save()
    log(
        instance=channel, action=f"everhall.{verb}_item", user=by,
        data={"label": str(thing), "source": thing.source},
    )
    channel.tell_changed()
    return rows


@transaction.atomic
def rotate_captions_key(channel: Channel, *, by: Any) -> Channel:
    """Another key for whoever captions."""
    channel.captions_key = new_key()
    # Past `save`: nothing that anybody sees has changed.
    Channel.objects.filter(pk=channel.pk).update(captions_key=channel.captions_key)
    log(instance=channel, action="everhall.rotate_key", user=by, data={"source": channel.source})
    return channel


@transaction.atomic
def note(
    edition: Edition, text: str, *, by: Any, now: dt.datetime, venue: Venue | None = None,
    to: Venue | None = None,
) -> DeskNote:  # fmt: skip
    """A line to another venue's desk, or to all desks of the edition."""
    text = " ".join(text.split())[:500]
    if not text:
        raise Refused("empty")
    return DeskNote.objects.create(
        edition=edition, venue=venue, to=to, text=text, by=by, by_name=str(by or "")[:200], at=now
    )

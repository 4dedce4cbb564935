"""What is on each channel at a moment, by plan and cuts, as far as visitors may know of it.

The live process decides what is really shown (a feed may be silent); this is for pages and programmes. Must stay
true: names of feeds are the desk's own and are never shown; a session or recording that is hidden is not named.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import inf

from everhall.editions.models import Edition
from everhall.engines import running_order
from everhall.engines.offers import plain_item
from everhall.engines.running_order import Planned
from everhall.live.models import Channel, Recording, RunningOrderItem
from everhall.live.queries.plans import Thing, plans_of, rows_of, things
from everhall.live.queries.public import public_channels, public_recordings
from everhall.live.rules import ChannelPlan
from everhall.programme import queries as programme
from everhall.programme.models import Session


@dataclass(frozen=True, slots=True)
class Slot:
    """Something on a channel, and when by the plan (None: not known). `title` "" where visitors may not know it."""

    title: str
    kind: str
    session: Session | None
    recording: Recording | None
    starts: dt.datetime | None
    ends: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OnAir:
    """A channel at a moment: what is on (None: nothing is planned), what comes, when the plan changes this next."""

    channel: Channel
    now: Slot | None
    coming: tuple[Slot, ...]
    until: dt.datetime | None

    @property
    def is_showing(self) -> bool:
        return self.now is not None and self.now.kind != "slate"


@dataclass(frozen=True, slots=True)
class Known:
    """What visitors may know at this moment: sessions, recordings and channels by id, sessions that are on by
    stage."""

    sessions: Mapping[int, Session]
    recordings: Mapping[int, Recording]
    channels: Mapping[int, Channel]
    on_stage: Mapping[int, Session]


def known(
    edition: Edition, items: Iterable[RunningOrderItem], taken: Iterable[Thing], now: dt.datetime, week: dt.datetime
) -> Known:
    rows = list(items)
    session_ids = {i.session_id for i in rows if i.session_id}
    recording_ids = {i.recording_id for i in rows if i.recording_id}
    channel_ids = {i.other_id for i in rows if i.other_id}
    for thing in taken:
        if isinstance(thing, Recording):
            recording_ids.add(thing.pk)
        elif isinstance(thing, Channel):
            channel_ids.add(thing.pk)
    sessions = programme.with_cards(programme.public_sessions(edition, now).filter(pk__in=session_ids))
    running = programme.on_now(edition, now, week).filter(stage__isnull=False)
    recordings = public_recordings(edition, now).filter(pk__in=recording_ids)
    return Known(
        {s.pk: s for s in sessions},
        {r.pk: r for r in recordings.select_related("session__activity", "edition")},
        {c.pk: c for c in public_channels(edition, now).filter(pk__in=channel_ids)},
        {s.stage_id: s for s in running if s.stage_id},
    )


def moment(seconds: float) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if -inf < seconds < inf else None


def slot_of(row: RunningOrderItem, time: Planned, may: Known) -> Slot:
    """What visitors may know of an item. Its own title is theirs unless it tells of something hidden."""
    session = may.sessions.get(row.session_id or 0)
    recording = may.recordings.get(row.recording_id or 0)
    hidden = (row.session_id and session is None) or (row.recording_id and recording is None)
    title = "" if hidden else row.own_title
    thing = session or recording or may.channels.get(row.other_id or 0)
    title = title or (thing.name if thing else "")
    return Slot(title, time.item.kind, session, recording, moment(time.begin), moment(time.end))


def slot_of_cut(wanted: running_order.Wanted, thing: Thing | None, may: Known) -> Slot:
    """What the director took: recordings and channels have names, a feed that of the session that is on at its
    stage."""
    recording = may.recordings.get(thing.pk) if isinstance(thing, Recording) else None
    stage = getattr(thing, "stage_id", None)
    session = recording.session if recording else may.on_stage.get(stage or 0)
    channel = may.channels.get(thing.pk) if isinstance(thing, Channel) else None
    named = recording or session or channel
    title = named.name if named else ""
    return Slot(title, wanted.kind, session, recording, moment(wanted.since), None)


def on_air(
    edition: Edition, channels: Collection[Channel], now: dt.datetime, week: dt.datetime, count: int = 3
) -> list[OnAir]:
    """Each channel (venue and edition fetched) with what is on and what comes next, in a constant number of queries."""
    rows = rows_of([channel.pk for channel in channels])
    plans = plans_of(channels, now)
    wanted = {pk: running_order.wanted(plan.items, plan.cuts, now.timestamp()) for pk, plan in plans.items()}
    taken = things({w.source for w in wanted.values()})
    may = known(edition, (row for many in rows.values() for row in many), taken.values(), now, week)
    return [
        one_on_air(channel, rows[channel.pk], plans[channel.pk], taken.get(wanted[channel.pk].source), may, now, count)
        for channel in channels
    ]


def one_on_air(  # every argument was fetched for all channels at once
    channel: Channel, rows: list[RunningOrderItem], plan: ChannelPlan, taken: Thing | None, may: Known,
    now: dt.datetime, count: int,
) -> OnAir:  # fmt: skip
    at = now.timestamp()
    by_id = {str(row.pk): row for row in rows}
    times = running_order.planned(plan.items, plan.cuts, at)
    wanted = running_order.wanted(plan.items, plan.cuts, at)
    changes = [t for p in times for t in (p.begin, p.end) if at < t < inf]
    until = moment(min(changes)) if changes else None
    coming = tuple(slot_of(by_id[plain_item(p.item.id)], p, may) for p in times if at < p.begin < inf)[:count]
    row = by_id.get(plain_item(wanted.item))
    if row is not None:
        time = next(p for p in times if p.item.id == wanted.item)
        slot = slot_of(row, time, may)
        if not slot.title and row.session_id is None and row.feed and time.item.kind != "slate":
            session = may.on_stage.get(row.feed.stage_id or 0)
            slot = Slot(session.name if session else "", slot.kind, session, None, slot.starts, slot.ends)
        return OnAir(channel, slot, coming, until)
    if wanted.item:
        return OnAir(channel, slot_of_cut(wanted, taken, may), coming, until)
    return OnAir(channel, None, coming, until)

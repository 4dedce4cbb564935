"""What a director's desk shows of an edition at a moment: feeds, channels with running order and outlook, recordings,
notes. Plain values, ready to be JSON; times in seconds since the epoch.

Must stay true: of what stands at other venues, a desk shows what its team lets be relayed and what visitors may see,
nothing more; keys of feeds are not in here.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from django.conf import settings
from django.db.models import Q

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.public import week_time
from everhall.engines import running_order, tokens
from everhall.engines.offers import plain_item
from everhall.live import desk_told, linked, queries
from everhall.live.models import Channel, Cut, DeskNote, Feed, Recording, RunningOrderItem
from everhall.live.rules import ChannelPlan

#: How long addresses of pictures and private channels are good; they change once an hour.
GOOD_FOR = 12 * 3600
MOST_NOTES = 100
MOST_CUTS = 30
MOST_RECORDINGS = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody who directs in an edition, and the venues at which they do. None: no desk there."""

    user: Any
    edition: Edition
    venues: tuple[Venue, ...]

    def mine(self, thing: Channel | Feed | Recording) -> bool:
        return thing.venue_id in {venue.pk for venue in self.venues}


def desk_of(user: Any, edition_code: str) -> Desk | None:
    """The desk of whoever may direct somewhere in the edition, in planning too: weeks are rehearsed."""
    edition = Edition.objects.filter(code=edition_code).first()
    if edition is None or not user.is_authenticated or not user.is_active:
        return None
    reach = editions.within_reach(user, ["direct"], venue="", edition="edition")
    venues = tuple(editions.venues_of(edition).filter(reach).select_related("edition"))
    return Desk(user, edition, venues) if venues else None


def leave(scope: str, now: dt.datetime) -> str:
    """Beginning of addresses below `/live/` of something that is not public."""
    until = (int(now.timestamp()) // 3600) * 3600 + GOOD_FOR
    return f"/live/t/{tokens.make(tokens.secret_of(settings.SECRET_KEY), scope, until)}"


def finite(value: float | None) -> float | None:
    return None if value is None or value in {inf, -inf} else value


def state(desk: Desk, now: dt.datetime, *, notes_after: int = 0) -> dict[str, Any]:
    """All of it."""
    return {
        "now": now.timestamp(),
        "edition": desk.edition.code,
        "venues": [{"code": v.code, "name": v.name} for v in desk.venues],
        "feeds": [feed_dict(desk, feed, now) for feed in queries.feeds_in_sight(desk.user, desk.edition)],
        "channels": channels(desk, now),
        "recordings": recordings(desk, now),
        "notes": [note_dict(note) for note in notes(desk, notes_after)],
    }


def feed_dict(desk: Desk, feed: Feed, now: dt.datetime) -> dict[str, Any]:
    beginning = leave(feed.source, now)
    return {
        "id": feed.pk,
        "source": feed.source,
        "name": feed.name,
        "venue": feed.venue.code,
        "venue_name": feed.venue.name,
        "stage": feed.stage.name if feed.stage else None,
        "kind": feed.kind,
        "enabled": feed.enabled,
        "mine": desk.mine(feed),
        "may_be_relayed": feed.may_be_relayed,
        "picture": f"{beginning}/f/{feed.key}/picture.jpg",
        "health": f"{beginning}/f/{feed.key}/health.json",
        "told": desk_told.health_of(feed.key),
        "sample": feed.is_sample,
    }


# ---------------------------------------------------------------- channels
def channels(desk: Desk, now: dt.datetime) -> list[dict[str, Any]]:
    """Own channels in full; of others what visitors see."""
    found = list(queries.channels_in_sight(desk.user, desk.edition, now))
    own = [channel for channel in found if desk.mine(channel)]
    others = [channel for channel in found if not desk.mine(channel)]
    plans, rows = queries.plans_of(own, now), queries.rows_of([c.pk for c in own])
    cuts = queries.cuts_of([c.pk for c in own], now)
    log = desk_told.log_of([channel.pk for channel in own])
    boards = {b.channel.pk: b for b in queries.on_air(desk.edition, others, now, week_time(now), 1)}
    return [
        (
            {
                **head(desk, channel, now), **own_dict(plans[channel.pk], rows[channel.pk], cuts[channel.pk], now),
                "aired": desk_told.aired(channel.key), "log": log[channel.pk],
            }
            if channel.pk in plans
            else {**head(desk, channel, now), "title": boards[channel.pk].now.title if boards[channel.pk].now else ""}  # type: ignore[union-attr]
        )
        for channel in found
    ]


def head(desk: Desk, channel: Channel, now: dt.datetime) -> dict[str, Any]:
    is_open = channel.public and channel.enabled and channel.edition.is_public and (
        channel.public_from is None or channel.public_from <= now
    )
    beginning = "/live" if is_open else leave(channel.source, now)
    return {
        "id": channel.pk,
        "source": channel.source,
        "name": channel.name,
        "venue": channel.venue.code,
        "venue_name": channel.venue.name,
        "mine": desk.mine(channel),
        "enabled": channel.enabled,
        "open": is_open,
        "may_be_relayed": channel.may_be_relayed,
        "playlist": f"{beginning}/c/{channel.key}/index.m3u8",
        "state": f"{beginning}/c/{channel.key}/state.json",
        "sample": channel.is_sample,
    }


def own_dict(
    plan: ChannelPlan, rows: Sequence[RunningOrderItem], cuts: Sequence[Cut], now: dt.datetime
) -> dict[str, Any]:
    at = now.timestamp()
    look = running_order.outlook(plan.items, plan.cuts, at)
    return {
        "wanted": {
            "item": plain_item(look.wanted.item), "source": look.wanted.source, "kind": look.wanted.kind,
            "since": finite(look.wanted.since),
        },
        "on": plain_item(look.on.item.id) if look.on else None,
        "back": plain_item(look.back.item.id) if look.back else None,
        "next": plain_item(look.next.item.id) if look.next else None,
        "left": finite(look.left),
        "until_next": finite(look.until_next),
        "items": items(plan, rows, at),
        "problems": [
            {"code": p.code, "item": p.item, "other": p.other, "begin": finite(p.begin), "end": finite(p.end)}
            for p in running_order.problems(plan.items, plan.cuts, at)
        ],
        "cuts": [cut_dict(cut) for cut in cuts[-MOST_CUTS:]],
    }  # fmt: skip


def items(plan: ChannelPlan, rows: Iterable[RunningOrderItem], at: float) -> list[dict[str, Any]]:
    """Items as they stand in the running order; of a running order that runs round the clock, the round that is on or comes next.
    `blocked`: it may not be aired at this moment, the slate stands in for it."""
    times: dict[str, running_order.Planned] = {}
    for time in running_order.planned(plan.items, plan.cuts, at):
        known = times.get(plain_item(time.item.id))
        if known is None or known.end <= at:
            times[plain_item(time.item.id)] = time
    found: list[dict[str, Any]] = []
    for row in rows:
        if str(row.pk) not in times:
            continue
        time = times[str(row.pk)]
        found.append(
            {
                "id": row.pk,
                "kind": row.kind,
                "source": row.source,
                "title": row.title,
                "session": row.session.code if row.session else None,
                "starts": time.item.starts,
                "duration": time.item.duration,
                "in_point": row.in_point,
                "late": row.late,
                "begin": finite(time.begin),
                "end": finite(time.end),
                "blocked": time.item.kind == "slate" and row.kind != RunningOrderItem.Kind.SLATE,
            }
        )
    return found


def cut_dict(cut: Cut) -> dict[str, Any]:
    return {
        "id": cut.pk, "at": cut.at.timestamp(), "kind": cut.kind, "source": cut.source, "label": cut.label,
        "by": cut.by_name,
    }  # fmt: skip


# ---------------------------------------------------------------- recordings, notes
def recordings(desk: Desk, now: dt.datetime) -> list[dict[str, Any]]:
    """The newest that may be taken."""
    return [
        {
            "id": row.pk, "source": row.source, "title": row.title, "venue": row.venue.code, "state": row.state,
            "duration": row.shown_length, "mine": desk.mine(row), "goes_on": row.ends_at is None and not row.upload_id,
            "page": linked.playlist_of(row),
        }
        for row in queries.recordings_to_air(desk.user, desk.edition, now)[:MOST_RECORDINGS]
    ]  # fmt: skip


def notes(desk: Desk, after: int) -> list[DeskNote]:
    """Notes for all desks, to one's own venues, and from them; the newest hundred, oldest first."""
    mine = [venue.pk for venue in desk.venues]
    found = DeskNote.objects.filter(
        Q(to__isnull=True) | Q(to__in=mine) | Q(venue__in=mine), edition=desk.edition, pk__gt=after
    ).select_related("venue", "to")
    return list(found.order_by("-pk")[:MOST_NOTES])[::-1]


def note_dict(note: DeskNote) -> dict[str, Any]:
    return {
        "id": note.pk, "at": note.at.timestamp(), "text": note.text, "by": note.by_name,
        "from": note.venue.name if note.venue else None, "to": note.to.name if note.to else None,
    }  # fmt: skip

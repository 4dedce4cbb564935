"""What a director may see, take and relay. Rights go by venue, as everywhere (`editions.rules`): "direct" on the
channels of one's venue and below; what stands elsewhere may be taken only where its team lets it be relayed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.engines import running_order
from everhall.live import rules
from everhall.live.models import Channel, Feed, Recording
from everhall.live.queries import plans
from everhall.live.queries.public import public_channels, public_recordings


def may_direct(user: Any, thing: Channel | Feed | Recording) -> bool:
    """Whether the user may decide what this shows, and see its key."""
    return editions.may_at(user, "direct", thing.edition_id, thing.venue.path)


def reach(user: Any, action: str) -> Q:
    return editions.within_reach(user, [action])


def channels_to_direct(user: Any, edition: Edition) -> QuerySet[Channel]:
    """Channels of the edition that the user may direct."""
    return (
        Channel.objects.filter(reach(user, "direct"), edition=edition)
        .select_related("venue", "edition").order_by("venue__order", "code")
    )


def directed_channel(user: Any, channel_id: int) -> Channel | None:
    """A channel that the user may direct, or None: for others it does not exist."""
    found = Channel.objects.filter(pk=channel_id).select_related("venue", "edition").first()
    return found if found is not None and may_direct(user, found) else None


def relayable_feeds(edition: Edition) -> Q:
    """Feeds that any director of the edition may relay."""
    return Q(edition=edition, enabled=True, may_be_relayed=True)


def relayable_channels(edition: Edition, now: dt.datetime) -> Q:
    """Channels that any director of the edition may relay: only what visitors may see."""
    open_now = public_channels(edition, now).values("pk")
    return Q(edition=edition, may_be_relayed=True, pk__in=open_now)


def feeds_in_sight(user: Any, edition: Edition) -> QuerySet[Feed]:
    """Feeds on the multiview: those of venues within sight, and what others let be relayed."""
    mine = reach(user, "view") & Q(edition=edition)
    return (
        Feed.objects.filter(mine | relayable_feeds(edition))
        .select_related("venue", "edition", "stage").order_by("venue__order", "code")
    )


def channels_in_sight(user: Any, edition: Edition, now: dt.datetime) -> QuerySet[Channel]:
    mine = reach(user, "view") & Q(edition=edition)
    return (
        Channel.objects.filter(mine | relayable_channels(edition, now))
        .select_related("venue", "edition").order_by("venue__order", "code")
    )


def recordings_to_air(user: Any, edition: Edition, now: dt.datetime) -> QuerySet[Recording]:
    """Recordings that may be taken: of one's own venues what was not withheld, of others what is public."""
    mine = reach(user, "direct") & Q(edition=edition) & ~Q(state=Recording.State.WITHHELD)
    return (
        Recording.objects.filter(mine | Q(pk__in=public_recordings(edition, now).values("pk")))
        .select_related("venue", "edition").order_by("-created_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Found:
    """What a source names, and why it may not be put on the channel ("" if it may)."""

    thing: Channel | Feed | Recording | None
    fault: str


def airable(channel: Channel, source: str, now: dt.datetime) -> Found:
    """Whether `source` may be put on this channel at this moment, by whoever directs it. Faults: "unknown",
    "other_edition", "closed", "not_relayed", "not_public", "own_channel" (it would show itself)."""
    thing = plans.things([source]).get(source)
    if thing is None:
        return Found(None, "unknown")
    fault = plans.fault_of(channel, thing, plans.open_in([channel], now)[channel.edition_id])
    if not fault and isinstance(thing, Channel) and rules.comes_back(relays(channel, now), channel.source, source):
        fault = "own_channel"
    return Found(thing, fault)


def relays(channel: Channel, now: dt.datetime) -> dict[str, set[str]]:
    """What each channel of the edition shows or may show: by plan, and by the cut in force."""
    channels = list(Channel.objects.filter(edition_id=channel.edition_id).select_related("venue", "edition"))
    return {
        plan.source: {item.source for item in plan.items}
        | {running_order.wanted(plan.items, plan.cuts, now.timestamp()).source}
        for plan in plans.plans_of(channels, now).values()
    }

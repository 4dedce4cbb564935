"""Reads on cloud video: what the public may see, what a desk shows, what the live process is told."""

from everhall.live.queries.airing import OnAir, Slot, on_air
from everhall.live.queries.plans import channel_plans, cuts_of, plans_of, rows_of
from everhall.live.queries.public import (
    channels_of_session,
    narrowed,
    next_release,
    public_channels,
    public_recordings,
    recordings_of,
    series_with_recordings,
    with_cards,
)
from everhall.live.queries.reach import (
    airable,
    channels_in_sight,
    channels_to_direct,
    directed_channel,
    feeds_in_sight,
    may_direct,
    recordings_to_air,
    relayable_channels,
    relayable_feeds,
)
from everhall.live.queries.specs import (
    access_of_channels,
    access_of_recordings,
    feed_specs,
    may_open,
    opens_at,
    recording_specs,
    recordings_of_activities,
)

__all__ = [
    "OnAir",
    "Slot",
    "access_of_channels",
    "access_of_recordings",
    "airable",
    "channel_plans",
    "channels_in_sight",
    "channels_of_session",
    "channels_to_direct",
    "cuts_of",
    "directed_channel",
    "feed_specs",
    "feeds_in_sight",
    "may_direct",
    "may_open",
    "narrowed",
    "next_release",
    "on_air",
    "opens_at",
    "plans_of",
    "public_channels",
    "public_recordings",
    "recording_specs",
    "recordings_of",
    "recordings_of_activities",
    "recordings_to_air",
    "relayable_channels",
    "relayable_feeds",
    "rows_of",
    "series_with_recordings",
    "with_cards",
]

"""Rooms of channels. It stands here because taking part does not know cloud video, nor the other way round."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import QuerySet

from everhall.audience.beside import place_talk
from everhall.audience.places import Place
from everhall.editions.models import Edition
from everhall.live import queries, rules
from everhall.live.models import Channel
from everhall.programme.beside import Beside


class ChannelRooms:
    """`everhall.audience.places.Kind` of channels. The key is the row's number: codes may be used again."""

    name = "channel"

    def find(self, keys: Collection[str], now: dt.datetime) -> Mapping[str, Place]:
        numbers = [int(key) for key in keys if key.isdecimal() and len(key) <= 18]
        return places(Channel.objects.filter(pk__in=numbers), now)

    def of_edition(self, edition: Edition, now: dt.datetime) -> Mapping[str, Place]:
        return places(Channel.objects.filter(edition=edition), now)


def places(channels: QuerySet[Channel], now: dt.datetime) -> dict[str, Place]:
    """By key, in the order of venues."""
    found = list(channels.select_related("edition", "venue").order_by("venue__order", "code"))
    return {
        str(channel.pk): Place(
            channel, channel.code, channel.edition, channel.venue, "live:channel",
            is_public=queries.is_public_channel(channel, now), tags=(rules.channel_tag(channel.key),),
        )
        for channel in found
    }  # fmt: skip


def channel_talk(channel: Channel, now: dt.datetime) -> Beside:
    """For `live.beside.channels`."""
    return place_talk(f"{ChannelRooms.name}/{channel.pk}", channel.edition, now)

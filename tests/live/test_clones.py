"""Next year's edition begins with this year's feeds and channels: out of use, with keys of their own."""

import datetime as dt

import pytest

from everhall.editions import services as editions
from everhall.live.models import Channel, Feed
from tests.world import World

pytestmark = pytest.mark.django_db


def test_feeds_and_channels_come_along_out_of_use_and_with_other_keys(world: World) -> None:
    source = world.editions["2021"]
    made = editions.clone_edition(source, code="2031", year=2031, starts_on=dt.date(2031, 10, 19))
    for model in (Feed, Channel):
        old = {one.code: one for one in model.objects.filter(edition=source)}
        new = {one.code: one for one in model.objects.filter(edition=made)}
        assert old
        assert set(new) == set(old)
        for code, one in new.items():
            assert not one.enabled
            assert one.key != old[code].key
            assert one.key.startswith("2031")
            assert (one.venue.edition, one.venue.code) == (made, old[code].venue.code)
    for feed in Feed.objects.filter(edition=made):
        assert feed.passphrase not in set(Feed.objects.filter(edition=source).values_list("passphrase", flat=True))
        assert feed.stage is None or feed.stage.venue == feed.venue
        assert (feed.port is not None) == (feed.kind == "srt")
    keys = Channel.objects.values_list("captions_key", flat=True)
    assert len(set(keys)) == len(keys)
    assert not any(channel.items.exists() for channel in Channel.objects.filter(edition=made))

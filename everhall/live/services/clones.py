"""Next year's feeds and channels, as copies of this year's."""

from everhall.editions.services import Cloned, copy
from everhall.live.models import Channel, Feed
from everhall.live.models.source import new_key
from everhall.live.services.feeds import fit_port


def clone_sources(made: Cloned) -> None:
    """Feeds and channels of the edition, out of use and with keys of their own: whoever sent to last year's does not
    send to this one. Running orders start empty. Films that were sent in stay with their edition."""
    for feed in Feed.objects.filter(edition=made.source).order_by("pk"):
        new = copy(
            feed, edition=made.edition, venue=made.venues[feed.venue_id], stage=made.stages.get(feed.stage_id or 0),
            key="", port=None, passphrase=new_key(), may_be_private=False, film=None, enabled=False,
        )  # fmt: skip
        fit_port(new)
        new.save(update_fields=["port"])
    for channel in Channel.objects.filter(edition=made.source).order_by("pk"):
        copy(
            channel, edition=made.edition, venue=made.venues[channel.venue_id], key="", captions_key=new_key(),
            public_from=None, poster=None, enabled=False,
        )  # fmt: skip

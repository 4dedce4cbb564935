"""Feeds: opened, closed, given a new key. Keys are in no log and no event."""

from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from everhall.live.models import Feed
from everhall.live.models.source import new_key


def next_free_port() -> int:
    """The first port from the setting on that no feed has."""
    taken = set(Feed.objects.filter(port__isnull=False).values_list("port", flat=True))
    port = int(settings.LIVE_FIRST_PORT)
    while port in taken:
        port += 1
    return port


def fit_port(feed: Feed) -> None:
    """A feed by SRT has a port of its own, any other none. Called before it is saved."""
    if feed.kind != Feed.Kind.SRT:
        feed.port = None
    elif feed.port is None:
        feed.port = next_free_port()


@transaction.atomic
def open_feed(feed: Feed, *, by: Any = None) -> Feed:
    """Let it be received: a new one, or one that was closed."""
    feed.enabled = True
    fit_port(feed)
    feed.full_clean(exclude=["passphrase", "key"])
    feed.save()
    log(instance=feed, action="everhall.open_feed", user=by, data={"source": feed.source})
    return feed


@transaction.atomic
def close_feed(feed: Feed, *, by: Any = None) -> Feed:
    """No longer received; whoever sends is disconnected."""
    feed.enabled = False
    feed.save(update_fields=["enabled"])
    log(instance=feed, action="everhall.close_feed", user=by, data={"source": feed.source})
    return feed


@transaction.atomic
def rotate_key(feed: Feed, *, by: Any = None) -> Feed:
    """A new key; whoever sends with the old one is disconnected."""
    feed.passphrase = new_key()
    feed.save(update_fields=["passphrase"])
    log(instance=feed, action="everhall.rotate_key", user=by, data={"source": feed.source})
    return feed

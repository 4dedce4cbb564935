"""Groups that walk together: opened, moved, ended. Each change is written with the next version and told to all pages that
follow when it is committed.

What must stay true: only whoever knows the secret moves a group; of two moves at once both are written, one after the other; who
comes late stands where the group stands.
"""

import datetime as dt
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from everhall.realtime import news
from everhall.realtime.telling import tell_pages
from everhall.tours import queries, rules
from everhall.tours.models import Followers, GroupWalk, MadeTour, Tour
from everhall.tours.services.making import hash_of
from everhall.tours.services.refusals import Refused

FOLLOWERS = "followers."


@dataclass(frozen=True, slots=True)
class Opened:
    """A new walk and its guide's secret, which is told this once."""

    walk: GroupWalk
    secret: str


def open_walk(of: Tour | MadeTour, now: dt.datetime) -> Opened:
    """Begin a walk on this tour; the group stands before the first stop."""
    secret = secrets.token_urlsafe(24)
    for _attempt in range(8):
        walk = GroupWalk(
            edition=of.edition, secret_hash=hash_of(secret), opened_at=now, moved_at=now,
            **({"tour": of} if isinstance(of, Tour) else {"made": of}),
        )  # fmt: skip
        try:
            with transaction.atomic():
                walk.save()
                news.tell_rows("tours.groupwalk", (walk.pk,), (walk.tag,))
        except IntegrityError:
            # Somebody has this code already; there are 700 million.
            continue
        return Opened(walk, secret)
    raise Refused("malformed")


def may_guide(walk: GroupWalk, secret: str) -> bool:
    return hmac.compare_digest(walk.secret_hash, hash_of(secret))


@transaction.atomic
def move(walk_id: int, now: dt.datetime, *, number: int | None = None, point: str | None = None, paused: bool | None = None) -> dict[str, Any]:
    """To the stop with this number; point at something there; pause or go on. The state that pages are told. Refused "ended",
    "no_stop", "malformed"."""
    walk = _held(walk_id)
    tour = queries.guided_walk(walk, now)
    if walk.ended_at is not None or tour is None:
        raise Refused("ended")
    if number is not None:
        stop = tour.stop(number)
        if stop is None:
            raise Refused("no_stop")
        # What was pointed at stands at another stop.
        walk.stop, walk.point = stop.pk, ""
    if point is not None:
        if not rules.POINT.fullmatch(point):
            raise Refused("malformed")
        walk.point = point
    if paused is not None:
        walk.paused = paused
    walk.moved_at = now
    return _told(walk, tour)


@transaction.atomic
def end_walk(walk_id: int, now: dt.datetime) -> dict[str, Any]:
    """Twice is once."""
    walk = _held(walk_id)
    tour = queries.guided_walk(walk, now)
    if walk.ended_at is not None:
        return queries.state_of(walk, tour)
    walk.ended_at = now
    return _told(walk, tour)


def _held(walk_id: int) -> GroupWalk:
    """The row, locked until the transaction ends."""
    walk = GroupWalk.objects.select_for_update().filter(pk=walk_id).first()
    if walk is None:
        raise Refused("ended")
    return walk


def _told(walk: GroupWalk, tour: queries.Guided | None) -> dict[str, Any]:
    """Write it with the next version; tell doors and pages when that is committed."""
    walk.version += 1
    walk.save()
    state = queries.state_of(walk, tour)
    news.tell_rows("tours.groupwalk", (walk.pk,), (walk.tag,))
    tell_pages(walk.topic, state, urgent=True)
    return state


def settle_walks(now: dt.datetime) -> int:
    """End what nobody guides any more, delete what ended a day ago. The clerk asks now and then."""
    for walk in GroupWalk.objects.filter(ended_at=None).only("pk", "opened_at", "moved_at"):
        if rules.walk_is_over(opened_at=walk.opened_at, moved_at=walk.moved_at, now=now):
            end_walk(walk.pk, now)
    Followers.objects.filter(at__lt=now - dt.timedelta(hours=1)).delete()
    return GroupWalk.objects.filter(ended_at__lt=now - rules.KEPT).delete()[0]


def count_followers(presence: Mapping[str, int], now: dt.datetime, source: str) -> None:
    """Store how many pages follow each walk in this process (`presence`: topic -> sockets), and tell guides how many there are
    in all."""
    here = {topic.removeprefix("walk."): count for topic, count in presence.items() if topic.startswith("walk.")}
    told = {topic.removeprefix(FOLLOWERS) for topic in presence if topic.startswith(FOLLOWERS)}
    if not here and not told:
        return
    walks = list(GroupWalk.objects.filter(key__in={*here, *told}, ended_at=None))
    with transaction.atomic():
        Followers.objects.bulk_create(
            [Followers(walk=walk, source=source, count=here[walk.key], at=now) for walk in walks if walk.key in here],
            update_conflicts=True, unique_fields=["walk", "source"], update_fields=["count", "at"],
        )
    totals = queries.followers_now([walk.pk for walk in walks], now)
    for walk in walks:
        tell_pages(walk.count_topic, {"count": totals.get(walk.pk, 0)})

"""What a ceremony moves in the world: the embargo of what opens with the launch, and the channel's cut at T0.

In: the ceremony before and after its newest events, inside the transaction that writes them. Must stay true: a rehearsal
moves nothing; a moment that is taken back (possible until three seconds before it) leaves nothing behind that would
open by itself, even if the process dies at once, so nothing here waits for news to be delivered.
"""

import datetime as dt
import logging
from collections.abc import Callable, Sequence

from django.db import transaction

from everhall.editions.models import Edition, LaunchMoment
from everhall.engines import ceremony as machine
from everhall.exhibition import services as exhibition
from everhall.live import queries
from everhall.live.models import Ceremony, Channel, Cut
from everhall.programme import services as programme

log = logging.getLogger(__name__)

#: Kind of thing ("exhibit", "activity"), ids.
Follow = Callable[[str, Sequence[int]], None]
_follow: list[Follow] = []
#: Lets what is marked open at a moment (None: not known); the ids of what had another one.
Open = Callable[[Edition, dt.datetime | None], Sequence[int]]
_openers: list[tuple[str, Open]] = [("exhibit", exhibition.follow_launch), ("activity", programme.follow_launch)]


def launch_moves(follow: Follow) -> None:
    """Run this, in the transaction, for what gets another moment to open. Only config/wiring.py calls it."""
    if follow not in _follow:
        _follow.append(follow)


def also_opens(kind: str, opener: Open) -> None:
    """Things of this kind open with the launch too; `live` does not know them. Only config/wiring.py calls it."""
    if (kind, opener) not in _openers:
        _openers.append((kind, opener))


def moment_of(known: machine.Ceremony) -> dt.datetime | None:
    """T0 for the public, once it is known; None in a rehearsal."""
    if known.rehearsal or known.t0 is None or known.state not in {"counting", "launched"}:
        return None
    return dt.datetime.fromtimestamp(known.t0, dt.UTC)


def follow_ceremony(row: Ceremony, before: machine.Ceremony, after: machine.Ceremony, now: dt.datetime) -> None:
    """Bring the world to what the ceremony says."""
    was, will = moment_of(before), moment_of(after)
    if was == will:
        return
    if row.opens:
        open_at(row.edition, will)
    if row.channel is not None and row.cut_source:
        plan_cut(row, row.channel, was, will, now)


def open_at(edition: Edition, at: dt.datetime | None) -> None:
    """All that is marked to open with the edition's launch opens at `at`; None: not yet. Twice is once."""
    LaunchMoment.objects.update_or_create(edition=edition, defaults={"at": at})
    for kind, opener in _openers:
        ids = opener(edition, at)
        for follow in _follow if ids else ():
            follow(kind, ids)


def keep_in_step() -> None:
    """Whatever came into the world past its own `save` (sheets write many rows at once) gets its moment. The clerk asks
    now and then; with nothing to do it costs two queries for each ceremony that opens an edition."""
    rows = Ceremony.objects.filter(opens=True).select_related("edition")
    for row in rows.exclude(edition__state=Edition.State.ARCHIVED):
        with transaction.atomic():
            # Under the lock of the moment nobody moves it; a count that has just begun moves its things itself.
            LaunchMoment.objects.get_or_create(edition=row.edition)
            held = LaunchMoment.objects.select_for_update().get(edition=row.edition)
            if held.at == moment_of(row.known):
                open_at(row.edition, held.at)


def plan_cut(
    row: Ceremony, channel: Channel, was: dt.datetime | None, will: dt.datetime | None, now: dt.datetime
) -> None:
    """The channel cuts at T0, by time, as everything does. A cut that lies ahead may be taken back: nothing was shown."""
    if was is not None:
        Cut.objects.filter(channel=channel, at=was, at__gt=now, source=row.cut_source, by=None).delete()
    if will is not None:
        found = queries.airable(channel, row.cut_source, now)
        if found.thing is None or found.fault not in {"", "not_public"}:
            # A country does not wait for a film. What opens at T0 only ("not_public") is asked again then.
            log.warning("ceremony: the channel will not cut at T0", extra={"source": row.cut_source, "fault": found.fault})
            return
        Cut.objects.create(
            channel=channel, at=will, kind=Cut.Kind.TAKE, source=row.cut_source, label=row.name[:200], by_name=row.name[:200],
            created_at=now,
        )  # fmt: skip
    channel.tell_changed()

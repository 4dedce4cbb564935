"""Recordings come into being: somebody keeps a stretch, or a session airs and is kept by itself.

Must stay true: keeping is never refused for a reason that can wait; one session is kept once from one feed, however
often it is asked for; nothing that is kept is public by that.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from everhall.engines import running_order
from everhall.live import queries
from everhall.live.models import Channel, Feed, Recording, RunningOrderItem
from everhall.live.queries.plans import things
from everhall.live.services.refusals import Refused
from everhall.programme.models import Session


@transaction.atomic
def keep_recording(
    origin: Feed | Channel, starts_at: dt.datetime, ends_at: dt.datetime | None = None, *,
    session: Session | None = None, title_zh: str = "", title_en: str = "", by: Any = None,
) -> Recording:  # fmt: skip
    """Keep [starts_at, ends_at) of a feed (by its capture) or channel (by airtime); without an end, until
    `end_recording`."""
    if ends_at is not None and ends_at <= starts_at:
        raise Refused("no_stretch")
    names = (session.name_zh or session.activity.name_zh, session.name_en or session.activity.name_en) if session else ("", "")
    made = Recording(
        edition=origin.edition, venue=origin.venue, session=session,
        feed=origin if isinstance(origin, Feed) else None,
        channel=origin if isinstance(origin, Channel) else None,
        starts_at=starts_at, ends_at=ends_at,
        title_zh=(title_zh or names[0] or f"{origin.name_zh} {starts_at:%Y-%m-%d %H:%M}")[:200],
        title_en=(title_en or names[1])[:300],
        is_sample=origin.is_sample or bool(session and session.is_sample),
    )
    made.save()
    log(instance=made, action="everhall.keep_recording", user=by, data={"source": origin.source})
    return made


@transaction.atomic
def end_recording(recording: Recording, ends_at: dt.datetime, *, by: Any = None) -> Recording:
    """What was begun without an end ends here; twice is once."""
    if recording.ends_at is not None:
        return recording
    if recording.starts_at is not None and ends_at <= recording.starts_at:
        ends_at = recording.starts_at + dt.timedelta(seconds=1)
    recording.ends_at = ends_at
    recording.save(update_fields=["ends_at", "changed_at"])
    log(instance=recording, action="everhall.end_recording", user=by, data={"source": recording.origin})
    return recording


def keep_or_end(
    channel: Channel, source: str, since: dt.datetime, *, by: Any, now: dt.datetime
) -> dict[str, Any]:
    """The desk's one button: keep a feed of the channel's venue (or the channel itself, with "") from a moment on, or
    end what is being kept of it by hand."""
    origin: Any = things([source]).get(source) if source else channel
    if not isinstance(origin, Feed | Channel):
        raise Refused("unknown")
    if not origin.venue.path.startswith(channel.venue.path):
        raise Refused("not_relayed")
    which = {"feed": origin} if isinstance(origin, Feed) else {"channel": origin}
    going = Recording.objects.filter(**which, session=None, ends_at=None).first()
    if going is not None:
        end_recording(going, now, by=by)
        return {"recording": going.pk, "kept": False}
    return {"recording": keep_recording(origin, min(since, now), by=by).pk, "kept": True}


def keep_sessions(now: dt.datetime) -> list[Recording]:
    """Begin a recording of each session whose item has come on live, end those whose item is over and not held any
    more. Called again and again; returns what it began or ended. A slate that the director puts over a session does
    not end its recording: nobody knows yet what of it will be wanted."""
    on = sessions_on(now)
    changed: list[Recording] = []
    begun = Recording.objects.filter(session__isnull=False, feed__isnull=False).select_related(
        "feed", "session__activity", "edition"
    )
    known = {(r.session_id or 0, r.feed_id or 0): r for r in begun}
    for key, (row, starts) in on.items():
        if key not in known and row.feed is not None and row.session is not None:
            changed.append(keep_recording(row.feed, starts, session=row.session))
    for key, recording in known.items():
        if recording.ends_at is None and key not in on:
            changed.append(end_recording(recording, now))
    return changed


def sessions_on(now: dt.datetime) -> dict[tuple[int, int], tuple[RunningOrderItem, dt.datetime]]:
    """(session, feed) -> the item that shows it, by the plan or because it is held, and when it began."""
    channels = list(Channel.objects.filter(enabled=True).select_related("venue", "edition"))
    rows = queries.rows_of([channel.pk for channel in channels])
    at = now.timestamp()
    found: dict[tuple[int, int], tuple[RunningOrderItem, dt.datetime]] = {}
    for pk, plan in queries.plans_of(channels, now).items():
        wanted = running_order.wanted(plan.items, plan.cuts, at).item
        # A round of a loop has its number behind the item's.
        on = {
            time.item.id.partition("#")[0]: time.begin
            for time in running_order.planned(plan.items, plan.cuts, at)
            if time.begin <= at < time.end or time.item.id == wanted
        }
        for row in rows[pk]:
            begin = on.get(str(row.pk))
            if begin is not None and row.session_id and row.feed_id and row.kind != "slate":
                starts = dt.datetime.fromtimestamp(max(begin, 0.0), dt.UTC) if begin > 0 else now
                found.setdefault((row.session_id, row.feed_id), (row, starts))
    return found

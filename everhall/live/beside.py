"""The piece of a session's page on which it is watched: its recordings, else the channel that shows it now, else the
channels that will. So the address of a session stays the same before, while and after it is on. And who is asked for
a piece of a channel's page."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from everhall.editions.public import earliest, week_time
from everhall.live import linked, queries, rules
from everhall.live.models import Channel, Recording
from everhall.live.queries import OnAir
from everhall.programme.beside import Beside, Pieces
from everhall.programme.models import Session

#: Beside channels.
channels: Final[Pieces[Channel]] = Pieces()


@dataclass(frozen=True, slots=True)
class Watching:
    """`on`: the channel that shows it at this moment; `later`: those in whose running order it comes; `takes_place`: whether
    it is on in its hall, whatever channels show."""

    recordings: list[Recording]
    on: OnAir | None
    later: list[Channel]
    takes_place: bool = False

    @property
    def ends(self) -> dt.datetime | None:
        return self.on.now.ends if self.on and self.on.now else None

    @property
    def next(self) -> Session | None:
        """Where to go on when it is over."""
        slots = self.on.coming if self.on else ()
        return next((slot.session for slot in slots if slot.session), None)


def watching(session: Session, now: dt.datetime) -> tuple[Watching, dt.datetime | None]:
    """What there is to watch, and when that changes."""
    recordings = queries.recordings_of(session, now)
    on_these = queries.channels_of_session(session, now)
    boards = queries.on_air(session.edition, on_these, now, week_time(now)) if on_these else []
    on = next((b for b in boards if b.is_showing and b.now and b.now.session == session), None)
    later = [b.channel for b in boards if any(slot.session == session for slot in b.coming)]
    takes_place = session.status != Session.Status.CANCELLED and session.starts_at <= week_time(now) < session.ends_at
    return Watching(recordings, on, later, takes_place), earliest(*(b.until for b in boards))


def session_video(session: Session, now: dt.datetime) -> Beside:
    """For `programme.beside`. Always a piece, perhaps an empty one: the page must hear when there is something."""
    video, changes = watching(session, now)
    json_ld: dict[str, object] = {}
    if video.recordings:
        json_ld["recordedIn"] = [linked.recording_dict(r) for r in video.recordings]
    elif video.on is not None and video.on.now is not None and video.on.now.starts is not None:
        json_ld["subEvent"] = linked.broadcast(session.name, video.on.now.starts, video.on.now.ends)
    return Beside(
        "live/beside_session.html", {"video": video, "watching": bool(video.recordings or video.on)},
        head="live/parts/watch_head.html" if video.recordings or video.on else "",
        json_ld=json_ld, tags=(rules.video_tag(session.edition.code),),
        until=earliest(changes, queries.next_release(session.edition, now)),
        life="recorded" if video.recordings else "live" if video.on else "",
    )  # fmt: skip

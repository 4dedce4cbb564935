"""Where a session is held, for those who come: the venue's address, the hall's plan with its doors. For `programme.beside.sessions`.

Stands on the top floor because programme and exhibition do not know each other. In: a public session. Out: a piece, in two queries where there is a hall. Must stay true: booths are
numbers here, so nothing is told of what is not public yet.
"""

import datetime as dt

from everhall.editions.beside import Beside
from everhall.editions.public import real_time, week_time
from everhall.exhibition.places import door_of, hall_address
from everhall.programme.models import Mode, Session


def session_place(session: Session, now: dt.datetime) -> Beside | None:
    """Until it is over: whoever comes later finds the recording."""
    week = week_time(now)
    if session.mode == Mode.ONLINE or session.status == Session.Status.CANCELLED or week >= session.ends_at:
        return None
    stage = session.stage
    hall = stage.hall if stage is not None else None
    venue = stage.venue if stage is not None else session.activity.venue
    if hall is None and not venue.address:
        return None
    plan = hall_address(session.edition.code, venue.code, hall.code) if hall is not None else ""
    door = door_of(hall) if hall is not None else None
    return Beside(
        "pages/parts/session_place.html", {"place_venue": venue, "place_hall": hall, "place_plan": plan, "place_door": door}, slot="aside",
        head="pages/parts/session_place_head.html" if door else "",
        until=real_time(session.ends_at),
    )  # fmt: skip

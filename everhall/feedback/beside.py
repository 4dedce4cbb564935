"""The piece of a session's page that leads to the form, from its beginning until a week after its end. The same for everybody."""

import datetime as dt

from everhall.editions.public import earliest, real_time, week_time
from everhall.feedback import rules, services
from everhall.programme.beside import Beside
from everhall.programme.models import Session


def session_feedback(session: Session, now: dt.datetime) -> Beside:
    """For `programme.beside.sessions`. Always a piece, perhaps an empty one: the page must change by the clock."""
    turns = [at for at in (session.starts_at, session.ends_at + rules.OPEN_FOR) if at > week_time(now)]
    return Beside(
        "feedback/beside.html", {"feedback_phase": services.phase_of(session, now)}, slot="aside",
        until=earliest(*(real_time(at) for at in turns)),
    )  # fmt: skip

"""Minutes online, noted for those who want a certificate: they say so, their player says how long it plays, they may take it back.

In: the holder of an online place, a session, the words they saw; what players say (`live.viewing`). Out: rows of `OnlineAttendance`. What must
stay true: nobody is noted who has not agreed; only what a channel showed of that session counts, and never more than the time that has
passed; what is withdrawn is deleted in the same transaction. What a process has added up since it last wrote is lost with it.
"""

import datetime as dt
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from everhall.editions import queries as editions
from everhall.editions.public import real_time, week_time
from everhall.engines import tokens
from everhall.live.models import ViewingCount
from everhall.live.services.viewing import CHANNEL, sessions_of
from everhall.myweek import rules
from everhall.myweek.models import Certificate, OnlineAttendance
from everhall.myweek.services.keeping import Refused, secret
from everhall.programme.models import Session
from everhall.registration import queries as registration
from everhall.registration.models import Registration
from everhall.visits import services as visits
from everhall.visits.models import Consent, Visitor
from everhall.visits.wording import mark_of

#: What a seal is made for.
ATTENDS: Final = "attends"
#: A session that runs late is still noted.
AFTER_END: Final = dt.timedelta(hours=6)
#: Players' words and the site's clock are not told apart more finely.
SLACK: Final = 5
MOST_WAITING: Final = 50_000


# ---------------------------------------------------------------- to agree, and to take it back
def words_for(row: Registration, session: Session) -> str:
    """What is agreed to. In the active language."""
    day = registration.forget_day(row.admission)
    return _(
        "I agree that while I watch “%(name)s” live, it is noted for my registration how many minutes that is, so that I get a certificate "
        "from half of its length on. Nobody but me sees it. It is deleted with my registration on %(day)s, or as soon as I withdraw; a certificate of "
        "taking part online then goes too."
    ) % {"name": session.name, "day": f"{day:%Y-%m-%d}"}  # fmt: skip


@transaction.atomic
def attend(visitor: Visitor, row: Registration, session: Session, mark: str, language: str, now: dt.datetime) -> OnlineAttendance:
    """From now on it is noted; twice is once. Refused "words" if what they saw is not what is agreed to, "over" once it is."""
    if session.ends_at <= week_time(now) or session.status == Session.Status.CANCELLED:
        raise Refused("over")
    # Of two clicks at once the second waits here.
    Registration.objects.select_for_update().get(pk=row.pk)
    known = OnlineAttendance.objects.filter(registration=row, session=session).first()
    if known is not None:
        return known
    text = words_for(row, session)
    if mark_of(text) != mark:
        raise Refused("words")
    ends = dt.datetime.combine(registration.forget_day(row.admission), dt.time(), timezone.get_default_timezone())
    consent = visits.agree(visitor, Consent.Kind.ATTENDANCE, session.edition, text, language, now, real_time(ends) or ends)
    return OnlineAttendance.objects.create(registration=row, session=session, consent=consent, noted_until=now)


def attend_no_more(row: Registration, session: Session, now: dt.datetime) -> None:
    """The consent is withdrawn, and with it everything goes."""
    for one in OnlineAttendance.objects.filter(registration=row, session=session).select_related("consent"):
        visits.withdraw(one.consent, now)


def delete_minutes(consent: Consent) -> None:
    """For `visits.withdrawn_too`."""
    if consent.kind != Consent.Kind.ATTENDANCE:
        return
    for one in OnlineAttendance.objects.filter(consent=consent):
        Certificate.objects.filter(registration=one.registration_id, session=one.session_id, online_minutes__isnull=False).delete()
        one.delete()


def seal_of(attendance: OnlineAttendance) -> str:
    """What the player sends along."""
    ends = (real_time(attendance.session.ends_at) or attendance.noted_until) + AFTER_END
    return tokens.make(secret(), f"{ATTENDS}/{attendance.pk}", ends.timestamp())


# ---------------------------------------------------------------- what players say
@dataclass(slots=True)
class Heard:
    """Seconds since it was written last, and when the last of them was told."""

    seconds: int
    at: float


#: The row's key, and what was watched: edition, kind, code.
Key = tuple[int, tuple[str, str, str]]
_lock = threading.Lock()
_heard: Final[dict[Key, Heard]] = {}


def hear(seal: str, what: tuple[str, str, str], seconds: int, now: float) -> None:
    """For `live.viewing.noted_by`: added up in memory; a seal that is none is nothing."""
    kind, _sep, number = (tokens.scope_of(secret(), seal, now) or "").partition("/")
    if kind != ATTENDS or not number.isdecimal() or what[1] != CHANNEL or seconds <= 0:
        return
    add([((int(number), what), Heard(seconds, now))])


def add(more: Iterable[tuple[Key, Heard]]) -> None:
    with _lock:
        for key, its in more:
            if key not in _heard and len(_heard) >= MOST_WAITING:
                continue
            found = _heard.setdefault(key, Heard(0, its.at))
            found.seconds, found.at = found.seconds + its.seconds, max(found.at, its.at)


def write_attendance(now: dt.datetime) -> int:
    """Adds what was heard to its rows; how many. What cannot be written waits for the next turn."""
    with _lock:
        taken = dict(_heard)
        _heard.clear()
    if not taken:
        return 0
    try:
        return _write(taken, now)
    except DatabaseError:
        add(taken.items())
        raise


def _write(taken: dict[Key, Heard], now: dt.datetime) -> int:
    shown = shown_by({what for _pk, what in taken}, now)
    done = 0
    for (pk, what), its in taken.items():
        if (session := shown.get(what)) is not None:
            done += _add(pk, session, its)
    return done


def shown_by(what: set[tuple[str, str, str]], now: dt.datetime) -> dict[tuple[str, str, str], int]:
    """Which session each channel shows at this moment."""
    found: dict[tuple[str, str, str], int] = {}
    for code in {one[0] for one in what}:
        edition = editions.public_edition(code)
        keys = [one for one in what if one[0] == code]
        rows: Any = sessions_of(edition, keys, now) if edition is not None else ()
        found |= {key: session for key, session, way in rows if way == ViewingCount.Way.LIVE}
    return found


@transaction.atomic
def _add(pk: int, session: int, its: Heard) -> int:
    row = OnlineAttendance.objects.select_for_update().filter(pk=pk, session=session).first()
    if row is None:
        return 0
    at = dt.datetime.fromtimestamp(its.at, dt.UTC)
    credit = min(its.seconds, int((at - row.noted_until).total_seconds()) + SLACK)
    if credit <= 0:
        return 0
    row.seconds, row.noted_until = row.seconds + credit, max(at, row.noted_until)
    row.save(update_fields=["seconds", "noted_until"])
    return 1


def minutes_needed(session: Session) -> int:
    """For a certificate."""
    length = int((session.ends_at - session.starts_at).total_seconds() // 60)
    return next(minutes for minutes in range(1, length + 2) if rules.attended_online(60 * minutes, session.ends_at - session.starts_at))


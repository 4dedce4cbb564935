"""Figures of the sample week: who registered for sessions of its first days, who came, how much was watched. All marked as sample.

Nobody stands behind it: registrations have neither name nor address, as those whose day of deletion is over.
"""

import datetime as dt
import hashlib
from typing import Final

from django.utils import timezone

from everhall.config.demo.frame import DEMO_EDITION
from everhall.editions.models import Edition
from everhall.insight import services
from everhall.live.models import ViewingCount
from everhall.programme import queries as programme
from everhall.programme.models import Mode, Session
from everhall.registration.models import Admission, Registration

#: Sessions of the first two days that were registered for.
REGISTERED: Final = 8
#: Of those that are shown online too.
WATCHED: Final = 60


def load_figures() -> None:
    """Made once; what is there already is left as it is."""
    edition = Edition.objects.filter(code=DEMO_EDITION).first()
    if edition is None or ViewingCount.objects.filter(session__edition=edition, is_sample=True).exists():
        return
    sessions = list(programme.public_sessions(edition, timezone.now()).exclude(status="cancelled").select_related("activity__venue").order_by("starts_at", "pk"))
    early = [session for session in sessions if session.starts_at.date() <= edition.starts_on + dt.timedelta(days=1)]
    free = [session for session in early if not hasattr(session, "room") and session.mode != Mode.ONLINE]
    for session in free[:: max(1, len(free) // REGISTERED)][:REGISTERED]:
        register(session)
    ViewingCount.objects.bulk_create([row for session in sessions[:WATCHED] if session.mode != Mode.ONSITE for row in views(session)])
    services.work_out(edition, timezone.now())


def chance(session: Session, what: str, least: int, most: int) -> int:
    """The same each time the demo is made."""
    digest = hashlib.sha256(f"{session.code} {what}".encode()).digest()
    return least + int.from_bytes(digest[:4], "big") % (most - least + 1)


def register(session: Session) -> None:
    """Some forty to a hundred and sixty people, of whom most came; some gave their place back."""
    if hasattr(session, "admission") or Admission.objects.filter(activity=session.activity_id).exists():
        return
    made = Admission.objects.create(session=session, is_sample=True)
    onsite, online = chance(session, "onsite", 40, 160), chance(session, "online", 10, 90) if session.mode == Mode.BOTH else 0
    came, back = onsite * chance(session, "came", 55, 85) // 100, chance(session, "back", 2, 14)
    rows = []
    for n in range(onsite + online + back):
        is_back = n >= onsite + online
        at = session.starts_at - dt.timedelta(days=10, minutes=n)
        rows.append(
            Registration(
                admission=made, request=f"sample-figures-{n:04}", number=n + 1, state="cancelled" if is_back else "confirmed",
                way="onsite" if n < onsite or is_back else "online", wanted=1, seats=0 if is_back else 1, registered_at=at, changed_at=at,
                came_at=session.starts_at if n < came else None, is_sample=True,
            )
        )  # fmt: skip
    Registration.objects.bulk_create(rows)


def views(session: Session) -> list[ViewingCount]:
    """Live on its day, later on the two days after it."""
    day = session.starts_at.astimezone(session.zone_of_time).date()
    live = chance(session, "live", 3, 900)
    found = [ViewingCount(session=session, day=day, way="live", starts=live, seconds=live * chance(session, "length", 240, 2400), is_sample=True)]
    for n in (1, 2):
        later = chance(session, f"later-{n}", 1, 160)
        found.append(
            ViewingCount(
                session=session, day=day + dt.timedelta(days=n), way="later", starts=later, seconds=later * chance(session, "cut", 120, 900),
                is_sample=True,
            )
        )  # fmt: skip
    return found

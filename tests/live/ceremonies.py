"""A ceremony of two required venues and an optional one, on top of the desk's small week with its directors."""

import datetime as dt
from typing import Any

from django.utils import timezone

from everhall.accounts.models import User
from everhall.editions import services as editions
from everhall.engines import ceremony as machine
from everhall.engines import ceremony_commands as commands
from everhall.live.models import Ceremony
from everhall.live.services import ceremonies
from tests.desk.places import Week
from tests.live.desks import make_live_week

REQUIRED = ("zhengzhou", "beijing")
PARTIES = (*REQUIRED, "park-haidian")


def make_ceremony_week() -> tuple[Week, Ceremony]:
    week = make_live_week()
    user = User.objects.create_user("director@example.org", name="director")
    editions.appoint(user, "director", week.edition)
    week.users["director"] = user
    row = ceremonies.set_up(Ceremony(edition=week.edition, code="opening", name_zh="启动仪式", name_en="Launch"), by=None)
    for party in PARTIES:
        order(row, commands.AddParty("test", party, party in REQUIRED))
    row.refresh_from_db()
    return week, row


def order(row: Ceremony, command: Any, now: dt.datetime | None = None) -> machine.Ceremony:
    return ceremonies.command(row.pk, command, now or timezone.now())


def ready(row: Ceremony, party: str, now: dt.datetime | None = None) -> None:
    for item in machine.ITEMS:
        order(row, commands.CheckItem("test", party, item), now)
    order(row, commands.GiveGo("test", party), now)


def arm(row: Ceremony, now: dt.datetime | None = None, *, rehearsal: bool = False) -> machine.Ceremony:
    """Up to armed, all required parties ready."""
    if rehearsal:
        order(row, commands.Rehearse("test"), now)
    order(row, commands.Arm("test"), now)
    for party in REQUIRED:
        ready(row, party, now)
    return order(row, commands.ConfirmArmed("test"), now)


def count(row: Ceremony, now: dt.datetime | None = None, *, rehearsal: bool = False, ahead: float = 10.0) -> machine.Ceremony:
    """Counting to a T0 `ahead` seconds after `now`; with a `now` that has passed, T0 comes sooner than ten seconds."""
    arm(row, now, rehearsal=rehearsal)
    return order(row, commands.Count("test", ahead=ahead), now)

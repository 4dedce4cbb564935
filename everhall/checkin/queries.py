"""Reads on the door: lists and gates of a user's venues, who may pass by a list, heads, doubles.

What must stay true: nothing of an edition or a venue is given to whoever may not manage there; heads are what counted, entries
less exits.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from everhall.checkin.models import Device, EntryList, Gate, Ledger, Passage
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.engines import entry
from everhall.registration import queries as registration
from everhall.registration import rules
from everhall.registration.models import Admission, Registration

#: Who looks after a door: whoever looks after registration there.
MANAGING = registration.MANAGING


def within(user: Any, edition: Edition) -> Q:
    """Venues of an edition whose doors the user may manage."""
    reach = editions.within_reach(user, [MANAGING], venue="venue", edition="venue__edition")
    return reach & Q(venue__edition=edition)


def may_manage(user: Any, venue: Venue) -> bool:
    return editions.may_at(user, MANAGING, venue.edition_id, venue.path)


def venues_within(user: Any, edition: Edition) -> QuerySet[Venue]:
    reach = editions.within_reach(user, [MANAGING], venue="", edition="edition")
    return Venue.objects.filter(reach, edition=edition).order_by("path")


def lists_within(user: Any, edition: Edition) -> QuerySet[EntryList]:
    return EntryList.objects.filter(within(user, edition)).select_related("venue", "edition")


def gates_within(user: Any, edition: Edition) -> QuerySet[Gate]:
    return Gate.objects.filter(within(user, edition)).select_related("venue").prefetch_related("lists", "devices")


def passages_within(user: Any, edition: Edition) -> QuerySet[Passage]:
    return Passage.objects.filter(within(user, edition)).select_related("list", "device__gate", "registration", "by", "venue")


def lists_of(gate: Gate) -> list[EntryList]:
    """In the order in which its devices show them; only those of its own venue."""
    return list(gate.lists.filter(venue=gate.venue_id).select_related("venue", "edition").order_by("pk")[:16])


def admissions_of(listed: EntryList) -> QuerySet[Admission]:
    """By whose passes one may go in."""
    if not listed.everybody:
        return registration.admissions().filter(entry_lists=listed)
    below = Venue.objects.filter(edition=listed.edition_id, path__startswith=listed.venue.path)
    return registration.admissions().filter(Q(session__activity__venue__in=below) | Q(activity__venue__in=below), edition=listed.edition_id)


def on_list(listed: EntryList) -> QuerySet[Registration]:
    """Who holds a pass for it, or has held one."""
    states = {rules.CONFIRMED, *rules.ENDED}
    return Registration.objects.filter(admission__in=admissions_of(listed), state__in=states)


def headcounts(lists: Iterable[EntryList]) -> dict[int, int]:
    """List -> people inside."""
    rows = Passage.objects.filter(list__in=list(lists)).order_by().values_list("list", "direction").annotate(Sum("counted"))
    found: dict[int, int] = {}
    for pk, direction, people in rows:
        found[pk] = found.get(pk, 0) + (people or 0) * (1 if direction == entry.IN else -1)
    return {pk: max(0, people) for pk, people in found.items()}


def headcount_of_venue(venue: Venue) -> int:
    """At all its lists, and those of venues below."""
    return sum(headcounts(EntryList.objects.filter(venue__edition=venue.edition_id, venue__path__startswith=venue.path)).values())


def last_change(venue_id: int) -> int:
    return Ledger.objects.filter(venue=venue_id).values_list("last", flat=True).first() or 0


def roster_mark(gate: Gate, lists: Iterable[EntryList]) -> str:
    """Changes when somebody on these lists does, or a list, or the gate; not when somebody passes."""
    told = [f"{gate.name_zh}{gate.name_en}{gate.direction}"]
    for one in lists:
        figures = on_list(one).order_by().aggregate(Count("pk"), Max("changed_at"), Sum("pass_issue"))
        told.append(
            f"{one.key}{one.name_zh}{one.name_en}{one.rule}{one.unknown}{one.opens_at}{one.closes_at}{one.capacity}{one.walk_ins}"
            f"{one.roster_hours}{sorted(figures.items())}"
        )
    return "|".join(told)


def doubles(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """What devices let through that had been let through elsewhere before, or that the site knows better."""
    return passages.filter(Q(standing__in=(entry.DOUBLE, "apart")) | ~Q(found=""))


def winner_of(passage: Passage) -> Passage | None:
    """Who was first, where it was a double."""
    if passage.registration_id is None:
        return None
    before = Passage.objects.filter(registration=passage.registration_id, list=passage.list_id, direction=entry.IN, counted__gt=0)
    return before.exclude(pk=passage.pk).select_related("device__gate").order_by("moment", "pk").first()


def devices_of(gates: Iterable[Gate]) -> QuerySet[Device]:
    return Device.objects.filter(gate__in=list(gates)).select_related("gate__venue", "enrolled_by").order_by("revoked_at", "pk")


def unsent(device: Device, now: dt.datetime) -> bool:
    """Whether it was seen with a queue and has been silent for a while since."""
    return bool(device.queue and device.last_seen and now - device.last_seen > dt.timedelta(minutes=10))


def changed_since(gate_lists: Iterable[EntryList], venue_id: int, cursor: int) -> QuerySet[Passage]:
    """What came, or became something else, since then, in the order of change."""
    rows = Passage.objects.filter(venue=venue_id, list__in=list(gate_lists), change__gt=cursor)
    return rows.select_related("device__gate").annotate(row=F("registration_id")).order_by("change")


def walked_in(edition: int) -> dict[int, int]:
    """Session -> people who were let in without being registered, at lists that are of one session alone."""
    lists = EntryList.objects.filter(edition=edition, everybody=False).annotate(many=Count("admissions"), one=Max("admissions__session")).filter(many=1)
    sessions = {pk: session for pk, session in lists.values_list("pk", "one") if session is not None}
    rows = Passage.objects.filter(list__in=sessions, registration=None, code="", direction=entry.IN, counted__gt=0).order_by()
    found: dict[int, int] = {}
    for pk, people in rows.values_list("list").annotate(people=Sum("counted")):
        found[sessions[pk]] = found.get(sessions[pk], 0) + people
    return found

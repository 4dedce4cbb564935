"""People without a pass: written into the book of a list that is for one admission, as long as there are seats; else counted only.

In: a venue, a moment; or what somebody at the desk says. Out: passages that are settled. What must stay true: a walk-in is written
in once, however many contacts see it waiting, in a transaction of its own, so that no book is waited for while a ledger is held; who is
taken back holds no seat; who is inside without a seat is told as over the capacity, and counted, for they are inside.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import override, pgettext

from everhall.checkin import queries
from everhall.checkin.models import Device, EntryList, Passage
from everhall.checkin.services.merging import close, held, settle
from everhall.checkin.services.refusals import Refused
from everhall.editions.models import Venue
from everhall.engines import entry
from everhall.registration import queries as registration
from everhall.registration import rules as states
from everhall.registration import services as book
from everhall.registration.models import Registration


def write_in(venue: Venue, now: dt.datetime) -> int:
    """Those that wait for it; how many."""
    done = 0
    for pk in Passage.objects.filter(venue=venue, found="pending").order_by("pk").values_list("pk", flat=True)[:500]:
        found, row = enter(pk, now)
        with transaction.atomic():
            writing = held(venue)
            done += Passage.objects.filter(pk=pk, found="pending").update(found=found, registration=row, change=writing.next())
            if row is not None:
                settle({(Passage.objects.values_list("list", flat=True).get(pk=pk), row.pk)}, writing)
            close(writing)
        if row is not None and not Passage.objects.filter(pk=pk, registration=row).exclude(standing="undone").exists():
            # Taken back while it was written in.
            leave(row, now)
    return done


def give_back(device: Device, sequences: Collection[int], now: dt.datetime) -> None:
    """Seats of people without a pass whom this device has taken back."""
    rows = Registration.objects.filter(passages__device=device, passages__sequence__in=sequences, passages__source="walk-in", passages__standing="undone")
    for row in rows.select_related("admission"):
        leave(row, now)


def leave(row: Registration, now: dt.datetime) -> None:
    """Out of the book, unless somebody noted since that they are here."""
    row.refresh_from_db(fields=["came_at", "state"])
    if row.by_hand and row.came_at is None and row.state == states.CONFIRMED:
        book.cancel(row, now)


def enter(pk: int, now: dt.datetime) -> tuple[str, Registration | None]:
    """In the book: ("", their registration) or ("over", None); where there is no one book, ("", None)."""
    passage = Passage.objects.select_related("list").get(pk=pk)
    admissions = list(queries.admissions_of(passage.list)[:2])
    if passage.standing != entry.COUNTED or len(admissions) != 1:
        return "", None
    try:
        with override("zh-hans"):
            name = pgettext("door", "Walk-in")
        # The number of the passage is in no request that a page makes up, so two contacts that write it in mean one registration.
        return "", book.walk_in(admissions[0], name, "", "onsite", max(1, passage.people), now, f"walk-in/{pk}")
    except book.Refused as refused:
        return ("over" if refused.code == "full_way" else ""), None


def left_of(listed: EntryList) -> int | None:
    """Seats on site that a walk-in could have; None: no number."""
    admissions = list(queries.admissions_of(listed)[:2])
    return registration.seats_left(admissions[0]).get("onsite") if len(admissions) == 1 else None


def at_desk(listed: EntryList, row: Registration, direction: str, people: int, user: Any, now: dt.datetime) -> Passage:
    """Somebody let in or out by name or number, without a device. Refused "not_listed", "state"."""
    if not queries.on_list(listed).filter(pk=row.pk).exists():
        raise Refused("not_listed")
    if row.state != states.CONFIRMED:
        raise Refused("state")
    with transaction.atomic():
        writing = held(listed.venue)
        made = Passage.objects.create(
            venue=listed.venue, list=listed, by=user, registration=row, code=bytes(row.pass_code).hex(), direction=direction,
            people=people, decision=entry.ADMIT, reason="by_hand", source="desk", moment=now, received_at=now,
            standing=entry.COUNTED, counted=people, change=writing.next(),
        )  # fmt: skip
        settle({(listed.pk, row.pk)}, writing)
        close(writing)
    made.refresh_from_db()
    return made


def take_back(passage: Passage) -> None:
    """What the desk let through by mistake."""
    with transaction.atomic():
        writing = held(passage.venue)
        Passage.objects.filter(pk=passage.pk).update(standing="undone", counted=0, change=writing.next())
        settle({(passage.list_id, passage.registration_id)} if passage.registration_id else set(), writing)
        close(writing)

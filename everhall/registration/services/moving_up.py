"""Moving up: seats that became free go to those who wait, in the order in which they came.

In: a book in hand, or a moment (the clerk asks each second). Out: who waited has a seat, or the offer of one until a
moment; whoever has let that moment pass has none. What must stay true: after each transaction nobody waits who would fit.
"""

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db.models import Min

from everhall.editions.public import real_time
from everhall.engines import seats
from everhall.registration import queries, rules
from everhall.registration.models import Admission, RealName, Registration
from everhall.registration.services.book import Book, held

#: Looked at together: a long line is not read whole for one free seat.
SLICE: Final = 200


def promote(book: Book, now: dt.datetime) -> int:
    """Hand free seats to those who wait; how many have moved up."""
    if queries.phase(book.admission, now) == rules.CLOSED and not may_still_move(book.admission, now):
        return 0
    done, after, kinds = 0, 0, kinds_that_wait(book.admission)
    while book.somebody_fits(kinds):
        rows = list(
            Registration.objects.filter(admission=book.admission, state=rules.WAITING, number__gt=after).order_by("number")[:SLICE]
        )
        if not rows:
            break
        after = rows[-1].number
        by_key = {row.pk: row for row in rows}
        line = [seats.Waiting(row.pk, row.number, row.ask) for row in rows]
        for pk, _ in seats.promotions(book.quotas, line):
            move_up(book, by_key[pk], now)
            done += 1
    return done


def kinds_that_wait(admission: Admission) -> list[seats.Ask]:
    """What those who wait want, each kind once, as the smallest ask of it: a rush whose line is long must not read it for
    each batch that comes."""
    rows = Registration.objects.filter(admission=admission, state=rules.WAITING).order_by()
    kinds = rows.values_list("way", "ticket", "organisation").annotate(Min("least"))
    return [seats.Ask(least, way, ticket, organisation, least) for way, ticket, organisation, least in kinds]


def may_still_move(admission: Admission, now: dt.datetime) -> bool:
    """Registration may be closed while it is still worth a seat: until the last session begins."""
    sessions = [one for one in queries.sessions_of(admission) if one.status != "cancelled"]
    begins = max((real_time(one.starts_at) or now for one in sessions), default=now)
    return now < begins


def begins_at(admission: Admission) -> dt.datetime | None:
    """The real moment after which a seat is of no use."""
    return max((moment for one in queries.sessions_of(admission) if (moment := real_time(one.starts_at))), default=None)


def move_up(book: Book, row: Registration, now: dt.datetime) -> None:
    row.seats = book.take(row.ask)
    minutes = book.admission.window_minutes
    book.become(row, rules.OFFERED if minutes else rules.CONFIRMED, now)
    if minutes:
        row.offered_until = rules.offered_until(now, minutes, begins_at(book.admission))
    row.save(update_fields=["seats", "state", "changed_at", "offered_until"])
    book.write_to(row, row.state, now)


def promote_admissions(ids: Collection[int], now: dt.datetime) -> int:
    """After their settings have changed: a quota may have grown."""
    done = 0
    for admission in queries.admissions().filter(pk__in=ids, registrations__state=rules.WAITING).distinct():
        with held(admission) as book:
            done += promote(book, now)
    return done


def promote_waiting(now: dt.datetime) -> int:
    """All who wait anywhere; the clerk's slow round, for what nobody told (a venue's quota, a process that died)."""
    ids = set(Registration.objects.filter(state=rules.WAITING).order_by().values_list("admission", flat=True).distinct())
    return promote_admissions(ids, now) if ids else 0


def lapse_offers(now: dt.datetime) -> int:
    """Take back what was offered and not taken in time, and hand it on; how many have lapsed."""
    late = Registration.objects.filter(state=rules.OFFERED, offered_until__lte=now)
    done = 0
    for admission in queries.admissions().filter(pk__in=set(late.values_list("admission", flat=True))):
        with held(admission) as book:
            for row in late.filter(admission=admission).order_by("number"):
                book.free(row)
                RealName.objects.filter(registration=row).delete()
                book.become(row, rules.LAPSED, now)
                row.save(update_fields=["seats", "state", "changed_at", "offered_until"])
                book.write_to(row, rules.LAPSED, now)
                done += 1
            promote(book, now)
    return done

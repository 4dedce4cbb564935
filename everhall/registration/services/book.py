"""The book of an admission: who may write in it, one at a time, and for no longer than a few rows need.

In: an admission. Out: inside `with held(admission) as book:` its numbers and quotas, locked; afterwards, in the same
transaction, the counters as the book has them. What must stay true: locks are taken in one order (the admission's
numbers, then quotas by their key), so nobody waits in a ring; a counter is only ever raised by an UPDATE that itself
asks whether there is room, so that not even a mistake here sells a seat twice.
"""

import contextlib
import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from django.db import transaction
from django.db.models import F

from everhall.engines import seats
from everhall.post import services as post
from everhall.registration import queries, rules
from everhall.registration.models import Admission, Arrivals, Registration, SeatQuota, Taken
from everhall.registration.services.letters import letter_to
from everhall.registration.services.refusals import Refused


class Oversold(RuntimeError):  # noqa: N818 - reads as what it is
    """A counter would have passed its size: the transaction is taken back."""


class Book:
    """See the module. Made by `held` only."""

    def __init__(self, admission: Admission, arrivals: Arrivals, quotas: tuple[seats.Quota, ...]) -> None:
        self.admission = admission
        self.quotas = quotas
        self._before = {quota.key: quota for quota in quotas}
        self._arrivals = arrivals
        self._last = arrivals.last
        self.letters: list[post.Late] = []
        self._now: dt.datetime | None = None

    def next_number(self) -> int:
        self._last += 1
        return self._last

    def room(self, ask: seats.Ask) -> int:
        """Seats that are free, as `seats.room_for`."""
        return seats.room_for(self.quotas, ask)

    def take(self, ask: seats.Ask) -> int:
        """The same; taken now."""
        found = self.room(ask)
        if found:
            self.quotas = seats.with_taken(self.quotas, ask, found)
        return found

    def free(self, registration: Registration) -> None:
        """Give back what a registration holds."""
        if registration.seats:
            self.quotas = seats.with_taken(self.quotas, registration.ask, -registration.seats)
            registration.seats = 0

    def somebody_fits(self, kinds: Iterable[seats.Ask]) -> bool:
        """Whether one of these kinds of asks could have seats."""
        return any(seats.room_for(self.quotas, ask) for ask in kinds)

    def row(self, key: str) -> Registration:
        """One of its registrations as it is now. Refused "gone"."""
        found = queries.registrations().filter(admission=self.admission, key=key).first()
        if found is None:
            raise Refused("gone")
        return found

    def become(self, registration: Registration, state: str, now: dt.datetime) -> None:
        """Its next state; saved by the caller. Refused "state" where that is not possible."""
        if not rules.may_become(registration.state, state):
            raise Refused("state")
        registration.state, registration.changed_at = state, now
        if state != rules.OFFERED:
            registration.offered_until = None

    def write_to(self, registration: Registration, kind: str, now: dt.datetime, which: str = "") -> None:
        """A letter to its person; `which` as in `letters.letter_to`."""
        if registration.email:
            self.letters.append(letter_to(registration, kind, which))
            self._now = now

    def close(self) -> None:
        """Counters and letters; the rest has been saved."""
        if self._last != self._arrivals.last:
            Arrivals.objects.filter(pk=self._arrivals.pk).update(last=self._last)
        for quota in self.quotas:
            change = quota.taken - self._before[quota.key].taken
            rows = Taken.objects.filter(quota=quota.key)
            if change > 0 and quota.size is not None:
                rows = rows.filter(seats__lte=quota.size - change)
            if change and not rows.update(seats=F("seats") + change):
                msg = f"quota {quota.key} has no room for {change} more"
                raise Oversold(msg)
        if self._now is not None:
            post.write_late(self.letters, self._now)


@contextlib.contextmanager
def held(admission: Admission) -> Iterator[Book]:
    """The book, locked until the end of the transaction. An exception takes everything back."""
    if not Arrivals.objects.filter(admission=admission).exists():
        # Before the transaction, for two may make it at once.
        Arrivals.objects.bulk_create([Arrivals(admission=admission)], ignore_conflicts=True)
    with transaction.atomic():
        arrivals = Arrivals.objects.select_for_update().get(admission=admission)
        # Read now and not before: a quota that was added while we waited counts, too.
        rows = list(queries.quotas_of(admission))
        book = Book(admission, arrivals, queries.counted(rows, locked(rows)))
        yield book
        book.close()


def locked(rows: Collection[SeatQuota]) -> dict[int, int]:
    """What is taken of each quota. One that was never counted is counted now: people may have come before it was set."""
    counters = Taken.objects.select_for_update().filter(quota__in=rows).order_by("quota_id")
    found = dict(counters.values_list("quota_id", "seats"))
    missing = [row for row in rows if row.pk not in found]
    if not missing:
        return found
    made = [Taken(quota=row, seats=queries.seats_held(row)) for row in missing]
    Taken.objects.bulk_create(made, ignore_conflicts=True)
    return dict(counters.values_list("quota_id", "seats"))


def count_anew(quotas: Iterable[SeatQuota]) -> int:
    """Set counters right where a quota counts something else than before (its way, its ticket, the venue of an activity);
    how many were wrong. Whoever takes or frees seats of a quota holds its counter first, so what is read here is whole."""
    wrong = 0
    for quota in quotas:
        with transaction.atomic():
            taken = Taken.objects.select_for_update().filter(quota=quota).first()
            held_now = queries.seats_held(quota) if taken is not None else 0
            if taken is not None and taken.seats != held_now:
                Taken.objects.filter(pk=taken.pk).update(seats=held_now)
                wrong += 1
    return wrong


def count_all(now: dt.datetime) -> int:
    """The clerk's slow round."""
    return count_anew(SeatQuota.objects.all())

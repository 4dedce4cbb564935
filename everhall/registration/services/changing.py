"""What becomes of a registration afterwards: its person's will, and the host's.

In: an admission's registration by its key, a moment. Out: the registration as it is now; `Refused` where that cannot be.
What must stay true: doing something twice is doing it once; a seat that is given up goes to whoever waits, in the same
transaction; a pass that has a new holder, or none, is no pass any more.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from everhall.editions.public import real_time
from everhall.registration import queries, rules
from everhall.registration.models import Admission, Companion, RealName, Registration, new_code
from everhall.registration.services.book import Book, held
from everhall.registration.services.moving_up import begins_at, promote
from everhall.registration.services.refusals import Refused
from everhall.registration.services.wishes import real_names

COLUMNS = ("state", "seats", "way", "changed_at", "offered_until", "note")


def save(row: Registration) -> None:
    row.save(update_fields=COLUMNS)


def not_begun(admission: Admission, now: dt.datetime) -> None:
    """Refused "begun" once the last session has begun: the door has the list in its hands."""
    begins = begins_at(admission)
    if begins is not None and begins <= now:
        raise Refused("begun")


def cancel(registration: Registration, now: dt.datetime) -> Registration:
    """Give the place up. Once it is over, too: nobody has to explain why they did not come."""
    with held(registration.admission) as book:
        row = book.row(registration.key)
        if row.state in rules.ENDED:
            return row
        end(book, row, rules.CANCELLED, now)
        return row


def end(book: Book, row: Registration, state: str, now: dt.datetime) -> None:
    book.free(row)
    RealName.objects.filter(registration=row).delete()
    book.become(row, state, now)
    save(row)
    book.write_to(row, state, now)
    promote(book, now)


def confirm_offer(registration: Registration, now: dt.datetime) -> Registration:
    """Take the seat that is kept. Refused "lapsed" when its moment has passed, even if the clerk was not there yet."""
    with held(registration.admission) as book:
        row = book.row(registration.key)
        if row.state == rules.CONFIRMED:
            return row
        if row.state == rules.LAPSED or (row.offered_until is not None and row.offered_until <= now):
            raise Refused("lapsed")
        if row.state != rules.OFFERED:
            raise Refused("state")
        book.become(row, rules.CONFIRMED, now)
        save(row)
        book.write_to(row, rules.CONFIRMED, now)
        return row


def change_way(registration: Registration, way: str, now: dt.datetime) -> Registration:
    """On site instead of online, or the other way round. Who waits goes on waiting there, with the same number. Refused
    "full_way": then everything stays as it was."""
    not_begun(registration.admission, now)
    if way not in queries.ways_of(registration.admission):
        raise Refused("way")
    with held(registration.admission) as book:
        row = book.row(registration.key)
        if not row.is_live:
            raise Refused("state")
        if row.way == way:
            return row
        moved = row.seats > 0
        if moved:
            seats = row.seats
            book.free(row)
            row.way, row.wanted, row.least = way, seats, seats
            row.seats = book.take(row.ask)
            if not row.seats:
                raise Refused("full_way")
        row.way, row.changed_at = way, now
        row.save(update_fields=[*COLUMNS, "wanted", "least"])
        if moved:
            book.write_to(row, "way", now, f"{now.timestamp():.0f}")
        promote(book, now)
        row.refresh_from_db(fields=["state", "seats", "offered_until"])
        return row


def transfer(registration: Registration, body: Mapping[str, Any], now: dt.datetime) -> Registration:
    """Hand the place on to the `name` and `email` in `body`, with real names where the door must compare them; the new
    holder's registration. Twice to the same person is once. Companions come along. Refused "host_decides" where the host
    has said yes to one person and knows nothing of another."""
    told_name, told_email = rules.tidy(body.get("name"), rules.LONGEST_NAME), rules.mail_address(body.get("email"))
    if not told_name:
        raise Refused("name")
    if told_email is None:
        raise Refused("email")
    real = real_names(registration.admission, body)
    if registration.admission.approval:
        raise Refused("host_decides")
    not_begun(registration.admission, now)
    with held(registration.admission) as book:
        row = book.row(registration.key)
        after = row.handed_on_to.filter(email=told_email).first()
        if row.state == rules.TRANSFERRED and after is not None:
            return after
        if row.state != rules.CONFIRMED:
            raise Refused("state")
        if Registration.objects.filter(admission=row.admission_id, email=told_email, state__in=rules.LIVE).exists():
            raise Refused("taken_by")
        made = hand_on(book, row, told_name, told_email, now)
        if real[0]:
            RealName.objects.create(registration=made, name=real[0], document=real[1])
        return made


def hand_on(book: Book, row: Registration, name: str, email: str, now: dt.datetime) -> Registration:
    """The seats are the same seats: no counter moves. The real name and the answers of the first holder do not come along."""
    held_seats = row.seats
    made = Registration(
        admission=row.admission, request=f"handed-on-{new_code().hex()}", number=book.next_number(), state=rules.CONFIRMED,
        name=name, email=email, language=row.language, way=row.way, ticket_id=row.ticket_id,
        organisation_id=row.organisation_id, wanted=row.wanted, seats=held_seats, least=row.least,
        group_name=row.group_name, registered_at=now, changed_at=now, handed_on_by=row, is_sample=row.is_sample,
    )  # fmt: skip
    row.seats = 0
    RealName.objects.filter(registration=row).delete()
    book.become(row, rules.TRANSFERRED, now)
    save(row)
    made.save()
    Companion.objects.filter(registration=row).update(registration=made)
    book.write_to(row, rules.TRANSFERRED, now)
    book.write_to(made, "received", now)
    return made


# ---------------------------------------------------------------- the host
def approve(registration: Registration, now: dt.datetime) -> Registration:
    """The host's yes: a seat, or a place on the waiting list where none is left."""
    with held(registration.admission) as book:
        row = book.row(registration.key)
        if row.state in (rules.CONFIRMED, rules.WAITING, rules.OFFERED):
            return row
        if row.state != rules.ASKED:
            raise Refused("state")
        row.seats = book.take(row.ask)
        if not row.seats and not book.admission.waiting_list:
            raise Refused("full")
        book.become(row, rules.CONFIRMED if row.seats else rules.WAITING, now)
        save(row)
        book.write_to(row, row.state, now)
        return row


def decline(registration: Registration, note: str, now: dt.datetime) -> Registration:
    """The host's no, with a word to the person; also of somebody who has a seat."""
    with held(registration.admission) as book:
        row = book.row(registration.key)
        if row.state == rules.DECLINED:
            return row
        if not row.is_live:
            raise Refused("state")
        row.note = rules.tidy(note, 300) or ""
        end(book, row, rules.DECLINED, now)
        return row


def walk_in(
    admission: Admission, name: object, email: object, way: str, seats: int, now: dt.datetime, request: str = ""
) -> Registration:  # fmt: skip
    """Written in by hand, at the door or by telephone; with or without an address. Quotas hold for the desk, too. The same
    `request`, where there is one, is the same registration."""
    told_name = rules.tidy(name, rules.LONGEST_NAME)
    told_email = rules.mail_address(email) if email else ""
    if not told_name:
        raise Refused("name")
    if told_email is None:
        raise Refused("email")
    if way not in queries.ways_of(admission):
        raise Refused("way")
    if not 1 <= seats <= rules.MOST_SEATS:
        raise Refused("people")
    with held(admission) as book:
        known = Registration.objects.filter(admission=admission, request=request).first() if request else None
        if known is not None:
            return known
        if told_email and Registration.objects.filter(admission=admission, email=told_email, state__in=rules.LIVE).exists():
            raise Refused("taken_by")
        row = Registration(
            admission=admission, request=request or f"by-hand-{new_code().hex()}", number=0, state=rules.CONFIRMED,
            name=told_name, email=told_email, way=way, wanted=seats, least=seats, registered_at=now, changed_at=now,
            by_hand=True, is_sample=admission.is_sample,
        )  # fmt: skip
        row.seats = book.take(row.ask)
        if not row.seats:
            raise Refused("full_way")
        row.number = book.next_number()
        row.save()
        book.write_to(row, rules.CONFIRMED, now)
        return row


def came(registration: Registration, now: dt.datetime) -> Registration:
    """They are here: at the first word of it. Refused "state" for whoever has no seat."""
    Registration.objects.filter(pk=registration.pk, state=rules.CONFIRMED, came_at=None).update(came_at=now)
    registration.refresh_from_db()
    if registration.came_at is None:
        raise Refused("state")
    return registration


def renew_pass(registration: Registration, now: dt.datetime) -> Registration:
    """A pass that was lost or seen by others is made anew; the old one is none any more."""
    with held(registration.admission) as book:
        row = book.row(registration.key)
        if row.state != rules.CONFIRMED:
            raise Refused("state")
        if row.pass_issue == 255:
            raise Refused("state")
        # The code stays: doors know by it that what somebody shows was renewed, and is not merely newer than their roster.
        row.pass_issue, row.changed_at = row.pass_issue + 1, now
        row.save(update_fields=["pass_issue", "changed_at"])
        book.write_to(row, "again", now, f"renewed-{row.pass_issue}")
        return row


def ends_at(registration: Registration) -> dt.datetime:
    """The real moment until which its pass is good: a day after the last session, for nights and zones of time."""
    ends = [one.ends_at for one in queries.sessions_of(registration.admission)]
    last = real_time(max(ends, default=None)) or registration.registered_at
    return last + dt.timedelta(days=1)

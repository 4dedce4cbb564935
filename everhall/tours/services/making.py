"""Tours that visitors make: made, changed by whoever has the secret, reported, taken away, forgotten.

What must stay true: a secret is stored as its hash only; a text is one plain line and has passed the house's word list; nothing
about whoever makes or reads a tour is stored.
"""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from everhall.editions.models import Edition
from everhall.engines import tour_route
from everhall.exhibition import queries as exhibition
from everhall.tours import rules
from everhall.tours.models import MadeStop, MadeTour
from everhall.tours.queries.stops import seen_stops
from everhall.tours.services.refusals import Refused

#: Whether a text contains a word that is not shown in this edition.
Judge = Callable[[int, str], bool]
_judges: list[Judge] = []


def judged_by(judge: Judge) -> None:
    """Ask this of every text of a visitor. Only config/wiring.py calls it."""
    if judge not in _judges:
        _judges.append(judge)


def fit(edition_id: int, text: str, longest: int) -> str:
    """A visitor's text as it is kept. Refused "held_back"."""
    line = rules.plain_line(text, longest)
    if line and any(judge(edition_id, line) for judge in _judges):
        raise Refused("held_back")
    return line


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Made:
    """A new tour and its secret, which is told this once."""

    tour: MadeTour
    secret: str


@transaction.atomic
def make_tour(edition: Edition, codes: Sequence[str], title: str, now: dt.datetime) -> Made:
    """Of these exhibits, in the order of a walk. Refused "empty", "too_many", "held_back"."""
    wanted = list(dict.fromkeys(code for code in codes if code))
    if len(wanted) > rules.MOST_STOPS:
        raise Refused("too_many")
    line = fit(edition.pk, title, rules.LONGEST_TITLE)
    # Whoever may be seen later is not taken either: that would tell that there is one.
    rows = exhibition.in_order(exhibition.public_placements(edition, now).filter(exhibit__code__in=wanted))
    ids = list(rows.values_list("exhibit_id", flat=True))
    if not ids:
        raise Refused("empty")
    secret = secrets.token_urlsafe(24)
    tour = MadeTour(edition=edition, secret_hash=hash_of(secret), title=line, made_at=now, visited_at=now)
    tour.save()
    stops = [MadeStop(tour=tour, exhibit_id=pk) for pk in ids]
    MadeStop.objects.bulk_create(_walked(stops, edition, now))
    return Made(tour, secret)


def _walked(stops: Sequence[MadeStop], edition: Edition, now: dt.datetime) -> list[MadeStop]:
    """The stops with their order set to that of a walk; those that cannot be seen stay last."""
    for n, stop in enumerate(stops):
        stop.order = n
    seen = seen_stops(stops, edition, now)
    by_exhibit = {stop.exhibit_id: stop for stop in stops}
    shown = [by_exhibit[one.thing.exhibit_id] for one in seen]
    order = [shown[n] for n in tour_route.as_a_walk([one.spot for one in seen])]
    rest = [stop for stop in stops if stop not in shown]
    for n, stop in enumerate([*order, *rest]):
        stop.order = n
    return [*order, *rest]


def may_change(tour: MadeTour, secret: str) -> bool:
    return hmac.compare_digest(tour.secret_hash, hash_of(secret))


@transaction.atomic
def change_made(tour: MadeTour, title: str, notes: Mapping[int, str], order: Sequence[int], removed: Sequence[int], now: dt.datetime, *, walk: bool = False) -> None:
    """Change it: `order` are numbers of exhibits, `notes` by them; `walk`: sort anew as a walk. What is not named stays last.
    Refused "held_back", "empty" (nothing would be left)."""
    stops = {stop.exhibit_id: stop for stop in MadeStop.objects.select_for_update().filter(tour=tour)}
    left = {pk: stop for pk, stop in stops.items() if pk not in set(removed)}
    if not left:
        raise Refused("empty")
    tour.title = fit(tour.edition_id, title, rules.LONGEST_TITLE)
    for pk, stop in left.items():
        if pk in notes:
            stop.note = fit(tour.edition_id, notes[pk], rules.LONGEST_NOTE)
    rank = {pk: n for n, pk in enumerate(order)}
    ordered = sorted(left.values(), key=lambda stop: (rank.get(stop.exhibit_id, len(rank)), stop.order, stop.pk))
    for n, stop in enumerate(ordered):
        stop.order = n
    if walk:
        ordered = _walked(ordered, tour.edition, now)
    MadeStop.objects.filter(tour=tour, exhibit__in=list(removed)).delete()
    MadeStop.objects.bulk_update(ordered, ["note", "order"])
    tour.visited_at = now
    tour.save()


def note_visit(tour: MadeTour, now: dt.datetime) -> None:
    """Somebody looks at it: kept by the day, so that reading costs a write a day at most."""
    if now - tour.visited_at >= dt.timedelta(days=1):
        MadeTour.objects.filter(pk=tour.pk).update(visited_at=now)


def report(tour: MadeTour) -> None:
    """Somebody says that it should be looked at by the desk."""
    tour.reports += 1
    tour.save(update_fields=["reports"])


def settle_report(tour: MadeTour, now: dt.datetime, *, take_down: bool) -> None:
    """The desk has looked: it stays as it is, or it is taken away."""
    tour.reports = 0
    tour.taken_down_at = now if take_down else None
    tour.save(update_fields=["reports", "taken_down_at"])


def forget_made(now: dt.datetime) -> int:
    """Delete what nobody has looked at for a year, and all of editions that have been archived; how many."""
    old = MadeTour.objects.filter(visited_at__lt=now - rules.UNVISITED)
    archived = MadeTour.objects.filter(edition__state=Edition.State.ARCHIVED, edition__ends_on__lt=(now - dt.timedelta(days=30)).date())
    count = 0
    for row in (*old[:500], *archived[:500]):
        if MadeTour.objects.filter(pk=row.pk).exists():
            row.delete()
            count += 1
    return count



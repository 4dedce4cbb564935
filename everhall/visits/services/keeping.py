"""Favourites, notes, and what was visited."""

import datetime as dt

from django.db import IntegrityError, transaction

from everhall.editions.models import Edition
from everhall.exhibition import queries as exhibition
from everhall.exhibition.models import Exhibit
from everhall.visits import rules
from everhall.visits.models import Favourite, Visitor
from everhall.visits.services.refusals import Refused


def exhibit_of(edition: Edition, code: str, now: dt.datetime) -> Exhibit:
    """A public exhibit of an edition. Refused "unknown" where visitors may not see it."""
    placement = exhibition.public_placements(edition, now).filter(exhibit__code=code).select_related("exhibit").first()
    if placement is None:
        raise Refused("unknown")
    return placement.exhibit


def keep(visitor: Visitor, edition: Edition, code: str, now: dt.datetime, *, note: str = "") -> None:
    """Make an exhibit a favourite; twice is once. `note`: for who takes one back that they had removed by mistake."""
    exhibit = exhibit_of(edition, code, now)
    words = rules.tidy(note, rules.LONGEST_NOTE)
    if words is None:
        raise Refused("note")
    if Favourite.objects.filter(visitor=visitor, edition=edition, exhibit=exhibit).exists():
        return
    if Favourite.objects.filter(visitor=visitor, edition=edition).count() >= rules.MOST_FAVOURITES:
        raise Refused("too_many")
    try:
        with transaction.atomic():
            Favourite.objects.create(visitor=visitor, edition=edition, exhibit=exhibit, note=words, made_at=now)
    except IntegrityError:
        # The same heart, pressed twice at once.
        return


def drop(visitor: Visitor, edition: Edition, code: str) -> None:
    """Take a favourite back, its note too."""
    Favourite.objects.filter(visitor=visitor, edition=edition, exhibit__code=code).delete()


def write_note(visitor: Visitor, edition: Edition, code: str, note: str) -> None:
    """Refused "note" for one that is too long, "gone" where it is no favourite (any more)."""
    words = rules.tidy(note, rules.LONGEST_NOTE)
    if words is None:
        raise Refused("note")
    if not Favourite.objects.filter(visitor=visitor, edition=edition, exhibit__code=code).update(note=words):
        raise Refused("gone")


def mark_visited(visitor: Visitor, edition: Edition, code: str, now: dt.datetime | None) -> bool:
    """Whether it was a favourite. `now` None: they were not there after all."""
    rows = Favourite.objects.filter(visitor=visitor, edition=edition, exhibit__code=code)
    if now is None:
        return rows.update(visited_at=None) > 0
    rows.filter(visited_at=None).update(visited_at=now)
    return rows.exists()

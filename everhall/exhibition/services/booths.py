"""Exhibits get their booths, one or many together.

In: placements with the booths that somebody chose. Out: what was done and what was refused, in sentences. Must stay true: no
booth twice, also when two people give booths at once (the venue's row is held); a zone takes no more than it may.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from everhall.editions.models import Venue, Zone
from everhall.exhibition.models import Placement
from everhall.exhibition.queries.booths import booths_of
from everhall.exhibition.services.placing import place_exhibit


@dataclass(slots=True)
class Seated:
    """`done`: how many; `refused`: sentences."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


@transaction.atomic
def give_booths(venue: Venue, chosen: Mapping[int, str], by: Any) -> Seated:
    """`chosen`: placement -> key of a booth, as `queries.booths` names it. Each for itself; those that cannot be are told."""
    Venue.objects.select_for_update(of=("self",)).get(pk=venue.pk)
    free: dict[str, tuple[str, Zone]] = {}
    room: dict[int, int] = {}
    for hall in booths_of(venue):
        for row in hall.zones:
            room[row.zone.pk] = row.room
            free |= {key: (code, row.zone) for key, code in row.free}
    found = Seated()
    rows = Placement.objects.filter(pk__in=chosen, venue=venue).select_related("exhibit", "venue__edition")
    for placement in rows.order_by("pk"):
        key = chosen[placement.pk]
        if key not in free:
            found.refused.append(_("%(exhibit)s: booth %(booth)s is taken meanwhile, or not on the plan any more.") % {"exhibit": placement.exhibit.name, "booth": key.partition(":")[2]})
            continue
        code, zone = free[key]
        if placement.zone_id != zone.pk and room[zone.pk] < 1:
            found.refused.append(_("%(exhibit)s: %(zone)s already holds %(most)s exhibits.") % {"exhibit": placement.exhibit.name, "zone": zone.name, "most": zone.MOST_EXHIBITS})
            continue
        if placement.zone_id != zone.pk:
            room[zone.pk] -= 1
        del free[key]
        place_exhibit(placement.exhibit, venue, zone=zone, booth=code, order=placement.order)
        log(instance=placement.exhibit, action="everhall.give_booth", user=by, data={"booth": code})
        found.done += 1
    return found


@transaction.atomic
def free_booth(placement: Placement, by: Any) -> None:
    """Take the booth away; the exhibit stays at the venue and in its zone, its label stays what it is."""
    before = placement.booth
    place_exhibit(placement.exhibit, placement.venue, zone=placement.zone, order=placement.order)
    log(instance=placement.exhibit, action="everhall.free_booth", user=by, data={"booth": before})

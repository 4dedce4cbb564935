"""What of a hall's plan stands beside an exhibit, and words that plans are drawn with in the reader's language."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from everhall.editions.models import Hall
from everhall.engines import plan_draw
from everhall.engines.labels import key_of
from everhall.exhibition import queries
from everhall.exhibition.models import Placement

#: Metres that an excerpt shows.
WIDE, HIGH = 30.0, 20.0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A booth with what is around it; `here`: its label led to the page."""

    drawing: SafeString
    address: str
    booth: str
    hall: str
    here: bool


def words(title: str, description: str, here: str = "") -> plan_draw.Words:
    return plan_draw.Words(
        title, description, pgettext("plan", "Door"), pgettext("plan", "North"),
        # Filled by the engine.
        _("%(n)s m") % {"n": "{n}"}, here or _("You are here"),
    )


def drawn(*args: Any, **kwargs: Any) -> SafeString:
    """`plan_draw.draw`, which escapes all that comes from outside."""
    return mark_safe(plan_draw.draw(*args, **kwargs))  # noqa: S308 - see above


def hall_address(edition: str, venue: str, hall: str) -> str:
    return reverse("exhibition:hall", args=[edition, venue, hall])


def leads_here(at: str, placement: Placement) -> bool:
    """Whether a label stands at this exhibit. One that is named after its booth does; others are looked up."""
    key, booth = key_of(at[:80]), key_of(placement.booth)
    if booth and key.startswith(booth) and (key == booth or key[len(booth) :].isalpha()):
        return True
    label = queries.label_of(at)
    return label is not None and label.exhibit_id == placement.exhibit_id


def excerpt_of(placement: Placement, at: str) -> Excerpt | None:
    """The booth of an exhibit on its hall's plan, None where it has no booth there; `at`: the label that led here.

    The neighbours are numbers only. In two queries, rarely one more for who came by a label.
    """
    zone, wanted = placement.zone, placement.booth.strip()
    if zone is None or not wanted:
        return None
    ground = queries.ground_of(zone.hall_id)
    code = queries.meant(ground, wanted)
    booth = ground.plan.booth(code) if code else None
    if booth is None:
        return None
    here = bool(at) and leads_here(at, placement)
    title = _("Booth %(booth)s in %(hall)s") % {"booth": booth.code, "hall": zone.hall.name}
    drawing = drawn(
        ground.plan, {}, ground.zones, words(title, title, "" if here else booth.code), ground=ground.drawing,
        marked=plan_draw.Marked(here=booth.code), view=plan_draw.around(booth, ground.plan, WIDE, HIGH), name="excerpt",
    )
    address = hall_address(placement.edition.code, placement.venue.code, zone.hall.code)
    return Excerpt(drawing, address, booth.code, zone.hall.name, here)


def door_of(hall: Hall) -> SafeString | None:
    """What is around the first door of a hall, None where its plan has none. In two queries."""
    ground = queries.ground_of(hall.pk)
    if not ground.plan.doors:
        return None
    title = _("Door of %(hall)s") % {"hall": hall.name}
    return drawn(
        ground.plan, {}, ground.zones, words(title, title), ground=ground.drawing,
        view=plan_draw.around_point(ground.plan.doors[0], ground.plan, WIDE, HIGH), name="door",
    )

"""Plans of Beijing's halls in the demo: laid out by code from the booths of its sample exhibits, and marked as samples; and a
label for every placement."""

from django.db import transaction
from django.utils import timezone

from everhall.config.demo.frame import DEMO_EDITION
from everhall.editions.models import Edition, Hall
from everhall.engines import plan_json
from everhall.engines.plan_layout import lay_out
from everhall.exhibition import services
from everhall.exhibition.models import FloorPlan, Placement

#: Hall -> the heading of its drawing's upper edge. The yard is drawn as one comes from the hall.
UP = {"indoor": 0.0, "outdoor": 65.0}


#: Booths in each zone in which nothing stands yet, for what is still to be accepted.
SPARE = 2


def spare(booths: list[str]) -> list[str]:
    """The next numbers after the last booth of a zone: A-23 after A-22."""
    head, _dash, number = booths[-1].rpartition("-") if booths else ("", "", "")
    if not number.isdecimal():
        return []
    return [f"{head}-{int(number) + more:0{len(number)}}" for more in range(1, SPARE + 1)]


@transaction.atomic
def load_plans() -> None:
    """Draws what is not drawn; a plan that somebody has changed since stays."""
    edition = Edition.objects.get(code=DEMO_EDITION)
    for hall in Hall.objects.filter(venue__edition=edition, venue__code="beijing", code__in=UP):
        if FloorPlan.objects.filter(hall=hall).exists():
            continue
        zones = []
        for zone in hall.zones.order_by("order", "code"):
            rows = Placement.objects.filter(zone=zone).exclude(booth="").order_by("order", "pk")
            booths = list(dict.fromkeys(rows.values_list("booth", flat=True)))
            zones.append((zone.code, [*booths, *spare(booths)]))
        plan = lay_out(zones, up=UP[hall.code])
        FloorPlan.objects.create(
            hall=hall, data=plan_json.written(plan), changed_at=timezone.now(), is_sample=True
        )
    services.label_edition(edition)

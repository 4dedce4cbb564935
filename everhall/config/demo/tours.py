"""Tours and screens of the demo: five tours of Beijing with a narration in both languages, three screens; all marked as sample."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from everhall.config.demo.frame import DEMO_EDITION, document
from everhall.editions.models import Edition, Hall, Venue, Zone
from everhall.exhibition.models import Exhibit, ExhibitPicture
from everhall.tours.models import Kiosk, Stop, Tour

VENUE = "beijing"


def load_tours() -> None:
    """What is there already is left as it is: somebody may have changed it."""
    edition = Edition.objects.filter(code=DEMO_EDITION).first()
    if edition is None:
        return
    found = document("tours.json")
    for order, row in enumerate(found["tours"]):
        if not Tour.objects.filter(edition=edition, code=row["code"]).exists():
            load_tour(edition, row, order)
    for row in found["kiosks"]:
        if not Kiosk.objects.filter(edition=edition, code=row["code"]).exists():
            load_kiosk(edition, row)


@transaction.atomic
def load_tour(edition: Edition, row: dict[str, Any], order: int) -> None:
    """A tour with the stops whose exhibits are there; published as an editor would, so that it has its revision."""
    now = timezone.now()
    cover = ExhibitPicture.objects.filter(exhibit__code=row["cover"]).order_by("sort_order", "pk").first()
    tour: Any = Tour(
        edition=edition, venue=Venue.objects.get(edition=edition, code=VENUE), code=row["code"], audience=row["audience"],
        name_zh=row["zh"], name_en=row["en"], summary_zh=row["summary_zh"], summary_en=row["summary_en"], minutes=row["minutes"],
        order=order, is_sample=True, cover=cover.picture if cover is not None else None,
        first_published_at=now, last_published_at=now,
    )  # fmt: skip
    exhibits = {exhibit.code: exhibit for exhibit in Exhibit.objects.filter(code__in=[stop["exhibit"] for stop in row["stops"] if "exhibit" in stop])}
    tour.stops = [stop for number, one in enumerate(row["stops"]) if (stop := stop_of(edition, exhibits, one, number)) is not None]
    tour.save()
    tour.save_revision()


def stop_of(edition: Edition, exhibits: dict[str, Exhibit], one: dict[str, Any], number: int) -> Stop | None:
    leads_to: dict[str, Any] = {"exhibit": exhibits.get(one.get("exhibit", ""))}
    if "hall" in one:
        venue, _, hall = one["hall"].partition(".")
        leads_to = {"hall": Hall.objects.filter(venue__edition=edition, venue__code=venue, code=hall).first()}
    if not any(leads_to.values()):
        return None
    return Stop(sort_order=number, minutes=one["minutes"], narration_zh=one["zh"], narration_en=one["en"], **leads_to)


@transaction.atomic
def load_kiosk(edition: Edition, row: dict[str, Any]) -> None:
    kiosk = Kiosk.objects.create(
        venue=Venue.objects.get(edition=edition, code=row["venue"]), code=row["code"], kind=row["kind"], name_zh=row["zh"], name_en=row["en"],
        seconds=row["seconds"], idle_seconds=row["idle"], is_sample=True,
        tour=Tour.objects.filter(edition=edition, code=row.get("tour", "")).first(),
    )  # fmt: skip
    kiosk.zones.set(Zone.objects.filter(hall__venue=kiosk.venue, code__in=row["zones"]))
    kiosk.tell_changed()

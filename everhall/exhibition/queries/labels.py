"""Reads on labels: where a number leads, and how often it did."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, QuerySet

from everhall.editions.models import Zone
from everhall.engines.labels import key_of
from everhall.exhibition.models import Label, LabelScans, Placement
from everhall.exhibition.queries.over_years import newest_place


def label_of(text: str) -> Label | None:
    """The label that somebody typed or scanned, however it is written."""
    key = key_of(text[:80])
    return Label.objects.filter(key=key).first() if key else None


def led_to(label: Label, now: dt.datetime) -> Placement | None:
    """This year's place of the label's exhibit, else its newest in a public edition; None where visitors may see none."""
    return newest_place(label.exhibit_id, now)


def labels_in(zone: Zone) -> QuerySet[Placement]:
    """Placements of a zone that have a booth, in walking order, for those who print labels: drafts and embargoed ones too."""
    return (
        Placement.objects.filter(zone=zone).exclude(booth="").order_by("order", "pk")
        .select_related("exhibit__organisation", "edition", "venue")
    )


def scans_of(labels: Iterable[int], since: dt.date) -> dict[int, dict[dt.date, int]]:
    """Scans by label and day, from a day on."""
    found: dict[int, dict[dt.date, int]] = defaultdict(dict)
    rows = LabelScans.objects.filter(label_id__in=list(labels), day__gte=since)
    for label, day, count in rows.order_by(F("day").asc()).values_list("label_id", "day", "count"):
        found[label][day] = count
    return found

"""Reads on labels: where a number leads, and how often it did."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F, QuerySet

from everhall.editions.models import Edition, Zone
from everhall.engines.labels import key_of
from everhall.exhibition.models import Label, LabelScans, Placement
from everhall.exhibition.queries.exhibits import open_now


def label_of(text: str) -> Label | None:
    """The label that somebody typed or scanned, however it is written."""
    key = key_of(text[:80])
    return Label.objects.filter(key=key).first() if key else None


def led_to(label: Label, now: dt.datetime) -> Placement | None:
    """This year's place of the label's exhibit, else its newest in a public edition; None where visitors may see none."""
    found: Placement | None = (
        Placement.objects.filter(open_now(now), exhibit_id=label.exhibit_id, exhibit__live=True)
        .filter(edition__in=Edition.objects.public()).select_related("exhibit", "edition")
        .order_by("-edition__is_current", "-edition__starts_on").first()
    ) if label.exhibit_id is not None else None  # fmt: skip
    return found


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

"""JSON of the cloud exhibition. Who may: everyone; only what is public."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema

from everhall.editions.models import Edition, Venue
from everhall.exhibition import queries
from everhall.exhibition.models import Placement

router = Router()
MOST = 200
#: Beyond it no list goes; larger numbers are no numbers of the database.
FURTHEST = 1_000_000


class ExhibitOut(Schema):
    code: str
    name: str
    summary: str
    organisation: str | None
    fields: list[str]
    maturity: str
    presentation: list[str]
    seeks: list[str]
    venue: str
    zone: str | None
    booth: str
    url: str
    sample: bool


class ExhibitsOut(Schema):
    total: int
    offset: int
    exhibits: list[ExhibitOut]


class ExhibitQuery(Schema):
    venue: str | None = None
    field: str | None = None
    offset: int = 0
    limit: int = 100


def exhibit_out(placement: Placement) -> dict[str, Any]:
    exhibit = placement.exhibit
    return {
        "code": exhibit.code,
        "name": exhibit.name,
        "summary": exhibit.summary,
        "organisation": exhibit.organisation.name if exhibit.organisation else None,
        "fields": [field.code for field in exhibit.fields.all()],
        "maturity": exhibit.maturity,
        "presentation": exhibit.presentation,
        "seeks": exhibit.seeks,
        "venue": placement.venue.code,
        "zone": placement.zone.code if placement.zone else None,
        "booth": placement.booth,
        "url": settings.BASE_URL
        + reverse("exhibition:exhibit", args=[placement.edition.code, exhibit.code]),
        "sample": exhibit.is_sample,
    }


@router.get("/editions/{code}/exhibits", response=ExhibitsOut, summary="Exhibits of an edition")
def list_exhibits(request: HttpRequest, code: str, asked: Query[ExhibitQuery]) -> Any:
    edition = Edition.objects.public().filter(code=code).first()
    if edition is None:
        raise Http404
    found = queries.public_placements(edition, timezone.now())
    if asked.venue:
        venue = Venue.objects.filter(edition=edition, code=asked.venue).first()
        if venue is None:
            raise Http404
        found = found.filter(venue__path__startswith=venue.path)
    if asked.field:
        found = found.filter(exhibit__fields__code=asked.field)
    offset = min(max(asked.offset, 0), FURTHEST)
    limit = min(max(asked.limit, 1), MOST)
    page = queries.in_order(queries.with_exhibits(found))[offset : offset + limit]
    return {
        "total": found.count(),
        "offset": offset,
        "exhibits": [exhibit_out(placement) for placement in page],
    }

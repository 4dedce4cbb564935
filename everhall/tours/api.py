"""JSON of tours. Who may: everyone; only what is public."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from everhall.editions.models import Edition
from everhall.tours import queries
from everhall.tours.queries import Guided, Seen

router = Router()


class TourStopOut(Schema):
    number: int
    kind: str
    code: str
    name: str
    narration: str
    minutes: int
    place: str
    url: str
    sample: bool


class TourOut(Schema):
    code: str
    name: str
    summary: str
    audience: str
    minutes: int
    stop_count: int
    url: str
    sample: bool


class TourWithStopsOut(TourOut):
    metres: int
    stops: list[TourStopOut]


class ToursOut(Schema):
    total: int
    tours: list[TourOut]


def edition_or_404(code: str) -> Edition:
    edition: Edition | None = Edition.objects.public().filter(code=code).first()
    if edition is None:
        raise Http404
    return edition


def tour_out(tour: Guided) -> dict[str, Any]:
    return {
        "code": tour.code, "name": tour.name, "summary": tour.summary, "audience": tour.row.audience, "minutes": tour.minutes,
        "stop_count": len(tour.stops), "url": settings.BASE_URL + tour.address, "sample": tour.is_sample,
    }  # fmt: skip


def stop_out(tour: Guided, one: Seen) -> dict[str, Any]:
    return {
        "number": one.number, "kind": one.kind, "code": one.key, "name": one.name, "narration": one.narration, "minutes": one.minutes,
        "place": one.place, "url": settings.BASE_URL + tour.address_of(one.number), "sample": one.is_sample,
    }  # fmt: skip


@router.get("/editions/{code}/tours", response=ToursOut, summary="Tours of an edition")
def list_tours(request: HttpRequest, code: str) -> Any:
    tours = queries.covers_of(edition_or_404(code), timezone.now())
    return {"total": len(tours), "tours": [tour_out(tour) for tour in tours]}


@router.get("/editions/{code}/tours/{tour}", response=TourWithStopsOut, summary="One tour with its stops")
def one_tour(request: HttpRequest, code: str, tour: str) -> Any:
    shown = queries.tour_of(edition_or_404(code), tour, timezone.now())
    if shown is None:
        raise Http404
    return {**tour_out(shown), "metres": shown.route.metres, "stops": [stop_out(shown, one) for one in shown.stops]}

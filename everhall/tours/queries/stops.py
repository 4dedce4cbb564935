"""The stops of a tour as visitors see them now, and the way from one to the next.

In: stops of any kind (`models.Stop`, of a draft too, or `models.MadeStop`), an edition, a moment. Out: `Seen`, numbered from 1
without a gap. What must stay true: a stop whose thing visitors may not see at this moment is not there, and nothing (a number,
a minute, a metre) tells that there is one.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from everhall.editions.models import Edition, Hall
from everhall.engines import tour_route
from everhall.engines.tour_route import NOWHERE, Leg, Spot
from everhall.exhibition import queries as exhibition
from everhall.exhibition.models import Placement, Scene
from everhall.exhibition.queries import Ground
from everhall.exhibition.rules import Card
from everhall.programme import queries as programme
from everhall.programme.models import Session
from everhall.tours import rules


@dataclass(frozen=True, slots=True)
class Seen:
    """A stop as pages show it, in the active language.

    `pk` is the row's number; `key` names the stop lastingly (a browser remembers it); `thing` the placement, scene, session or
    hall; `audio` an attachment of the kind sound; `stage` the address of the thing's own page.
    """

    pk: int
    number: int
    kind: str
    key: str
    name: str
    summary: str
    narration: str
    minutes: int
    stage: str
    thing: Any
    card: Card | None = None
    audio: Any = None
    audio_language: str = ""
    spot: Spot = NOWHERE
    hall: Hall | None = None
    booth: str = ""
    is_sample: bool = False
    heading: float | None = None

    @property
    def place(self) -> str:
        """Where one finds it, in a few words."""
        return " ".join(filter(None, (self.hall.name if self.hall else "", self.booth)))


@dataclass(frozen=True, slots=True)
class Route:
    """The way through a tour: a leg between each two stops, sums, and the halls it leads through with their plans."""

    legs: tuple[Leg, ...] = ()
    grounds: Mapping[int, Ground] = field(default_factory=dict)

    @property
    def metres(self) -> int:
        return sum(leg.metres or 0 for leg in self.legs)

    @property
    def minutes(self) -> int:
        return sum(leg.minutes for leg in self.legs)


@dataclass(slots=True)
class Found:
    """What of the things that stops name is public, by their numbers."""

    placements: dict[int, Placement]
    cards: dict[int, Card]
    scenes: dict[int, Scene]
    sessions: dict[int, Session]
    halls: dict[int, Hall]


def named(stops: Sequence[Any], column: str) -> set[int]:
    return {pk for stop in stops if (pk := getattr(stop, f"{column}_id", None))}


def found_of(stops: Sequence[Any], edition: Edition, now: dt.datetime) -> Found:
    """In at most seven queries, however many stops there are."""
    exhibits, scenes, sessions, halls = (named(stops, name) for name in ("exhibit", "scene", "session", "hall"))
    placements = {
        row.exhibit_id: row
        for row in exhibition.public_placements(edition, now).filter(exhibit_id__in=exhibits)
        .select_related("exhibit", "zone__hall__venue", "venue")
    } if exhibits else {}
    cards = {card.exhibit_id: card for card in exhibition.cards(edition, placements, now)}
    public = edition.is_public
    return Found(
        placements, cards,
        {row.pk: row for row in Scene.objects.filter(pk__in=scenes, hall__venue__edition=edition).select_related("hall__venue")} if scenes and public else {},
        {row.pk: row for row in programme.public_sessions(edition, now).filter(pk__in=sessions).select_related("activity", "stage__hall__venue", "edition")} if sessions else {},
        {row.pk: row for row in Hall.objects.filter(pk__in=halls, venue__edition=edition).select_related("venue")} if halls and public else {},
    )  # fmt: skip


def seen_stops(
    stops: Sequence[Any], edition: Edition, now: dt.datetime, found: Found | None = None, grounds: Mapping[int, Ground] | None = None
) -> list[Seen]:
    """See the module. Spots are those of halls' plans. `found`, `grounds`: for whoever shows many tours and has asked once
    for all of them."""
    found = found or found_of(stops, edition, now)
    shown = [one for stop in stops if (one := _seen(stop, edition, found)) is not None]
    if grounds is None:
        grounds = {hall: exhibition.ground_of(hall) for hall in sorted({one.spot.hall for one in shown if one.spot.hall})}
    return [_placed(replace(one, number=n), grounds) for n, one in enumerate(shown, 1)]


def _seen(stop: Any, edition: Edition, found: Found) -> Seen | None:
    """None where its thing is not public."""
    if stop.exhibit_id:
        return _exhibit(stop, edition, found)
    if stop.scene_id:
        return _scene(stop, edition, found.scenes.get(stop.scene_id))
    if stop.session_id:
        return _session(stop, found.sessions.get(stop.session_id))
    return _place(stop, edition, found.halls.get(stop.hall_id))


def _common(stop: Any) -> dict[str, Any]:
    """What of a stop is its own; a visitor's has a note and no sound."""
    narration = getattr(stop, "narration", None)
    if narration is None:
        return {"pk": stop.pk or 0, "number": 0, "narration": stop.note, "minutes": rules.MINUTES_EACH}
    return {"pk": stop.pk or 0, "number": 0, "narration": narration, "minutes": stop.minutes}


def _exhibit(stop: Any, edition: Edition, found: Found) -> Seen | None:
    placement, card = found.placements.get(stop.exhibit_id), found.cards.get(stop.exhibit_id)
    if placement is None or card is None:
        return None
    placement.edition = edition
    hall = placement.zone.hall if placement.zone else None
    return Seen(
        kind="exhibit", key=card.code, name=card.name, summary=card.summary, thing=placement, card=card, hall=hall,
        stage=reverse("exhibition:exhibit", args=[edition.code, card.code]), booth=card.booth.strip(),
        spot=Spot(placement.venue.code, hall.pk if hall else None), is_sample=card.is_sample, **_common(stop),
    )  # fmt: skip


def _scene(stop: Any, edition: Edition, scene: Scene | None) -> Seen | None:
    if scene is None:
        return None
    hall = scene.hall
    address = reverse("exhibition:scene", args=[edition.code, hall.venue.code, hall.code, scene.code])
    return Seen(
        kind="scene", key=f"scene-{hall.venue.code}-{hall.code}-{scene.code}", name=scene.name, summary="", thing=scene, hall=hall,
        stage=address if stop.heading is None else f"{address}?yaw={stop.heading:.1f}", heading=stop.heading,
        spot=Spot(hall.venue.code, hall.pk, (scene.x, scene.y)), is_sample=scene.is_sample, **_common(stop),
    )  # fmt: skip


def _session(stop: Any, session: Session | None) -> Seen | None:
    if session is None:
        return None
    stage, name = session.stage, session.name or session.activity.name
    hall = stage.hall if stage is not None else None
    return Seen(
        kind="session", key=f"session-{session.code}", name=name, summary=session.activity.summary, thing=session, hall=hall,
        stage=reverse("programme:session", args=[session.edition.code, session.code]), booth=stage.name if stage else "",
        spot=Spot(hall.venue.code, hall.pk) if hall else NOWHERE, is_sample=session.is_sample, **_common(stop),
    )  # fmt: skip


def _place(stop: Any, edition: Edition, hall: Hall | None) -> Seen | None:
    if hall is None:
        return None
    address = reverse("exhibition:hall", args=[edition.code, hall.venue.code, hall.code])
    booth = stop.booth.strip()
    return Seen(
        kind="place", key=f"place-{hall.venue.code}-{hall.code}-{booth}", name=" · ".join(filter(None, (hall.name, booth))),
        summary="", thing=hall, hall=hall, stage=address, booth=booth, spot=Spot(hall.venue.code, hall.pk),
        is_sample=hall.is_sample, **_common(stop),
    )  # fmt: skip


def _placed(one: Seen, grounds: Mapping[int, Ground]) -> Seen:
    """With the point before its booth, as far as the hall's plan knows it."""
    ground = grounds.get(one.spot.hall or 0)
    if ground is None or one.spot.point is not None or not one.booth:
        return one
    booth = ground.plan.booth(exhibition.meant(ground, one.booth))
    return one if booth is None else replace(one, spot=replace(one.spot, point=booth.front))


def route_of(stops: Sequence[Seen]) -> Route:
    """The way through the stops that are seen."""
    halls = sorted({one.spot.hall for one in stops if one.spot.hall})
    grounds = {hall: exhibition.ground_of(hall) for hall in halls}
    plans = {hall: ground.plan for hall, ground in grounds.items()}
    return Route(tuple(tour_route.legs([one.spot for one in stops], plans)), grounds)

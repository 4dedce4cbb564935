"""Reads on scenes, as visitors see them. What is not public has no scene, no spot and no tile."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from everhall.editions.models import Edition, Hall
from everhall.engines.plan import Plan
from everhall.exhibition.models import Hotspot, Scene, SceneLink
from everhall.exhibition.queries import cards_of, public_placements
from everhall.exhibition.queries import spots_of as spots_of_placements
from everhall.exhibition.rules import Card
from everhall.exhibition.scene_plans import plan_of


@dataclass(frozen=True, slots=True)
class Walk:
    """A hall that one can walk: where one comes in, how many places to stand there are and how many have a picture."""

    hall: Hall
    first: Scene
    stations: int
    seen: int
    #: Of the first scene, whether its picture may be shown.
    shown: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A labelled spot: `card` of an exhibit, or a text."""

    yaw: float
    pitch: float
    metres: float
    text: str
    card: Card | None


@dataclass(frozen=True, slots=True)
class Here:
    """A scene with all that one finds there."""

    scene: Scene
    shown: bool
    spots: tuple[Spot, ...]
    ways: tuple[SceneLink, ...]
    stations: tuple[Scene, ...]
    plan: Plan


def may_be_shown(scene: Scene, public: Collection[int]) -> bool:
    """Whether the picture of a scene shows nothing but what is public (`public`: ids of placements)."""
    return bool(scene.files) and set(scene.shows) <= set(public)


def public_ids(edition: Edition, now: dt.datetime, among: Collection[int] | None = None) -> set[int]:
    rows = public_placements(edition, now)
    if among is not None:
        rows = rows.filter(pk__in=list(among))
    return set(rows.order_by().values_list("pk", flat=True))


def walks(edition: Edition, now: dt.datetime) -> list[Walk]:
    """The halls of an edition that can be walked, in walking order; two queries."""
    if not edition.is_public:
        return []
    scenes = list(
        Scene.objects.filter(hall__venue__edition=edition).select_related("hall__venue")
        .order_by("hall__venue__order", "hall__venue_id", "hall__order", "hall_id", "order", "pk")
    )
    public = public_ids(edition, now) if scenes else set()
    halls: dict[int, list[Scene]] = {}
    for scene in scenes:
        halls.setdefault(scene.hall_id, []).append(scene)
    found = []
    for of_hall in halls.values():
        shown = [scene for scene in of_hall if may_be_shown(scene, public)]
        first = (shown or of_hall)[0]
        found.append(Walk(first.hall, first, len(of_hall), len(shown), bool(shown)))
    return found


def scene_of(edition: Edition, venue: str, hall: str, code: str) -> Scene | None:
    """A scene by its address, whatever its state: its list stands there before its picture does."""
    rows = Scene.objects.filter(hall__venue__edition=edition, hall__venue__code=venue, hall__code=hall)
    if not code:
        return rows.order_by("order", "pk").first()
    return rows.filter(code=code).select_related("hall__venue__edition").first()


def here(edition: Edition, scene: Scene, now: dt.datetime) -> Here:
    """All that a scene's page shows, in a constant number of queries."""
    spots = list(scene.hotspots.all())
    wanted = {spot.placement_id for spot in spots if spot.placement_id}
    public = public_ids(edition, now, wanted | set(scene.shows))
    cards = {card.pk: card for card in cards_of(edition, [pk for pk in wanted if pk in public], now)}
    stations = tuple(scene.hall.scenes.order_by("order", "pk"))
    by_pk = {one.pk: one for one in stations}
    ways = list(scene.links.all())
    for way in ways:
        way.to = by_pk.get(way.to_id, way.to)
    return Here(
        scene, may_be_shown(scene, public), spots_of(spots, cards), tuple(ways), stations, plan_of(scene.hall)
    )


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An exhibit of the hall that one does not see from here, and from where one sees it best."""

    code: str
    name: str
    booth: str
    station: str
    yaw: float


def elsewhere(edition: Edition, here: Here, now: dt.datetime) -> list[Elsewhere]:
    """All other exhibits that the hall's stations show, by booth; in two questions. Whoever looks for one need not walk."""
    best: dict[int, tuple[str, float]] = {}
    rows = Hotspot.objects.filter(scene__hall=here.scene.hall_id, placement__isnull=False).order_by("metres", "pk")
    for pk, station, yaw in rows.values_list("placement_id", "scene__code", "yaw"):
        best.setdefault(pk, (station, yaw))
    seen = {spot.card.pk for spot in here.spots if spot.card}
    others = spots_of_placements(edition, now, best.keys() - seen)
    found = [Elsewhere(one.code, one.name, one.booth, *best[pk]) for pk, one in others.items()]
    return sorted(found, key=lambda one: (one.booth, one.code))


def spots_of(spots: Collection[Hotspot], cards: Mapping[int, Card]) -> tuple[Spot, ...]:
    """In the order in which one would name them: the nearest first."""
    return tuple(
        Spot(spot.yaw, spot.pitch, spot.metres, spot.text, cards.get(spot.placement_id or 0))
        for spot in spots
        if spot.placement_id is None or spot.placement_id in cards
    )


def tile_scene(edition: Edition, pk: int, files: str, now: dt.datetime) -> Scene | None:
    """The scene to which a file belongs, if everybody may see it now."""
    scene = Scene.objects.filter(pk=pk, files=files, hall__venue__edition=edition).first()
    if scene is None or not files or not may_be_shown(scene, public_ids(edition, now, scene.shows)):
        return None
    return scene




@dataclass(frozen=True, slots=True)
class Place:
    """Where one sees an exhibit: a scene's address and the direction to look."""

    venue: str
    hall: str
    code: str
    yaw: float


def place_of(placement: Any) -> Place | None:
    """The station before an exhibit, if its hall can be walked; `placement` as `queries.placement_of` gives it."""
    if placement.seen_from is None or placement.zone is None:
        return None
    return Place(placement.venue.code, placement.zone.hall.code, placement.seen_from, round(placement.seen_yaw, 1))

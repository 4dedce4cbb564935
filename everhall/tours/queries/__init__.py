"""Reads on tours, walks and screens. Whatever is public starts from an edition and a moment."""

from everhall.tours.queries.screens import contents, kiosk_of, screens_seen
from everhall.tours.queries.stops import Route, Seen, route_of, seen_stops
from everhall.tours.queries.tours import (
    Guided,
    covers_of,
    guided,
    guided_made,
    made_of,
    next_change,
    public_tours,
    tour_of,
    tours_with,
)
from everhall.tours.queries.walks import followers_now, guided_walk, state_of, walk_of

__all__ = [
    "Guided",
    "Route",
    "Seen",
    "contents",
    "covers_of",
    "followers_now",
    "guided",
    "guided_made",
    "guided_walk",
    "kiosk_of",
    "made_of",
    "next_change",
    "public_tours",
    "route_of",
    "screens_seen",
    "seen_stops",
    "state_of",
    "tour_of",
    "tours_with",
    "walk_of",
]

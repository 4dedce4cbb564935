"""What a page of a tour is put together of, whoever made the tour. Who may see it has been asked by whoever calls."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from everhall.editions.models import Edition
from everhall.editions.public import page
from everhall.engines import plan_draw, tour_route
from everhall.engines.qr import code_of
from everhall.exhibition import queries as exhibition
from everhall.exhibition import scene_queries, stage
from everhall.exhibition.linked import absolute
from everhall.exhibition.places import drawn, excerpt_of, words
from everhall.exhibition.scene_views import file_address, signed
from everhall.media.queries import captions_of, playing_of, transcripts_of
from everhall.tours import queries
from everhall.tours.linked import tour_json_ld
from everhall.tours.queries import Guided, Seen


def until_of(tour: Guided, now: dt.datetime) -> dt.datetime | None:
    """A visitor's tour is looked at each day, so that it is known to be visited."""
    change = queries.next_change(tour.edition, now)
    if tour.kind != "made":
        return change
    tomorrow = now + dt.timedelta(days=1)
    return min(change, tomorrow) if change else tomorrow


def show_tour(request: HttpRequest, tour: Guided, now: dt.datetime, **more: Any) -> HttpResponse:
    """How long, how far, which stops, where they stand."""
    context = {
        "tour": tour, "rows": rows_of(tour), "halls": halls_of(tour),
        "json_ld": tour_json_ld(tour) if tour.kind == "tour" else "", "unlisted": tour.kind == "made", **more,
    }
    return page(request, "tours/tour.html", tour.edition, context, tags=tour.tags, until=until_of(tour, now))


def show_print(request: HttpRequest, tour: Guided, now: dt.datetime) -> HttpResponse:
    """The whole tour on paper."""
    context = {
        "tour": tour, "rows": rows_of(tour), "halls": halls_of(tour), "unlisted": True,
        "address": absolute(tour.address).partition("://")[2], "code": code_of(absolute(tour.address)),
    }
    return page(request, "tours/print.html", tour.edition, context, tags=tour.tags, until=until_of(tour, now))


def show_stop(request: HttpRequest, tour: Guided, number: int, now: dt.datetime) -> HttpResponse:
    """One stop. A number beyond the last (stops may have vanished since it was sent to somebody) leads to the tour."""
    one = tour.stop(number)
    if one is None:
        return redirect(tour.address)
    tags = [*tour.tags, *thing_tags(one, now)]
    return page(request, "tours/stop.html", tour.edition, stop_context(tour, one, now), tags=tags, until=until_of(tour, now))


def stop_context(tour: Guided, one: Seen, now: dt.datetime) -> dict[str, Any]:
    """What the template of a stop needs."""
    legs = tour.route.legs
    here = absolute(tour.address_of(one.number))
    return {
        "tour": tour, "one": one, "count": len(tour.stops), "unlisted": tour.kind == "made",
        "before": tour.stop(one.number - 1), "after": tour.stop(one.number + 1),
        "before_address": tour.address_of(one.number - 1), "after_address": tour.address_of(one.number + 1),
        "leg": legs[one.number - 1] if one.number <= len(legs) else None,
        "shown_address": here.partition("://")[2], "code": code_of(here), **sound_context(one), **thing_context(tour.edition, one, now),
    }


def sound_context(one: Seen) -> dict[str, Any]:
    """The sound of the stop with its captions and what is said in it; none while nothing is made of the master yet."""
    pk = one.audio.pk if one.audio is not None else 0
    sources = playing_of([pk]).get(pk) if pk else None
    if not sources:
        return {}
    return {
        "sound": sources, "tracks": captions_of([pk]).get(pk, []), "transcript": transcripts_of([pk], get_language()).get(pk),
        "sound_tag": "zh-Hans" if one.audio_language == "zh" else "en",
    }


def thing_tags(one: Seen, now: dt.datetime) -> list[str]:
    if one.kind != "exhibit":
        return []
    return [f"attachment-{row.attachment_id}" for row in exhibition.files_of(one.thing.exhibit)]


def thing_context(edition: Edition, one: Seen, now: dt.datetime) -> dict[str, Any]:
    """What is shown at the stop: an exhibit's whole stage, a scene's picture and spots, a session's time, a plan."""
    if one.kind == "exhibit":
        placement = exhibition.placement_of(edition, one.key, now)
        if placement is None:
            return {}
        exhibit = placement.exhibit
        pictures, files = exhibition.gallery_of(exhibit), exhibition.files_of(exhibit)
        return {"exhibit": exhibit, "stage": stage.panels(pictures, files), "place": excerpt_of(placement, ""), "placement": placement}
    if one.kind == "scene":
        here = scene_queries.here(edition, one.thing, now)
        view = file_address(edition.code, one.thing, "view.webp") if here.shown else ""
        return {"scene": one.thing, "view": view, "spots": spots_of(one.thing, now, edition)}
    if one.kind == "session":
        return {"session": one.thing}
    return {"drawing": hall_drawing(edition, one)}


def spots_of(scene: Any, now: dt.datetime, edition: Edition) -> list[dict[str, Any]]:
    """What one sees in a scene, the nearest first, with the number of the spot for pointing."""
    rows = {row.pk: row for row in scene.hotspots.all()}
    public = {row.placement_id for row in rows.values() if row.placement_id}
    cards = {card.pk: card for card in exhibition.cards_of(edition, sorted(public), now)}
    return [
        {"pk": pk, "name": cards[row.placement_id].name if row.placement_id else row.text, "card": cards.get(row.placement_id), "yaw": signed(row.yaw)}
        for pk, row in rows.items()
        if row.placement_id is None or row.placement_id in cards
    ]


def rows_of(tour: Guided) -> list[dict[str, Any]]:
    """Each stop with its address and the way on from it."""
    legs = [*tour.route.legs, None][: len(tour.stops)]
    return [{"one": one, "address": tour.address_of(one.number), "leg": leg} for one, leg in zip(tour.stops, legs, strict=True)]


# ---------------------------------------------------------------- plans
def halls_of(tour: Guided) -> list[dict[str, Any]]:
    """The halls that the tour leads through, each with its plan, its stops and the walk between them."""
    by_hall: dict[int, list[Seen]] = defaultdict(list)
    for one in tour.stops:
        if one.hall is not None:
            by_hall[one.hall.pk].append(one)
    return [
        {"hall": stops[0].hall, "stops": stops, "drawing": walk_drawing(tour, pk, stops)}
        for pk, stops in by_hall.items() if any(one.spot.point for one in stops)
    ]  # fmt: skip


def stop_words(one: Seen) -> str:
    return _("Stop %(n)s: %(name)s") % {"n": one.number, "name": one.name}


def walk_drawing(tour: Guided, hall: int, stops: list[Seen]) -> SafeString:
    ground = tour.route.grounds[hall]
    line = tour_route.lines([one.spot for one in tour.stops], hall, ground.plan)
    stands: dict[str, plan_draw.Standing] = {}
    for one in stops:
        booth = exhibition.meant(ground, one.booth) if one.booth else ""
        if booth and booth not in stands:
            stands[booth] = plan_draw.Standing(tour.address_of(one.number), f"{booth}: {stop_words(one)}", "hit")
    title = _("The way through %(hall)s") % {"hall": stops[0].hall.name if stops[0].hall else ""}
    n = len(stops)
    description = ngettext("%(n)s stop; links lead to it.", "%(n)s stops; links lead to them.", n) % {"n": n}
    return drawn(
        ground.plan, stands, ground.zones, words(title, description), ground=ground.drawing,
        marked=plan_draw.Marked(walk=line), name=f"walk-{hall}",
    )  # fmt: skip


def hall_drawing(edition: Edition, one: Seen) -> SafeString | str:
    """A place in a hall: its booth with what is around it, or the whole plan."""
    if one.hall is None:
        return ""
    ground = exhibition.ground_of(one.hall.pk)
    booth = ground.plan.booth(exhibition.meant(ground, one.booth)) if one.booth else None
    title = _("Plan of %(hall)s") % {"hall": one.hall.name}
    view = plan_draw.around(booth, ground.plan, 40.0, 26.0) if booth else None
    return drawn(
        ground.plan, {}, ground.zones, words(title, title, booth.code if booth else ""), ground=ground.drawing,
        marked=plan_draw.Marked(here=booth.code if booth else ""), view=view, name="place",
    )  # fmt: skip

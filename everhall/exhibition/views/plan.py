"""Plans of halls: the same rows as the list, where they stand; and the way from one booth to another.

Who may: everyone. Booths show exhibits from `queries.spots_in` and nothing else; a booth in which nothing public stands is
an empty one.
"""

from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, mark, page
from everhall.engines import plan_draw, plan_json, plan_route, plan_steps
from everhall.engines.plan import Point
from everhall.exhibition import queries
from everhall.exhibition.linked import absolute
from everhall.exhibition.places import drawn, hall_address, words
from everhall.exhibition.queries import Ground, HallRow, Spot
from everhall.exhibition.views.exhibits import FACETS, Narrowing
from everhall.exhibition.ways import OWN, kept, ways_of

DOOR = "door"
#: What somebody writes who comes in.
DOORS = frozenset({DOOR, "entrance", "门", "门口", "入口", "大门"})
LONGEST = 80


def plan_index(request: HttpRequest, edition: str) -> HttpResponse:
    """All halls of an edition by venue, each with how many of the exhibits that fit stand in it."""
    found, now = edition_or_404(edition), timezone.now()
    narrowing = Narrowing(request.GET, found, now)
    counts = tally(found, narrowing, now)
    grounds = queries.grounds_of(found)
    query = kept(request.GET)
    venues: dict[int, dict[str, Any]] = {}
    for row in queries.halls_of(found):
        ground = grounds.get(row.pk)
        if ground is None or not ground.plan.booths:
            continue
        one = venues.setdefault(row.venue_id, {"code": row.venue, "name": row.venue_name, "halls": []})
        one["halls"].append({
            "row": row, "count": counts[row.pk], "booths": len(ground.plan.booths), "small": small(ground),
            "address": hall_address(found.code, row.venue, row.code) + query,
        })
    context = {
        "venues": list(venues.values()), "total": len(narrowing.ids), "facets": narrowing.facets(),
        "chosen": narrowing.chosen(), "ways": ways_of(found, "plan", request.GET),
    }
    return page(request, "exhibition/plan_index.html", found, context, until=queries.next_release(found, now))


def small(ground: Ground) -> Any:
    return drawn(ground.plan, {}, {}, words("", ""), small=True)


def tally(edition: Edition, narrowing: Narrowing, now: Any) -> Counter[int]:
    """How many of the exhibits that fit stand in each hall."""
    halls = queries.halls_of_placements(edition, now)
    return Counter(halls[pk] for pk in narrowing.ids if pk in halls)


def hall_or_404(edition: Edition, venue: str, hall: str) -> tuple[HallRow, list[HallRow]]:
    """A hall of the edition, and all of its venue."""
    rows = [row for row in queries.halls_of(edition) if row.venue == venue]
    found = next((row for row in rows if row.code == hall), None)
    if found is None:
        raise Http404(_("There is no such hall in this edition."))
    return found, rows


def plan_page(request: HttpRequest, edition: str, venue: str, hall: str) -> HttpResponse:
    """The plan of a hall beside its list. `?q=` lights booths up, `?booth=` says where one is, `?from=&to=` shows a way;
    what narrows the list narrows the plan."""
    found, now = edition_or_404(edition), timezone.now()
    row, rows = hall_or_404(found, venue, hall)
    narrowing = Narrowing(request.GET, found, now)
    counts = tally(found, narrowing, now)
    spots, ground = queries.spots_in(found, row.pk, now), queries.ground_of(row.pk)
    shown = fitting(request.GET, narrowing, spots, row)
    asked = Asked(request.GET, ground, spots)
    context = {
        "hall": row, "ground": ground, "query": request.GET.get("q", "")[:LONGEST], "asked": asked,
        "drawing": drawing(found, row, ground, spots, shown, asked),
        "places": places(request.GET, ground, shown),
        "total": len(shown), "everything": len(spots), "rest": len(narrowing.ids) - counts[row.pk],
        "halls": [
            {"row": one, "count": counts[one.pk], "address": hall_address(found.code, one.venue, one.code) + kept(request.GET)}
            for one in rows
        ],
        "choices": choices(ground, spots), "facets": narrowing.facets(), "chosen": narrowing.chosen(),
        "ways": ways_of(found, "plan", request.GET), "kept": hidden(request.GET, (*OWN, "q")),
        "searched": hidden(request.GET, OWN), "also": hidden(request.GET, (*OWN, *FACETS)),
        "index": reverse("exhibition:plan", args=[found.code]) + kept(request.GET),
        "is_narrow": narrowing.is_narrow or bool(request.GET.get("q", "").strip()),
    }
    return page(request, "exhibition/plan.html", found, context, until=queries.next_release(found, now))


def fitting(asked: QueryDict, narrowing: Narrowing, spots: list[Spot], row: HallRow) -> list[Spot]:
    """Of what stands in the hall, what the facets and the search leave."""
    ids = set(narrowing.ids)
    text = asked.get("q", "")[:LONGEST]
    if text.strip():
        ids &= queries.sought(spots, row.pk, text)
    return [spot for spot in spots if spot.pk in ids]


def places(asked: QueryDict, ground: Ground, shown: list[Spot]) -> list[dict[str, Any]]:
    """The rows of the list beside the plan; one of no booth on the plan stands there all the same."""
    query, found, met = kept(asked), [], set()
    for spot in shown:
        booth = queries.meant(ground, spot.booth) if spot.booth else ""
        found.append({
            "spot": spot, "booth": booth, "zone": ground.zones.get(spot.zone, ""),
            "anchor": place_id(booth) if booth not in met else f"{place_id(booth)}-{spot.pk}",
            "address": f"{query}{'&' if query else '?'}{urlencode({'booth': booth})}#on-plan",
        })
        met.add(booth)
    return found


def hidden(asked: QueryDict, without: tuple[str, ...]) -> list[tuple[str, str]]:
    """What a form takes along unseen."""
    return [(name, value) for name, values in asked.lists() if name not in without for value in values]


def choices(ground: Ground, spots: list[Spot]) -> list[tuple[str, str]]:
    """Booths that a way may begin or end at, with what stands there."""
    names: dict[str, list[str]] = defaultdict(list)
    for spot in spots:
        names[queries.meant(ground, spot.booth)].append(spot.name)
    return [(one.code, " · ".join(names[one.code])) for one in ground.plan.booths if one.code in names]


class Asked:
    """Where somebody is and where they want to go, read from the address."""

    def __init__(self, asked: QueryDict, ground: Ground, spots: list[Spot]) -> None:
        self.ground, self.plan, self.spots = ground, ground.plan, spots
        self.texts = {name: asked.get(name, "").strip()[:LONGEST] for name in ("booth", "from", "to")}
        #: Texts that name no booth of this plan.
        self.unknown: list[str] = []
        self.booth = self.place(self.texts["booth"])
        self.start = DOOR if self.plan.doors and self.texts["from"].lower() in DOORS else self.place(self.texts["from"])
        self.goal = self.place(self.texts["to"])
        self.walk = self.way() if self.start and self.goal else None
        self.told = self.steps()

    def place(self, text: str) -> str:
        """A booth by its number, or by the number of the label that stands in it."""
        if not text:
            return ""
        found = queries.meant(self.ground, text)
        if not found:
            label = queries.label_of(text)
            booth = next((s.booth for s in self.spots if label is not None and s.exhibit_id == label.exhibit_id), "")
            found = queries.meant(self.ground, booth) if booth else ""
        if not found:
            self.unknown.append(text)
        return found

    def way(self) -> tuple[Point, ...] | None:
        goal, start = self.plan.booth(self.goal), self.plan.booth(self.start)
        if goal is None:
            return None
        begins = [start.front] if start is not None else list(self.plan.doors)[:8]
        walks = [plan_route.walk(self.plan, point, goal.front) for point in begins]
        return min((one for one in walks if one is not None), key=plan_route.metres, default=None)

    def steps(self) -> dict[str, Any] | None:
        """The way in words; None where nobody asked or nobody can walk it."""
        if self.walk is None:
            return None
        told = plan_steps.told(self.walk, self.plan.booth(self.start), self.plan.booth(self.goal))
        return {"metres": told.metres, "sentences": plan_steps.sentences(told, self.goal, get_language())}

    @property
    def is_stuck(self) -> bool:
        """Whether both ends are known and there is no way."""
        return bool(self.start and self.goal) and self.walk is None

    @property
    def start_name(self) -> str:
        return _("the door") if self.start == DOOR else self.start


def drawing(edition: Edition, row: HallRow, ground: Ground, spots: list[Spot], shown: list[Spot], asked: Asked) -> Any:
    fits, is_narrow = {spot.pk for spot in shown}, len(shown) < len(spots)
    standing: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        if spot.booth:
            standing[queries.meant(ground, spot.booth)].append(spot)
    stands = {
        code: plan_draw.Standing(
            reverse("exhibition:exhibit", args=[edition.code, here[0].code]) if len(here) == 1
            else f"?{urlencode({'booth': code})}#{place_id(code)}",
            label_of(code, here),
            "" if not is_narrow else "hit" if any(spot.pk in fits for spot in here) else "dim",
        )
        for code, here in standing.items() if code
    }
    title = _("Plan of %(hall)s, %(venue)s") % {"hall": row.name, "venue": row.venue_name}
    n = len(ground.plan.booths)
    description = ngettext("%(n)s booth; links lead to exhibits.", "%(n)s booths; links lead to exhibits.", n) % {"n": n}
    marked = plan_draw.Marked(asked.booth, asked.walk or ())
    return drawn(ground.plan, stands, ground.zones, words(title, description), ground=ground.drawing, marked=marked)


def place_id(code: str) -> str:
    return "at-" + "".join(letter if letter.isalnum() else "-" for letter in code)


def label_of(code: str, here: list[Spot]) -> str:
    """A-017: what stands there, by whom."""
    names = [f"{spot.name} ({spot.organisation})" if spot.organisation else spot.name for spot in here]
    return f"{code}: {', '.join(names)}"


def plan_json_view(request: HttpRequest, edition: str, venue: str, hall: str) -> HttpResponse:
    """The plan in metres with what stands where, for programmes and for the hall to walk through."""
    found, now = edition_or_404(edition), timezone.now()
    row, _rows = hall_or_404(found, venue, hall)
    ground = queries.ground_of(row.pk)
    standing: dict[str, list[dict[str, str]]] = defaultdict(list)
    for spot in queries.spots_in(found, row.pk, now):
        standing[queries.meant(ground, spot.booth) if spot.booth else ""].append({
            "code": spot.code, "name": spot.name, "organisation": spot.organisation,
            "address": absolute(reverse("exhibition:exhibit", args=[found.code, spot.code])),
        })
    data = {"hall": row.code, "name": row.name, "outdoor": row.outdoor, **plan_json.written(ground.plan)}
    for booth in data["booths"]:
        booth["exhibits"] = standing.get(booth["code"], [])
    for area in data["areas"]:
        area["name"] = ground.zones.get(area["code"], "")
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    return mark(response, f"edition-{found.code}", until=queries.next_release(found, now))

"""Plans of halls: the same rows as the list, where they stand; and the way from one booth to another.

Who may: everyone. Booths show exhibits from `queries.spots_in` and nothing else; a booth in which nothing public stands is
an empty one.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, mark, page
from everhall.engines import plan_draw, plan_json, plan_route, plan_steps
from everhall.engines.plan import Point
from everhall.exhibition import queries
from everhall.exhibition.linked import absolute, without_page
from everhall.exhibition.places import drawn, hall_address, words
from everhall.exhibition.queries import Ground, HallRow, Spot, Stand
from everhall.exhibition.views.exhibits import FACETS, Narrowing
from everhall.exhibition.ways import OWN, kept, ways_of

DOOR = "door"
#: What somebody writes who comes in.
DOORS = frozenset({DOOR, "entrance", "门", "门口", "入口", "大门"})
LONGEST = 80
#: A list of so many stands whole, so that typing narrows it at once; a longer one has pages of so many.
WHOLE = 200
PER_PAGE = 60
#: Up to how many in one booth are named on the plan.
NAMED = 3


def plan_index(request: HttpRequest, edition: str) -> HttpResponse:
    """All halls of an edition by venue, each with how many of the exhibits that fit stand in it."""
    found, now = edition_or_404(edition), timezone.now()
    narrowing = Narrowing(request.GET, found, now)
    counts = narrowing.in_halls()
    grounds = queries.grounds_of(found)
    query = kept(request.GET)
    venues: dict[int, dict[str, Any]] = {}
    for row in queries.halls_of(found):
        ground = grounds.get(row.pk)
        if ground is None or not ground.plan.booths:
            continue
        one = venues.setdefault(row.venue_id, {"code": row.venue, "name": row.venue_name, "halls": []})
        one["halls"].append({
            "row": row, "count": counts[row.venue, row.code], "booths": len(ground.plan.booths), "small": mark_safe(ground.small),  # noqa: S308 - drawn by the engine, without words
            "address": hall_address(found.code, row.venue, row.code) + query,
        })
    context = {
        "venues": list(venues.values()), "total": len(narrowing.ids), "facets": narrowing.facets(),
        "chosen": narrowing.chosen(), "ways": ways_of(found, "plan", request.GET),
    }
    return page(request, "exhibition/plan_index.html", found, context, until=queries.next_release(found, now))


def hall_or_404(edition: Edition, venue: str, hall: str) -> tuple[HallRow, list[HallRow]]:
    """A hall of the edition, and all of its venue."""
    rows = [row for row in queries.halls_of(edition) if row.venue == venue]
    found = next((row for row in rows if row.code == hall), None)
    if found is None:
        raise Http404(_("There is no such hall in this edition."))
    return found, rows


def plan_page(request: HttpRequest, edition: str, venue: str, hall: str) -> HttpResponse:
    """The plan of a hall beside its list. `?q=` lights booths up, `?booth=` says where one is, `?from=&to=` shows a way;
    what narrows the list narrows the plan; a long list has pages, the plan always shows the whole hall."""
    found, now = edition_or_404(edition), timezone.now()
    row, rows = hall_or_404(found, venue, hall)
    narrowing = Narrowing(request.GET, found, now)
    counts = narrowing.in_halls()
    ground = queries.ground_of(row.pk)
    standing = Standing(found, row, ground, narrowing, request.GET.get("q", "")[:LONGEST], now)
    asked = Asked(request.GET, ground, standing.everything)
    current = standing.page(request.GET.get("page"), asked.booth)
    spots = queries.spots_of(found, now, {stand.pk for stand in current.object_list} | standing.alone())
    context = {
        "hall": row, "ground": ground, "query": request.GET.get("q", "")[:LONGEST], "asked": asked,
        "drawing": drawing(found, row, standing, spots, asked),
        "places": places(request.GET, ground, [spots[stand.pk] for stand in current.object_list if stand.pk in spots]),
        "page": current, "total": len(standing.shown), "everything": len(standing.everything),
        "rest": len(narrowing.ids) - counts[row.venue, row.code],
        "halls": [
            {"row": one, "count": counts[one.venue, one.code], "address": hall_address(found.code, one.venue, one.code) + kept(request.GET)}
            for one in rows
        ],
        "choices": [(code, standing.words(code, spots)) for code in standing.in_booths],
        "facets": narrowing.facets(), "chosen": narrowing.chosen(),
        "ways": ways_of(found, "plan", request.GET), "kept": hidden(request.GET, (*OWN, "q")),
        "searched": hidden(request.GET, OWN), "also": hidden(request.GET, (*OWN, *FACETS)),
        "index": reverse("exhibition:plan", args=[found.code]) + kept(request.GET),
        "is_narrow": narrowing.is_narrow or bool(request.GET.get("q", "").strip()),
        "rest_of_query": without_page(request.GET),
    }
    return page(request, "exhibition/plan.html", found, context, until=queries.next_release(found, now))


class Standing:
    """What stands in a hall and what of it fits. Names are not among it: a large hall has thousands."""

    def __init__(self, edition: Edition, row: HallRow, ground: Ground, narrowing: Narrowing, text: str, now: Any) -> None:
        self.everything = queries.stands_in(edition, row, narrowing.labels.legend, now)
        fits = set(narrowing.ids) if narrowing.is_narrow else {stand.pk for stand in self.everything}
        if text.strip():
            fits &= queries.sought(edition, row, narrowing.labels.legend, self.everything, text)
        self.ground, self.fits = ground, fits
        #: What fits, as one walks.
        self.shown = [stand for stand in self.everything if stand.pk in fits]
        #: Booth of the plan -> what stands in it.
        self.in_booths: dict[str, list[Stand]] = {one.code: [] for one in ground.plan.booths}
        for stand in self.everything:
            if code := self.booth_of(stand):
                self.in_booths[code].append(stand)
        self.in_booths = {code: stands for code, stands in self.in_booths.items() if stands}
        self._words: dict[str, str] = {}

    def booth_of(self, stand: Stand) -> str:
        return queries.meant(self.ground, stand.booth) if stand.booth else ""

    def alone(self) -> set[int]:
        """Placements that booths are named after: of a booth with more, the number is told."""
        return {stand.pk for stands in self.in_booths.values() if len(stands) <= NAMED for stand in stands}

    def page(self, number: str | None, booth: str) -> Page[Stand]:
        """A page of what fits; the one with a booth, where nobody asked for another."""
        pages = Paginator(self.shown, WHOLE if len(self.shown) <= WHOLE else PER_PAGE)
        if number is None and booth:
            at = next((n for n, stand in enumerate(self.shown) if self.booth_of(stand) == booth), 0)
            return pages.get_page(at // pages.per_page + 1)
        return pages.get_page(number)

    def words(self, code: str, spots: Mapping[int, Spot]) -> str:
        """What stands in a booth: names with who shows it, or how many there are."""
        if code not in self._words:
            self._words[code] = self._told(code, spots)
        return self._words[code]

    def _told(self, code: str, spots: Mapping[int, Spot]) -> str:
        stands = self.in_booths[code]
        if len(stands) > NAMED:
            return ngettext("%(n)s exhibit", "%(n)s exhibits", len(stands)) % {"n": len(stands)}
        here = [spots[stand.pk] for stand in stands if stand.pk in spots]
        return ", ".join(f"{one.name} ({one.organisation})" if one.organisation else one.name for one in here)


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


class Asked:
    """Where somebody is and where they want to go, read from the address."""

    def __init__(self, asked: QueryDict, ground: Ground, stands: list[Stand]) -> None:
        self.ground, self.plan, self.stands = ground, ground.plan, stands
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
            booth = next((s.booth for s in self.stands if label is not None and s.exhibit_id == label.exhibit_id), "")
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


def drawing(edition: Edition, row: HallRow, standing: Standing, spots: Mapping[int, Spot], asked: Asked) -> Any:
    ground, is_narrow = standing.ground, len(standing.shown) < len(standing.everything)
    drawn_stands = {}
    for code, here in standing.in_booths.items():
        only = spots.get(here[0].pk) if len(here) == 1 else None
        fits = any(stand.pk in standing.fits for stand in here)
        drawn_stands[code] = plan_draw.Standing(
            reverse("exhibition:exhibit", args=[edition.code, only.code]) if only
            else f"?{urlencode({'booth': code})}#{place_id(code)}",
            f"{code}: {standing.words(code, spots)}",
            "" if not is_narrow else "hit" if fits else "dim",
        )
    title = _("Plan of %(hall)s, %(venue)s") % {"hall": row.name, "venue": row.venue_name}
    n = len(ground.plan.booths)
    description = ngettext("%(n)s booth; links lead to exhibits.", "%(n)s booths; links lead to exhibits.", n) % {"n": n}
    marked = plan_draw.Marked(asked.booth, asked.walk or ())
    return drawn(ground.plan, drawn_stands, ground.zones, words(title, description), ground=ground.drawing, marked=marked)


def place_id(code: str) -> str:
    return "at-" + "".join(letter if letter.isalnum() else "-" for letter in code)


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

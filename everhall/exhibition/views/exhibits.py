"""Public pages of the cloud exhibition. Who may: everyone; drafts, embargoed exhibits and other editions'
exhibits do not exist here (`queries.public_placements`)."""

import datetime as dt
from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from everhall.editions.beside import by_slot
from everhall.editions.models import Edition
from everhall.editions.public import earliest, edition_or_404, page
from everhall.engines import facets
from everhall.exhibition import linked, queries, scene_queries, stage
from everhall.exhibition.beside import exhibits as beside_exhibits
from everhall.exhibition.citing import citation_of
from everhall.exhibition.models import Presentation, Seek
from everhall.exhibition.places import excerpt_of
from everhall.exhibition.rules import Entry, Facet, Legend, Option
from everhall.exhibition.ways import ways_of

CARDS_PER_PAGE = 24
FACETS = ("venue", "zone", "field", "presentation", "seeks")
#: More zones than a person reads are offered when a venue is chosen.
MANY_ZONES = 60
#: These stand open from the start.
UNFOLDED = ("zone", "field")


def exhibit_list(request: HttpRequest, edition: str) -> HttpResponse:
    """All exhibits of an edition, narrowed by facets; `?field=ai&field=5g&venue=beijing`."""
    found = edition_or_404(edition)
    now = timezone.now()
    narrowing = Narrowing(request.GET, found, now)
    pages = Paginator(narrowing.ids, CARDS_PER_PAGE)
    current = pages.get_page(request.GET.get("page"))
    context = {
        "cards": queries.cards_of(found, list(current.object_list), now),
        "page": current,
        "total": len(narrowing.ids),
        "facets": narrowing.facets(),
        "chosen": narrowing.chosen(),
        "query": linked.without_page(request.GET),
        "ways": ways_of(found, "list", request.GET),
        "json_ld": linked.exhibition_json_ld(found),
    }
    return page(
        request, "exhibition/list.html", found, context, until=queries.next_release(found, now)
    )


class Narrowing:
    """What an address narrows the exhibits of an edition to: the same on the list and on plans."""

    def __init__(self, asked: QueryDict, edition: Edition, now: dt.datetime) -> None:
        self.labels = Labels(queries.legend_of(edition))
        self.asked = {facet: set(asked.getlist(facet)) for facet in FACETS}
        chosen = {facet: self.labels.ids(facet, values) for facet, values in self.asked.items()}
        result = facets.choose(queries.facet_table(edition, self.labels.legend, now), chosen, FACETS)
        #: Placements in walking order.
        self.ids, self.counts, self.matching = result.ids, result.counts, result.matching

    @property
    def is_narrow(self) -> bool:
        return any(self.asked.values())

    def in_halls(self) -> Counter[tuple[str, str]]:
        """How many fit in each hall: (venue, hall) -> number."""
        halls: Counter[tuple[str, str]] = Counter()
        for zone, number in self.matching["zone"].items():
            entry = self.labels.legend.zones.get(int(zone))
            if entry is not None:
                venue, hall, _ = entry.key.split(".")
                halls[venue, hall] += number
        return halls

    def facets(self) -> list[Facet]:
        return [
            self.labels.facet(name, self.counts[name], self.asked[name], unfolded=name in UNFOLDED) for name in FACETS
        ]

    def chosen(self) -> list[dict[str, str]]:
        return self.labels.chosen(self.asked)


class Labels:
    """Names of facet values, and the way between what an address says and what rows hold: codes, not numbers."""

    def __init__(self, legend: Legend) -> None:
        self.legend = legend
        #: facet -> value in the rows -> its entry, in the order in which people expect them
        self.entries: dict[str, dict[str, Entry]] = {
            "venue": {str(pk): entry for pk, entry in legend.venues.items()},
            "zone": {str(pk): entry for pk, entry in legend.zones.items()},
            "field": {entry.key: entry for entry in legend.fields.values()},
            "presentation": words(Presentation),
            "seeks": words(Seek),
        }

    def ids(self, facet: str, keys: set[str]) -> frozenset[str]:
        """Values of the rows by what the address calls them; a place that is none of ours narrows nothing."""
        known = {value for value, entry in self.entries[facet].items() if entry.key in keys}
        return frozenset(known) if facet in ("venue", "zone") else frozenset(keys)

    def facet(self, name: str, counts: Any, asked: set[str], *, unfolded: bool = False) -> Facet:
        """What one facet offers; `counts` by the values of the rows, `asked` by what the address calls them.
        It is unfolded where something is chosen, else as told."""
        titles = {
            "venue": _("Venue"), "zone": _("Zone"), "field": pgettext("exhibit", "Field"),
            "presentation": _("Shown as"), "seeks": _("Seeks"),
        }
        offered = tuple(
            Option(entry.key, entry.name, counts.get(value, 0), entry.key in asked, entry.depth)
            for value, entry in self.entries[name].items()
            if counts.get(value) or entry.key in asked
        )
        if name == "zone" and len(offered) > MANY_ZONES:
            return Facet(name, titles[name], tuple(one for one in offered if one.chosen), True, _("Choose a venue, then its zones stand here."))
        return Facet(name, titles[name], offered, bool(asked) or unfolded)

    def chosen(self, asked: dict[str, set[str]]) -> list[dict[str, str]]:
        """What is chosen, by name, for the row of chips above the list."""
        return [
            {"facet": facet, "key": entry.key, "name": entry.name}
            for facet, keys in asked.items() if keys
            for entry in sorted(self.entries[facet].values(), key=lambda entry: entry.key)
            if entry.key in keys and entry.name
        ]


def words(choices: Any) -> dict[str, Entry]:
    """A fixed vocabulary as entries."""
    return {value: Entry(value, str(label)) for value, label in choices.choices}


def exhibit_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One exhibit in one edition."""
    found = edition_or_404(edition)
    now = timezone.now()
    placement = queries.placement_of(found, code, now)
    if placement is None:
        raise Http404(_("There is no such exhibit in this edition."))
    exhibit = placement.exhibit
    around = queries.around(placement, now)
    pieces = beside_exhibits.beside(placement, now)
    pictures, files = queries.gallery_of(exhibit), queries.files_of(exhibit)
    context: dict[str, Any] = {
        "placement": placement,
        "exhibit": exhibit,
        "pictures": pictures,
        "stage": stage.panels(pictures, files, get_language()),
        "fields": around.fields,
        "files": stage.to_take_home(files),
        "near": around.near,
        "same": around.same,
        "related": around.related,
        "elsewhere": queries.elsewhere(placement, now),
        "citation": citation_of(placement),
        "beside": by_slot(pieces),
        "place": excerpt_of(placement, request.GET.get("at", "")),
        "walk": scene_queries.place_of(placement),
        "json_ld": linked.exhibit_json_ld(placement, around.fields, *(piece.json_ld for piece in pieces)),
    }
    # What is made of a model or a board comes later than the page.
    tags = [f"attachment-{row.attachment_id}" for row in files]
    for piece in pieces:
        context.update(piece.context)
        tags += piece.tags
    until = earliest(around.until, *(piece.until for piece in pieces))
    return page(request, "exhibition/exhibit.html", found, context, tags=tags, until=until)

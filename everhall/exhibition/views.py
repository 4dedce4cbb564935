"""Public pages of the cloud exhibition. Who may: everyone; drafts, embargoed exhibits and other editions'
exhibits do not exist here (`queries.public_placements`)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue, Zone
from everhall.editions.public import edition_or_404, page
from everhall.engines import facets
from everhall.exhibition import linked, queries
from everhall.exhibition.models import Field, Presentation, Seek

CARDS_PER_PAGE = 24
FACETS = ("venue", "zone", "field", "presentation", "seeks")


def exhibit_list(request: HttpRequest, edition: str) -> HttpResponse:
    """All exhibits of an edition, narrowed by facets; `?field=ai&field=5g&venue=beijing`."""
    found = edition_or_404(edition)
    now = timezone.now()
    labels = Labels(found)
    asked = {facet: set(request.GET.getlist(facet)) for facet in FACETS}
    chosen = {facet: labels.ids(facet, values) for facet, values in asked.items()}
    result = facets.choose(queries.facet_rows(found, now), chosen, FACETS)
    pages = Paginator(result.ids, CARDS_PER_PAGE)
    current = pages.get_page(request.GET.get("page"))
    context = {
        "placements": queries.cards_of(found, list(current.object_list), now),
        "page": current,
        "total": len(result.ids),
        "facets": [labels.options(facet, result.counts[facet], asked[facet]) for facet in FACETS],
        "chosen": labels.chosen(asked),
        "query": linked.without_page(request.GET),
        "json_ld": linked.exhibition_json_ld(found),
    }
    return page(
        request, "exhibition/list.html", found, context, until=queries.next_release(found, now)
    )


class Labels:
    """Names of facet values, and the way between what an address says and what rows hold."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        venues = editions.venues_of(edition).only("code", "name_zh", "name_en", "order", "path")
        self.venues = {str(v.pk): v for v in venues}
        zones = (
            Zone.objects.filter(hall__venue__edition=edition)
            .select_related("hall__venue")
            .only("code", "name_zh", "name_en", "order", "hall__code", "hall__venue__code")
        )
        self.zones = {str(z.pk): z for z in zones.order_by("hall__order", "order", "code")}
        self.fields = {f.code: f for f in Field.objects.all()}

    def key(self, facet: str, value: str) -> str:
        """How the address names a row's value: codes, not numbers."""
        if facet == "venue":
            return str(self.venues[value].code)
        if facet == "zone":
            zone = self.zones[value]
            return f"{zone.hall.venue.code}.{zone.hall.code}.{zone.code}"
        return value

    def ids(self, facet: str, keys: set[str]) -> frozenset[str]:
        if facet == "venue":
            return frozenset(pk for pk, v in self.venues.items() if v.code in keys)
        if facet == "zone":
            return frozenset(pk for pk in self.zones if self.key("zone", pk) in keys)
        return frozenset(keys)

    def name(self, facet: str, value: str) -> str:
        table: Any = {
            "venue": lambda v: self.venues[v].name if v in self.venues else "",
            "zone": lambda v: self.zones[v].name if v in self.zones else "",
            "field": lambda v: self.fields[v].name if v in self.fields else "",
            "presentation": lambda v: dict(Presentation.choices).get(v, ""),
            "seeks": lambda v: dict(Seek.choices).get(v, ""),
        }
        return str(table[facet](value))

    def order(self, facet: str) -> list[str]:
        """Values in the order in which people expect them."""
        return {
            "venue": [str(v.pk) for v in sorted(self.venues.values(), key=lambda v: (v.order, v.pk))],
            "zone": list(self.zones),
            "field": list(self.fields),
            "presentation": list(Presentation.values),
            "seeks": list(Seek.values),
        }[facet]

    def options(self, facet: str, counts: Any, asked: set[str]) -> dict[str, Any]:
        titles = {
            "venue": _("Venue"), "zone": _("Zone"), "field": pgettext("exhibit", "Field"),
            "presentation": _("Shown as"), "seeks": _("Seeks"),
        }
        values = []
        for value in self.order(facet):
            key = self.key(facet, value)
            if counts.get(value) or key in asked:
                venue: Venue | None = self.venues.get(value) if facet == "venue" else None
                values.append(
                    {
                        "key": key, "name": self.name(facet, value),
                        "count": counts.get(value, 0), "chosen": key in asked,
                        "depth": venue.depth if venue else 1,
                    }
                )
        return {"name": facet, "title": titles[facet], "options": values, "open": bool(asked)}

    def chosen(self, asked: dict[str, set[str]]) -> list[dict[str, str]]:
        """What is chosen, by name, for the row of chips above the list."""
        return [
            {"facet": facet, "key": key, "name": name}
            for facet, keys in asked.items()
            for key in sorted(keys)
            for name in [next((self.name(facet, v) for v in self.ids(facet, {key})), "")]
            if name
        ]


def exhibit_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One exhibit in one edition."""
    found = edition_or_404(edition)
    now = timezone.now()
    placement = queries.placement_of(found, code, now)
    if placement is None:
        raise Http404(_("There is no such exhibit in this edition."))
    context = {
        "placement": placement,
        "exhibit": placement.exhibit,
        "near": queries.near(placement, now),
        "related": queries.related(placement, now),
        "json_ld": linked.exhibit_json_ld(placement),
    }
    return page(
        request, "exhibition/exhibit.html", found, context, until=queries.next_release(found, now)
    )

"""Search in one edition: the page of results, and suggestions while typing. Who may: everyone; what
is a draft, under embargo or of another edition does not exist here (`queries.find`)."""

import re

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from everhall.editions.public import edition_or_404
from everhall.engines.bilingual import is_chinese
from everhall.exhibition.queries import legend_of
from everhall.exhibition.views import Labels
from everhall.search import queries, services
from everhall.search.documents import DIMENSIONS

HITS_PER_PAGE = 20
MOST_PAGES = 100
MOST_VALUES = 50
_CODE = re.compile(r"[a-z0-9._-]{1,200}")


def language() -> str:
    return "zh" if is_chinese(get_language()) else "en"


def kind_names() -> dict[str, str]:
    """Kinds in the order in which people look for them."""
    return {
        "exhibit": _("Exhibits"),
        "activity": _("Activities"),
        "recording": _("Recordings"),
        "tour": _("Tours"),
        "organisation": _("Organisations"),
        "article": _("Articles"),
        "venue": _("Venues"),
        "edition": _("Editions"),
    }


def results(request: HttpRequest, edition: str) -> HttpResponse:
    """`?q=无人机&kind=exhibit&venue=beijing&page=2`; a value may be given several times.

    Not marked for the door: what people search is too various to be worth keeping.
    """
    found, now = edition_or_404(edition), timezone.now()
    text = request.GET.get("q", "").strip()
    asked = {name: _codes(request, name) for name in DIMENSIONS}
    chosen = {name: sorted(values) for name, values in asked.items() if values}
    number = _page_number(request)
    hits = queries.find(
        text,
        edition=found.code,
        now=now,
        facets=chosen,
        offset=(number - 1) * HITS_PER_PAGE,
        limit=HITS_PER_PAGE,
    )
    cards = queries.cards(hits, language=language())
    samples = services.samples((card.kind, card.key) for card in cards)
    counts = queries.facet_counts(hits.query, edition=found.code, now=now, facets=chosen)
    names, labels = kind_names(), Labels(legend_of(found))
    context = {
        "edition": found,
        "q": text,
        "asked": bool(hits.query),
        "total": hits.total,
        "hits": [
            {
                "card": card,
                "kind": kind_of_hit(card.kind),
                # An exhibit can be kept from here.
                "code": card.path.rstrip("/").rpartition("/")[2] if card.kind == "exhibit" else "",
                "sample": (card.kind, card.key) in samples,
            }
            for card in cards
        ],
        "facets": [*_facets(labels, counts, asked, names)],
        "chosen": _chosen(labels, asked, names),
        "page": Paginator(
            range(min(hits.total, HITS_PER_PAGE * MOST_PAGES)), HITS_PER_PAGE
        ).get_page(number),
        "query": _without(request, "page"),
        "cleared": _without(request, "page", *DIMENSIONS),
    }
    response = render(request, "search/results.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def suggestions(request: HttpRequest, edition: str) -> HttpResponse:
    """`?q=zhongg` → {"suggestions": [{"title", "parts", "kind", "url"}]}; parts are [text, is found]."""
    found = edition_or_404(edition)
    cards = queries.suggest(
        request.GET.get("q", ""), edition=found.code, now=timezone.now(), language=language()
    )
    return JsonResponse(
        {
            "suggestions": [
                {
                    "title": card.title.text,
                    "parts": list(card.title.pieces()),
                    "kind": kind_of_hit(card.kind),
                    "url": card.path,
                }
                for card in cards
            ]
        },
        json_dumps_params={"ensure_ascii": False},
    )


def kind_of_hit(kind: str) -> str:
    """One thing of a kind, as the mark beside a hit."""
    names = {
        "exhibit": pgettext("kind of hit", "Exhibit"),
        "activity": pgettext("kind of hit", "Activity"),
        "recording": pgettext("kind of hit", "Recording"),
        "tour": pgettext("kind of hit", "Tour"),
        "organisation": pgettext("kind of hit", "Organisation"),
        "article": pgettext("kind of hit", "Article"),
        "venue": pgettext("kind of hit", "Venue"),
        "edition": pgettext("kind of hit", "Edition"),
    }
    return names.get(kind, kind)


def _page_number(request: HttpRequest) -> int:
    value = request.GET.get("page", "1")
    return max(1, min(int(value), MOST_PAGES)) if value.isdecimal() and len(value) < 9 else 1


def _codes(request: HttpRequest, name: str) -> set[str]:
    """Values of a facet, as far as they can be codes at all."""
    return set(filter(_CODE.fullmatch, request.GET.getlist(name)[:MOST_VALUES]))


def _without(request: HttpRequest, *names: str) -> str:
    kept = request.GET.copy()
    for name in names:
        kept.pop(name, None)
    return kept.urlencode()


def _facets(labels: Labels, counts, asked, names):
    """Each dimension with its values, as the exhibition's list shows them."""
    yield {
        "name": "kind",
        "title": _("Kind"),
        "open": True,
        "options": [
            {
                "key": kind,
                "name": name,
                "count": counts["kind"].get(kind, 0),
                "chosen": kind in asked["kind"],
                "depth": 1,
            }
            for kind, name in names.items()
            if counts["kind"].get(kind) or kind in asked["kind"]
        ],
    }
    for dimension in DIMENSIONS:
        if dimension != "kind":
            of = {
                value: counts[dimension].get(entry.key, 0)
                for value, entry in labels.entries[dimension].items()
            }
            yield labels.facet(dimension, of, asked[dimension])


def _chosen(labels: Labels, asked, names):
    kinds = [
        {"facet": "kind", "key": kind, "name": names[kind]}
        for kind in sorted(asked["kind"])
        if kind in names
    ]
    others = {name: values for name, values in asked.items() if name != "kind" and values}
    return [*kinds, *labels.chosen(others)]

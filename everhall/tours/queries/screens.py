"""What a screen shows: everything that it may need for hours without a network, as plain values in both languages.

In: a kiosk, a moment, the moment of the week clock. Out: a JSON-able value with a version made of all of it. What must stay true:
nothing that visitors may not see at this moment is in it, neither as a text nor as an address; the same contents have the same
version; `until` is when they change by the clock alone.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import override

from everhall.editions.models import Edition
from everhall.editions.public import earliest, real_time, week_time
from everhall.engines.qr import code_of
from everhall.exhibition import queries as exhibition
from everhall.exhibition.models import Placement
from everhall.exhibition.rules import Card
from everhall.media.queries import playing_of
from everhall.media.templatetags.pictures import rendition_url, spec_of
from everhall.tours import rules
from everhall.tours.models import Kiosk, Sighting
from everhall.tours.queries.stops import Seen
from everhall.tours.queries.tours import Guided, next_change, tour_of

LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}
#: Widths of pictures: on a wall or in a row, and by itself (a screen of 4K shows it over half its width).
SMALL, LARGE = 640, 1920
#: All that the page is made of; `tests/tours` follows the imports of the scripts to see that none is missing.
SHELL: Final = (
    "everhall/everhall.css", "tours/screen.css", "tours/screen.js", "tours/screen_views.js", "tours/screen_staff.js",
    "tours/screen_clock.js", "tours/screen_words.js", "realtime/news.js", "realtime/clock.js", "everhall/icons/mark.svg",
)  # fmt: skip


def kiosk_of(edition: Edition, code: str) -> Kiosk | None:
    if not edition.is_public:
        return None
    row = Kiosk.objects.filter(edition=edition, code=code).select_related("venue", "tour").first()
    if row is not None:
        row.edition = edition
    return row


def shell() -> list[str]:
    """Addresses of all files that the page is made of."""
    return [static(name) for name in SHELL]


def look_of(edition: Edition) -> str:
    """The edition's colours; the same address in every language."""
    with override("zh-hans"):
        return reverse("editions:look", args=[edition.code])


def shell_version() -> str:
    return digest(shell())


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def contents(kiosk: Kiosk, now: dt.datetime) -> dict[str, Any]:
    """See the module."""
    items, more = BUILDERS[kiosk.kind](kiosk, now)
    names = {language: _said(kiosk, "name", language) for language in LANGUAGES}
    value: dict[str, Any] = {
        "kind": kiosk.kind, "name": names, "seconds": kiosk.seconds, "idle": kiosk.idle_seconds,
        "languages": list(LANGUAGES) if kiosk.languages == Kiosk.Languages.BOTH else [kiosk.languages],
        "edition": kiosk.edition.code, "items": items, "shell": shell_version(), "files": [*shell(), look_of(kiosk.edition)], "look": [kiosk.edition.primary_colour, kiosk.edition.accent_colour], "pin": bool(kiosk.pin_hash),
        "sample": kiosk.is_sample, **more,
    }  # fmt: skip
    until = earliest(next_change(kiosk.edition, now), more.get("_until"))
    value.pop("_until", None)
    value["until"] = int(until.timestamp() * 1000) if until is not None else None
    return {"version": digest(value), **value}


def _said(row: Any, name: str, language: str) -> str:
    with override(LANGUAGES[language]):
        return str(getattr(row, name) or "")


# ---------------------------------------------------------------- what each kind shows
def _placements(kiosk: Kiosk, now: dt.datetime) -> QuerySet[Placement]:
    """Of its zones, else of its venue and of what is below it; as one would walk."""
    rows = exhibition.public_placements(kiosk.edition, now)
    zones = list(kiosk.zones.values_list("pk", flat=True))
    rows = rows.filter(zone__in=zones) if zones else rows.filter(venue__path__startswith=kiosk.venue.path)
    return exhibition.in_order(rows)


def _of_zones(kiosk: Kiosk, now: dt.datetime) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    return _items(kiosk, _placements(kiosk, now)[: rules.MOST_ITEMS]), {}


def _of_the_hour(kiosk: Kiosk, now: dt.datetime) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The hours ahead, each with its exhibit. Chosen among all of the edition, or of the zones, so that screens of one hall and
    of another show the same."""
    zones = list(kiosk.zones.values_list("pk", flat=True))
    rows = exhibition.public_placements(kiosk.edition, now)
    codes = (rows.filter(zone__in=zones) if zones else rows).values_list("exhibit__code", flat=True)
    week = week_time(now)
    first = int(week.timestamp()) // 3600
    hours, among = [], sorted(codes)
    for hour in range(first, first + rules.HOURS_AHEAD):
        code = rules.of_the_hour(among, kiosk.edition.code, hour)
        begins = real_time(dt.datetime.fromtimestamp(hour * 3600, dt.UTC))
        assert begins is not None  # noqa: S101 - for the type checker
        if code:
            hours.append({"from": int(begins.timestamp() * 1000), "code": code})
    items = _items(kiosk, rows.filter(exhibit__code__in={hour["code"] for hour in hours}))
    return items, {"hours": hours, "_until": real_time(dt.datetime.fromtimestamp((first + 1) * 3600, dt.UTC))}


def _items(kiosk: Kiosk, placements: QuerySet[Placement]) -> list[dict[str, Any]]:
    """Exhibits as a screen shows them."""
    cards: dict[str, list[Card]] = {}
    for language, code in LANGUAGES.items():
        with override(code):
            cards[language] = exhibition.as_cards(placements)
    places = _places(card.pk for card in cards["zh"])
    return [
        {
            "key": zh.code, "hue": zh.hue, "sample": zh.is_sample, "booth": zh.booth, **_pictures(zh.cover),
            **_handed_over(kiosk.edition, zh.code),
            "zh": _text(zh, places[zh.pk][0]), "en": _text(en, places[zh.pk][1]),
        }
        for zh, en in zip(cards["zh"], cards["en"], strict=True)
    ]  # fmt: skip


def _text(card: Card, place: str) -> dict[str, str]:
    return {"name": card.name, "text": card.summary, "by": card.organisation, "place": place, "over": card.over}


def _places(pks: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Hall and zone of each placement, in Chinese and in English."""
    found = {}
    for row in Placement.objects.filter(pk__in=list(pks)).select_related("venue", "zone__hall"):
        names = []
        for code in LANGUAGES.values():
            with override(code):
                names.append(" · ".join(filter(None, (row.zone.hall.name if row.zone else row.venue.name, row.zone.name if row.zone else ""))))
        found[row.pk] = (names[0], names[1])
    return found


def _pictures(cover: Any) -> dict[str, Any]:
    if cover is None:
        return {"small": "", "large": ""}
    return {
        "small": rendition_url(cover, spec_of(min(SMALL, cover.width), "webp", "3:2")),
        "large": rendition_url(cover, spec_of(min(LARGE, cover.width), "webp", "")),
        "width": cover.width, "height": cover.height,
    }  # fmt: skip


def _handed_over(edition: Edition, code: str) -> dict[str, Any]:
    """The address for phones and its QR code. In the site's first language; the page there offers the other."""
    with override("zh-hans"):
        return _coded(reverse("exhibition:exhibit", args=[edition.code, code]))


def _coded(path: str) -> dict[str, Any]:
    address = settings.BASE_URL + path
    code = code_of(address)
    return {"address": address.partition("://")[2], "qr": {"size": code.size, "path": code.path}}


def _of_a_tour(kiosk: Kiosk, now: dt.datetime) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    tours: dict[str, Guided] = {}
    for language, code in LANGUAGES.items():
        with override(code):
            shown = tour_of(kiosk.edition, kiosk.tour.code, now) if kiosk.tour is not None else None
        if shown is None:
            return [], {}
        tours[language] = shown
    told = [one.audio.pk if one.audio is not None else 0 for tour in tours.values() for one in tour.stops]
    playing = playing_of([pk for pk in told if pk])
    best = [playing[pk][0] if pk in playing else None for pk in told]
    heard = rules.within_budget([source.bytes if source else 0 for source in best])
    sounds = iter([source.address if source and fits else "" for source, fits in zip(best, heard, strict=True)])
    in_zh = [(one, next(sounds)) for one in tours["zh"].stops]
    in_en = [(one, next(sounds)) for one in tours["en"].stops]
    items = [_stop(tours["zh"], zh, en) for zh, en in zip(in_zh, in_en, strict=True)]
    return items, {"tour": {language: {"name": tour.name, "text": tour.summary} for language, tour in tours.items()}}


def _stop(tour: Guided, zh: tuple[Seen, str], en: tuple[Seen, str]) -> dict[str, Any]:
    one = zh[0]
    with override("zh-hans"):
        address = tour.address_of(one.number)
    return {
        "key": one.key, "hue": one.card.hue if one.card else "", "sample": one.is_sample, "booth": one.booth,
        **_pictures(one.card.cover if one.card else None), **_coded(address),
        **{
            language: {
                "name": seen.name, "text": seen.narration or seen.summary, "place": seen.place, "sound": sound,
                "by": seen.card.organisation if seen.card else "", "over": seen.card.over if seen.card else "",
            }
            for language, (seen, sound) in (("zh", zh), ("en", en))
        },
    }  # fmt: skip


BUILDERS: Final = {
    Kiosk.Kind.TOUR.value: _of_a_tour, Kiosk.Kind.ZONES.value: _of_zones, Kiosk.Kind.WALL.value: _of_zones, Kiosk.Kind.HOUR.value: _of_the_hour,
}  # fmt: skip


# ---------------------------------------------------------------- the desk
def screens_seen(kiosks: Sequence[Kiosk]) -> dict[int, list[Sighting]]:
    """Screens that told of themselves lately, the newest first, by kiosk."""
    found: dict[int, list[Sighting]] = {kiosk.pk: [] for kiosk in kiosks}
    for row in Sighting.objects.filter(kiosk__in=kiosks).order_by("-seen_at"):
        found[row.kiosk_id].append(row)
    return found

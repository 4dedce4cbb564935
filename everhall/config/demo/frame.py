"""The frame of the demo: editions with their sourced facts, venues with halls, zones and stages, fields."""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from everhall.editions.models import Edition, Hall, Stage, Venue, Zone
from everhall.exhibition.models import Field

DATA = Path(__file__).resolve().parent / "data"
DEMO_EDITION = "2021"

#: code -> (Chinese, English, hue of its marks)
FIELDS: dict[str, tuple[str, str, int]] = {
    "drones": ("无人机", "Drones", 205),
    "smart-vehicles": ("智能汽车", "Intelligent vehicles", 18),
    "smart-equipment": ("智能装备", "Intelligent equipment", 38),
    "ai": ("人工智能", "Artificial intelligence", 262),
    "5g": ("5G通信", "5G communication", 190),
    "chips": ("集成电路", "Integrated circuits", 150),
    "biomedicine": ("生物医药", "Biomedicine", 338),
    "new-materials": ("新材料", "New materials", 282),
    "new-energy": ("绿色能源", "Green energy", 128),
    "aerospace": ("空天科技", "Space and sky", 228),
    "robotics": ("机器人", "Robotics", 8),
    "smart-city": ("智慧城市", "Smart cities", 175),
    "agriculture": ("现代农业", "Modern agriculture", 95),
    "digital-culture": ("数字文化", "Digital culture", 312),
    "education": ("科教服务", "Science and education", 52),
}


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of a CSV of the demo."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def document(name: str) -> Any:
    """A JSON document of the demo."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def yes(value: str) -> bool:
    return value == "yes"


def day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def load_fields() -> None:
    for order, (code, (zh, en, hue)) in enumerate(FIELDS.items()):
        Field.objects.update_or_create(
            code=code, defaults={"name_zh": zh, "name_en": en, "hue": hue, "order": order}
        )


@transaction.atomic
def load_editions() -> None:
    """All editions known by facts; only 2021 holds more."""
    looks = document("look.json")
    for fact in document("editions.json"):
        code = fact["code"]
        year = fact["year"]
        look = looks.get(code, {})
        demo = code == DEMO_EDITION
        Edition.objects.update_or_create(
            code=code,
            defaults={
                "year": year,
                "name_zh": f"{year}年全国大众创业万众创新活动周",
                "name_en": f"National Mass Entrepreneurship and Innovation Week {year}",
                "theme_zh": fact["theme_zh"] or "",
                "theme_en": fact["theme_en"] or "",
                "starts_on": dt.date.fromisoformat(fact["starts_on"]),
                "ends_on": day(fact["ends_on"]),
                "main_venue_zh": fact["main_venue_zh"] or "",
                "main_venue_en": fact["main_venue_en"] or "",
                "sub_venues": fact["sub_venues"],
                "figures": fact["figures"],
                "notes": fact["notes"],
                "sources": fact["sources"],
                "state": Edition.State.OPEN if demo else Edition.State.ARCHIVED,
                "is_current": demo,
                "has_sample": demo,
                "primary_colour": look.get("primary_colour", "#b3261e"),
                "accent_colour": look.get("accent_colour", "#1f5fae"),
            },
        )


@transaction.atomic
def load_venues() -> None:
    """The tree of 2021: 37 places, and below Beijing its science cities and parks."""
    edition = Edition.objects.get(code=DEMO_EDITION)
    venues: dict[str, Venue] = {}
    for order, row in enumerate(rows("venues.csv")):
        texts = {k: row[k] for k in row if k.rpartition("_")[2] in {"zh", "en"}}
        venue, _ = Venue.objects.update_or_create(
            edition=edition,
            code=row["code"],
            defaults={
                **texts,
                "parent": venues.get(row["parent"]),
                "kind": row["kind"],
                "order": order,
                "timezone": row["timezone"],
                "lat": float(row["lat"]) if row["lat"] else None,
                "lon": float(row["lon"]) if row["lon"] else None,
                "needs_national_approval": yes(row["needs_national_approval"]),
                "is_sample": yes(row["sample"]),
            },
        )
        venues[row["code"]] = venue
    load_parts(venues)


def load_parts(venues: dict[str, Venue]) -> None:
    halls: dict[tuple[str, str], Hall] = {}
    for order, row in enumerate(rows("halls.csv")):
        halls[row["venue"], row["code"]], _ = Hall.objects.update_or_create(
            venue=venues[row["venue"]],
            code=row["code"],
            defaults={**names(row), "outdoor": yes(row["outdoor"]), "order": order},
        )
    for row in rows("zones.csv"):
        Zone.objects.update_or_create(
            hall=halls[row["venue"], row["hall"]],
            code=row["code"],
            defaults={
                **names(row),
                "summary_zh": row["summary_zh"],
                "summary_en": row["summary_en"],
                "order": int(row["order"]),
            },
        )
    for order, row in enumerate(rows("stages.csv")):
        Stage.objects.update_or_create(
            venue=venues[row["venue"]],
            code=row["code"],
            defaults={
                **names(row),
                "hall": halls.get((row["venue"], row["hall"])),
                "capacity": int(row["capacity"]) if row["capacity"] else None,
                "order": order,
            },
        )


def names(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "is_sample": yes(row["sample"]),
    }

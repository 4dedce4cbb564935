"""`everhall demo --scale`: a large sample edition, to see how pages, plans and search bear it.

Twenty venues with two halls each, 10,000 booths on drawn plans, 100,000 exhibits; all of it marked as sample. It is written in
batches of whole rows and then made searchable, and may be stopped at any moment: run again, it goes on behind the last complete
batch. It stands beside the demo edition and does not touch it.
"""

import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.images import ImageFile
from django.db import transaction

from everhall.accounts.models import Organisation
from everhall.config.demo import covers, editorial, frame
from everhall.config.demo.pictures import CREDIT, LICENCE, SOURCE
from everhall.config.demo.scale_words import FIELD_CODES, words_of
from everhall.editions.models import Edition, Hall, Venue, Zone
from everhall.engines import plan_json
from everhall.engines.plan_layout import lay_out
from everhall.exhibition.events import ExhibitsChanged
from everhall.exhibition.models import Exhibit, ExhibitPicture, Field, FloorPlan, Placement
from everhall.media.models import Picture
from everhall.realtime import news
from everhall.search import services as search

CODE: Final = "large"
VENUES: Final = 20
HALLS: Final = 2
ZONES: Final = 10
#: Exhibits an organisation shows, and rows written at once.
EACH: Final = 5
BATCH: Final = 1000
PRESENTATIONS: Final[tuple[list[str], ...]] = (["object"], ["object", "board"], ["model"], ["multimedia", "board"], ["board"])
SEEKS: Final[tuple[list[str], ...]] = (["capital"], ["orders"], ["partners", "talent"], [], ["space", "capital"])

#: (what, how much is done, of how much)
Step = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How large: booths are spread over the halls, exhibits over the booths."""

    booths: int = 10_000
    exhibits: int = 100_000

    def booths_in(self, hall: int) -> int:
        halls = VENUES * HALLS
        return self.booths // halls + (hall < self.booths % halls)


@dataclass(frozen=True, slots=True)
class Place:
    """A booth with what a placement needs of it."""

    venue: int
    zone: int
    booth: str


def load_scale(size: Size, now: dt.datetime, step: Step) -> Edition:
    """The large edition, complete; what is there already stays."""
    frame.load_fields()
    edition = make_edition()
    editorial.load_home(edition)
    places = list(make_places(edition, size, now, step))
    pictures = make_pictures(now, step)
    fields = dict(Field.objects.values_list("code", "pk"))
    for first in range(already(edition), size.exhibits, BATCH):
        numbers = range(first + 1, min(first + BATCH, size.exhibits) + 1)
        write_batch(edition, numbers, places, pictures, fields, now)
        step("exhibits", numbers[-1], size.exhibits)
    news.tell(ExhibitsChanged(tags=(f"edition-{CODE}",), ids=()))
    done: dict[str, int] = {}

    def indexed(kind: str, more: int, total: int) -> None:
        done[kind] = done.get(kind, 0) + more
        step(f"search: {kind}", done[kind], total)

    search.rebuild(progress=indexed)
    return edition


def already(edition: Edition) -> int:
    """How many exhibits are there: batches are complete or not there."""
    return Placement.objects.filter(edition=edition).count()


@transaction.atomic
def make_edition() -> Edition:
    edition, _ = Edition.objects.get_or_create(
        code=CODE,
        defaults={
            "year": 2021, "name_zh": "大型示例届", "name_en": "Large sample edition", "theme_zh": "用于测量的示例内容",
            "theme_en": "Sample content for measuring", "starts_on": dt.date(2021, 10, 19), "ends_on": dt.date(2021, 10, 25),
            "state": Edition.State.OPEN, "has_sample": True,
        },
    )
    return edition


def make_places(edition: Edition, size: Size, now: dt.datetime, step: Step) -> Iterator[Place]:
    """Venues with halls, zones, and a plan for each hall; yields the booths as one walks."""
    hall_number = 0
    for n in range(VENUES):
        with transaction.atomic():
            venue, _ = Venue.objects.get_or_create(
                edition=edition, code=f"venue-{n + 1:02}",
                defaults={
                    "name_zh": f"示例会场 {n + 1}", "name_en": f"Sample venue {n + 1}", "order": n, "is_sample": True,
                    "kind": Venue.Kind.MAIN if n == 0 else Venue.Kind.SUB,
                },
            )
            for m in range(HALLS):
                yield from make_hall(venue, m, size.booths_in(hall_number), now)
                hall_number += 1
        step("venues", n + 1, VENUES)


def make_hall(venue: Venue, number: int, booths: int, now: dt.datetime) -> Iterator[Place]:
    hall, _ = Hall.objects.get_or_create(
        venue=venue, code=f"hall-{number + 1}",
        defaults={"name_zh": f"{number + 1} 号馆", "name_en": f"Hall {number + 1}", "order": number, "is_sample": True},
    )
    zones: list[tuple[Zone, list[str]]] = []
    for k in range(ZONES):
        letter = "abcdefghij"[k]
        zone, _ = Zone.objects.get_or_create(
            hall=hall, code=letter,
            defaults={"name_zh": f"{letter.upper()} 展区", "name_en": f"Zone {letter.upper()}", "order": k, "is_sample": True},
        )
        share = booths // ZONES + (k < booths % ZONES)
        zones.append((zone, [f"{number + 1}{letter.upper()}{n + 1:02}" for n in range(share)]))
    if not FloorPlan.objects.filter(hall=hall).exists():
        plan = lay_out([(zone.code, codes) for zone, codes in zones])
        FloorPlan.objects.create(hall=hall, data=plan_json.written(plan), changed_at=now, is_sample=True)
    for zone, codes in zones:
        for code in codes:
            yield Place(venue.pk, zone.pk, code)


def make_pictures(now: dt.datetime, step: Step) -> dict[str, list[int]]:
    """Two covers for each field, which its exhibits share."""
    found: dict[str, list[int]] = {}
    for n, field in enumerate(FIELD_CODES):
        for turn in range(2):
            code = f"scale-{field}-{turn}"
            picture = Picture.objects.filter(code=code).first()
            if picture is None:
                data = io.BytesIO()
                covers.draw_cover(code, field).convert("RGB").save(data, "WEBP", quality=82)
                data.seek(0)
                picture = Picture(
                    code=code, title=code, alt_zh="抽象示例封面", alt_en="Abstract sample cover", credit=CREDIT, licence=LICENCE,
                    source=SOURCE, is_sample=True, released_at=now, file=ImageFile(data, name=f"{code}.webp"),
                )
                picture.save()
            found.setdefault(field, []).append(picture.pk)
        step("pictures", n + 1, len(FIELD_CODES))
    return found


@transaction.atomic
def write_batch(
    edition: Edition, numbers: Sequence[int], places: Sequence[Place], pictures: dict[str, list[int]], fields: dict[str, int],
    now: dt.datetime,
) -> None:
    """Organisations, exhibits, their places, pictures and fields: all of these numbers or none."""
    makers = organisations(numbers)
    told = {n: words_of(n) for n in numbers}
    at = {n: places[(n - 1) % len(places)] for n in numbers}
    made = Exhibit.objects.bulk_create([
        Exhibit(
            code=f"{CODE}-{n:06}", name_zh=told[n].name_zh, name_en=told[n].name_en, summary_zh=told[n].summary_zh,
            summary_en=told[n].summary_en, text_zh=f"<p>{told[n].summary_zh}</p>" * 3, text_en=f"<p>{told[n].summary_en}</p>" * 3,
            organisation_id=makers[n], steward_id=at[n].venue, presentation=PRESENTATIONS[n % len(PRESENTATIONS)],
            seeks=SEEKS[n % len(SEEKS)], live=True, first_published_at=now, last_published_at=now, is_sample=True,
        )
        for n in numbers
    ])
    exhibits: dict[int, Any] = dict(zip(numbers, made, strict=True))
    Placement.objects.bulk_create([
        Placement(
            exhibit=exhibits[n], edition=edition, venue_id=at[n].venue, zone_id=at[n].zone, booth=at[n].booth, order=n
        )
        for n in numbers
    ])
    ExhibitPicture.objects.bulk_create([
        ExhibitPicture(exhibit=exhibits[n], picture_id=pictures[told[n].fields[0]][n % 2], sort_order=0) for n in numbers
    ])
    tagged = Exhibit.fields.through
    tagged.objects.bulk_create([
        tagged(exhibit_id=exhibits[n].pk, field_id=fields[code]) for n in numbers for code in told[n].fields
    ])


def organisations(numbers: Sequence[int]) -> dict[int, int]:
    """Who shows what: every `EACH` exhibits have one organisation."""
    wanted = {n: f"{CODE}-org-{(n - 1) // EACH + 1:05}" for n in numbers}
    there = dict(Organisation.objects.filter(code__in=set(wanted.values())).values_list("code", "pk"))
    missing = sorted(set(wanted.values()) - there.keys())
    made = Organisation.objects.bulk_create([
        Organisation(
            code=code, name_zh=f"示例单位 {code[-5:]}", name_en=f"Sample body {code[-5:]}", is_sample=True,
        )
        for code in missing
    ])
    there |= {one.code: one.pk for one in made}
    return {n: there[code] for n, code in wanted.items()}

"""The site on which `everhall bench pages` measures: one edition with 2,000 exhibits, pictures, a programme.

Run as `python -m benchmarks.pages_data` in an empty data folder (EVERHALL_DATA) after `everhall migrate`. Everything is
marked as sample. `edit` as the only argument changes the name of the first exhibit instead, as another process would,
and prints the new name.
"""

import datetime as dt
import io
import sys
import time
from itertools import islice
from typing import Any

import django
from django.apps import apps
from django.db import transaction

EXHIBITS = 2000
PICTURES = 40
ACTIVITIES = 60
AT_ONCE = 500
EDITION = "2021"
FIRST = "bench-0004"  # stands on the first page of the list too


def build() -> None:
    """Fill the empty database."""
    from django.core.files.images import ImageFile  # noqa: PLC0415 - after django.setup()
    from django.utils import timezone  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    now = timezone.now()
    model = apps.get_model
    edition = model("editions.Edition").objects.create(
        code=EDITION, year=2021, name_zh="2021 年示例双创周", name_en="Sample week 2021", state="open", is_current=True,
        starts_on=dt.date(2021, 10, 19), ends_on=dt.date(2021, 10, 25),
    )  # fmt: skip
    venues, zones, stages = places(edition)
    fields = [
        model("exhibition.Field").objects.create(code=f"field-{n}", name_zh=f"领域{n}", name_en=f"Field {n}", order=n)
        for n in range(12)
    ]
    organisation = model("accounts.Organisation").objects.create(
        code="sample", name_zh="示例单位", name_en="Sample body", is_sample=True
    )
    pictures = []
    for number in range(PICTURES):
        data = io.BytesIO()
        Image.linear_gradient("L").resize((960, 640)).convert("RGB").rotate(number * 9).save(data, "PNG")
        data.seek(0)
        pictures.append(
            model("media.Picture").objects.create(
                title=f"示例图 {number}", file=ImageFile(data, name=f"bench-{number}.png"), width=960, height=640,
                is_sample=True, released_at=now,
            )
        )  # fmt: skip
    exhibits(edition, venues, zones, fields, organisation, pictures, now)
    programme(edition, venues, stages, now)
    pages(edition, now)


def places(edition: Any) -> tuple[list[Any], list[Any], list[Any]]:
    model = apps.get_model
    venues: list[Any] = []
    zones: list[Any] = []
    stages: list[Any] = []
    for code, kind in (("zhengzhou", "main"), ("beijing", "permanent"), ("shanghai", "sub"), ("shenzhen", "sub")):
        venue = model("editions.Venue").objects.create(
            edition=edition, code=code, kind=kind, name_zh=f"{code} 会场", name_en=f"{code} venue", order=len(venues)
        )
        hall = model("editions.Hall").objects.create(venue=venue, code="indoor", name_zh="室内展馆", name_en="Hall")
        venues.append(venue)
        zones.append(
            [
                model("editions.Zone").objects.create(hall=hall, code=c, name_zh=f"展区{c}", name_en=f"Zone {c}")
                for c in "abcdefg"
            ]
        )
        stages += [
            model("editions.Stage").objects.create(venue=venue, hall=hall, code=f"s{n}", name_zh=f"舞台{n}", name_en=f"Stage {n}")
            for n in range(3)
        ]
    return venues, zones, stages


def exhibits(
    edition: Any, venues: list[Any], zones: list[Any], fields: list[Any], organisation: Any,
    pictures: list[Any], now: dt.datetime,
) -> None:  # fmt: skip
    exhibit_model, placement = apps.get_model("exhibition.Exhibit"), apps.get_model("exhibition.Placement")
    hung = apps.get_model("exhibition.ExhibitPicture")
    tagged = exhibit_model.fields.through
    made = exhibit_model.objects.bulk_create(
        [
            exhibit_model(
                code=f"bench-{n:04}", name_zh=f"示例展项第{n}号", name_en=f"Sample exhibit {n}", summary_zh="用于测量的示例内容。" * 3,
                summary_en="Sample content for measuring. " * 3, text_zh="<p>示例正文。</p>" * 8, text_en="<p>Sample text.</p>" * 8,
                organisation=organisation, steward=venues[n % 4], presentation=["object", "board"], seeks=["capital"],
                live=True, first_published_at=now, is_sample=True,
            )
            for n in range(1, EXHIBITS + 1)
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip
    placement.objects.bulk_create(
        [
            placement(
                exhibit=each, edition=edition, venue=venues[n % 4], zone=zones[n % 4][n % 7], booth=f"{n:04}", order=n
            )
            for n, each in enumerate(made, 1)
        ],
        batch_size=AT_ONCE,
    )
    hung.objects.bulk_create(
        [
            hung(exhibit=each, picture=pictures[(n + k) % PICTURES], sort_order=k)
            for n, each in enumerate(made)
            for k in range(3)
        ],
        batch_size=AT_ONCE,
    )
    tagged.objects.bulk_create(
        [tagged(exhibit_id=each.pk, field_id=fields[(n + k) % 12].pk) for n, each in enumerate(made) for k in range(2)],
        batch_size=AT_ONCE,
    )


def programme(edition: Any, venues: list[Any], stages: list[Any], now: dt.datetime) -> None:
    activity_model, session = apps.get_model("programme.Activity"), apps.get_model("programme.Session")
    for n, stage in enumerate(islice((stages * ACTIVITIES), ACTIVITIES)):
        activity = activity_model.objects.create(
            edition=edition, venue=stage.venue, code=f"bench-{n:03}", kind="forum", name_zh=f"示例论坛{n}", name_en=f"Sample forum {n}",
            summary_zh="示例", summary_en="Sample", live=True, first_published_at=now, is_sample=True,
        )  # fmt: skip
        for k in range(2):
            start = dt.datetime(2021, 10, 19 + (n + k) % 7, 1 + n // 12, tzinfo=dt.UTC)
            session.objects.create(
                activity=activity, code=f"bench-{n:03}-{k}", name_zh=f"示例场次{n}-{k}", name_en=f"Sample session {n}-{k}", stage=stage,
                starts_at=start, ends_at=start + dt.timedelta(minutes=50), status="confirmed", relay=n % 6 == 0,
            )  # fmt: skip


def pages(edition: Any, now: dt.datetime) -> None:
    """The home of the edition in Wagtail's tree."""
    page, site = apps.get_model("wagtailcore.Page"), apps.get_model("wagtailcore.Site")
    home_model = apps.get_model("pages.EditionPage")
    root = page.objects.get(depth=1)
    site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": root, "site_name": "Everhall"}
    )
    root.get_children().filter(slug="home").delete()
    root = page.objects.get(depth=1)
    root.add_child(
        instance=home_model(
            edition=edition, slug=EDITION, title="2021 年示例双创周", title_en="Sample week 2021", first_published_at=now
        )
    )


def edit() -> None:
    """Publish a new name through the model, as the desk and the importer do."""
    exhibit = apps.get_model("exhibition.Exhibit").objects.get(code=FIRST)
    exhibit.name_zh = f"改名展项{time.monotonic_ns()}"

    def told() -> None:
        sys.stdout.write(f"{exhibit.name_zh} {time.perf_counter()}\n")
        sys.stdout.flush()

    with transaction.atomic():
        # Registered before the save, so it runs first at the commit: before the search index is brought up
        # to date and before anybody is told.
        transaction.on_commit(told)
        exhibit.save()


if __name__ == "__main__":
    django.setup()
    edit() if sys.argv[1:] == ["edit"] else build()

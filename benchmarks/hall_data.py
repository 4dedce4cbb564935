"""A hall of so many booths for `benchmarks.hall`: `EVERHALL_BENCH_BOOTHS=300 python -m benchmarks.hall_data` fills the data folder
of the environment. Ten zones, each booth with an exhibit and a cover of its own."""

import datetime as dt
import io
import os

import django

django.setup()

from django.core.files.images import ImageFile  # noqa: E402 - models exist after set-up only

from everhall.config.demo import covers  # noqa: E402
from everhall.editions.models import Edition, Hall, Venue, Zone  # noqa: E402
from everhall.exhibition import services  # noqa: E402
from everhall.exhibition.models import Exhibit, ExhibitPicture, Field  # noqa: E402
from everhall.media.models import Picture  # noqa: E402
from tests.world import ground  # noqa: E402

ZONES = 10
WORDS = "土壤传感星火远山晨光青松流云海棠白鹭听风"


def cover(code: str, field: str) -> Picture:
    data = io.BytesIO()
    covers.draw_cover(code, field, (600, 400)).convert("RGB").save(data, "WEBP", quality=82)
    data.seek(0)
    return Picture.objects.create(title=code, file=ImageFile(data, name=f"{code}.webp"), width=600, height=400)


def main() -> None:
    ground()
    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="2021年双创周", name_en="Week 2021", starts_on=dt.date(2021, 10, 19),
        ends_on=dt.date(2021, 10, 25), state="open", is_current=True,
    )
    venue = Venue.objects.create(edition=edition, code="beijing", name_zh="北京会场", name_en="Beijing", kind="main")
    hall = Hall.objects.create(venue=venue, code="indoor", name_zh="室内展馆", name_en="Indoor hall")
    fields = [
        Field.objects.create(code=code, name_zh=code, name_en=code, order=n, hue=n * 24) for n, code in enumerate(covers.MOTIFS)
    ]
    booths = int(os.environ.get("EVERHALL_BENCH_BOOTHS", "300"))
    for number in range(ZONES):
        zone = Zone.objects.create(hall=hall, code=chr(ord("a") + number), name_zh=f"展区{number + 1}", name_en=f"Zone {number + 1}", order=number)
        for place in range(number, booths, ZONES):
            code = f"bench-{place:03}"
            name = "".join(WORDS[(place * 7 + n * 3) % len(WORDS)] for n in range(6))
            exhibit = Exhibit.objects.create(code=code, name_zh=name, name_en=f"Exhibit {place}", live=True)
            field = fields[place % len(fields)]
            exhibit.fields.add(field)
            ExhibitPicture.objects.create(exhibit=exhibit, picture=cover(code, field.code), sort_order=0)
            services.place_exhibit(exhibit, venue, zone=zone, booth=f"{zone.code.upper()}-{place // ZONES + 1:02}", order=place)
            exhibit.save()


if __name__ == "__main__":
    main()

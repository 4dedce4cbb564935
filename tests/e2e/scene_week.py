"""Run by `test_scene_walk` in the server's own environment: the small week of the desk with passwords, and a hall of two
zones whose exhibits have covers drawn by code. The running site draws the pictures of its scenes."""

import io
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everhall.config.settings")
django.setup()

from django.core.files.images import ImageFile  # noqa: E402
from django.utils import timezone  # noqa: E402

from everhall.config.demo import covers  # noqa: E402
from everhall.editions.models import Edition, Hall, Zone  # noqa: E402
from everhall.exhibition import scenes, services  # noqa: E402
from everhall.exhibition.models import Exhibit, ExhibitPicture, Field  # noqa: E402
from everhall.media.models import Picture  # noqa: E402
from tests.e2e import walk_week  # noqa: E402, F401 - running it makes the week

EXHIBITS = (
    ("quantum-clock", "量子时钟", "Quantum clock", "chips"), ("soil-chip", "会睡觉的土壤芯片", "Sleeping soil chip", "chips"),
    ("grid-drone", "电网巡检无人机", "Grid inspection drone", "drones"), ("river-boat", "无人清漂船", "River-cleaning boat", "smart-equipment"),
    ("wind-blade", "可回收风机叶片", "Recyclable blade", "new-energy"), ("village-ai", "村医的听诊助手", "Village stethoscope", "ai"),
    ("moon-rover", "月面小车", "Moon rover", "aerospace"), ("rice-robot", "插秧机器人", "Rice-planting robot", "robotics"),
)


def main() -> None:
    edition = Edition.objects.get(code="2021")
    hall = Hall.objects.filter(venue__edition=edition, venue__code="beijing").first()
    assert hall is not None
    first = hall.zones.first() or Zone.objects.create(hall=hall, code="a", name_zh="科技自立自强", name_en="Self-reliance")
    second = Zone.objects.create(hall=hall, code="zz", name_zh="数字经济", name_en="Digital economy", order=2)
    for number, (code, zh, en, field) in enumerate(EXHIBITS):
        row, _ = Field.objects.get_or_create(code=field, defaults={"name_zh": field, "name_en": field, "hue": 40 * number})
        exhibit = Exhibit.objects.create(code=code, name_zh=zh, name_en=en, live=True, first_published_at=timezone.now())
        exhibit.fields.add(row)
        data = io.BytesIO()
        covers.draw_cover(code, field, (600, 400)).convert("RGB").save(data, "WEBP")
        data.seek(0)
        picture = Picture.objects.create(title=zh, file=ImageFile(data, name=f"{code}.webp"), width=600, height=400)
        ExhibitPicture.objects.create(exhibit=exhibit, picture=picture, sort_order=0)
        zone = first if number < 5 else second
        services.place_exhibit(exhibit, hall.venue, zone=zone, booth=f"{'AB'[number >= 5]}-{number % 5 + 1:02}", order=number)
        exhibit.save()
    scenes.plan_scenes(hall, timezone.now())


main()

"""Sizes of covers are made before anybody asks: of what may be seen, and of nothing else; and they follow the focal point."""

import datetime as dt
import io

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from everhall.config import beforehand
from everhall.exhibition import services as exhibition
from everhall.exhibition.models import Exhibit, ExhibitPicture
from everhall.media.models import Picture, PictureRendition
from everhall.media.templatetags.pictures import picture_sources, spec_of

pytestmark = pytest.mark.django_db


def picture(title: str, size: tuple[int, int] = (900, 600)) -> Picture:
    """Red on the left, blue on the right."""
    out = io.BytesIO()
    whole = Image.new("RGB", size, "#0000ff")
    whole.paste("#ff0000", (0, 0, size[0] // 2, size[1]))
    whole.save(out, "PNG")
    made = Picture(title=title)
    made.file.save(f"{title}.png", ContentFile(out.getvalue()), save=False)
    made.width, made.height = size
    made.save()
    return made


@pytest.fixture
def covers(world, settings, tmp_path) -> dict[str, Picture]:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    ExhibitPicture.objects.all().delete()
    found = {}
    for code in ("open-drone", "draft-bj", "embargoed", "planned"):
        for n in range(2):
            found[f"{code}-{n}"] = made = picture(f"{code}-{n}")
            ExhibitPicture.objects.create(exhibit=Exhibit.objects.get(code=code), picture=made, sort_order=n)
    exhibition.settle_release(list(Exhibit.objects.values_list("pk", flat=True)))
    return found


def test_only_covers_that_may_be_seen_are_made_and_each_once(covers):
    assert set(beforehand.wanted(timezone.now())) == {covers["open-drone-0"].pk}
    call_command("derive", "--covers")
    made = PictureRendition.objects.filter(filter_spec__contains="avif")
    assert {row.image_id for row in made} == {covers["open-drone-0"].pk}
    # No wider than the picture itself.
    assert sorted(row.width for row in made) == [480, 640, 800, 900]
    assert beforehand.missing(timezone.now()) == []
    count = PictureRendition.objects.count()
    call_command("derive", "--covers")
    assert PictureRendition.objects.count() == count


def test_what_is_made_is_what_the_page_asks_for(covers, client):
    """An address that the page names is answered by a rendition that is there already."""
    call_command("derive", "--covers")
    made = set(PictureRendition.objects.values_list("filter_spec", flat=True))
    asked = str(picture_sources(covers["open-drone-0"], widths="480 800 1200", eager=True))
    for width in (480, 800, 900):
        spec = spec_of(width, "avif", "3:2")
        assert spec in made
        assert spec.replace("|", "%7C") in asked


def test_a_picture_without_its_file_stops_nobody(covers):
    lost = covers["open-drone-0"]
    lost.file.storage.delete(lost.file.name)
    call_command("derive", "--covers")
    assert not PictureRendition.objects.filter(image=lost).exists()


def test_a_crop_goes_around_the_focal_point(covers):
    left, right = picture("left", (1200, 300)), picture("right", (1200, 300))
    for one, x in ((left, 150), (right, 1050)):
        one.focal_point_x, one.focal_point_y, one.focal_point_width, one.focal_point_height = x, 150, 60, 60
        one.save()
    for one, colour in ((left, (255, 0, 0)), (right, (0, 0, 255))):
        with one.get_rendition(spec_of(300, "webp", "3:2")).file.open("rb") as file, Image.open(file) as cut:
            assert cut.size == (300, 200)
            pixel = cut.convert("RGB").getpixel((150, 100))
        assert all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True)), pixel


def test_one_looks_at_first_after_news_at_the_end_of_an_embargo_and_each_hour(covers) -> None:
    now, minute = timezone.now(), dt.timedelta(minutes=1)
    looking = beforehand.Looking()
    assert looking.is_due(now)
    Exhibit.objects.get(code="open-drone").save()
    assert not looking.is_due(now + minute / 2)
    assert looking.is_due(now + minute)
    assert not looking.is_due(now + 2 * minute)
    ends = now + 2.5 * minute
    Picture.objects.filter(pk=covers["embargoed-0"].pk).update(released_at=ends)
    assert looking.is_due(now + 3 * minute)
    assert not looking.is_due(now + 4 * minute)
    assert looking.is_due(now + 3 * minute + beforehand.ANYWAY)


def test_a_large_site_is_looked_through_by_a_child(covers, monkeypatch) -> None:
    now = timezone.now()
    assert beforehand.may_be_missing(now)
    for _ in beforehand.make(now):
        pass
    assert not beforehand.may_be_missing(now)
    monkeypatch.setattr(beforehand, "MANY", 1)
    assert beforehand.may_be_missing(now)

"""Sizes of covers that the first visitor of a page would wait for: made before anybody asks.

In: covers of exhibits and pictures of editions that may be seen. Out: their renditions. What must stay true: only what stands at the
top of a page, in the format that nearly every browser takes; all other sizes are made when they are asked for
(docs/decisions/0007), of which a site has thousands that nobody asks for.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db.models import Min
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from everhall.editions.models import Edition
from everhall.exhibition.events import ExhibitsChanged
from everhall.exhibition.models import ExhibitPicture
from everhall.media.models import Picture, PictureRendition
from everhall.media.templatetags.pictures import spec_of
from everhall.realtime.following import Following

#: As the templates ask for them: widths, and the shape. An exhibit's own picture and its card; the home page's picture.
COVER = ((480, 640, 800, 1200), "3:2")
HERO = ((640, 960, 1440), "")


#: Between two looks after news, and after which all is looked through without any.
EACH: Final = dt.timedelta(minutes=1)
ANYWAY: Final = dt.timedelta(hours=1)
#: With more covers the looking itself takes seconds, which are not taken from a process that serves pages.
MANY: Final = 5_000


class Looking:
    """When to look for what is missing: once at first, after news of exhibits, when a picture's embargo has ended, and each hour."""

    def __init__(self) -> None:
        self._following = Following(ExhibitsChanged)
        self._looked = self._all = dt.datetime.min.replace(tzinfo=dt.UTC)

    def is_due(self, now: dt.datetime) -> bool:
        """Whether to look now; asked again, only after `EACH`."""
        if now < self._looked + EACH:
            return False
        since, self._looked = self._looked, now
        told = self._following.news(now)
        due = told != [] or now >= self._all + ANYWAY or Picture.objects.filter(released_at__gt=since, released_at__lte=now).exists()
        if due:
            self._all = now
        return due


def may_be_missing(now: dt.datetime) -> bool:
    """Whether a child should make covers; of a large site, which takes long to look through, it finds out by itself."""
    return ExhibitPicture.objects.count() > MANY or bool(missing(now))


def wanted(now: dt.datetime) -> dict[int, list[str]]:
    """Picture -> renditions that should be there, of what may be seen now; editions first."""
    heroes = list(Edition.objects.exclude(hero=None).values_list("hero_id", flat=True))
    firsts = ExhibitPicture.objects.filter(exhibit__live=True).values("exhibit_id").annotate(first=Min("sort_order"))
    first = {row["exhibit_id"]: row["first"] for row in firsts}
    rows = ExhibitPicture.objects.filter(exhibit_id__in=first).values_list("exhibit_id", "sort_order", "picture_id")
    covers = [picture for exhibit, order, picture in rows if order == first[exhibit]]
    widths = dict(Picture.objects.filter(pk__in={*heroes, *covers}, released_at__lte=now).values_list("pk", "width"))
    found: dict[int, list[str]] = {}
    for (steps, crop), pictures in ((HERO, heroes), (COVER, covers)):
        for pk in pictures:
            if pk in widths:
                specs = [spec_of(step, "avif", crop) for step in sorted({min(step, max(widths[pk], 1)) for step in steps})]
                found.setdefault(pk, []).extend(spec for spec in specs if spec not in found.get(pk, ()))
    return found


def missing(now: dt.datetime) -> list[tuple[int, list[str]]]:
    """What of it is not there, in two queries more."""
    should = wanted(now)
    every = {spec for specs in should.values() for spec in specs}
    there: dict[int, set[str]] = {}
    for pk, spec in PictureRendition.objects.filter(filter_spec__in=every).values_list("image_id", "filter_spec"):
        there.setdefault(pk, set()).add(spec)
    left = [(pk, [spec for spec in specs if spec not in there.get(pk, ())]) for pk, specs in should.items()]
    return [(pk, specs) for pk, specs in left if specs]


def make(now: dt.datetime) -> Iterator[tuple[str, int, int]]:
    """Make what is missing: after each picture its name, how many are done and how many there are."""
    todo = missing(now)
    for done, (pk, specs) in enumerate(todo, 1):
        picture = Picture.objects.filter(pk=pk).first()
        if picture is None:
            continue
        for spec in specs:
            try:
                picture.get_rendition(spec)
            except (SourceImageIOError, InvalidFilterSpecError, OSError, ValueError):
                # A picture whose file is gone is found out by whoever looks at it; the others are made.
                break
        yield picture.title, done, len(todo)

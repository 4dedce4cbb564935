"""When tours and their files may be seen.

What must stay true: a cover is released with its tour; the sound of a stop with its tour and with the thing that it tells of,
whichever comes later.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from everhall.editions.models import Edition
from everhall.editions.rules import NOT_YET
from everhall.exhibition.models import Exhibit, Placement
from everhall.media import services as media
from everhall.media.models import Use
from everhall.realtime import news
from everhall.tours.events import ToursChanged
from everhall.tours.models import Stop, Tour

#: Names of a tour's uses of files begin so: "tour:12", "tour:12:5" for the sound of its stop 5.
USED_BY = "tour"


@transaction.atomic
def follow_launch(edition: Edition, at: dt.datetime | None) -> tuple[int, ...]:
    """Let what is marked open at `at` (None: not known, nobody sees it); the tours that had another moment. Their files follow at
    once, not by news: a moment that is taken back may be three seconds away."""
    wanted = at or NOT_YET
    moved = Tour.objects.filter(opens_with_launch=True, edition=edition).exclude(embargo_until=wanted)
    ids = tuple(moved.order_by("pk").values_list("pk", flat=True))
    if ids:
        Tour.objects.filter(pk__in=ids).update(embargo_until=wanted)
        settle_release(ids)
        news.tell(ToursChanged(tags=(f"edition-{edition.code}",), ids=ids))
    return ids


def settle_edition(edition_id: int) -> None:
    """The edition has been announced or withdrawn: the files of its tours follow."""
    settle_release(list(Tour.objects.filter(edition_id=edition_id).values_list("pk", flat=True)))


@transaction.atomic
def settle_release(ids: Collection[int]) -> None:
    """Let the files of these tours be seen from the right moment on, or not at all. Of one that is gone, none."""
    wanted = sorted(set(ids))
    tours = {row.pk: row for row in Tour.objects.filter(pk__in=wanted).select_related("edition")}
    moments = {pk: moment_of(row) for pk, row in tours.items()}
    stops: dict[int, list[Stop]] = defaultdict(list)
    for stop in Stop.objects.filter(tour__in=wanted).select_related("exhibit", "session__activity"):
        stops[stop.tour_id].append(stop)
    uses: list[media.FileUse] = []
    named: set[str] = set()
    for pk in wanted:
        row = tours.get(pk)
        cover = [row.cover_id] if row is not None and row.cover_id else []
        uses.append((f"{USED_BY}:{pk}", cover, [], moments.get(pk)))
        for stop in stops[pk]:
            files = [file for file in (stop.audio_zh_id, stop.audio_en_id) if file]
            if row is not None and files:
                uses.append((f"{USED_BY}:{pk}:{stop.pk}", [], files, later(moments[pk], moment_of_stop(stop, row))))
    named = {use[0] for use in uses}
    uses += [(name, [], [], None) for pk in wanted for name in used_before(pk) if name not in named]
    media.use_many(uses)


def used_before(pk: int) -> list[str]:
    """Names under which stops of this tour use files; some of the stops may be gone."""
    rows = Use.objects.filter(used_by__startswith=f"{USED_BY}:{pk}:")
    return sorted(set(rows.values_list("used_by", flat=True)))


def moment_of(tour: Tour) -> dt.datetime | None:
    """From when on a tour may be seen; None: not yet."""
    if not tour.live or not tour.edition.is_public:
        return None
    return tour.embargo_until or tour.first_published_at or media.ALWAYS


def moment_of_stop(stop: Stop, tour: Tour) -> dt.datetime | None:
    """The same of what a stop leads to."""
    if stop.exhibit is not None:
        exhibit: Exhibit = stop.exhibit
        stands = Placement.objects.filter(exhibit=exhibit, edition=tour.edition).exists()
        return (exhibit.embargo_until or media.ALWAYS) if exhibit.live and stands else None
    if stop.session is not None:
        activity = stop.session.activity
        return (activity.embargo_until or media.ALWAYS) if activity.live and activity.edition_id == tour.edition_id else None
    return media.ALWAYS


def later(one: dt.datetime | None, other: dt.datetime | None) -> dt.datetime | None:
    return max(one, other) if one is not None and other is not None else None

"""What became of an organisation's exhibits, in numbers: for its office. Nobody can be told from them."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from everhall.editions.models import Edition
from everhall.exhibition.models import Placement
from everhall.visits.models import ExhibitQuestion, ExhibitViews, Favourite

State = ExhibitQuestion.State
#: Questions that an organisation hears of.
TOLD = (State.OPEN, State.ANSWERED)


@dataclass(frozen=True, slots=True)
class ExhibitFigures:
    """Of one exhibit in one edition. `unanswered` are among `questions`."""

    exhibit_id: int
    views: int
    favourites: int
    questions: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Of one exhibit on one day in the site's zone of time; `favourites` are those of today that were made on that day."""

    exhibit_id: int
    day: dt.date
    views: int
    favourites: int


def exhibits_of(organisation_id: int, edition: Edition) -> list[int]:
    """Its exhibits in an edition as one walks: drafts too, for it is the organisation that asks."""
    rows = Placement.objects.filter(edition=edition, exhibit__organisation_id=organisation_id)
    return list(rows.order_by("venue__order", "order", "pk").values_list("exhibit_id", flat=True))


def figures_for(organisation_id: int, edition: Edition, now: dt.datetime) -> list[ExhibitFigures]:
    """One row for each exhibit that the organisation shows in this edition, in four queries. `now`: questions whose time is over
    are not counted any more."""
    ids = exhibits_of(organisation_id, edition)
    views = dict(
        ExhibitViews.objects.filter(edition=edition, exhibit_id__in=ids).order_by().values_list("exhibit_id").annotate(Sum("count"))
    )
    hearts = dict(
        Favourite.objects.filter(edition=edition, exhibit_id__in=ids).order_by().values_list("exhibit_id").annotate(Count("pk"))
    )
    asked = {
        exhibit: (total, waiting)
        for exhibit, total, waiting in ExhibitQuestion.objects.filter(
            edition=edition, exhibit_id__in=ids, organisation_id=organisation_id, state__in=TOLD
        ).order_by().values_list("exhibit_id").annotate(
            total=Count("pk"), waiting=Count("pk", filter=Q(state=State.OPEN, forget_at__gt=now))
        )
    }
    return [
        ExhibitFigures(pk, views.get(pk, 0), hearts.get(pk, 0), *asked.get(pk, (0, 0))) for pk in ids
    ]


def daily_for(organisation_id: int, edition: Edition) -> list[DayFigures]:
    """Views and favourites by exhibit and day, the oldest day first; days on which nothing happened have no row."""
    ids = exhibits_of(organisation_id, edition)
    views: dict[tuple[dt.date, int], int] = defaultdict(int)
    for exhibit, day, count in ExhibitViews.objects.filter(edition=edition, exhibit_id__in=ids).values_list("exhibit_id", "day", "count"):
        views[day, exhibit] += count
    zone = timezone.get_default_timezone()
    hearts: Counter[tuple[dt.date, int]] = Counter()
    rows = Favourite.objects.filter(edition=edition, exhibit_id__in=ids).annotate(day=TruncDate("made_at", tzinfo=zone))
    for day, exhibit, count in rows.order_by().values_list("day", "exhibit_id").annotate(Count("pk")):
        hearts[day, exhibit] = count
    return [
        DayFigures(exhibit, day, views.get((day, exhibit), 0), hearts.get((day, exhibit), 0))
        for day, exhibit in sorted({*views, *hearts})
    ]

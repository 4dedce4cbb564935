"""Writes on the programme: when activities and their files may be seen."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from everhall.editions.models import Edition
from everhall.editions.rules import NOT_YET
from everhall.media import services as media
from everhall.programme.events import ActivitiesChanged
from everhall.programme.models import Activity
from everhall.realtime import news


@transaction.atomic
def follow_launch(edition: Edition, at: dt.datetime | None) -> tuple[int, ...]:
    """Let what is marked open at `at` (None: not known, nobody sees it); the activities that had another moment. Their
    pictures follow at once, not by news: a moment that is taken back may be three seconds away."""
    wanted = at or NOT_YET
    moved = Activity.objects.filter(opens_with_launch=True, edition=edition).exclude(embargo_until=wanted)
    ids = tuple(moved.order_by("pk").values_list("pk", flat=True))
    if ids:
        Activity.objects.filter(pk__in=ids).update(embargo_until=wanted)
        settle_release(ids)
        news.tell(ActivitiesChanged(tags=(f"edition-{edition.code}",), ids=ids))
    return ids


def settle_release(ids: Collection[int]) -> None:
    """Let the pictures of these activities be seen from the right moment on, or not at all."""
    found = {a.pk: a for a in Activity.objects.filter(pk__in=ids).select_related("edition")}
    uses: list[media.FileUse] = []
    for pk in ids:
        activity = found.get(pk)
        if activity is None:
            uses.append((f"activity:{pk}", [], [], None))
            continue
        public = activity.live and activity.edition.is_public
        moment = None
        if public:
            moment = activity.embargo_until or activity.first_published_at or media.ALWAYS
        pictures = [activity.picture_id] if activity.picture_id else []
        uses.append((f"activity:{pk}", pictures, [], moment))
    media.use_many(uses)


def settle_edition(edition_id: int) -> None:
    """The edition has been announced or withdrawn: the files of its activities follow."""
    settle_release(list(Activity.objects.filter(edition_id=edition_id).values_list("pk", flat=True)))

"""Writes on the programme: when activities and their files may be seen, and its numbered versions."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.db import transaction

from everhall.editions.models import Edition
from everhall.editions.rules import NOT_YET
from everhall.media import services as media
from everhall.programme import queries, rules
from everhall.programme.events import ActivitiesChanged, ProgrammePublished
from everhall.programme.models import Activity, ProgrammeVersion
from everhall.realtime import news


class Overtaken(Exception):  # noqa: N818 - an answer, not a fault
    """Somebody else has published meanwhile: `version` is theirs."""

    def __init__(self, version: ProgrammeVersion) -> None:
        super().__init__(str(version))
        self.version = version


class NothingNew(Exception):  # noqa: N818 - an answer, not a fault
    """The programme is as the newest version says."""


@transaction.atomic
def publish_version(
    edition: Edition, base: int, user: Any, now: dt.datetime, *, note_zh: str = "", note_en: str = ""
) -> ProgrammeVersion:
    """Freeze the programme as its next version. `base`: the number that the publisher has seen. Raises Overtaken where
    there is a newer one, NothingNew where nothing is different. Visitors see a session as soon as its activity is
    published, before and after: a version says what has changed, it holds nothing back."""
    Edition.objects.select_for_update().get(pk=edition.pk)
    last = ProgrammeVersion.objects.filter(edition=edition).first()
    if last is not None and last.number != base:
        raise Overtaken(last)
    snapshot = queries.facts_of(edition)
    changes = rules.compared(last.snapshot if last else {}, snapshot)
    if last is not None and not changes:
        raise NothingNew
    made = ProgrammeVersion.objects.create(
        edition=edition, number=(last.number if last else 0) + 1, published_at=now, published_by=user, note_zh=note_zh,
        note_en=note_en, snapshot=snapshot, changes=[asdict(change) for change in changes] if last else [],
    )
    news.tell(ProgrammePublished(tags=(f"edition-{edition.code}",), edition_id=edition.pk, number=made.number))
    return made


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

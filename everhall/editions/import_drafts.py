"""Importing things that have drafts, revisions and a workflow, without going behind the editors' backs.

In: exhibits or activities with new values, and whether they may be published. Out: live columns where that
is allowed, a revision on top where an editor would otherwise see stale content. Must stay true: what is live
changes only with the right to publish; an older draft is never lost, it stays in the history.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import Revision, WorkflowState

from everhall.editions.models import OpensWithLaunch
from everhall.editions.rules import NOT_YET
from everhall.engines.sheet_columns import LAUNCH
from everhall.engines.sheet_kind import Ask, Held, Plan
from everhall.engines.sheet_words import Problem

#: Columns of Wagtail's draft state that an import writes.
STATE_FIELDS = [
    "live", "has_unpublished_changes", "first_published_at", "last_published_at", "latest_revision_id",
    "live_revision_id",
]


def as_seen(thing: Any) -> Any:
    """The thing as an editor sees it: its newest draft where there is one."""
    if thing.has_unpublished_changes and thing.latest_revision_id:
        return thing.latest_revision.as_object()
    return thing


def state_of(thing: Any) -> dict[str, Any]:
    """What undo needs of the draft state; with a draft beneath, the live content too."""
    state = {
        "live": thing.live,
        "unpublished": thing.has_unpublished_changes,
        "latest": thing.latest_revision_id,
        "live_revision": thing.live_revision_id,
    }
    if thing.has_unpublished_changes and thing.live:
        state["content"] = json.loads(json.dumps(thing.serializable_data(), cls=DjangoJSONEncoder))
    return state


def standing_problems(model: Any, plans: Sequence[Plan], key: str = "code") -> list[Problem]:
    """Locked, under review, or with a draft beneath."""
    touched = [(plan, plan.held) for plan in plans if plan.held is not None and plan.changed]
    review = in_review(model, [held.id for _, held in touched])
    problems = []
    for plan, held in touched:
        thing = held.thing
        if thing.locked or thing.pk in review:
            problems.append(Problem("locked", plan.row.number, key, plan.code))
        elif thing.has_unpublished_changes and thing.latest_revision_id and thing.live:
            revision = thing.latest_revision
            params = {"when": f"{revision.created_at:%Y-%m-%d %H:%M}", "who": str(revision.user or "–")}
            problems.append(Problem("draft_beneath", plan.row.number, key, plan.code, params))
    return problems


def in_review(model: Any, ids: Collection[int]) -> set[int]:
    if not ids:
        return set()
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    states = WorkflowState.objects.filter(
        content_type=content_type, object_id__in=[str(pk) for pk in ids],
        status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
    )
    return {int(pk) for pk in states.values_list("object_id", flat=True)}


@dataclass(slots=True)
class Split:
    """Where each updated thing goes."""

    rows: list[Any]
    revised: list[Any]


def settle(things: Iterable[tuple[Any, bool]], ask: Ask) -> Split:
    """Set the draft state of (thing with its new values, may be published); say what must be written where.

    `rows` get their columns and children written; `revised` get a revision, which `revise` writes.
    """
    rows, revised = [], []
    for thing, publish in things:
        if publish:
            thing.live, thing.has_unpublished_changes = True, False
            thing.first_published_at = thing.first_published_at or ask.now
            thing.last_published_at = ask.now
            rows.append(thing)
        elif thing.live:
            thing.has_unpublished_changes = True
        else:
            rows.append(thing)
        if thing.latest_revision_id or not (publish or not thing.live):
            revised.append(thing)
    return Split(rows, revised)


def revise(things: Sequence[Any], ask: Ask) -> None:
    """A revision on top of each, with the values the things carry in memory."""
    if not things:
        return
    content_type = ContentType.objects.get_for_model(things[0], for_concrete_model=False)
    base = ContentType.objects.get_for_model(things[0])
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=content_type, base_content_type=base, object_id=str(thing.pk),
                created_at=ask.now, user_id=ask.user.pk if ask.user else None,
                object_str=str(thing), content=thing.serializable_data(),
            )
            for thing in things
        ],
        batch_size=100,
    )
    for thing, revision in zip(things, revisions, strict=True):
        thing.latest_revision_id = revision.pk
        published = thing.live and not thing.has_unpublished_changes
        columns: dict[str, Any] = {
            "latest_revision_id": revision.pk,
            "has_unpublished_changes": thing.has_unpublished_changes,
        }
        if published:
            columns["live_revision_id"] = revision.pk
        type(thing)._default_manager.filter(pk=thing.pk).update(**columns)


def take_back(model: Any, held: Held, extra: dict[str, Any]) -> None:
    """Draft state as it was before the import; the import's own revision goes."""
    newest = held.extra.get("latest")
    model._default_manager.filter(pk=held.id).update(
        live=extra["live"], has_unpublished_changes=extra["unpublished"],
        latest_revision_id=extra["latest"], live_revision_id=extra["live_revision"],
    )
    if newest is not None and newest != extra["latest"]:
        Revision.objects.filter(pk=newest).delete()


def upsert(model: Any, things: Sequence[Any], fields: Sequence[str]) -> None:
    """Write columns of many rows in few statements, where `bulk_update` writes a CASE per cell."""
    if things:
        model._default_manager.bulk_create(
            things, update_conflicts=True, unique_fields=["id"], update_fields=list(fields),
            batch_size=500,
        )


def local(moment: dt.datetime | None, zone: dt.tzinfo) -> dt.datetime | None:
    """A moment on the venue's clock, as sheets show it."""
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None


def absolute(moment: dt.datetime | None, zone: dt.tzinfo) -> dt.datetime | None:
    """A moment of the venue's clock in UTC; one that summer time skips comes back as None."""
    if moment is None:
        return None
    found = moment.replace(tzinfo=zone).astimezone(dt.UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == moment else None


def embargo_cell(thing: OpensWithLaunch, zone: dt.tzinfo) -> dt.datetime | str | None:
    """From when on something may be seen, as sheets show it: what opens with the launch has no moment of its own."""
    return LAUNCH if thing.opens_with_launch else local(thing.embargo_until, zone)


def embargo_of(cell: Any, zone: dt.tzinfo) -> dt.datetime | None:
    """The moment that such a cell means; with the launch it is not known yet."""
    return NOT_YET if cell == LAUNCH else absolute(cell, zone)

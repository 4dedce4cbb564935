"""Plans of halls are drawn in the desk, or come as an SVG. Each change is in the log, and told to pages."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

from django.db import IntegrityError, transaction
from wagtail.log_actions import log

from everhall.editions.models import Hall
from everhall.engines import plan_json
from everhall.engines.labels import key_of
from everhall.engines.plan import Plan
from everhall.engines.plan_svg import Imported
from everhall.engines.plan_words import Complaint, complaint
from everhall.exhibition.models import FloorPlan, Placement

#: Numbers of booths that a sentence names.
MOST_NAMED: Final = 40


class ChangedMeanwhile(Exception):  # noqa: N818 - no fault of the program, but an answer
    """Somebody else saved the plan since it was opened; theirs stays."""


def draw_plan(hall: Hall, plan: Plan, *, version: int, by: Any, now: dt.datetime) -> FloorPlan:
    """Save what was drawn; `version`: of the plan that was opened (0: there was none). The ground below it stays."""
    return _save(hall, plan, None, version, "everhall.draw_plan", by, now)


def import_plan(hall: Hall, made: Imported, *, version: int, by: Any, now: dt.datetime) -> FloorPlan:
    """Put an uploaded drawing in the place of the plan."""
    return _save(hall, made.plan, made.ground, version, "everhall.import_plan", by, now)


@transaction.atomic
def _save(
    hall: Hall, plan: Plan, drawing: str | None, version: int, action: str, by: Any, now: dt.datetime
) -> FloorPlan:
    row = FloorPlan.objects.select_for_update().filter(hall=hall).first()
    if (row.version if row else 0) != version:
        raise ChangedMeanwhile
    row = row or FloorPlan(hall=hall, version=0)
    row.data, row.changed_at, row.version = plan_json.written(plan), now, version + 1
    # What a person of the house drew is no sample any more.
    row.is_sample = False
    if drawing is not None:
        row.drawing = drawing
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as other:
        raise ChangedMeanwhile from other
    log(instance=hall, action=action, user=by, data={"count": len(plan.booths)})
    return row


def unplaced(hall: Hall, plan: Plan) -> list[str]:
    """Booths in which something stands, public or not, and which the plan does not have."""
    there = _numbers(plan)
    return [code for code in _booths(hall) if code not in there and key_of(code) not in there]


def compared(hall: Hall, new: Plan, old: Plan | None) -> list[Complaint]:
    """What a new plan would leave without a place: booths in which something stands, and booths that are given up."""
    there, used = _numbers(new), _booths(hall)
    gone = [one.code for one in old.booths if one.code not in there and one.code not in used] if old else []
    lists = {"not_on_plan": unplaced(hall, new), "booth_gone": gone}
    return [complaint(code, codes=named(found)) for code, found in lists.items() if found]


def named(codes: list[str]) -> str:
    """A list of numbers that somebody reads."""
    return ", ".join(codes[:MOST_NAMED]) + (f" … (+{len(codes) - MOST_NAMED})" if len(codes) > MOST_NAMED else "")


def _numbers(plan: Plan) -> set[str]:
    return {key_of(one.code) for one in plan.booths} - {""} | {one.code for one in plan.booths}


def _booths(hall: Hall) -> Collection[str]:
    rows = Placement.objects.filter(zone__hall=hall).exclude(booth="").order_by("zone__order", "order", "pk")
    return dict.fromkeys(booth.strip() for booth in rows.values_list("booth", flat=True))

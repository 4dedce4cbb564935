"""Undo for exhibits: the live content, the place and the draft state as they were before an import.

In: an exhibit as it is and what the import wrote down of it. Must stay true: if a draft lay beneath, the live
content comes back from the copy that was kept of it, not from what the editor saw.
"""

from typing import TYPE_CHECKING, Any

from everhall.accounts.models import Organisation
from everhall.editions import import_drafts as drafts
from everhall.engines.sheet import Row
from everhall.engines.sheet_kind import Past, Plan
from everhall.exhibition.models import Exhibit, Placement
from everhall.exhibition.sheet_layout import FILES, KINDS, LAYOUT
from everhall.media.models import Attachment, Picture

if TYPE_CHECKING:
    from everhall.exhibition.sheets import ExhibitWork

ALL = frozenset(LAYOUT.headers)


def restore(work: "ExhibitWork", item: Past) -> None:
    """Take one exhibit back."""
    plan = plan_of(work, item)
    row = item.now.thing
    work.fill(row, plan)
    row.steward_id = item.extra["steward"]
    kept = item.extra.get("content")
    if kept is not None:
        row = Exhibit.from_serializable_data(kept)
        plan = from_content(plan, row)
    # Children first from the database's point of view: none of the import's stay.
    plan.held = item.now
    drafts.upsert(Exhibit, [row], work.columns)
    work.write_children([(row, plan)], None)
    replace(work, item, plan)
    drafts.take_back(Exhibit, item.now, item.extra)


def plan_of(work: "ExhibitWork", item: Past) -> Plan:
    values = dict(item.before)
    venue = work.venues.get(values["venue"])
    zone = next(
        (
            z for z in (work.zones[venue.pk] if venue else [])
            if z.code == values["zone"] and z.hall.code == values["hall"]
        ),
        None,
    )
    refs: dict[str, Any] = {
        "venue": venue,
        "zone": zone,
        "embargo": drafts.embargo_of(values["embargo_until"], work.clock(venue)),
        "organisation": Organisation.objects.filter(code=values["organisation"])
        .values_list("pk", flat=True).first(),
        "captions": {pk: (zh, en) for pk, _, _, zh, en in item.extra["pictures"]},
    }
    for column in FILES:
        model = Picture if column == "pictures" else Attachment
        # What an import wrote down before there was such a column says nothing of it: it stays as it is.
        ids = [row[0] for row in item.extra.get(column, item.now.extra[column])]
        there = set(model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
        refs[column] = [pk for pk in ids if pk in there]
    return Plan(Row(0, values), str(values["code"]), None, values, ALL, refs)


def from_content(plan: Plan, row: Any) -> Plan:
    """The plan's children from a kept copy of the live content."""
    plan.values["fields"] = tuple(field.code for field in row.fields.all())
    pictures = list(row.pictures.all())
    plan.refs["pictures"] = [p.picture_id for p in pictures]
    plan.refs["captions"] = {p.picture_id: (p.caption_zh, p.caption_en) for p in pictures}
    # In the order in which they stood, which is told by no column.
    plan.refs |= dict.fromkeys(KINDS, ())
    plan.refs["video"] = [a.attachment_id for a in row.attachments.all()]
    return plan


def replace(work: "ExhibitWork", item: Past, plan: Plan) -> None:
    """The place in this edition as it was, or none."""
    if plan.refs["venue"] is None:
        Placement.objects.filter(exhibit_id=item.now.id, edition=work.ask.edition).delete()
    else:
        work.place([(item.now.id, plan)])

"""The sheet of exhibits: each row is an exhibit and its place in one edition.

In: rows of `sheet_layout.LAYOUT`. Out: exhibits by code, their placements, pictures and attachments.
Must stay true: an exhibit of a venue that the asker's role does not reach is neither changed nor moved, and
what is live changes only with the right to publish there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from everhall.accounts.models import Organisation
from everhall.editions import import_drafts as drafts
from everhall.editions.models import Venue, Zone
from everhall.engines import sheet_kind
from everhall.engines.sheet_columns import LAUNCH
from everhall.engines.sheet_kind import Ask, Held, Past, Plan
from everhall.engines.sheet_words import Problem
from everhall.exhibition import queries, services, sheet_captions, sheet_files, sheet_restore
from everhall.exhibition.events import ExhibitsChanged
from everhall.exhibition.models import Exhibit, ExhibitAttachment, ExhibitPicture, Field, Placement
from everhall.exhibition.sheet_layout import FILES, KINDS, LAYOUT, PLACE, PLAIN, moves_in_public
from everhall.realtime import news

COLUMNS = [
    *PLAIN.values(), "organisation", "presentation", "seeks", "steward", "embargo_until", "opens_with_launch",
    *drafts.STATE_FIELDS,
]


class Exhibits:
    """The kind, as the settings name it."""

    layout = LAYOUT

    def begin(self, ask: Ask) -> "ExhibitWork":
        return ExhibitWork(ask)


class ExhibitWork:
    """One import of exhibits into one edition."""

    model = Exhibit
    columns = COLUMNS
    owned = frozenset(
        {
            "exhibition.exhibitpicture", "exhibition.exhibitattachment", "exhibition.label", "exhibition.placement",
            "exhibition.exhibit_fields",
        }
    )

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.problems: list[Problem] = []
        self.drafted: dict[str, str] = {"count": "0"}
        self.venues = {v.code: v for v in Venue.objects.filter(edition=ask.edition)}
        self.fields = {field.code: field for field in Field.objects.all()}
        self.zones: dict[int, list[Zone]] = defaultdict(list)
        for zone in Zone.objects.filter(hall__venue__edition=ask.edition).select_related("hall"):
            self.zones[zone.hall.venue_id].append(zone)
        self.organisations: dict[str, int] = {}
        self._may: dict[tuple[str, int | None], bool] = {}

    # ------------------------------------------------------------ reading
    def load(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, Held]:
        rows = queries.with_everything(Exhibit.objects.filter(code__in=codes))
        if lock:
            rows = rows.select_for_update(of=("self",))
        return {row.code: self.held(row) for row in rows}

    def held(self, row: Exhibit) -> Held:
        """The exhibit as an editor sees it, with its place in this edition."""
        seen = drafts.as_seen(row)
        places = list(row.placements.all())
        place = next((p for p in places if p.edition_id == self.ask.edition.pk), None)
        pictures = [(p.picture, p.caption_zh, p.caption_en) for p in seen.pictures.all()]
        zone = place.zone if place else None
        values: dict[str, Any] = {"code": row.code}
        values |= {column: getattr(seen, field) for column, field in PLAIN.items()}
        values |= {
            "organisation": seen.organisation.code if seen.organisation else "",
            "fields": tuple(sorted(field.code for field in seen.fields.all())),
            "presentation": tuple(seen.presentation or ()),
            "seeks": tuple(seen.seeks or ()),
            "venue": place.venue.code if place else "",
            "hall": zone.hall.code if zone else "",
            "zone": zone.code if zone else "",
            "booth": place.booth if place else "",
            "order": place.order if place else 0,
            "pictures": sheet_files.names_of([(p.pk, p.title) for p, *_ in pictures]),
            "picture_credit": pictures[0][0].credit if pictures else "",
            "picture_licence": pictures[0][0].licence if pictures else "",
            "embargo_until": drafts.embargo_cell(seen, self.clock(place.venue if place else None)),
        }
        listed = sheet_files.listed(seen)
        values["captions"] = sheet_captions.names_of(
            [file for file, *_ in listed["video"]], {file.pk: list(file.captions.all()) for file, *_ in listed["video"]}
        )
        extra = drafts.state_of(row) | {"elsewhere": len(places) - bool(place), "steward": row.steward_id}
        for column, its in listed.items():
            names = sheet_files.names_of([(file.pk, file.title) for file, *_ in its])
            values[column] = names
            extra[column] = [
                [file.pk, name, file.file_hash, zh, en]
                for name, (file, zh, en) in zip(names, its, strict=True)
            ]
        return Held(row.pk, values, extra, seen)

    def clock(self, venue: Venue | None) -> ZoneInfo:
        return venue.zone_of_time if venue else ZoneInfo(settings.TIME_ZONE)

    # ------------------------------------------------------------ judging
    def check(self, plans: Sequence[Plan]) -> None:
        self.problems += sheet_kind.missing_for_new(LAYOUT, plans, ["name_zh"])
        codes = {str(plan.values["organisation"]) for plan in plans} - set(self.organisations) - {""}
        found = Organisation.objects.filter(code__in=codes).values_list("code", "pk")
        self.organisations |= dict(found)
        for plan in plans:
            self.check_place(plan)
            self.check_references(plan)
            self.check_files(plan)
        self.problems += drafts.standing_problems(Exhibit, plans)

    def complain(self, plan: Plan, code: str, column: str = "", value: str = "", **params: str) -> None:
        self.problems.append(Problem(code, plan.row.number, column, value, params))

    def may(self, action: str, venue: Venue | None) -> bool:
        key = (action, venue.pk if venue else None)
        if key not in self._may:
            self._may[key] = self.ask.may(action, venue)
        return self._may[key]

    def check_place(self, plan: Plan) -> None:
        values = plan.values
        if not values["venue"] and self.ask.venue is not None:
            values["venue"] = self.ask.venue.code
            plan.changed |= {"venue"}
        venue = self.venues.get(values["venue"])
        if venue is None:
            code = "unknown_reference" if values["venue"] else "required"
            self.complain(plan, code, "venue", values["venue"], what="venue", what_zh="会场", hint="")
            return
        plan.refs["venue"] = venue
        self.check_zone(plan, venue)
        action = "change" if plan.held else "add"
        steward = plan.held.thing.steward if plan.held else None
        if plan.action != "same" and not self.may(action, venue):
            self.complain(plan, "out_of_reach", "venue", values["venue"], venue=str(venue))
        elif plan.action != "same" and steward and not self.may("change", steward):
            self.complain(plan, "held_elsewhere", "code", plan.code, venue=str(steward))
        elif moves_in_public(plan) and not self.may("publish", venue):
            self.complain(plan, "out_of_reach", "venue", values["venue"], venue=str(venue))
        if self.ask.publish and not self.may("publish", venue) and plan.action != "same":
            if self.drafted["count"] == "0":
                self.problems.append(Problem("comes_as_draft", params=self.drafted))
            self.drafted["count"] = str(int(self.drafted["count"]) + 1)

    def check_zone(self, plan: Plan, venue: Venue) -> None:
        values = plan.values
        plan.refs["zone"] = None
        if not values["zone"]:
            if values["hall"]:
                self.complain(plan, "needs_other", "hall", values["hall"], other="zone")
            return
        found = [
            zone for zone in self.zones[venue.pk]
            if zone.code == values["zone"] and values["hall"] in {"", zone.hall.code}
        ]
        if len(found) == 1:
            plan.refs["zone"] = found[0]
            values["hall"] = found[0].hall.code
            if plan.held and plan.held.values["hall"] == values["hall"]:
                plan.changed -= {"hall"}
        elif found:
            self.complain(plan, "needs_other", "zone", values["zone"], other="hall")
        else:
            known = ", ".join(f"{zone.hall.code}/{zone.code}" for zone in self.zones[venue.pk][:20])
            self.complain(
                plan, "unknown_reference", "zone", values["zone"], what="zone", what_zh="展区",
                hint=f"{known}. " if known else "",
            )

    def check_references(self, plan: Plan) -> None:
        organisation = plan.values["organisation"]
        plan.refs["organisation"] = self.organisations.get(organisation)
        if organisation and plan.refs["organisation"] is None:
            self.complain(
                plan, "unknown_reference", "organisation", organisation, what="organisation",
                what_zh="单位", hint="",
            )
        for code in plan.values["fields"]:
            if code not in self.fields:
                self.complain(
                    plan, "unknown_reference", "fields", code, what="field", what_zh="领域",
                    hint=", ".join(self.fields) + ". ",
                )
        zone = self.clock(plan.refs.get("venue"))
        moment = plan.values["embargo_until"]
        plan.refs["embargo"] = drafts.embargo_of(moment, zone)
        if moment and plan.refs["embargo"] is None:
            self.complain(plan, "no_such_moment", "embargo_until", str(moment), zone=str(zone))

    def check_files(self, plan: Plan) -> None:
        """What the names of files mean."""
        venue = plan.refs.get("venue")
        self.problems += sheet_files.check(self.ask, plan, venue.collection_id if venue else None)

    # ------------------------------------------------------------ writing
    def publishes(self, plan: Plan) -> bool:
        steward = plan.held.thing.steward if plan.held else None
        here = self.ask.publish and self.may("publish", plan.refs["venue"])
        return here and (steward is None or self.may("publish", steward))

    def create(self, plans: Sequence[Plan]) -> dict[str, Held]:
        made = []
        for plan in plans:
            row = Exhibit(code=plan.code)
            self.fill(row, plan)
            row.live = self.publishes(plan)
            row.has_unpublished_changes = not row.live
            if row.live:
                row.first_published_at = row.last_published_at = self.ask.now
            made.append(row)
        Exhibit.objects.bulk_create(made, batch_size=500)
        self.write_children(list(zip(made, plans, strict=True)), frozenset(LAYOUT.headers))
        self.place([(row.pk, plan) for row, plan in zip(made, plans, strict=True)])
        return {row.code: self.fresh(row, plan) for row, plan in zip(made, plans, strict=True)}

    def fresh(self, row: Exhibit, plan: Plan) -> Held:
        """What `held` will say of an exhibit just made, without reading it back."""
        values = dict(plan.values)
        extra = drafts.state_of(row) | {"elsewhere": 0, "steward": row.steward_id}
        for column in FILES:
            its = sheet_files.made(self.ask, plan.refs[column])
            values[column] = tuple(name for _, name, *_ in its)
            extra[column] = its
        if not values["pictures"]:
            values["picture_credit"] = values["picture_licence"] = ""
        return Held(row.pk, values, extra, row)

    def fill(self, row: Exhibit, plan: Plan) -> None:
        """The exhibit's own columns. A value that has not changed is not touched."""
        fresh = plan.held is None
        for column, field in PLAIN.items():
            if fresh or column in plan.changed:
                setattr(row, field, plan.values[column])
        if fresh or "organisation" in plan.changed:
            row.organisation_id = plan.refs["organisation"]
        for column in ("presentation", "seeks"):
            if fresh or column in plan.changed:
                setattr(row, column, list(plan.values[column]))
        if fresh or "embargo_until" in plan.changed:
            row.embargo_until = plan.refs["embargo"]
            row.opens_with_launch = plan.values["embargo_until"] == LAUNCH
        if plan.refs["venue"] is not None:
            row.steward_id = plan.refs["venue"].pk
        row.follow_launch()

    def update(self, plans: Sequence[Plan]) -> None:
        """Content where it may go; the place at once, because placements have no drafts."""
        content = [plan for plan in plans if plan.changed - PLACE]
        pairs = []
        for plan in content:
            thing = plan.found.thing
            self.fill(thing, plan)
            pairs.append((thing, plan))
        split = drafts.settle([(thing, self.publishes(plan)) for thing, plan in pairs], self.ask)
        written, revised = {id(row) for row in split.rows}, {id(row) for row in split.revised}
        drafts.upsert(Exhibit, split.rows, COLUMNS)
        self.write_children([pair for pair in pairs if id(pair[0]) in written], None)
        for thing, plan in pairs:
            if id(thing) in revised:
                self.attach(thing, plan)
        drafts.revise(split.revised, self.ask)
        moved = [plan for plan in plans if plan.changed & PLACE]
        self.place([(plan.found.id, plan) for plan in moved])
        self.steward(moved)

    def steward(self, plans: Sequence[Plan]) -> None:
        for plan in plans:
            row = plan.found
            if row.extra["steward"] != plan.refs["venue"].pk:
                Exhibit.objects.filter(pk=row.id).update(steward=plan.refs["venue"])

    def write_children(
        self, pairs: Sequence[tuple[Exhibit, Plan]], all_columns: frozenset[str] | None
    ) -> None:
        """Fields, pictures and attachments of rows; of updated ones only where they changed."""
        through = Exhibit.fields.through
        fields = [(e, p) for e, p in pairs if "fields" in (all_columns or self.touched(p))]
        pictures = [(e, p) for e, p in pairs if "pictures" in (all_columns or self.touched(p))]
        files = [(e, p) for e, p in pairs if KINDS.keys() & (all_columns or self.touched(p))]
        if all_columns is None:
            through.objects.filter(exhibit_id__in=[e.pk for e, _ in fields]).delete()
            ExhibitPicture.objects.filter(exhibit_id__in=[e.pk for e, _ in pictures]).delete()
            ExhibitAttachment.objects.filter(exhibit_id__in=[e.pk for e, _ in files]).delete()
        through.objects.bulk_create(
            [
                through(exhibit_id=e.pk, field_id=self.fields[code].pk)
                for e, p in fields for code in p.values["fields"]
            ],
            batch_size=500,
        )
        ExhibitPicture.objects.bulk_create(
            [row for e, p in pictures for row in self.gallery(e, p)], batch_size=500
        )
        ExhibitAttachment.objects.bulk_create(
            [row for e, p in files for row in self.appendix(e, p)], batch_size=500
        )
        for _, plan in pairs:
            sheet_captions.write(self.ask, plan)
        self.credit(pairs)

    def touched(self, plan: Plan) -> frozenset[str]:
        """Changed columns; with a draft beneath all of them, because the live children are older still."""
        below = plan.held is not None and plan.held.extra["unpublished"]
        return frozenset(LAYOUT.headers) if below else plan.changed

    def gallery(self, exhibit: Exhibit, plan: Plan) -> list[ExhibitPicture]:
        held = plan.held.extra["pictures"] if plan.held else []
        captions = plan.refs.get("captions") or {pk: (zh, en) for pk, _, _, zh, en in held}
        return sheet_files.gallery(exhibit, sheet_files.ids_of(self.ask, plan.refs["pictures"]), captions)

    def appendix(self, exhibit: Exhibit, plan: Plan) -> list[ExhibitAttachment]:
        return sheet_files.appendix(exhibit, sheet_files.ids_of(self.ask, sheet_files.in_order(plan.refs)))

    def attach(self, thing: Any, plan: Plan) -> None:
        """Children in memory, for the revision."""
        thing.fields = [self.fields[code] for code in plan.values["fields"]]
        thing.pictures = self.gallery(thing, plan)
        thing.attachments = self.appendix(thing, plan)

    def credit(self, pairs: Sequence[tuple[Exhibit, Plan]]) -> None:
        """A changed credit is written to the pictures that stay."""
        for _, plan in pairs:
            if plan.held and plan.changed & {"picture_credit", "picture_licence"}:
                ids = [ref for ref in plan.refs["pictures"] if isinstance(ref, int)]
                sheet_files.credit(ids, plan.values["picture_credit"], plan.values["picture_licence"])

    def place(self, pairs: Sequence[tuple[int, Plan]]) -> None:
        """The place in this edition, new or moved."""
        rows = [
            Placement(
                exhibit_id=pk, edition=self.ask.edition, venue=plan.refs["venue"],
                zone=plan.refs["zone"], booth=plan.values["booth"], order=plan.values["order"],
            )
            for pk, plan in pairs
        ]
        Placement.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["exhibit", "edition"],
            update_fields=["venue", "zone", "booth", "order"], batch_size=500,
        )
        services.label_exhibits(self.ask.edition, [pk for pk, _ in pairs])
        services.mint([pk for pk, _ in pairs])

    # ------------------------------------------------------------ undo, news, export
    def restore(self, items: Sequence[Past]) -> None:
        for item in items:
            sheet_restore.restore(self, item)

    def remove(self, ids: Sequence[int]) -> None:
        Placement.objects.filter(exhibit_id__in=ids).delete()
        Exhibit.objects.filter(pk__in=ids).delete()

    def finish(self, ids: Sequence[int]) -> None:
        if ids:
            tags = (f"edition-{self.ask.edition.code}",)
            news.tell(ExhibitsChanged(tags=tags, ids=tuple(ids)))

    def export(self) -> Iterator[Mapping[str, Any]]:
        rows = Exhibit.objects.filter(placements__edition=self.ask.edition).order_by("code")
        if self.ask.venue is not None:
            rows = rows.filter(
                placements__edition=self.ask.edition,
                placements__venue__path__startswith=self.ask.venue.path,
            )
        for row in queries.with_everything(rows).iterator(chunk_size=300):
            place = next(p for p in row.placements.all() if p.edition_id == self.ask.edition.pk)
            if self.may("view", place.venue):
                yield self.held(row).values

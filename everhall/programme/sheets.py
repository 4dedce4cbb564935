"""The sheets of activities and of sessions.

In: rows of `sheet_layouts`. Out: activities with their hosts, sessions with stage, time and speakers, by code
within one edition. Must stay true: what is live changes only with the right to publish at the venue; times are
those of the venue's clock in the sheet and UTC inside.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch

from everhall.accounts.models import Organisation
from everhall.editions import import_drafts as drafts
from everhall.editions.models import Venue
from everhall.engines import sheet_kind
from everhall.engines.sheet import Row
from everhall.engines.sheet_kind import Ask, Held, Past, Plan
from everhall.engines.sheet_words import Problem
from everhall.programme.events import ActivitiesChanged
from everhall.programme.models import Activity, ActivityHost
from everhall.programme.session_sheets import Sessions
from everhall.programme.sheet_layouts import ACTIVITIES, ACTIVITY_FIELDS
from everhall.realtime import news

__all__ = ["Activities", "Sessions"]

COLUMNS = [*ACTIVITY_FIELDS.values(), "venue", *drafts.STATE_FIELDS]
ALL = frozenset(ACTIVITIES.headers)


class Activities:
    """The kind, as the settings name it."""

    layout = ACTIVITIES

    def begin(self, ask: Ask) -> "ActivityWork":
        return ActivityWork(ask)


class ActivityWork:
    """One import of activities into one edition."""

    model = Activity
    owned = frozenset({"programme.activityhost"})

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.problems: list[Problem] = []
        self.drafted = {"count": "0"}
        self.venues = {v.code: v for v in Venue.objects.filter(edition=ask.edition)}
        self.organisations: dict[str, int] = {}
        self._may: dict[tuple[str, int], bool] = {}

    # ------------------------------------------------------------ reading
    def load(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, Held]:
        rows = full(Activity.objects.filter(edition=self.ask.edition, code__in=codes))
        if lock:
            rows = rows.select_for_update(of=("self",))
        return {row.code: self.held(row) for row in rows}

    def held(self, row: Activity) -> Held:
        """The activity as an editor sees it."""
        seen = drafts.as_seen(row)
        values: dict[str, Any] = {"code": row.code}
        values |= {column: getattr(seen, field) for column, field in ACTIVITY_FIELDS.items()}
        values |= {
            "venue": seen.venue.code,
            "hosts": tuple(host.organisation.code for host in seen.hosts.all()),
        }
        return Held(row.pk, values, drafts.state_of(row), seen)

    # ------------------------------------------------------------ judging
    def check(self, plans: Sequence[Plan]) -> None:
        self.problems += sheet_kind.missing_for_new(ACTIVITIES, plans, ["name_zh"])
        codes = {code for plan in plans for code in plan.values["hosts"]} - set(self.organisations)
        found = Organisation.objects.filter(code__in=codes).values_list("code", "pk")
        self.organisations |= dict(found)
        for plan in plans:
            self.check_venue(plan)
            for code in plan.values["hosts"]:
                if code not in self.organisations:
                    self.complain(
                        plan, "unknown_reference", "hosts", code, what="organisation", what_zh="单位",
                        hint="",
                    )
        self.problems += drafts.standing_problems(Activity, plans)

    def complain(self, plan: Plan, code: str, column: str = "", value: str = "", **params: str) -> None:
        self.problems.append(Problem(code, plan.row.number, column, value, params))

    def may(self, action: str, venue: Venue) -> bool:
        key = (action, venue.pk)
        if key not in self._may:
            self._may[key] = self.ask.may(action, venue)
        return self._may[key]

    def check_venue(self, plan: Plan) -> None:
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
        if plan.action == "same":
            return
        if not self.may("change" if plan.held else "add", venue):
            self.complain(plan, "out_of_reach", "venue", values["venue"], venue=str(venue))
        elif plan.held and not self.may("change", plan.held.thing.venue):
            self.complain(plan, "held_elsewhere", "code", plan.code, venue=str(plan.held.thing.venue))
        if self.ask.publish and not self.may("publish", venue):
            if self.drafted["count"] == "0":
                self.problems.append(Problem("comes_as_draft", params=self.drafted))
            self.drafted["count"] = str(int(self.drafted["count"]) + 1)

    # ------------------------------------------------------------ writing
    def publishes(self, plan: Plan) -> bool:
        here = self.ask.publish and self.may("publish", plan.refs["venue"])
        return here and (plan.held is None or self.may("publish", plan.held.thing.venue))

    def fill(self, row: Activity, plan: Plan) -> None:
        for column, field in ACTIVITY_FIELDS.items():
            if plan.held is None or column in plan.changed:
                setattr(row, field, plan.values[column])
        row.venue = plan.refs["venue"]

    def create(self, plans: Sequence[Plan]) -> dict[str, Held]:
        made = []
        for plan in plans:
            row = Activity(edition=self.ask.edition, code=plan.code)
            self.fill(row, plan)
            row.live = self.publishes(plan)
            row.has_unpublished_changes = not row.live
            if row.live:
                row.first_published_at = row.last_published_at = self.ask.now
            made.append(row)
        Activity.objects.bulk_create(made, batch_size=500)
        self.write_hosts(list(zip(made, plans, strict=True)))
        return {
            row.code: Held(row.pk, plan.values, drafts.state_of(row), row)
            for row, plan in zip(made, plans, strict=True)
        }

    def update(self, plans: Sequence[Plan]) -> None:
        pairs = []
        for plan in plans:
            thing = plan.found.thing
            self.fill(thing, plan)
            pairs.append((thing, plan))
        split = drafts.settle([(thing, self.publishes(plan)) for thing, plan in pairs], self.ask)
        written, revised = {id(row) for row in split.rows}, {id(row) for row in split.revised}
        drafts.upsert(Activity, split.rows, COLUMNS)
        self.write_hosts(
            [
                (thing, plan) for thing, plan in pairs
                if id(thing) in written
                and ("hosts" in plan.changed or plan.found.extra["unpublished"])
            ]
        )
        for thing, plan in pairs:
            if id(thing) in revised:
                thing.hosts = self.hosts(thing, plan)
        drafts.revise(split.revised, self.ask)

    def hosts(self, row: Any, plan: Plan) -> list[ActivityHost]:
        return [
            ActivityHost(activity=row, organisation_id=self.organisations[code], sort_order=n)
            for n, code in enumerate(plan.values["hosts"])
            if code in self.organisations
        ]

    def write_hosts(self, pairs: Sequence[tuple[Any, Plan]]) -> None:
        ActivityHost.objects.filter(activity_id__in=[row.pk for row, _ in pairs]).delete()
        ActivityHost.objects.bulk_create(
            [host for row, plan in pairs for host in self.hosts(row, plan)], batch_size=500
        )

    # ------------------------------------------------------------ undo, news, export
    def restore(self, items: Sequence[Past]) -> None:
        codes = {code for item in items for code in item.before["hosts"]}
        found = Organisation.objects.filter(code__in=codes).values_list("code", "pk")
        self.organisations |= dict(found)
        for item in items:
            values = dict(item.before)
            plan = Plan(Row(0, values), str(values["code"]), None, values, ALL)
            plan.refs["venue"] = self.venues.get(values["venue"], item.now.thing.venue)
            row = item.now.thing
            self.fill(row, plan)
            kept = item.extra.get("content")
            if kept is not None:
                row = Activity.from_serializable_data(kept)
                values["hosts"] = tuple(host.organisation.code for host in row.hosts.all())
                self.organisations |= {h.organisation.code: h.organisation_id for h in row.hosts.all()}
            drafts.upsert(Activity, [row], COLUMNS)
            self.write_hosts([(row, plan)])
            drafts.take_back(Activity, item.now, item.extra)

    def remove(self, ids: Sequence[int]) -> None:
        Activity.objects.filter(pk__in=ids).delete()

    def finish(self, ids: Sequence[int]) -> None:
        if ids:
            tags = (f"edition-{self.ask.edition.code}",)
            news.tell(ActivitiesChanged(tags=tags, ids=tuple(ids)))

    def export(self) -> Iterator[Mapping[str, Any]]:
        rows = Activity.objects.filter(edition=self.ask.edition).order_by("code")
        if self.ask.venue is not None:
            rows = rows.filter(venue__path__startswith=self.ask.venue.path)
        for row in full(rows).iterator(chunk_size=300):
            if self.may("view", row.venue):
                yield self.held(row).values


def full(rows: Any) -> Any:
    return rows.select_related("venue", "latest_revision__user").prefetch_related(
        Prefetch("hosts", ActivityHost.objects.select_related("organisation"))
    )

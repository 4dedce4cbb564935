"""Importing another platform's programme: a kind of import like those of sheets, with dry run, report and undo.

In: rows of `exchange_rows`, by guid. Out: sessions with their activities and speakers; those there are already are brought
up to date. Must stay true: what a file does not carry stays; what is live changes only with the right to publish; what
is missing in a file is never deleted.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.text import slugify

from everhall.editions import import_drafts as drafts
from everhall.editions.models import Stage, Venue
from everhall.engines import exchange
from everhall.engines.sheet import Row
from everhall.engines.sheet_kind import Ask, Held, Past, Plan
from everhall.engines.sheet_words import Problem
from everhall.media import intake
from everhall.programme import exchange_rows
from everhall.programme.events import ActivitiesChanged, SessionChanged
from everhall.programme.exchange import slug_of
from everhall.programme.exchange_layout import ACTIVITY, EXCHANGE, SESSION, Who
from everhall.programme.models import Activity, Person, Session, SessionOrigin, SessionSpeaker
from everhall.programme.session_sheets import person_code, tell_moved
from everhall.realtime import news

SESSION_COLUMNS = [*SESSION, "activity", "stage", "revision_number", "changed_at"]
ACTIVITY_COLUMNS = [*ACTIVITY.values(), *drafts.STATE_FIELDS]
ALL = frozenset(EXCHANGE.headers)


class Exchange:
    """The kind, as the settings name it."""

    layout = EXCHANGE
    #: Where somebody says which stage an unknown room is.
    asks = "everhall_exchange_rooms"

    def begin(self, ask: Ask) -> "ExchangeWork":
        return ExchangeWork(ask)

    def rows_of(self, path: Path, ask: Ask) -> tuple[list[Row], list[Problem], int]:
        return exchange_rows.rows_of(path, ask)


class ExchangeWork:
    """One import into one edition."""

    model = Session
    owned = frozenset({"programme.sessionspeaker", "programme.sessionorigin"})

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.problems: list[Problem] = []
        self.places: dict[str, tuple[Venue, Stage | None]] = {}
        for stage in Stage.objects.filter(venue__edition=ask.edition).select_related("venue"):
            self.places[slug_of((stage.venue, stage))] = (stage.venue, stage)
        for venue in Venue.objects.filter(edition=ask.edition):
            self.places[venue.code] = (venue, None)
        self.touched: set[int] = set()
        #: By code: activities that are there and that new sessions of the file would join.
        self.joined: dict[str, Activity] = {}
        self._may: dict[tuple[str, int], bool] = {}

    # ------------------------------------------------------------ reading
    def load(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, Held]:
        rows = full(Session.objects.filter(edition=self.ask.edition, guid__in=[UUID(code) for code in codes]))
        if lock:
            rows = rows.select_for_update(of=("self",))
        return {str(row.guid): held(row) for row in rows}

    # ------------------------------------------------------------ judging
    def check(self, plans: Sequence[Plan]) -> None:
        series = {slugify(plan.values["series"]) for plan in plans if plan.held is None} - {""}
        joined = Activity.objects.filter(edition=self.ask.edition, code__in=series).select_related("venue")
        self.joined |= {row.code: row for row in joined}
        for plan in plans:
            self.check_place(plan)
            self.check_days(plan)
        touched = [p for p in plans if p.held is not None and p.changed & set(ACTIVITY)]
        pairs = [Plan(p.row, p.found.thing.activity.code, of_activity(p), p.values, p.changed) for p in touched]
        self.problems += drafts.standing_problems(Activity, pairs)

    def complain(self, plan: Plan, code: str, column: str = "", value: str = "", **params: str) -> None:
        self.problems.append(Problem(code, plan.row.number, column, value, params))

    def may(self, action: str, venue: Any) -> bool:
        key = (action, venue.pk)
        if key not in self._may:
            self._may[key] = self.ask.may(action, venue)
        return self._may[key]

    def check_place(self, plan: Plan) -> None:
        # Of an unknown room the reader has said so already.
        found = self.places.get(str(plan.values["place"]))
        if found is None:
            return
        plan.refs["venue"], plan.refs["stage"] = found
        if plan.action == "same":
            return
        if plan.held is None:
            activity = self.joined.get(slugify(plan.values["series"]))
            # What joins a live activity is seen at once, for sessions have no drafts.
            if self.reach(plan, found[0], "add") and activity is not None:
                self.reach(plan, activity.venue, "publish" if activity.live else "change")
            return
        activity = plan.held.thing.activity
        for venue in {found[0], activity.venue}:
            if not self.reach(plan, venue, "publish" if activity.live else "change"):
                return

    def reach(self, plan: Plan, venue: Venue, action: str) -> bool:
        if self.may(action, venue):
            return True
        self.complain(plan, "out_of_reach", "room", str(plan.values["place"]), venue=str(venue))
        return False

    def check_days(self, plan: Plan) -> None:
        starts, venue = plan.values["starts_at"], plan.refs.get("venue")
        if not starts or venue is None or plan.action == "same":
            return
        edition, local = self.ask.edition, starts.astimezone(venue.zone_of_time)
        days = {"first": str(edition.starts_on), "last": str(edition.ends_on or "?")}
        if local.date() < edition.starts_on:
            self.complain(plan, "before_edition", "start", f"{local:%Y-%m-%d %H:%M}", **days)
        elif edition.ends_on and local.date() > edition.ends_on:
            self.complain(plan, "after_edition", "start", f"{local:%Y-%m-%d %H:%M}", **days)

    # ------------------------------------------------------------ writing
    def create(self, plans: Sequence[Plan]) -> dict[str, Held]:
        activities, made = self.activities_for(plans)
        taken = set(Session.objects.filter(edition=self.ask.edition).values_list("code", flat=True))
        rows = []
        for plan in plans:
            values, activity = plan.values, activities[plan.code]
            row = Session(edition=self.ask.edition, activity=activity, guid=UUID(plan.code), stage=plan.refs["stage"])
            row.code = free_code(values["code"] or values["activity_name_en"] or values["name_en"], plan.code, taken)
            for name in SESSION:
                setattr(row, name, values[name])
            self.name_apart(row, values)
            row.changed_at = self.ask.now
            rows.append(row)
            self.touched.add(activity.pk)
        Session.objects.bulk_create(rows, batch_size=500)
        SessionOrigin.objects.bulk_create(
            [SessionOrigin(session=row, made_activity=row.activity_id in made) for row in rows], batch_size=500
        )
        self.write_speakers([(row, plan.values["speakers"]) for row, plan in zip(rows, plans, strict=True)])
        return self.load([plan.code for plan in plans])

    def name_apart(self, row: Session, values: Mapping[str, Any]) -> None:
        """A session that joins an activity of another name keeps its own."""
        for name in ("name_zh", "name_en"):
            title = values[f"activity_{name}"]
            if not values[name] and title and title != getattr(row.activity, name):
                setattr(row, name, title)
        if row.name_en and not row.name_zh:
            row.name_zh = row.name_en[:200]

    def activities_for(self, plans: Sequence[Plan]) -> tuple[dict[str, Activity], set[int]]:
        """The activity of each new session, by guid: that of its series, else one of its own; and which are new."""
        there = {row.code: row for row in Activity.objects.filter(edition=self.ask.edition).only("code", "name_zh", "name_en", "live", "edition_id")}
        found: dict[str, Activity] = {}
        new: dict[str, Activity] = {}
        for plan in plans:
            series = slugify(plan.values["series"])
            if series and (series in there or series in new):
                found[plan.code] = there.get(series) or new[series]
                continue
            code = series or free_code(plan.values["code"] or plan.values["activity_name_en"], plan.code, {*there, *new})
            found[plan.code] = new[code] = self.new_activity(plan, code[:80].strip("-"))
        Activity.objects.bulk_create(list(new.values()), batch_size=500)
        return found, {row.pk for row in new.values()}

    def new_activity(self, plan: Plan, code: str) -> Activity:
        values = plan.values
        row = Activity(edition=self.ask.edition, venue=plan.refs["venue"], code=code, mode=values["mode"], relay=values["relay"])
        for column, field in ACTIVITY.items():
            setattr(row, field, exchange.rich(values[column]) if column.startswith("text_") else values[column])
        # Chinese comes first and is needed; the one language there is stands in for it until somebody writes it.
        row.name_zh = row.name_zh or row.name_en[:200]
        row.live = self.ask.publish and self.may("publish", row.venue)
        row.has_unpublished_changes = not row.live
        if row.live:
            row.first_published_at = row.last_published_at = self.ask.now
        return row

    def update(self, plans: Sequence[Plan]) -> None:
        rows: list[Session] = []
        activities: dict[int, Activity] = {}
        for plan in plans:
            row: Session = plan.found.thing
            before = SessionChanged.facts(row)
            self.fill(row, plan)
            if plan.changed & set(ACTIVITY):
                activity = activities.setdefault(row.activity_id, row.activity)
                self.fill_activity(activity, plan)
            row.revision_number += 1
            rows.append(row)
            tell_moved(row, before, self.ask.edition)
        self.write_activities(list(activities.values()))
        drafts.upsert(Session, rows, SESSION_COLUMNS)
        self.write_speakers([(p.found.thing, p.values["speakers"]) for p in plans if "speakers" in p.changed])

    def fill(self, row: Session, plan: Plan) -> None:
        for name in SESSION:
            if name in plan.changed:
                setattr(row, name, plan.values[name])
        if "place" in plan.changed and "stage" in plan.refs:
            row.stage = plan.refs["stage"]
        row.changed_at = self.ask.now
        self.touched.add(row.activity_id)

    def fill_activity(self, row: Activity, plan: Plan) -> None:
        for column, field in ACTIVITY.items():
            if column in plan.changed:
                value = plan.values[column]
                setattr(row, field, exchange.rich(value) if column.startswith("text_") else value)
        row.name_zh = row.name_zh or row.name_en[:200]

    def write_activities(self, rows: Sequence[Activity]) -> None:
        # `check_place` has asked for the right to publish what is live; a draft stays one.
        split = drafts.settle([(row, row.live) for row in rows], self.ask)
        drafts.upsert(Activity, split.rows, ACTIVITY_COLUMNS)
        drafts.revise([row for row in split.revised if row.latest_revision_id], self.ask)

    def write_speakers(self, pairs: Sequence[tuple[Session, tuple[Who, ...]]]) -> None:
        wanted = {who[0]: who for _, people in pairs for who in people}
        known = {str(person.guid): person for person in Person.objects.filter(guid__in=wanted)}
        there = set(known)
        for guid, person in known.items():
            # What stood in for the name in the other language, or was lacking, a file has said now.
            stood_in = person.name_zh == person.name_en != wanted[guid][1]
            if stood_in or (not person.name_en and wanted[guid][2]):
                person.name_zh, person.name_en = wanted[guid][1] or person.name_zh, person.name_en or wanted[guid][2]
                person.save()
        Person.objects.bulk_create(
            [
                Person(guid=guid, code=f"{person_code(who[1], who[2])}-{guid[:4]}", name_zh=who[1], name_en=who[2], title_zh=who[3], title_en=who[4])
                for guid, who in wanted.items() if guid not in there
            ],
            batch_size=500,
        )  # fmt: skip
        ids = {str(guid): pk for guid, pk in Person.objects.filter(guid__in=wanted).values_list("guid", "pk")}
        SessionSpeaker.objects.filter(session__in=[row.pk for row, _ in pairs]).delete()
        SessionSpeaker.objects.bulk_create(
            [
                SessionSpeaker(session=row, person_id=ids[who[0]], sort_order=n)
                for row, people in pairs for n, who in enumerate(people)
            ],
            batch_size=500,
        )  # fmt: skip

    # ------------------------------------------------------------ undo, news, export
    def restore(self, items: Sequence[Past]) -> None:
        for item in items:
            row: Session = item.now.thing
            plan = Plan(Row(0, item.before), str(row.guid), item.now, dict(item.before), ALL)
            place = self.places.get(str(item.before["place"]))
            plan.refs["stage"] = place[1] if place else row.stage
            before = SessionChanged.facts(row)
            self.fill(row, plan)
            tell_moved(row, before, self.ask.edition)
            self.fill_activity(row.activity, plan)
            if texts := item.extra.get("texts"):
                row.activity.text_zh, row.activity.text_en = texts
            row.name_zh, row.name_en = item.extra["own"]
            row.revision_number += 1
            self.write_activities([row.activity])
            drafts.upsert(Session, [row], SESSION_COLUMNS)
            self.write_speakers([(row, item.before["speakers"])])

    def remove(self, ids: Sequence[int]) -> None:
        """Sessions, and the activities that came with them if nothing is left in them and nobody uses them."""
        rows = Session.objects.filter(pk__in=ids)
        self.touched |= set(rows.values_list("activity_id", flat=True))
        came = set(rows.filter(origin__made_activity=True).values_list("activity_id", flat=True))
        rows.delete()
        left = came - intake.referred(Activity, came, ignore={"programme.activityhost"})
        Activity.objects.filter(pk__in=left).delete()

    def finish(self, ids: Sequence[int]) -> None:
        if self.touched:
            tags = (f"edition-{self.ask.edition.code}",)
            news.tell(ActivitiesChanged(tags=tags, ids=tuple(sorted(self.touched))))

    def export(self) -> Iterator[Mapping[str, Any]]:
        """Files go out by their public addresses, not as a sheet."""
        return iter(())


def free_code(wanted: str, guid: str, taken: set[str]) -> str:
    """A code made of what the file calls it, else of the guid; marked by the guid where it is taken. Notes it as taken."""
    code = slugify(wanted)[:80].strip("-").replace("_", "-") or f"s-{guid[:8]}"
    code = "-".join(part for part in code.split("-") if part)
    if code in taken:
        code = f"{code[:70].strip('-')}-{guid[:8]}"
    while code in taken:
        code = f"{code}-x"
    taken.add(code)
    return code


def of_activity(plan: Plan) -> Held:
    activity = plan.found.thing.activity
    return Held(activity.pk, {}, {}, activity)


def held(row: Session) -> Held:
    """As a file of ours would carry it: plain texts, and no own name where it is the activity's."""
    activity = row.activity
    values: dict[str, Any] = {"guid": str(row.guid), "code": row.code, "series": activity.code}
    for column, field in ACTIVITY.items():
        value = getattr(activity, field)
        values[column] = exchange.plain(value) if column.startswith("text_") else value
    for column in ("summary_zh", "summary_en"):
        values[column] = exchange.tidy(values[column])
    values |= {name: getattr(row, name) for name in SESSION}
    for name in ("name_zh", "name_en"):
        if values[name] == values[f"activity_{name}"]:
            values[name] = ""
    place = (row.stage.venue, row.stage) if row.stage else (activity.venue, None)
    values |= {
        "place": slug_of(place), "speakers": tuple(exchange_rows.who_of(part.person) for part in row.speakers.all()),
    }  # fmt: skip
    extra = {"texts": [activity.text_zh, activity.text_en], "own": [row.name_zh, row.name_en]}
    return Held(row.pk, values, extra, row)


def full(rows: Any) -> Any:
    return rows.select_related("activity__venue", "activity__latest_revision__user", "stage__venue").prefetch_related(
        Prefetch("speakers", SessionSpeaker.objects.select_related("person"))
    )

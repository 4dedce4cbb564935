"""The sheet of sessions: when, on which stage, who speaks, what equipment is needed. Sessions have no drafts of their own: they are seen
as soon as their activity is.

Must stay true: a session lies within the days of its edition; a person is known by name, so that one who
speaks twice is one person and a clash is seen.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.text import slugify

from everhall.editions import import_drafts as drafts
from everhall.editions.models import Edition, Stage
from everhall.editions.policies import policy_of
from everhall.engines import sheet_kind
from everhall.engines.sheet import Row
from everhall.engines.sheet_kind import Ask, Held, Past, Plan
from everhall.engines.sheet_words import Problem
from everhall.programme.events import ActivitiesChanged, SessionChanged
from everhall.programme.models import Activity, Person, Session, SessionNeed, SessionSpeaker
from everhall.programme.needs_sheets import Things, name_of
from everhall.programme.sheet_layouts import SESSION_FIELDS, SESSIONS
from everhall.realtime import news

COLUMNS = [*SESSION_FIELDS.values(), "activity", "stage", "starts_at", "ends_at", "revision_number", "changed_at"]
ALL = frozenset(SESSIONS.headers)
Speaker = tuple[str, str, str, str]


class Sessions:
    """The kind, as the settings name it."""

    layout = SESSIONS

    def begin(self, ask: Ask) -> "SessionWork":
        return SessionWork(ask)


class SessionWork:
    """One import of sessions into one edition."""

    model = Session
    owned = frozenset({"programme.sessionspeaker", "programme.sessionneed"})

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.problems: list[Problem] = []
        self.activities: dict[str, Activity] = {}
        self.stages: dict[tuple[int, str], Stage] = {}
        for stage in Stage.objects.filter(venue__edition=ask.edition).select_related("venue"):
            self.stages[stage.venue_id, stage.code] = stage
        self._may: dict[tuple[str, int], bool] = {}
        self.touched_activities: set[int] = set()
        self.things = Things(ask.edition)

    # ------------------------------------------------------------ reading
    def load(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, Held]:
        rows = full(Session.objects.filter(edition=self.ask.edition, code__in=codes))
        if lock:
            rows = rows.select_for_update(of=("self",))
        return {row.code: held(row) for row in rows}

    # ------------------------------------------------------------ judging
    def check(self, plans: Sequence[Plan]) -> None:
        needed = ["activity", "starts_at", "ends_at"]
        self.problems += sheet_kind.missing_for_new(SESSIONS, plans, needed)
        codes = {str(plan.values["activity"]) for plan in plans} - set(self.activities)
        found = Activity.objects.filter(edition=self.ask.edition, code__in=codes)
        self.activities |= {row.code: row for row in found.select_related("venue")}
        for plan in plans:
            self.check_activity(plan)

    def complain(self, plan: Plan, code: str, column: str = "", value: str = "", **params: str) -> None:
        self.problems.append(Problem(code, plan.row.number, column, value, params))

    def may(self, action: str, venue: Any) -> bool:
        key = (action, venue.pk)
        if key not in self._may:
            self._may[key] = self.ask.may(action, venue)
        return self._may[key]

    def check_activity(self, plan: Plan) -> None:
        values = plan.values
        activity = self.activities.get(values["activity"])
        if activity is None:
            if values["activity"]:
                self.complain(
                    plan, "unknown_reference", "activity", values["activity"], what="activity",
                    what_zh="活动", hint="",
                )
            return
        plan.refs["activity"] = activity
        if plan.action != "same":
            # What is live is seen at once, and sessions have no drafts.
            action = "publish" if activity.live else "change"
            venues = [activity.venue] + ([plan.held.thing.activity.venue] if plan.held else [])
            for venue in venues:
                if not self.may(action, venue):
                    self.complain(plan, "out_of_reach", "activity", values["activity"], venue=str(venue))
                    break
        self.check_stage(plan, activity)
        self.check_times(plan, activity)
        self.check_needs(plan, activity)

    def check_stage(self, plan: Plan, activity: Activity) -> None:
        code = plan.values["stage"]
        plan.refs["stage"] = None
        if not code:
            return
        # A stage of the venue itself, else of one above it (three parks share the big stage).
        for venue_id in reversed([int(part) for part in activity.venue.path.split("/") if part]):
            if (venue_id, code) in self.stages:
                plan.refs["stage"] = self.stages[venue_id, code]
                return
        held = plan.held.thing.stage if plan.held else None
        if held is not None and held.code == code:
            plan.refs["stage"] = held
            return
        known = ", ".join(c for v, c in self.stages if v == activity.venue_id)
        self.complain(
            plan, "unknown_reference", "stage", code, what="stage", what_zh="舞台",
            hint=f"{known}. " if known else "",
        )

    def check_times(self, plan: Plan, activity: Activity) -> None:
        zone = activity.venue.zone_of_time
        values, edition = plan.values, self.ask.edition
        for column in ("starts_at", "ends_at"):
            moment = values[column]
            plan.refs[column] = drafts.absolute(moment, zone)
            if moment and plan.refs[column] is None:
                self.complain(plan, "no_such_moment", column, str(moment), zone=str(zone))
        start, end = values["starts_at"], values["ends_at"]
        if start and end and end <= start:
            self.complain(plan, "ends_before_start", "ends_at", f"{end:%Y-%m-%d %H:%M}", start=f"{start:%Y-%m-%d %H:%M}")
        if start and plan.action != "same":
            days = {"first": str(edition.starts_on), "last": str(edition.ends_on or "?")}
            if start.date() < edition.starts_on:
                self.complain(plan, "before_edition", "starts_at", f"{start:%Y-%m-%d %H:%M}", **days)
            elif edition.ends_on and start.date() > edition.ends_on:
                self.complain(plan, "after_edition", "starts_at", f"{start:%Y-%m-%d %H:%M}", **days)

    def check_needs(self, plan: Plan, activity: Activity) -> None:
        if "needs" not in plan.changed:
            return
        found = []
        for name, count in plan.values["needs"]:
            thing = self.things.find(name, activity.venue.path)
            if thing is None:
                known = self.things.known_at(activity.venue.path)
                self.complain(
                    plan, "unknown_reference", "needs", name, what="equipment", what_zh="设备", hint=f"{known}. " if known else "",
                )  # fmt: skip
            else:
                found.append((name_of(thing), count))
        names = [name for name, _count in found]
        if (twice := next((name for n, name in enumerate(names) if name in names[:n]), "")):
            self.complain(plan, "twice_in_list", "needs", twice)
        plan.values["needs"] = tuple(sorted(found))
        if plan.held and plan.held.values.get("needs", ()) == plan.values["needs"]:
            # The same by a shorter name.
            plan.changed -= {"needs"}

    # ------------------------------------------------------------ writing
    def fill(self, row: Session, plan: Plan) -> None:
        for column, field in SESSION_FIELDS.items():
            if plan.held is None or column in plan.changed:
                setattr(row, field, plan.values[column])
        row.activity, row.stage = plan.refs["activity"], plan.refs["stage"]
        row.starts_at, row.ends_at = plan.refs["starts_at"], plan.refs["ends_at"]
        row.changed_at = self.ask.now
        self.touched_activities.add(row.activity_id)

    def create(self, plans: Sequence[Plan]) -> dict[str, Held]:
        made = []
        for plan in plans:
            row = Session(edition=self.ask.edition, code=plan.code)
            self.fill(row, plan)
            made.append(row)
        Session.objects.bulk_create(made, batch_size=500)
        self.write_speakers(list(zip(made, plans, strict=True)))
        self.write_needs([(row, plan.values["needs"]) for row, plan in zip(made, plans, strict=True) if plan.values["needs"]])
        # Read back: a title that another row gives a speaker is his everywhere.
        return self.load([plan.code for plan in plans])

    def update(self, plans: Sequence[Plan]) -> None:
        pairs = []
        for plan in plans:
            row = plan.found.thing
            self.touched_activities.add(row.activity_id)
            before = SessionChanged.facts(row)
            self.fill(row, plan)
            tell_moved(row, before, self.ask.edition)
            # RFC 5545 SEQUENCE: calendars take a change over when it grows.
            row.revision_number += 1
            pairs.append((row, plan))
        drafts.upsert(Session, [row for row, _ in pairs], COLUMNS)
        self.write_speakers([(row, plan) for row, plan in pairs if "speakers" in plan.changed])
        self.write_needs([(row, plan.values["needs"]) for row, plan in pairs if "needs" in plan.changed])

    def write_needs(self, pairs: Sequence[tuple[Session, Sequence[tuple[str, int]]]]) -> None:
        SessionNeed.objects.filter(session_id__in=[row.pk for row, _ in pairs]).delete()
        SessionNeed.objects.bulk_create(
            [
                SessionNeed(session=row, equipment=thing, count=count, sort_order=n)
                for row, needs in pairs for n, (name, count) in enumerate(needs) if (thing := self.things.by_name.get(name))
            ],
            batch_size=500,
        )  # fmt: skip

    def write_speakers(self, pairs: Sequence[tuple[Session, Plan]]) -> None:
        # Somebody named by a row that is no sample is no sample either.
        real = {s[:2] for row, plan in pairs if not row.is_sample for s in plan.values["speakers"]}
        people = self.people(
            [speaker for _, plan in pairs for speaker in plan.values["speakers"]], real
        )
        SessionSpeaker.objects.filter(session_id__in=[row.pk for row, _ in pairs]).delete()
        SessionSpeaker.objects.bulk_create(
            [
                SessionSpeaker(session=row, person_id=pk, sort_order=n)
                for row, plan in pairs
                for n, pk in enumerate(dict.fromkeys(people[s[:2]] for s in plan.values["speakers"]))
            ],
            batch_size=500,
        )

    def people(
        self, speakers: Sequence[Speaker], real: set[tuple[str, str]]
    ) -> dict[tuple[str, str], int]:
        """Ids of people by their two names; new ones are made (a sample unless in `real`), changed titles
        are written."""
        wanted: dict[tuple[str, str], Speaker] = {speaker[:2]: speaker for speaker in speakers}
        names = [zh for zh, _ in wanted]
        found = {
            (person.name_zh, person.name_en): person
            for person in Person.objects.filter(name_zh__in=names).order_by("-pk")
        }
        new = [
            Person(
                code=person_code(zh, en), name_zh=zh, name_en=en, title_zh=speaker[2],
                title_en=speaker[3], is_sample=(zh, en) not in real,
            )
            for (zh, en), speaker in wanted.items()
            if (zh, en) not in found
        ]
        Person.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
        mine = self.changeable(found.values())
        for key, person in found.items():
            if person.pk in mine and key in wanted and (person.title_zh, person.title_en) != wanted[key][2:]:
                titles = {"title_zh": wanted[key][2], "title_en": wanted[key][3]}
                Person.objects.filter(pk=person.pk).update(**titles)
        made = Person.objects.filter(code__in=[person.code for person in new])
        return {key: person.pk for key, person in found.items()} | {
            (person.name_zh, person.name_en): person.pk for person in made
        }

    def changeable(self, people: Iterable[Person]) -> set[int]:
        """Whose title the asker may change: somebody who speaks elsewhere too keeps what is said of him there."""
        ids = {person.pk for person in people}
        if self.ask.user is None:
            return ids
        found = policy_of(Person).instances_user_has_any_permission_for(self.ask.user, ["change"])
        return set(found.filter(pk__in=ids).values_list("pk", flat=True))

    # ------------------------------------------------------------ undo, news, export
    def restore(self, items: Sequence[Past]) -> None:
        self.activities |= {
            row.code: row
            for row in Activity.objects.filter(
                edition=self.ask.edition, code__in=[item.before["activity"] for item in items]
            ).select_related("venue")
        }
        for item in items:
            values = dict(item.before)
            row = item.now.thing
            activity = self.activities.get(values["activity"], row.activity)
            zone = activity.venue.zone_of_time
            plan = Plan(Row(0, values), str(values["code"]), None, values, ALL)
            stage_id = item.extra["stage"]
            plan.refs = {
                "activity": activity,
                "stage": Stage.objects.filter(pk=stage_id).first() if stage_id else None,
                "starts_at": drafts.absolute(values["starts_at"], zone),
                "ends_at": drafts.absolute(values["ends_at"], zone),
            }
            self.touched_activities.add(row.activity_id)
            before = SessionChanged.facts(row)
            self.fill(row, plan)
            tell_moved(row, before, self.ask.edition)
            row.revision_number += 1
            drafts.upsert(Session, [row], COLUMNS)
            self.write_speakers([(row, plan)])
            self.write_needs([(row, values.get("needs", ()))])

    def remove(self, ids: Sequence[int]) -> None:
        rows = Session.objects.filter(pk__in=ids)
        self.touched_activities |= set(rows.values_list("activity_id", flat=True))
        rows.delete()

    def finish(self, ids: Sequence[int]) -> None:
        touched = self.touched_activities
        if touched:
            tags = (f"edition-{self.ask.edition.code}",)
            news.tell(ActivitiesChanged(tags=tags, ids=tuple(sorted(touched))))

    def export(self) -> Iterator[Mapping[str, Any]]:
        rows = Session.objects.filter(edition=self.ask.edition).order_by("code")
        if self.ask.venue is not None:
            rows = rows.filter(activity__venue__path__startswith=self.ask.venue.path)
        for row in full(rows).iterator(chunk_size=300):
            if self.may("view", row.activity.venue):
                yield held(row).values


def tell_moved(row: Session, before: tuple[str, ...], edition: Edition) -> None:
    """A session that an import or its undo moves, to those who follow it; `before`: its facts until now."""
    if before != SessionChanged.facts(row):
        tags = (f"edition-{edition.code}",)
        news.tell(SessionChanged(tags=tags, ids=(row.pk,), before=before, after=SessionChanged.facts(row)))


def person_code(name_zh: str, name_en: str) -> str:
    """A code for somebody known by name only: readable where there is a Latin name, unique by a digest."""
    digest = hashlib.sha256(f"{name_zh}|{name_en}".encode()).hexdigest()[:8]
    return f"{slugify(name_en)[:80].strip('-') or 'p'}-{digest}".strip("-")


def held(row: Session) -> Held:
    zone = row.activity.venue.zone_of_time
    values: dict[str, Any] = {"code": row.code, "activity": row.activity.code}
    values |= {column: getattr(row, field) for column, field in SESSION_FIELDS.items()}
    values |= {
        "stage": row.stage.code if row.stage else "",
        "starts_at": minute(drafts.local(row.starts_at, zone)),
        "ends_at": minute(drafts.local(row.ends_at, zone)),
        "speakers": tuple(
            (s.person.name_zh, s.person.name_en, s.person.title_zh, s.person.title_en)
            for s in row.speakers.all()
        ),
    }
    # Only where there are some: a session without is told as it was before sheets had this column, so that old imports can be undone.
    if needs := tuple(sorted((name_of(need.equipment), need.count) for need in row.needs.all())):
        values["needs"] = needs
    return Held(row.pk, values, {"stage": row.stage_id}, row)


def minute(moment: dt.datetime | None) -> dt.datetime | None:
    """Sheets know seconds, not their fractions."""
    return moment.replace(microsecond=0) if moment else None



def full(rows: Any) -> Any:
    return rows.select_related("activity__venue", "stage").prefetch_related(
        Prefetch("speakers", SessionSpeaker.objects.select_related("person")),
        Prefetch("needs", SessionNeed.objects.select_related("equipment__venue")),
    )

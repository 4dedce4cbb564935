"""A followed programme as a kind of import: what is theirs follows, what was edited here stays.

In: rows as of any exchange file, and what was taken of each session last (`FollowedSession`). Out: plans without what is ours. Must stay true:
a column whose value here is not the one that was taken was edited here and is never overwritten; once both sides say the same it is
theirs again; what vanished there is cancelled, never deleted, and comes back as it was when it comes back there. What an import cancels is
a row of it like any other, so that its report counts it and undo gives it back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from everhall.engines.sheet import Row
from everhall.engines.sheet_kind import Ask, Past, Plan
from everhall.engines.sheet_words import Problem
from everhall.programme.exchange_layout import EXCHANGE
from everhall.programme.exchange_sheets import Exchange, ExchangeWork
from everhall.programme.models import FollowedSession, ProgrammeSource, Session

NAME = "followed"
CANCELLED = Session.Status.CANCELLED
#: The row of what is not in the file any more.
NOT_THERE = 0


class Followed(Exchange):
    """The kind, as the settings name it. It is started by a source, never by hand."""

    layout = replace(EXCHANGE, name=NAME, zh="关注的外部日程", en="followed programme")
    by_address = True

    def begin(self, ask: Ask) -> "FollowedWork":
        return FollowedWork(ask)

    def rows_of(self, path: Path, ask: Ask) -> tuple[list[Row], list[Problem], int]:
        """Those of the file, and one that cancels for each that was followed and is not in it."""
        rows, problems, count = super().rows_of(path, ask)
        there = {row.values["guid"] for row in rows}
        known = FollowedSession.objects.filter(source__edition=ask.edition, source__venue=ask.venue, gone_at=None)
        gone = sorted({str(guid) for guid in known.values_list("session__guid", flat=True)} - there)
        return rows + [Row(NOT_THERE, {"guid": guid, "status": CANCELLED.value}) for guid in gone], problems, count


class FollowedWork(ExchangeWork):
    """One look at one source, that of the import's venue."""

    owned = ExchangeWork.owned | {"programme.followedsession"}

    def __init__(self, ask: Ask) -> None:
        super().__init__(ask)
        self.source = ProgrammeSource.objects.filter(edition=ask.edition, venue=ask.venue).first()
        #: guid -> column -> what they say, as a cell
        self.theirs: dict[str, dict[str, str]] = {}
        #: guid -> columns that were edited here
        self.ours: dict[str, set[str]] = {}
        #: guid of what has vanished -> its status until now
        self.gone: dict[str, str] = {}

    def check(self, plans: Sequence[Plan]) -> None:
        """Take what is ours out of the plans before they are judged."""
        rows = FollowedSession.objects.filter(session__edition=self.ask.edition, session__guid__in=[UUID(plan.code) for plan in plans])
        known = {str(row.session.guid): row for row in rows.select_related("session")}
        for plan in plans:
            if plan.row.number == NOT_THERE:
                self.gone[plan.code] = plan.values["status"] if plan.held is None else plan.held.values["status"]
            else:
                self.keep_apart(plan, known.get(plan.code))
        super().check(plans)

    def check_days(self, plan: Plan) -> None:
        """What is cancelled may lie where it lies."""
        if plan.row.number != NOT_THERE:
            super().check_days(plan)

    def keep_apart(self, plan: Plan, row: FollowedSession | None) -> None:
        said = {name: self.cell(name, value) for name, value in plan.row.values.items() if name != "guid"}
        self.theirs[plan.code], self.ours[plan.code] = said, set()
        if plan.held is None or row is None:
            return
        if row.gone_at is not None and plan.held.values["status"] == CANCELLED:
            # It was we who cancelled it, because it had vanished.
            self.take(plan, "status", plan.row.values.get("status") or row.status_before)
            row.taken.pop("status", None)
        for name in said:
            here = self.cell(name, plan.held.values[name])
            if name in row.taken and here not in {row.taken[name], said[name]}:
                self.ours[plan.code].add(name)
                self.take(plan, name, plan.held.values[name])

    @staticmethod
    def take(plan: Plan, name: str, value: Any) -> None:
        assert plan.held is not None  # noqa: S101 - the caller has looked
        plan.values[name] = value
        plan.changed = plan.changed - {name} if plan.held.values[name] == value else plan.changed | {name}

    def cell(self, name: str, value: Any) -> str:
        return str(EXCHANGE.column(name).write(value))

    def finish(self, ids: Sequence[int]) -> None:
        super().finish(ids)
        if self.source is not None:
            self.note_taken(self.source)
            self.note_gone(self.source)

    def note_taken(self, source: ProgrammeSource) -> None:
        """Of all sessions of the file, as they are now; of what is ours, what they said."""
        codes = list(self.theirs)
        rows: list[FollowedSession] = []
        for start in range(0, len(codes), 500):
            now = self.load(codes[start : start + 500])
            for guid, held in now.items():
                rows.append(FollowedSession(source=source, session_id=held.id, taken=self.taken(guid, held.values), gone_at=None, status_before=""))
        FollowedSession.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["session"], update_fields=["source", "taken", "gone_at", "status_before"], batch_size=500
        )

    def taken(self, guid: str, values: Mapping[str, Any]) -> dict[str, str]:
        said, ours = self.theirs[guid], self.ours[guid]
        return {name: said[name] if name in ours else self.cell(name, values[name]) for name in said}

    def note_gone(self, source: ProgrammeSource) -> None:
        rows = list(FollowedSession.objects.filter(source=source, session__guid__in=[UUID(guid) for guid in self.gone]).select_related("session"))
        for row in rows:
            row.gone_at, row.status_before = self.ask.now, self.gone[str(row.session.guid)]
        FollowedSession.objects.bulk_update(rows, ["gone_at", "status_before"], batch_size=500)

    # ------------------------------------------------------------ undo
    def restore(self, items: Sequence[Past]) -> None:
        """What they are taken to have said goes back with it: else what was given back would pass for an edit of ours."""
        known = FollowedSession.objects.filter(session_id__in=[item.now.id for item in items]).in_bulk(field_name="session_id")
        super().restore(items)
        for item in items:
            if (row := known.get(item.now.id)) is not None:
                self.take_back(row, item)
        FollowedSession.objects.bulk_update(known.values(), ["taken", "gone_at", "status_before"], batch_size=500)

    def take_back(self, row: FollowedSession, item: Past) -> None:
        for name, said in row.taken.items():
            if said == self.cell(name, item.now.values[name]):
                row.taken[name] = self.cell(name, item.before[name])
        before, now = item.before["status"], item.now.values["status"]
        if row.gone_at is not None and before != CANCELLED:
            row.gone_at, row.status_before = None, ""
        elif row.gone_at is None and before == CANCELLED != now and "status" not in row.taken:
            row.gone_at, row.status_before = self.ask.now, now

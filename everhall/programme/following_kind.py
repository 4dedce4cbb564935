"""A followed programme as a kind of import: what is theirs follows, what was edited here stays.

In: rows as of any exchange file, and what was taken of each session last (`FollowedSession`). Out: plans without what is ours. Must stay true:
a column whose value here is not the one that was taken was edited here and is never overwritten; once both sides say the same it is
theirs again; what vanished there is cancelled, never deleted, and comes back as it was when it comes back there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from everhall.engines.sheet_kind import Ask, Plan
from everhall.programme.exchange_layout import EXCHANGE
from everhall.programme.exchange_sheets import Exchange, ExchangeWork
from everhall.programme.models import FollowedSession, ProgrammeSource, Session

NAME = "followed"
CANCELLED = Session.Status.CANCELLED


class Followed(Exchange):
    """The kind, as the settings name it. It is started by a source, never by hand."""

    layout = replace(EXCHANGE, name=NAME, zh="关注的外部日程", en="followed programme")
    by_address = True

    def begin(self, ask: Ask) -> "FollowedWork":
        return FollowedWork(ask)


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

    def check(self, plans: Sequence[Plan]) -> None:
        """Take what is ours out of the plans before they are judged."""
        rows = FollowedSession.objects.filter(session__edition=self.ask.edition, session__guid__in=[UUID(plan.code) for plan in plans])
        known = {str(row.session.guid): row for row in rows.select_related("session")}
        for plan in plans:
            self.keep_apart(plan, known.get(plan.code))
        super().check(plans)

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
            self.cancel_gone(self.source)

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

    def cancel_gone(self, source: ProgrammeSource) -> None:
        rows = FollowedSession.objects.filter(source=source, gone_at=None).exclude(session__guid__in=[UUID(code) for code in self.theirs])
        for row in rows.select_related("session__activity"):
            row.gone_at, row.status_before = self.ask.now, row.session.status
            row.save(update_fields=["gone_at", "status_before"])
            if row.session.status != CANCELLED:
                row.session.status = CANCELLED
                row.session.save()

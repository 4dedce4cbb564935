"""The sheets of equipment and of travel times: what clashes are judged by, for all venues at once.

In: rows of `needs_layouts`. Out: equipment by venue and code, minutes by pair of venues. Must stay true: whoever imports writes only at
venues within reach; a way may be said by the team at either end, and is one row in either order; equipment that a session needs is not
taken away by an undo.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q

from everhall.editions.models import Venue
from everhall.engines import sheet_kind
from everhall.engines.sheet import Layout
from everhall.engines.sheet_kind import Ask, Held, Past, Plan
from everhall.engines.sheet_words import Problem
from everhall.programme.models import Equipment, TravelTime
from everhall.programme.needs_layouts import EQUIPMENT, TRAVEL_TIMES


class EquipmentSheet:
    """The kind, as the settings name it."""

    layout = EQUIPMENT

    def begin(self, ask: Ask) -> "EquipmentWork":
        return EquipmentWork(ask)


class TravelTimes:
    """The kind, as the settings name it."""

    layout = TRAVEL_TIMES

    def begin(self, ask: Ask) -> "TravelWork":
        return TravelWork(ask)


class PlacesWork:
    """What both have in common: venues of the edition, and what may be done at them."""

    model: Any
    layout: Layout
    owned: frozenset[str] = frozenset()

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.problems: list[Problem] = []
        self.venues = {v.code: v for v in Venue.objects.filter(edition=ask.edition)}
        self._may: dict[tuple[str, int], bool] = {}

    def may(self, action: str, venue: Venue) -> bool:
        key = (action, venue.pk)
        if key not in self._may:
            self._may[key] = self.ask.may(action, venue)
        return self._may[key]

    def complain(self, plan: Plan, code: str, column: str, value: str, **params: str) -> None:
        self.problems.append(Problem(code, plan.row.number, column, value, params))

    def venue_of(self, plan: Plan, column: str, code: str) -> Venue | None:
        found = self.venues.get(code)
        if found is None:
            self.complain(plan, "unknown_reference", column, code, what="venue", what_zh="会场", hint="")
        return found

    def remove(self, ids: Sequence[int]) -> None:
        self.model.objects.filter(pk__in=ids).delete()

    def finish(self, ids: Sequence[int]) -> None:
        """No public page is made of it."""


class EquipmentWork(PlacesWork):
    """One import of equipment into one edition."""

    model = Equipment
    layout = EQUIPMENT

    def load(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, Held]:
        wanted = {tuple(code.split("/", 1)) for code in codes}
        rows = of_edition(self.ask.edition).filter(venue__code__in={v for v, _ in wanted}, code__in={c for _, c in wanted})
        if lock:
            rows = rows.select_for_update(of=("self",))
        return {name_of(row): held(row) for row in rows if (row.venue.code, row.code) in wanted}

    def check(self, plans: Sequence[Plan]) -> None:
        self.problems += sheet_kind.missing_for_new(EQUIPMENT, plans, ["name_zh"])
        for plan in plans:
            venue = self.venue_of(plan, "code", plan.code.partition("/")[0])
            plan.refs["venue"] = venue
            if plan.held is None and "count" not in plan.row.values:
                plan.values["count"] = 1
            if venue is None or plan.action == "same":
                continue
            if not self.may("change" if plan.held else "add", venue):
                self.complain(plan, "out_of_reach", "code", plan.code, venue=str(venue))

    def create(self, plans: Sequence[Plan]) -> dict[str, Held]:
        rows = [Equipment(venue=plan.refs["venue"], code=plan.code.partition("/")[2], **facts(plan.values)) for plan in plans]
        Equipment.objects.bulk_create(rows, batch_size=500)
        return {name_of(row): held(row) for row in rows}

    def update(self, plans: Sequence[Plan]) -> None:
        self.write([(plan.found.thing, plan.values) for plan in plans])

    def restore(self, items: Sequence[Past]) -> None:
        self.write([(item.now.thing, item.before) for item in items])

    @staticmethod
    def write(pairs: Sequence[tuple[Equipment, Mapping[str, Any]]]) -> None:
        for row, values in pairs:
            row.name_zh, row.name_en, row.count = values["name_zh"], values["name_en"], values["count"]
        Equipment.objects.bulk_update([row for row, _ in pairs], ["name_zh", "name_en", "count"], batch_size=500)

    def export(self) -> Iterator[Mapping[str, Any]]:
        rows = of_edition(self.ask.edition).order_by("venue__order", "venue__code", "code")
        if self.ask.venue is not None:
            rows = rows.filter(venue__path__startswith=self.ask.venue.path)
        for row in rows:
            if self.may("view", row.venue):
                yield held(row).values


class TravelWork(PlacesWork):
    """One import of travel times into one edition."""

    model = TravelTime
    layout = TRAVEL_TIMES

    def load(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, Held]:
        names = {name for code in codes for name in code.split("/")}
        rows = self.rows().filter(one__code__in=names, other__code__in=names)
        if lock:
            rows = rows.select_for_update(of=("self",))
        found = {way_of(row): row for row in rows}
        return {code: self.held(found[code]) for code in codes if code in found}

    def rows(self) -> Any:
        return TravelTime.objects.filter(one__edition=self.ask.edition).select_related("one", "other")

    @staticmethod
    def held(row: TravelTime) -> Held:
        return Held(row.pk, {"between": way_of(row), "minutes": row.minutes}, {}, row)

    def check(self, plans: Sequence[Plan]) -> None:
        for plan in plans:
            ends = [self.venue_of(plan, "between", code) for code in plan.code.split("/")]
            if None in ends:
                continue
            plan.refs["ends"] = ends
            action = "change" if plan.held else "add"
            if plan.action != "same" and not any(self.may(action, venue) for venue in ends if venue is not None):
                self.complain(plan, "out_of_reach", "between", plan.code, venue=" / ".join(map(str, ends)))

    def create(self, plans: Sequence[Plan]) -> dict[str, Held]:
        rows = []
        for plan in plans:
            # The desk counts a way to the venue that it begins at: to the one of whoever says it.
            one, other = sorted(plan.refs["ends"], key=lambda venue: not self.may("add", venue))
            rows.append(TravelTime(one=one, other=other, minutes=plan.values["minutes"]))
        TravelTime.objects.bulk_create(rows, batch_size=500)
        return {way_of(row): self.held(row) for row in rows}

    def update(self, plans: Sequence[Plan]) -> None:
        self.write([(plan.found.thing, plan.values) for plan in plans])

    def restore(self, items: Sequence[Past]) -> None:
        self.write([(item.now.thing, item.before) for item in items])

    @staticmethod
    def write(pairs: Sequence[tuple[TravelTime, Mapping[str, Any]]]) -> None:
        for row, values in pairs:
            row.minutes = values["minutes"]
        TravelTime.objects.bulk_update([row for row, _ in pairs], ["minutes"], batch_size=500)

    def export(self) -> Iterator[Mapping[str, Any]]:
        rows = self.rows().order_by("one__code", "other__code")
        if self.ask.venue is not None:
            path = self.ask.venue.path
            rows = rows.filter(Q(one__path__startswith=path) | Q(other__path__startswith=path))
        for row in rows:
            if self.may("view", row.one) or self.may("view", row.other):
                yield self.held(row).values


# ---------------------------------------------------------------- equipment by name
def of_edition(edition: Any) -> Any:
    return Equipment.objects.filter(venue__edition=edition).select_related("venue")


def name_of(row: Equipment) -> str:
    return f"{row.venue.code}/{row.code}"


def way_of(row: TravelTime) -> str:
    return "/".join(sorted((row.one.code, row.other.code)))


def facts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ("name_zh", "name_en", "count")}


def held(row: Equipment) -> Held:
    return Held(row.pk, {"code": name_of(row)} | facts({"name_zh": row.name_zh, "name_en": row.name_en, "count": row.count}), {}, row)


class Things:
    """Equipment of an edition, as sessions name it: by the code at their own venue or one above it, or with the venue's code."""

    def __init__(self, edition: Any) -> None:
        self.by_name: dict[str, Equipment] = {}
        self.by_venue: dict[tuple[int, str], Equipment] = {}
        for row in of_edition(edition):
            self.by_name[name_of(row)] = row
            self.by_venue[row.venue_id, row.code] = row

    def find(self, name: str, path: str) -> Equipment | None:
        """`path`: that of the session's venue."""
        if "/" in name:
            return self.by_name.get(name)
        for venue_id in reversed([int(part) for part in path.split("/") if part]):
            if (venue_id, name) in self.by_venue:
                return self.by_venue[venue_id, name]
        return None

    def known_at(self, path: str) -> str:
        ids = {int(part) for part in path.split("/") if part}
        return ", ".join(sorted(code for venue_id, code in self.by_venue if venue_id in ids))

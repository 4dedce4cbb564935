"""The sheet of organisations.

In: rows of `LAYOUT`. Out: organisations, by code. They belong to no edition: whoever may add content anywhere
may add them; who may change one is what the desk's policy says of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from wagtail.permissions import policy_registry

from everhall.accounts.models import Organisation
from everhall.engines import sheet_kind
from everhall.engines.sheet import Layout
from everhall.engines.sheet_columns import Choice, Code, Column, Url, YesNo
from everhall.engines.sheet_kind import Ask, Held, Past, Plan
from everhall.engines.sheet_words import Problem
from everhall.realtime import news

KINDS: Final = {
    "enterprise": ("企业", "enterprise"),
    "university": ("高校", "university"),
    "institute": ("科研院所", "research institute"),
    "government": ("政府部门", "government body"),
    "park": ("园区", "park or incubator"),
    "investor": ("投资机构", "investor"),
    "media": ("媒体", "media"),
    "association": ("协会", "association"),
}
LAYOUT: Final = Layout(
    "organisations", "单位", "organisations",
    (
        Code("code", "编码", "code", required=True),
        Column("name_zh", "中文名称", "name (Chinese)", required=True, limit=200),
        Column("name_en", "英文名称", "name (English)", limit=200),
        Choice("kind", "类型", "type", options=KINDS, default="enterprise"),
        Column("summary_zh", "中文简介", "summary (Chinese)", limit=600),
        Column("summary_en", "英文简介", "summary (English)", limit=1000),
        Url("website", "网址", "website"),
        YesNo("sample", "示例", "sample"),
    ),
)
#: Sheet column -> model field.
FIELDS: Final = {
    name: name for name in ("name_zh", "name_en", "kind", "summary_zh", "summary_en", "website")
} | {"sample": "is_sample"}


class Organisations:
    """The kind, as the settings name it."""

    layout = LAYOUT

    def begin(self, ask: Ask) -> "OrganisationWork":
        return OrganisationWork(ask)


class OrganisationWork:
    """One import of organisations."""

    model = Organisation
    owned: frozenset[str] = frozenset()

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.problems: list[Problem] = []
        self.may_add = ask.may_somewhere("add")

    def load(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, Held]:
        rows = Organisation.objects.filter(code__in=codes)
        return {row.code: held(row) for row in (rows.select_for_update() if lock else rows)}

    def check(self, plans: Sequence[Plan]) -> None:
        self.problems += sheet_kind.missing_for_new(LAYOUT, plans, ["name_zh"])
        ids = [plan.held.id for plan in plans if plan.held and plan.changed]
        mine = self.changeable(ids)
        for plan in plans:
            allowed = plan.held.id in mine if plan.held else self.may_add
            if plan.action != "same" and not allowed:
                self.problems.append(Problem("not_allowed", plan.row.number))

    def changeable(self, ids: Sequence[int]) -> set[int]:
        """Those that the asker may change: an organisation that others use too is not theirs alone."""
        if self.ask.user is None:
            return set(ids)
        policy: Any = policy_registry.get_by_type(Organisation)
        found = policy.instances_user_has_any_permission_for(self.ask.user, ["change"])
        return set(found.filter(pk__in=ids).values_list("pk", flat=True))

    def create(self, plans: Sequence[Plan]) -> dict[str, Held]:
        made = [Organisation(code=plan.code) for plan in plans]
        for row, plan in zip(made, plans, strict=True):
            fill(row, plan.values)
        Organisation.objects.bulk_create(made, batch_size=500)
        return {row.code: held(row) for row in made}

    def update(self, plans: Sequence[Plan]) -> None:
        for plan in plans:
            fill(plan.found.thing, {name: plan.values[name] for name in plan.changed})
        save_many([plan.found.thing for plan in plans])

    def restore(self, items: Sequence[Past]) -> None:
        for item in items:
            fill(item.now.thing, item.before)
        save_many([item.now.thing for item in items])

    def remove(self, ids: Sequence[int]) -> None:
        Organisation.objects.filter(pk__in=ids).delete()

    def finish(self, ids: Sequence[int]) -> None:
        if ids:
            news.tell_rows("accounts.organisation", tuple(ids), ("*",))

    def export(self) -> Iterator[Mapping[str, Any]]:
        for row in Organisation.objects.order_by("code").iterator(chunk_size=500):
            yield held(row).values



def held(row: Organisation) -> Held:
    values = {column: getattr(row, attribute) for column, attribute in FIELDS.items()}
    return Held(row.pk, {"code": row.code} | values, {}, row)


def fill(row: Organisation, values: Mapping[str, Any]) -> None:
    for column, attribute in FIELDS.items():
        if column in values:
            setattr(row, attribute, values[column])


def save_many(rows: Sequence[Organisation]) -> None:
    """Bulk update by upsert: one statement for many rows, where `bulk_update` writes a CASE per cell."""
    if rows:
        Organisation.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=list(FIELDS.values()),
            batch_size=500,
        )

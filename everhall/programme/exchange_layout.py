"""What of a session other platforms know, as columns that the importer compares, keeps and takes back.

Must stay true: `parse(write(value)) == value`, so that undo gives back what was there.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final

from everhall.engines.sheet import Layout
from everhall.engines.sheet_columns import Cell, Choice, Column, YesNo
from everhall.programme.sheet_layouts import KINDS, MODES, STATUSES

#: Guid, names and titles in both languages.
Who = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Instant(Column):
    """A moment in UTC."""

    @property
    def empty(self) -> Any:
        return None

    def parse(self, cell: Cell) -> dt.datetime | None:
        return dt.datetime.fromisoformat(cell).astimezone(dt.UTC) if isinstance(cell, str) and cell else None

    def write(self, value: Any) -> str:
        return value.astimezone(dt.UTC).isoformat() if value else ""


@dataclass(frozen=True, slots=True)
class People(Column):
    """Who speaks."""

    @property
    def empty(self) -> Any:
        return ()

    def parse(self, cell: Cell) -> tuple[Who, ...]:
        return tuple(tuple(who) for who in json.loads(cell)) if isinstance(cell, str) and cell else ()

    def write(self, value: Any) -> str:
        return json.dumps([list(who) for who in value], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Text(Column):
    """Any text, as it is."""

    def parse(self, cell: Cell) -> str:
        return cell if isinstance(cell, str) else ""

    def write(self, value: Any) -> str:
        return str(value or "")


EXCHANGE: Final = Layout(
    "exchange", "日程交换文件（frab、iCalendar、xCal）", "programme of another platform (frab, iCalendar, xCal)",
    (
        Text("guid", "标识", "guid", required=True),
        Text("code", "编码", "code"),
        Text("series", "活动编码", "activity code"),
        Text("activity_name_zh", "活动中文名称", "activity (Chinese)", limit=200),
        Text("activity_name_en", "活动英文名称", "activity (English)", limit=300),
        Text("name_zh", "场次中文名称", "session (Chinese)", limit=200),
        Text("name_en", "场次英文名称", "session (English)", limit=300),
        Text("summary_zh", "中文简介", "summary (Chinese)", limit=300),
        Text("summary_en", "英文简介", "summary (English)", limit=600),
        Text("text_zh", "中文正文", "text (Chinese)"),
        Text("text_en", "英文正文", "text (English)"),
        Choice("kind", "类型", "type", options=KINDS, default="forum"),
        Text("place", "会场与舞台", "venue and stage"),
        Instant("starts_at", "开始", "begins"),
        Instant("ends_at", "结束", "ends"),
        Choice("mode", "形式", "form", options=MODES, default="both"),
        Choice("status", "状态", "state", options=STATUSES, default="confirmed"),
        YesNo("relay", "转播", "relayed"),
        People("speakers", "嘉宾", "people"),
    ),
    needed=frozenset({"guid"}), key="guid",
)
#: Columns of the layout that are the activity's, with its fields.
ACTIVITY: Final = {
    "activity_name_zh": "name_zh", "activity_name_en": "name_en", "summary_zh": "summary_zh", "summary_en": "summary_en",
    "text_zh": "text_zh", "text_en": "text_en", "kind": "kind",
}  # fmt: skip
#: Those of the session itself.
SESSION: Final = ("name_zh", "name_en", "mode", "status", "relay", "starts_at", "ends_at")

"""The columns of the sheets of activities and sessions."""

from typing import Final

from everhall.engines.sheet import Layout
from everhall.engines.sheet_columns import (
    Choice,
    Code,
    Codes,
    Column,
    Moment,
    People,
    RichText,
    YesNo,
)
from everhall.programme.needs_layouts import Needs

KINDS: Final = {
    "ceremony": ("仪式", "ceremony"),
    "forum": ("论坛", "forum"),
    "contest": ("大赛", "contest"),
    "roadshow": ("路演", "roadshow"),
    "matchmaking": ("对接", "matchmaking"),
    "lecture": ("讲座", "lecture"),
    "tour": ("参观", "tour"),
    "relay_station": ("接力站", "station of a relay"),
}
MODES: Final = {
    "onsite": ("线下", "on site"),
    "online": ("线上", "online"),
    "both": ("线上线下", "on site and online"),
}
STATUSES: Final = {
    "planned": ("计划", "planned"),
    "confirmed": ("确认", "confirmed"),
    "moved": ("改期", "moved"),
    "cancelled": ("取消", "cancelled"),
}
ACTIVITIES: Final = Layout(
    "activities", "活动", "activities",
    (
        Code("code", "编码", "code", required=True),
        Choice("kind", "类型", "type", options=KINDS, default="forum"),
        Column("name_zh", "中文名称", "name (Chinese)", required=True, limit=200),
        Column("name_en", "英文名称", "name (English)", limit=300),
        Column("summary_zh", "中文简介", "summary (Chinese)", limit=300),
        Column("summary_en", "英文简介", "summary (English)", limit=600),
        RichText("text_zh", "中文正文", "text (Chinese)"),
        RichText("text_en", "英文正文", "text (English)"),
        Code("venue", "会场编码", "venue code"),
        Codes("hosts", "主办单位", "host codes"),
        Choice("mode", "形式", "form", options=MODES, default="both"),
        YesNo("relay", "转播", "relayed"),
        YesNo("sample", "示例", "is sample"),
    ),
)
ACTIVITY_FIELDS: Final = {
    name: name
    for name in (
        "kind", "name_zh", "name_en", "summary_zh", "summary_en", "text_zh", "text_en", "mode", "relay",
    )
} | {"sample": "is_sample"}
SESSIONS: Final = Layout(
    "sessions", "场次", "sessions",
    (
        Code("code", "编码", "code", required=True, limit=100),
        Code("activity", "活动编码", "activity code"),
        Column("name_zh", "中文名称", "name (Chinese)", limit=200),
        Column("name_en", "英文名称", "name (English)", limit=300),
        Code("stage", "舞台编码", "stage code"),
        Moment("starts_at", "开始", "begins", required=True),
        Moment("ends_at", "结束", "ends", required=True),
        Choice("mode", "形式", "form", options=MODES, default="both"),
        Choice("status", "状态", "state", options=STATUSES, default="planned"),
        YesNo("relay", "转播", "relayed"),
        People("speakers", "嘉宾", "people"),
        Needs("needs", "所需设备", "needed equipment"),
        YesNo("sample", "示例", "is sample"),
    ),
    needed=frozenset({"code"}),
)
SESSION_FIELDS: Final = {
    name: name for name in ("name_zh", "name_en", "mode", "status", "relay")
} | {"sample": "is_sample"}

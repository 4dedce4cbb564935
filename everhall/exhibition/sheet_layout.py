"""The columns of the sheet of exhibits."""

from typing import Final

from everhall.engines.sheet import Layout
from everhall.engines.sheet_columns import (
    Choice,
    Choices,
    Code,
    CodeSet,
    Column,
    Embargo,
    FileNames,
    RichText,
    Whole,
    YesNo,
)
from everhall.engines.sheet_kind import Plan

MATURITIES: Final = {
    "concept": ("概念", "concept"),
    "prototype": ("样机", "prototype"),
    "pilot": ("试点", "pilot"),
    "market": ("已上市", "on the market"),
}
PRESENTATIONS: Final = {
    "object": ("实物", "object"),
    "model": ("模型", "model"),
    "multimedia": ("多媒体", "multimedia"),
    "board": ("展板", "board"),
}
SEEKS: Final = {
    "capital": ("资金", "capital"),
    "space": ("场地", "space"),
    "orders": ("订单", "orders"),
    "partners": ("合作伙伴", "partners"),
    "talent": ("人才", "talent"),
}
LAYOUT: Final = Layout(
    "exhibits", "展项", "exhibits",
    (
        Code("code", "编码", "code", required=True),
        Column("name_zh", "中文名称", "name (Chinese)", required=True, limit=200),
        Column("name_en", "英文名称", "name (English)", limit=200),
        Column("summary_zh", "中文简介", "summary (Chinese)", limit=300),
        Column("summary_en", "英文简介", "summary (English)", limit=600),
        RichText("text_zh", "中文正文", "text (Chinese)"),
        RichText("text_en", "英文正文", "text (English)"),
        Code("organisation", "单位编码", "organisation code"),
        CodeSet("fields", "领域", "field codes"),
        Choice("maturity", "成熟度", "stage of maturity", options=MATURITIES, default="prototype"),
        Choices("presentation", "展示形式", "kinds of presentation", options=PRESENTATIONS),
        Choices("seeks", "寻求", "looking for", options=SEEKS),
        Code("venue", "会场编码", "venue code"),
        Code("hall", "展馆编码", "hall code"),
        Code("zone", "展区编码", "zone code"),
        Column("booth", "展位", "booth number", limit=30),
        Whole("order", "顺序", "position"),
        FileNames("pictures", "图片", "picture files"),
        Column("picture_credit", "图片署名", "credit", limit=200),
        Column("picture_licence", "图片许可", "licence", limit=80),
        FileNames("video", "视频", "video files"),
        FileNames("documents", "文件", "document files"),
        FileNames("models", "三维模型", "3D model files"),
        FileNames("boards", "展板", "board files"),
        FileNames("panoramas", "全景", "panorama files"),
        FileNames("captions", "字幕", "caption files"),
        Embargo("embargo_until", "解禁时间", "embargo"),
        YesNo("sample", "示例", "is sample"),
    ),
)
#: Sheet column -> model field, where the value is the field's.
PLAIN: Final = {
    name: name
    for name in (
        "name_zh", "name_en", "summary_zh", "summary_en", "text_zh", "text_en", "maturity",
    )
} | {"sample": "is_sample"}
#: What a placement holds.
PLACE: Final = frozenset({"venue", "hall", "zone", "booth", "order"})
FILES: Final = frozenset({"pictures", "video", "documents", "models", "boards", "panoramas"})
#: Column -> kinds of attachments in it, in the order in which they stand on the exhibit.
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "models": ("model", "turntable"), "panoramas": ("panorama",), "video": ("video", "audio"), "boards": ("board",),
    "documents": ("document",),
}  # fmt: skip


def moves_in_public(plan: Plan) -> bool:
    """Placements have no drafts: a live exhibit that moves is seen in its new place at once."""
    held = plan.held
    return bool(held and held.extra["live"]) and any(
        plan.values[column] != plan.found.values[column] for column in PLACE
    )

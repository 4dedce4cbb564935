"""What can be wrong with a programme from another platform, in Chinese and English.

In: nothing. Out: entries of `sheet_words.WORDS`; what must stay true of those must of these.
"""

from typing import Final

NOTES: Final = frozenset({"exchange_repeats", "moment_twice", "clash_notes"})
#: code -> (zh what, zh what to do, en what, en what to do)
WORDS: Final[dict[str, tuple[str, str, str, str]]] = {
    "clash_notes": (
        "与场次“{other}”等 {count} 场冲突（{where}）。", "请检查时间和舞台。",
        "It clashes with {count} sessions, such as “{other}” ({where}).", "Check time and stage.",
    ),
    "exchange_unknown": (
        "这不是认得的日程格式。", "请提供 frab XML、frab JSON、iCalendar 或 xCal 文件。",
        "This is no programme in a known format.", "Give a frab XML, frab JSON, iCalendar or xCal file.",
    ),
    "exchange_too_big": (
        "文件有 {size} MB，上限为 {limit} MB。", "请按会场或日期分成几个文件。",
        "The file has {size} MB; the limit is {limit} MB.", "Split it by venue or by day.",
    ),
    "exchange_too_deep": (
        "文件的层级超过 {limit} 层。", "请从来源平台重新导出。",
        "The file is nested more than {limit} deep.", "Export it anew from where it comes.",
    ),
    "exchange_too_many": (
        "文件的元素超过 {limit} 个。", "请按会场或日期分成几个文件。",
        "The file has more than {limit} elements.", "Split it by venue or by day.",
    ),
    "exchange_declares": (
        "XML 含有 DTD 或实体声明，可能有害，未读取。", "请去掉 DOCTYPE 后重新提供。",
        "The XML declares a DTD or entities, which can do harm; it was not read.", "Remove the DOCTYPE and send it again.",
    ),
    "exchange_encoding": (
        "文件的编码无法识别。", "请另存为 UTF-8。",
        "The encoding of the file is not known.", "Save it as UTF-8.",
    ),
    "exchange_broken_xml": (
        "第 {row} 行附近的 XML 不完整或有错。", "请从来源平台重新导出。",
        "The XML is broken or cut near line {row}.", "Export it anew from where it comes.",
    ),
    "exchange_broken_json": (
        "第 {row} 行附近的 JSON 不完整或有错。", "请从来源平台重新导出。",
        "The JSON is broken or cut near line {row}.", "Export it anew from where it comes.",
    ),
    "exchange_broken_ical": (
        "iCalendar 文件不完整或有错。", "请从来源平台重新导出。",
        "The iCalendar file is broken or cut.", "Export it anew from where it comes.",
    ),
    "exchange_no_item": (
        "此条不是场次。", "请删除，或改成带有标题和时间的场次。",
        "This entry is no session.", "Delete it, or make it one with a title and a time.",
    ),
    "exchange_moment": (
        "“{value}”不是时间。", "请写成 2021-10-20T09:00:00+08:00。",
        "“{value}” is not a moment.", "Write it like 2021-10-20T09:00:00+08:00.",
    ),
    "exchange_duration": (
        "“{value}”不是大于零的时长。", "请写成 01:30，或给出结束时间。",
        "“{value}” is not a length above zero.", "Write it like 01:30, or give an end.",
    ),
    "exchange_repeats": (
        "“{value}”是重复日程，只导入第一次。", "其余各次请分别添加。",
        "“{value}” repeats; only its first time is imported.", "Add the other times one by one.",
    ),
    "moment_twice": (
        "“{value}”在时区 {zone} 中出现两次（夏令时结束），取第一次。", "如不对，请写明与 UTC 的时差。",
        "“{value}” comes twice in {zone} (summer time ends); the first was taken.",
        "Write the offset from UTC if that is wrong.",
    ),
    "guid_twice": (
        "标识“{value}”在第 {first} 行已经用过。", "每个场次的标识只能出现一次。",
        "The guid “{value}” stands in line {first} already.", "Use each guid once.",
    ),
    "unknown_room": (
        "不知道“{value}”是哪个舞台。", "请在导入页面指定舞台，或新建一个。",
        "It is not known which stage “{value}” is.", "Say so on the page of the import, or make it there.",
    ),
    "no_items": (
        "文件中没有场次。", "请检查导出时的筛选条件。",
        "There is no session in the file.", "Check what was chosen for export.",
    ),
}
